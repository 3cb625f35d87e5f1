"""Drawn cats and dogs: heads of any colour, off-centre and tilted, before photographs.

A cat has pointed ears that stand up, a dog has round ears that hang beside its head,
half of them darker, and a slightly wider nose; nothing else tells them apart. Lengths
are in radii of the head, from its centre, with v pointing down.
"""

import numpy as np

from lessons.foundations.convnet_baseline.backgrounds import backgrounds
from lessons.toolkit.data.split import check_count, check_seed
from lessons.toolkit.errors import unknown

CLASSES = ("cat", "dog")
PARTS = ("ears", "nose")
_CHUNK = 250  # images drawn at once
_NOISE = 0.03
_EYE, _NOSE = (0.05, 0.05, 0.05), (0.30, 0.12, 0.12)


def draw(
    count, seed=0, side=32, *, part=0, centred=False, plain=False, hide=(), same=()
):
    """Draw pictures of both classes, as many of each (one more cat if count is odd).

    Args:
        count: how many, at least 1.
        seed: of everything; pictures of one seed differ only by what is asked for.
        side: height and width in pixels, 16 to 64.
        part: 0 for training, 1 for testing: which blocks of the photographs the
            backgrounds come from; the two share no pixel.
        centred: whether every head is in the middle, upright and of one size.
        plain: whether every background is grey.
        hide: those of `PARTS` that no picture has.
        same: those of `PARTS` that dogs have as cats have them.

    Returns:
        (images, labels, parameters): float32 (count, side, side, 3) in [0, 1]; int64
        (count,), 0 for a cat and 1 for a dog; a dictionary of the true parameters, an
        entry for each image.

    Raises:
        UserError: a count, seed, side or name that cannot be.
    """
    count = check_count(count, "number of pictures")
    seed, side = check_seed(seed), check_count(side, "side", 64)
    for name in (*hide, *same):
        if name not in PARTS:
            raise unknown("part of a picture", name, PARTS)
    rng = np.random.default_rng((seed, part))
    labels = rng.permutation(np.arange(count) % 2)
    known = _sample(rng, count, side, centred)
    images = backgrounds(rng, count, side, part, plain, known["photo"])
    noise_seed = int(rng.integers(2**32))
    for start in range(0, count, _CHUNK):
        rows = slice(start, start + _CHUNK)
        few = {name: values[rows] for name, values in known.items()}
        _paint(images[rows], labels[rows], few, hide, same)
    noise = np.random.default_rng(noise_seed).standard_normal(
        images.shape, dtype=np.float32
    )
    images += _NOISE * noise
    return np.clip(images, 0, 1, out=images), labels.astype(np.int64), known


def _sample(rng, count, side, centred):
    """The parameters of every picture; both classes draw the same ones."""

    def uniform(low, high, *shape):
        return rng.uniform(low, high, (count, *shape)).astype(np.float32)

    colour = uniform(0, 1, 3)
    known = {
        "centre": side * (0.5 + 0.22 * uniform(-1, 1, 2)),
        "radius": side * uniform(0.17, 0.25),
        "tilt": (0.25 * rng.standard_normal(count)).astype(np.float32),
        "colour": (colour + colour.mean(axis=1, keepdims=True)) / 2,
        "head": uniform(0.85, 1, 2),
        "tip": uniform(0.7, 0.95),
        "ear_place": uniform(0.85, 1.05),
        "ear_length": uniform(0.65, 0.85),
        "dark": rng.random(count) < 0.5,
        "photo": rng.random(count) < 0.5,
    }
    if centred:
        known["centre"] = np.full_like(known["centre"], side / 2)
        known["radius"] = np.full_like(known["radius"], 0.21 * side)
        known["tilt"] = np.zeros_like(known["tilt"])
    return known


def _paint(images, labels, known, hide, same):
    """Paint heads over backgrounds, in place."""
    side = images.shape[1]
    u, v = _local(known, side)
    dog = labels == 1
    dog_ears, dog_nose = (dog & (name not in same) for name in PARTS)
    colour = known["colour"]
    if "ears" not in hide:
        dark = np.where(dog_ears & known["dark"], 0.6, 0.9).astype(np.float32)
        ears = np.where(
            dog_ears[:, None, None],
            _round_ears(u, v, known),
            _pointed_ears(u, v, known),
        )
        _fill(images, ears, dark[:, None] * colour)
    _fill(images, _ellipse(u, v, 0, 0, *known["head"].T), colour)
    eyes = _ellipse(np.abs(u), v, 0.38, -0.2, 0.13, 0.13)
    _fill(images, eyes, np.asarray(_EYE, np.float32))
    if "nose" not in hide:
        width = np.where(dog_nose, 0.2, 0.14)
        _fill(images, _ellipse(u, v, 0, 0.25, width, 0.12), np.float32(_NOSE))


def _local(known, side):
    """Coordinates (u, v) of every pixel's centre, each (n, side, side)."""
    places = np.arange(side, dtype=np.float32) + 0.5
    x, y = (c[:, None] for c in known["centre"].T)
    radius = known["radius"][:, None]
    across = ((places - x) / radius)[:, None, :]
    down = ((places - y) / radius)[:, :, None]
    cos, sin = (f(known["tilt"])[:, None, None] for f in (np.cos, np.sin))
    return cos * across + sin * down, cos * down - sin * across


def _column(values):
    """A number for each picture as (n, 1, 1), or one for all as it is."""
    return values[:, None, None] if np.ndim(values) else values


def _ellipse(u, v, x, y, wide, high):
    x, y, wide, high = map(_column, (x, y, wide, high))
    return ((u - x) / wide) ** 2 + ((v - y) / high) ** 2 <= 1


def _round_ears(u, v, known):
    place, length = known["ear_place"], known["ear_length"]
    return _ellipse(np.abs(u), v, place, -0.05 + 0.5 * length, 0.33, length)


def _pointed_ears(u, v, known):
    tip = _column(known["tip"])
    corners = [(0.25, -0.75), (0.95, -0.35), (tip, -1.55)]
    inside = True
    for (a, b), (c, d) in zip(corners, corners[1:] + corners[:1], strict=True):
        inside = inside & ((c - a) * (v - b) - (d - b) * (np.abs(u) - a) <= 0)
    return inside


def _fill(images, mask, colour):
    """Give the pixels of a mask a colour, one for all or one for each picture."""
    colour = np.broadcast_to(colour, (len(images), 3))
    images[mask] = np.repeat(colour, mask.sum(axis=(1, 2)), axis=0)
