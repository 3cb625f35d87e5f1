"""What is reached without training: pixels, centres of light, signs, optical flow."""

import numpy as np

from lessons.vision.image_motion import evaluation, readouts, strangers

CENTRE = 10.0  # units of `centre` per pixel
SURPRISE = 30.0  # units of `surprise` per squared mean square
FLOW_CLIPS = 300  # of each part, for the baseline of optical flow


def pixel_interpolation(frames, power=1):
    """The interpolation test with pixels: mean difference to the nearer of the ends.

    Args:
        frames: shape (n, time, height, width, 1).
        power: of the differences. A distance of embeddings is quadratic where they
            differ little, so 2 is the fairer one.

    Returns:
        The dictionary of `interpolation`.
    """
    _, middle, last = evaluation.through(frames)

    def away(frame, ends):
        return np.minimum(*(gap(frame, frames[:, end], power) for end in ends))

    inside = frames[:, middle]
    return evaluation.ratios(
        {
            "true": away(inside, (0, last)),
            "out": away(np.roll(inside, 1, axis=0), (0, last)),
            "in_true": away(inside, (0, last - 1)),
            "in": away(frames[:, last], (0, last - 1)),
        }
    )


def gap(one, other, power=2):
    """Mean difference of the pixels of two images, to a power, shape (n,)."""
    return (np.abs(one - other) ** power).mean(axis=(1, 2, 3))


def centre(frames, order):
    """A code that obeys the laws: how the centre of light moves, and a constant.

    It sees the ends of a sequence only. Loops have the code (0, 0, 1).
    """
    moved = readouts.centroids(frames[:, [order[0], order[-1]]])
    return np.column_stack([CENTRE * moved, np.ones(len(frames))])


def surprise(frames, order):
    """`light_sign`, and how unlike its two neighbours a middle frame is; no motion."""
    unlike = np.zeros(len(frames))
    if len(order) == 3 and order[0] != order[-1]:
        first, middle, last = (frames[:, time] for time in order)
        unlike = np.minimum(gap(middle, first), gap(middle, last))
    return np.column_stack([light_sign(frames, order), SURPRISE * unlike**2])


def sign_code(change, still):
    """The degenerate code: plus, minus or nothing, by the sign of one number.

    Args:
        change: of each sequence, any number whose sign turns over with the sequence,
            shape (n,).
        still: whether a sequence ends where it began, shape (n,).

    Returns:
        Shape (n, 2): (1, 0) and (-1, 0) by the sign, (0, 1) for what is still.
    """
    moving = np.stack([np.sign(change), np.zeros(len(change))], axis=-1)
    return np.where(still[:, None], [0.0, 1.0], moving)


def light_sign(frames, order):
    """`sign_code` of whether the light moved right: embeddings without any motion."""
    found = readouts.moments(frames[:, [order[0], order[-1]]])[..., 0]
    still = np.full(len(frames), order[0] == order[-1])
    return sign_code(found[:, 1] - found[:, 0], still)


def sum_sign(frames, order, weights, even=False):
    """`sign_code` of how a weighted sum of pixels changes, or of its size if `even`.

    Args:
        frames: shape (n, time, height, width, 1).
        order: which frames.
        weights: of the pixels, shape (height * width,).
        even: whether the change loses its sign, which spoils the code.
    """
    sums = frames[:, [order[0], order[-1]]].reshape(len(frames), 2, -1) @ weights
    change = sums[:, 1] - sums[:, 0]
    still = np.full(len(frames), order[0] == order[-1])
    return sign_code(np.abs(change) if even else change, still)


def of(train, test, config):
    """What is reached without training.

    Args:
        train, test: `Clips`.
        config: a `Config`.

    Returns:
        Dictionary of floats, keys `NAME/METRIC`: `pixels` (of the first and the last
        frame), `squared_pixels`, `centroid` (how the centre of light moves),
        `surprise` (a code of a sign and of how unlike the middle is), `direction` (the
        true direction of the shift, without its length), `sign` (the degenerate code),
        `translation` (Lucas and Kanade's), `chance` (other clips at random) and, if
        asked for, `flow`.
    """
    ends = readouts.ends(train.frames), readouts.ends(test.frames)
    found = {"pixels": evaluation.contents(ends, train, test)}
    found["pixels"] |= evaluation.neighbours(ends[1], test, "euclidean")
    found["pixels"] |= pixel_interpolation(test.frames)
    found["squared_pixels"] = pixel_interpolation(test.frames, 2)
    moved = readouts.centroids(train.frames), readouts.centroids(test.frames)
    found["centroid"] = evaluation.contents(moved, train, test)
    found["centroid"] |= evaluation.neighbours(moved[1], test, "euclidean")
    for name, code in (("centroid", centre), ("surprise", surprise)):
        found[name] = found.get(name, {}) | evaluation.interpolation(code, test.frames)
        found[name] |= evaluation.consistency(code, test.frames, config.margin)
    steps = tuple(range(train.frames.shape[1]))
    codes = tuple(readouts.translations(part.frames, steps) for part in (train, test))
    found["translation"] = evaluation.contents(codes, train, test)
    found["translation"] |= strangers.evaluate(readouts.translations, train, test)
    if train.shift.std() > 0:
        ways = tuple(_direction(part.shift) for part in (train, test))
        found["direction"] = evaluation.contents(
            ways, train, test
        ) | evaluation.neighbours(ways[1], test)
    found["sign"] = evaluation.consistency(light_sign, test.frames, config.margin)
    order = evaluation.through(test.frames)
    codes = tuple(light_sign(part.frames, order) for part in (train, test))
    found["sign"] |= evaluation.contents(codes, train, test)
    rng = np.random.default_rng((config.seed, 3))
    steps = rng.integers(1, len(test), size=len(test))
    found["chance"] = evaluation.alike(test, (np.arange(len(test)) + steps) % len(test))
    if config.flow:
        parts = [part.first(FLOW_CLIPS) for part in (train, test)]
        codes = readouts.flow_codes(*(part.frames for part in parts))
        found["flow"] = evaluation.contents(codes, *parts)
    return {
        f"{name}/{key}": value
        for name, metrics in found.items()
        for key, value in metrics.items()
    }


def _direction(shift):
    length = np.linalg.norm(shift, axis=1, keepdims=True)
    return shift / np.maximum(length, evaluation.LEAST_NORM)
