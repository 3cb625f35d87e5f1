"""Judging trained networks on held-out examples: maps, decoding, and damage.

Nothing here calls `theory`, which the training computes with.
"""

import numpy as np

from lessons.foundations.stimulated_learning.layout import class_means
from lessons.toolkit import quality

HALF = 0.5
NUM_WIDTHS = 16
_TINY = 1e-12


def bumps(model, spread):
    """Gaussian bumps of height 1 around the centres, as products over two axes.

    Args:
        model: a `GridClassifier`.
        spread: in grid cells.

    Returns:
        Shape (stimuli, units).
    """
    given = model.arguments
    centres = np.asarray(given["centres"])
    across, down = (
        np.exp(-0.5 * ((np.arange(size) - centres[:, [axis]]) / spread) ** 2)
        for axis, size in enumerate((given["columns"], given["rows"]))
    )
    return (down[:, :, None] * across[:, None, :]).reshape(len(centres), -1)


def targets_of(model):
    """The target surfaces of a model, shape (stimuli, units)."""
    found = bumps(model, model.arguments["spread"])
    return found / found.sum(axis=1, keepdims=True)


def outputs_of(model, features, gains=None, batch_size=4096):
    """What a model gives, as NumPy arrays by name; see `GridClassifier.call`."""
    parts = [
        {name: np.asarray(values, np.float32) for name, values in found.items()}
        for start in range(0, len(features), batch_size)
        for found in [model(features[start : start + batch_size], gains)]
    ]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def surfaces(activations, norms=1.0):
    """Surfaces, rows that sum to 1, float64, shape (batch, units)."""
    values = np.asarray(activations, np.float64) * norms + _TINY
    return values / values.sum(axis=1, keepdims=True)


def divergences(distributions, found):
    """KL in nats of each row of `distributions` to each row of `found`.

    Args:
        distributions: shape (stimuli, units).
        found: surfaces, shape (batch, units).

    Returns:
        Shape (batch, stimuli).
    """
    rows = np.asarray(distributions, np.float64)
    entropy = -np.sum(rows * np.log(np.maximum(rows, 1e-300)), axis=1)
    return -np.log(found) @ rows.T - entropy


def neighbour_correlation(maps, rows, columns):
    """Correlation between neighbouring units of what tells the classes apart.

    Args:
        maps: mean activations by class, shape (classes, units).
        rows, columns: of the grid.

    Returns:
        Pearson's correlation over all classes and pairs of neighbours, of the maps
        without the mean over classes; 0 where all maps are alike.
    """
    apart = (maps - maps.mean(axis=0)).reshape(len(maps), rows, columns)
    first = np.concatenate([apart[:, :, :-1].ravel(), apart[:, :-1].ravel()])
    second = np.concatenate([apart[:, :, 1:].ravel(), apart[:, 1:].ravel()])
    both = np.concatenate([first, second]), np.concatenate([second, first])
    if both[0].std() == 0:
        return 0.0
    return float(np.corrcoef(*both)[0, 1])


def selectivity(maps):
    """Mean class selectivity index of the units; no layout enters it.

    The index of a unit is (a - b) / (a + b), with the greatest of its mean activations
    by class a, and the mean of the others b (Morcos et al. 2018).

    Args:
        maps: mean activations by class, shape (classes, units).
    """
    best = maps.max(axis=0)
    others = (maps.sum(axis=0) - best) / (len(maps) - 1)
    return float(np.mean((best - others) / (best + others + _TINY)))


def class_accuracy(model, features, labels, stimuli, num_stimuli, gains=None):
    """Accuracy among the examples of each stimulus, shape (stimuli,)."""
    guesses = outputs_of(model, features, gains)["logits"].argmax(axis=1)
    right = (guesses == labels)[:, None]
    return class_means(right, stimuli, num_stimuli)[:, 0]


def damage_matrix(model, features, labels, stimuli, masks):
    """How much accuracy each class loses when a region is muted.

    Args:
        model: a `GridClassifier`.
        features, labels: of the examples.
        stimuli: class that each example belongs to on the grid.
        masks: gains of the units, shape (regions, units).

    Returns:
        Shape (regions, classes): accuracy without minus with the mask.
    """
    count = len(model.arguments["centres"])
    intact = class_accuracy(model, features, labels, stimuli, count)
    muted = [
        class_accuracy(model, features, labels, stimuli, count, mask) for mask in masks
    ]
    return intact - np.array(muted)


def drops(damage):
    """Mean drop of the muted region's own class, and of the others.

    Args:
        damage: square matrix of `damage_matrix`.
    """
    size = len(damage)
    own = np.trace(damage) / size
    return float(own), float((damage.sum() - np.trace(damage)) / (size * (size - 1)))


def damage_by_width(model, features, labels, stimuli, widths):
    """Own and other drop against the width of the muted regions.

    Args:
        model, features, labels, stimuli: as for `damage_matrix`.
        widths: sigmas, in grid cells.

    Returns:
        (own, other): two arrays as long as `widths`.
    """
    masks = np.stack([1 - bumps(model, width) for width in widths])
    every = masks.reshape(-1, masks.shape[-1])  # so the intact network runs once
    damage = damage_matrix(model, features, labels, stimuli, every)
    pairs = map(drops, damage.reshape(len(widths), -1, damage.shape[1]))
    return tuple(np.array(column) for column in zip(*pairs, strict=True))


def mask_widths(model):
    """Widths for `damage_by_width`, up to the longer side of the grid."""
    side = max(model.arguments["rows"], model.arguments["columns"])
    return np.geomspace(0.04, 1, NUM_WIDTHS) * side


def at_half(own, other):
    """The other classes' drop at the width that costs a region's own class one half.

    Args:
        own, other: from `damage_by_width`, from narrow to wide.
    """
    return float(np.interp(HALF, np.maximum.accumulate(own), other))


def evaluate(model, features, mask_spread, seed=0):
    """Numbers of a trained model on the held-out examples.

    Args:
        model: a `GridClassifier`.
        features: `data.Features`.
        mask_spread: sigma of the muted regions, in grid cells.
        seed: of the masks whose values are shuffled.

    Returns:
        Dictionary of floats. `accuracy`; for hidden layer l = 1, 2, ...: `decode_l`,
        the part of the examples whose surface is nearest to their own target,
        `template_l`, nearest to their class's mean surface in training,
        `neighbours_l`, `selectivity_l`, `contrast_l` (standard deviation of the maps
        over classes) and `divergence_l` (nats); of muting: `own_drop`, `least_own`
        (smallest of the classes), `other_drop`, `far_drop` (the farthest region),
        `shuffled_drop` (mask values shuffled over units) and `other_at_half`.
    """
    current, given = features.test_stimuli[:, 0], model.arguments
    outputs = outputs_of(model, features.test_features)
    guesses = outputs["logits"].argmax(axis=1)
    scores = {"accuracy": float(np.mean(guesses == features.test_labels))}
    train = outputs_of(model, features.train_features)
    for place, layer in enumerate(model.hidden):
        after = (*model.hidden, model.readout)[place + 1]
        norms = np.linalg.norm(np.asarray(after.kernel, np.float64), axis=1)
        found = layer_scores(
            model,
            outputs[layer.name],
            current,
            train[layer.name],
            features.train_stimuli[:, 0],
            norms,
        )
        scores |= {f"{name}_{place + 1}": value for name, value in found.items()}
    judged = features.test_features, features.test_labels, current
    masks = 1 - bumps(model, mask_spread)
    damage = damage_matrix(model, *judged, masks)
    scores["own_drop"], scores["other_drop"] = drops(damage)
    scores["least_own"] = float(np.diag(damage).min())
    centres = np.asarray(given["centres"])
    far = np.linalg.norm(centres[:, None] - centres[None], axis=-1).argmax(axis=0)
    scores["far_drop"] = float(np.mean(damage[far, np.arange(len(far))]))
    shuffled = np.random.default_rng(seed).permuted(masks, axis=1)
    scores["shuffled_drop"] = drops(damage_matrix(model, *judged, shuffled))[0]
    scores["other_at_half"] = at_half(
        *damage_by_width(model, *judged, mask_widths(model))
    )
    return scores


def layer_scores(model, activations, labels, train_activations, train_labels, norms):
    """Numbers of one hidden layer; see `evaluate`.

    Args:
        model: a `GridClassifier`.
        activations, labels: of held-out examples.
        train_activations, train_labels: of training examples.
        norms: lengths of the units' outgoing weights, shape (units,).
    """
    given, targets = model.arguments, targets_of(model)
    count, raw = len(targets), surfaces(activations)
    maps = class_means(activations, labels, count)
    templates = class_means(surfaces(train_activations), train_labels, count)
    to_targets = divergences(targets, raw)
    own = divergences(targets, surfaces(activations, norms))
    return {
        "decode": float(np.mean(to_targets.argmin(axis=1) == labels)),
        "template": float(
            np.mean(divergences(templates, raw).argmin(axis=1) == labels)
        ),
        "neighbours": neighbour_correlation(maps, given["rows"], given["columns"]),
        "selectivity": selectivity(maps),
        "contrast": float((maps - maps.mean(axis=0)).std()),
        "divergence": float(own[np.arange(len(labels)), labels].mean()),
    }


def baselines(features):
    """Accuracies of a linear model of the features, and of the most frequent class.

    Args:
        features: `data.Features`.

    Returns:
        Dictionary with `linear/accuracy` and `majority/accuracy`.
    """
    return quality.baselines_of_features(
        (features.train_features, features.train_labels),
        (features.test_features, features.test_labels),
    )
