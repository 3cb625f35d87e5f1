"""Judging voxels: intersection over union, thresholds, and what needs no learning.

By NumPy alone; nothing here calls the losses of `theory`. Whatever
has a threshold or a thickness has it chosen on validation shapes, each for itself.
"""

import numpy as np

from lessons.vision.marrnet import data, shapes
from lessons.vision.marrnet.theory_solids import behind

THRESHOLDS = np.arange(1, 20) / 20  # 0.5 is among them, exactly
THICKNESSES = tuple(range(1, 13))
SHOWN = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)  # recorded for the figure


def overlap(filled, truth):
    """Intersection over union of booleans, shape (n, ...): (n,); 1 where both empty."""
    axes = tuple(range(1, truth.ndim))
    both = np.sum(filled & truth, axis=axes)
    either = np.sum(filled | truth, axis=axes)
    return np.where(either > 0, both / np.maximum(either, 1), 1.0)


def overlaps(occupancies, truth, thresholds=THRESHOLDS):
    """Mean intersection over union at each threshold, shape (thresholds,).

    Args:
        occupancies: shape (n, grid, grid, grid).
        truth: zeros and ones of the same shape.
        thresholds: of occupied voxels, strictly above.
    """
    truth = truth > 0.5
    return np.array([overlap(occupancies > t, truth).mean() for t in thresholds])


def best_threshold(occupancies, truth):
    """The threshold of `THRESHOLDS` with the greatest mean intersection over union."""
    return float(THRESHOLDS[overlaps(occupancies, truth).argmax()])


def best_thickness(depth, truth):
    """The thickness of `THICKNESSES` whose shells overlap most with the truth."""
    truth = truth > 0.5
    grid = truth.shape[-1]
    found = [overlap(behind(depth, grid, k) > 0, truth).mean() for k in THICKNESSES]
    return THICKNESSES[int(np.argmax(found))]


def nearest(sketches, train):
    """The training shapes whose depth map, 1 outside, is nearest; their voxels.

    Args:
        sketches: shape (n, size, size, 5).
        train: a `data.Part`.
    """
    wanted, known = (_depth_maps(s) for s in (sketches, train.sketches))
    squares = (known**2).sum(axis=1) - 2 * wanted @ known.T
    return train.voxels[squares.argmin(axis=1)]


def _depth_maps(sketches):
    inside = sketches[..., 4] > 0.5
    return np.where(inside, sketches[..., 3], 1.0).reshape(len(sketches), -1)


def predicted(model, inputs, batch_size=100):
    """Occupancies of the voxels from a model's logits, float32.

    Args:
        model: `MarrNet`, `ShapeNet` or `TwoHeads`.
        inputs: images, or sketches for a `ShapeNet` that takes them.
        batch_size: of the prediction.
    """
    logits = model.predict(inputs, batch_size=batch_size, verbose=0)
    logits = logits[..., -logits.shape[1] :]  # after the sketch of `TwoHeads`
    return 1 / (1 + np.exp(-np.clip(logits, -60, 60)))


def scores(occupancies, part, threshold, best=False):
    """Numbers of one way in one domain.

    Args:
        occupancies: shape (n, grid, grid, grid).
        part: a `data.Part`.
        threshold: chosen on validation.
        best: whether to add `best`, the mean at the threshold that is best here.

    Returns:
        Dictionary: `iou`, `iou_CATEGORY` and `occupied`, the part of the voxels that
        are.
    """
    each = overlap(occupancies > threshold, part.voxels > 0.5)
    found = {
        "iou": each.mean(),
        "occupied": np.mean(occupancies > threshold),
    }
    if best:
        found["best"] = overlaps(occupancies, part.voxels).max()
    for index, name in enumerate(shapes.CATEGORIES):
        if np.any(here := part.categories == index):
            found[f"iou_{name}"] = each[here].mean()
    return found


def evaluate(model, parts, config):
    """Judge a trained model in every domain.

    Args:
        model: `MarrNet`, `ShapeNet` with route="image", or `TwoHeads`.
        parts: `data.Shapes`.
        config: a `Config`.

    Returns:
        (numbers, groups): those of the model, `threshold`, `validation` and
        `parameters`; and by group (a domain, or `tau_0.5` for a threshold) dictionaries
        of numbers.
    """
    batch = config.batch_size
    chosen = predicted(model, parts.validation.pictures, batch)
    threshold = best_threshold(chosen, parts.validation.voxels)
    numbers = {"threshold": threshold}
    numbers["validation"] = overlaps(chosen, parts.validation.voxels).max()
    groups = {}
    for domain, images in parts.test.images.items():
        found = predicted(model, images, batch)
        groups[domain] = scores(found, parts.test, threshold, best=True)
        if domain == "same":
            values = overlaps(found, parts.test.voxels, SHOWN)
            groups |= {
                f"tau_{t:g}": {"iou": v} for t, v in zip(SHOWN, values, strict=True)
            }
    return numbers, groups


def sketch_scores(sketches, true, grid):
    """How good predicted sketches are.

    Args:
        sketches, true: shape (n, size, size, 5).
        grid: voxels along a ray.

    Returns:
        Dictionary: `silhouette_iou`; `depth_error` in voxels, its bias `depth_bias`
        (positive: too deep) and `normal_error` in degrees, means inside the true
        silhouette.
    """
    inside = true[..., 4] > 0.5
    error = grid * (sketches[..., 3] - true[..., 3])[inside]
    own, theirs = sketches[..., :3][inside], true[..., :3][inside]
    cosine = np.sum(own * theirs, axis=-1)
    cosine /= np.maximum(np.linalg.norm(own, axis=-1), 1e-6)
    return {
        "silhouette_iou": overlap(sketches[..., 4] > 0.5, inside).mean(),
        "depth_error": np.abs(error).mean(),
        "depth_bias": error.mean(),
        "normal_error": np.degrees(np.arccos(np.clip(cosine, -1, 1))).mean(),
    }


def controls(model, parts, config):
    """MarrNet with some of its sketches true, of another image, or without a network.

    Args:
        model: `MarrNet`.
        parts: `data.Shapes`.
        config: a `Config`.

    Returns:
        Dictionary: numbers by (group, row), the rows those of `variants.YARDSTICKS`.
    """
    batch, grid, rows = config.batch_size, parts.test.voxels.shape[-1], {}
    shape_net, true = model.shape_net, parts.test.sketches
    threshold = evaluate_threshold(shape_net, model, parts.validation, batch)
    seen = model.sketch_net.predict(
        parts.validation.pictures, batch_size=batch, verbose=0
    )
    thickness = best_thickness(data.depths(seen, grid), parts.validation.voxels)
    for domain, images in parts.test.images.items():
        sketches = model.sketch_net.predict(images, batch_size=batch, verbose=0)
        mixed = {
            "other_image": data.swapped(sketches),
            "true_silhouette": np.concatenate([sketches[..., :4], true[..., 4:]], -1),
            "true_surface": np.concatenate([true[..., :4], sketches[..., 4:]], -1),
        }
        for row, maps in mixed.items():
            found = predicted(shape_net, maps, batch)
            rows[domain, row] = scores(found, parts.test, threshold)
        depth = data.depths(sketches, grid)
        found = behind(depth, grid, thickness)
        rows[domain, "shell"] = scores(found, parts.test, 0.5)
        rows[domain, "shell"]["thickness"] = thickness
        found = nearest(sketches, parts.train)
        rows[domain, "nearest"] = scores(found, parts.test, 0.5)
        rows[domain, "sketches"] = sketch_scores(sketches, true, grid)
    return rows


def evaluate_threshold(shape_net, model, part, batch):
    """The threshold of a MarrNet on validation shapes, with its own sketches."""
    sketches = model.sketch_net.predict(part.pictures, batch_size=batch, verbose=0)
    return best_threshold(predicted(shape_net, sketches, batch), part.voxels)


def baselines(parts, model=None, config=None):
    """What true sketches give with and without a network.

    Args:
        parts: `data.Shapes`.
        model: a `MarrNet` whose shape network is asked too, or None.
        config: a `Config`, with a model.

    Returns:
        Dictionary of numbers by row, the rows those of `variants.YARDSTICKS`.
    """
    test, validation = parts.test, parts.validation
    grid = test.voxels.shape[-1]
    depth, before = (data.depths(p.sketches, grid) for p in (test, validation))
    thickness = best_thickness(before, validation.voxels)
    mean = parts.train.voxels.mean(axis=0, keepdims=True)
    level = best_threshold(
        np.broadcast_to(mean, validation.voxels.shape), validation.voxels
    )
    silhouette = test.sketches[..., 4:] > 0.5
    found = {
        "shell_true": behind(depth, grid, thickness),
        "solid": behind(depth, grid),
        "surface": behind(depth, grid, 1),
        "extruded": np.broadcast_to(silhouette, test.voxels.shape),
        "nearest_true": nearest(test.sketches, parts.train),
        "mean_grid": np.broadcast_to(mean > level, test.voxels.shape),
    }
    found["category_mean"] = _category_means(parts)
    rows = {row: scores(values, test, 0.5) for row, values in found.items()}
    rows["shell_true"]["thickness"] = thickness
    rows["mean_grid"]["threshold"] = level
    if model is not None:
        net, batch = model.shape_net, config.batch_size
        own = predicted(net, validation.sketches, batch)
        level = best_threshold(own, validation.voxels)
        own = predicted(net, test.sketches, batch)
        rows["true_sketches"] = scores(own, test, level)
    return rows


def _category_means(parts):
    """The mean training grid of each test shape's own category, shape as its voxels.

    Each category has the threshold that is best on validation: the best answer that
    knows a shape's category and nothing else.
    """
    found = np.zeros(parts.test.voxels.shape, bool)
    for index in np.unique(parts.test.categories):
        train, validation, test = (p.categories == index for p in parts)
        mean = parts.train.voxels[train].mean(axis=0, keepdims=True)
        known = parts.validation.voxels[validation]
        level = best_threshold(np.broadcast_to(mean, known.shape), known)
        found[test] = mean > level
    return found


def ahead(one, other, part, thresholds):
    """Part of the shapes on which one way overlaps more with the truth than another.

    Args:
        one, other: occupancies, shape (n, grid, grid, grid).
        part: a `data.Part`.
        thresholds: of both.
    """
    truth = part.voxels > 0.5
    pair = [
        overlap(values > t, truth)
        for values, t in zip((one, other), thresholds, strict=True)
    ]
    return float(np.mean(pair[0] > pair[1]))


def tuning_scores(course, shown=(0, 10, 20, 30, 40)):
    """Means over images of a `refine.Course` before and after updates.

    Args:
        course: a `refine.Course`.
        shown: numbers of updates, as far as there are so many.

    Returns:
        Dictionary: `loss_0`, `iou_0`, `occupied_0`, ... and `iou_change`,
        `loss_change`, `occupied_change` from the first to the last.
    """
    last = course.loss.shape[1] - 1
    found = {}
    for name, values in (
        ("loss", course.loss),
        ("iou", course.overlap),
        ("occupied", course.occupied),
    ):
        for step in shown:
            if step <= last:
                found[f"{name}_{step}"] = values[:, step].mean()
        found[f"{name}_change"] = (values[:, last] - values[:, 0]).mean()
    return found
