"""What is reached without training: pixels, centres of light, signs, optical flow."""

import numpy as np

from lessons.vision.image_motion import evaluation, readouts

FLOW_CLIPS = 300  # of each part, for the baseline of optical flow


def pixel_interpolation(frames):
    """The interpolation test with pixels: mean difference to the nearer of the ends.

    Args:
        frames: shape (n, time, height, width, 1).

    Returns:
        The dictionary of `interpolation`.
    """
    _, middle, last = evaluation.through(frames)

    def away(frame, ends):
        gaps = [np.abs(frame - frames[:, end]).mean(axis=(1, 2, 3)) for end in ends]
        return np.minimum(*gaps)

    inside = frames[:, middle]
    return evaluation.ratios(
        {
            "true": away(inside, (0, last)),
            "out": away(np.roll(inside, 1, axis=0), (0, last)),
            "in_true": away(inside, (0, last - 1)),
            "in": away(frames[:, last], (0, last - 1)),
        }
    )


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


def of(train, test, config):
    """What is reached without training.

    Args:
        train, test: `Clips`.
        config: a `Config`.

    Returns:
        Dictionary of floats, keys `NAME/METRIC`: `pixels` (of the first and the last
        frame), `centroid` (how the centre of light moves), `direction` (the true
        direction of the shift, without its length), `sign` (the degenerate code),
        `chance` (other clips at random) and, if asked for, `flow`.
    """
    ends = readouts.ends(train.frames), readouts.ends(test.frames)
    found = {"pixels": evaluation.contents(ends, train, test)}
    found["pixels"] |= evaluation.neighbours(ends[1], test, "euclidean")
    found["pixels"] |= pixel_interpolation(test.frames)
    moved = readouts.centroids(train.frames), readouts.centroids(test.frames)
    found["centroid"] = evaluation.contents(moved, train, test)
    found["centroid"] |= evaluation.neighbours(moved[1], test, "euclidean")
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
