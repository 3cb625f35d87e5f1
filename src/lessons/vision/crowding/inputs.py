"""From stimuli to what networks read, and the stimuli they are trained on."""

import numpy as np

from lessons.vision.crowding import stimuli, theory

_PIXELS = 2**26  # of canvases that are cropped at a time


def slices(count, pixels):
    """Slices of `count` images of `pixels` each, not too many in one."""
    step = max(1, _PIXELS // pixels)
    return [slice(first, first + step) for first in range(0, count, step)]


def crops(images, config, variant):
    """What a variant's network reads.

    Args:
        images: canvases or their middle rows, shape (batch, rows, field).
        config: a `Config`.
        variant: a `Variant`.

    Returns:
        float32, shape (batch, scales, crop, crop, 1).
    """
    count = config.code(variant)[0]
    sides = theory.crop_sides(config.field, config.crop, count, variant.crops)
    geometry = config.field, config.crop, sides
    matrices = theory.crop_matrices(*geometry)
    inner = None
    if variant.chevron:
        inner = theory.chevron_matrices(*geometry, variant.chevron)
    found = np.concatenate(
        [
            theory.multiscale_crops(images[rows], matrices, inner)
            for rows in slices(len(images), images[0].size)
        ]
    )
    if variant.normalise:
        found = theory.area_normalised(found, config.ratio)
    return (found - np.float32(config.shift))[..., None]


def training(objects, config, variant):
    """Training stimuli of a variant: targets at random places, perhaps flanked.

    Each class gets as many stimuli. Flankers are odd digits of the training part.

    Args:
        objects: `data.Objects`.
        config: a `Config`; its seed draws the same targets for every variant.
        variant: a `Variant`.

    Returns:
        (inputs, labels): as of `crops`, and int64 of shape (num_stimuli,).
    """
    rng = np.random.default_rng((config.seed, 0))
    labels = rng.permutation(np.arange(config.num_stimuli) % 5)
    chosen = np.empty(len(labels), np.int64)
    for label in range(5):
        rows, own = labels == label, np.flatnonzero(objects.train_labels == label)
        chosen[rows] = rng.choice(own, rows.sum())
    pool = objects.train_flankers["odd"]
    flankers = pool[rng.integers(len(pool), size=len(labels))]
    reach = config.train_spacing if variant.flanked else 0
    places = stimuli.random_eccentricities(
        rng, len(labels), config.field, objects.size, reach
    )
    parts = []
    for rows in slices(len(labels), objects.size * config.field):
        strips = stimuli.draw(
            objects.train_targets[chosen[rows]],
            flankers[rows],
            "xax" if variant.flanked else "a",
            places[rows],
            config.train_spacing,
            config.field,
        )
        parts.append(crops(strips, config, variant))
    return np.concatenate(parts), labels
