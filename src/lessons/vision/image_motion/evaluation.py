"""Judging embeddings of motion, apart from the loss: NumPy on what `predict` gives."""

import numpy as np

from lessons.vision.image_motion import readouts, theory

FLOW_CLIPS = 400  # of each part, for the baseline of optical flow
LEAST_NORM = 1e-12


def embed(network, frames, order):
    """Embeddings of sequences of frames of each clip.

    Args:
        network: a `MotionNetwork`.
        frames: shape (n, time, height, width, 1).
        order: which frames, such as (0, 2, 4).

    Returns:
        float64, shape (n, z).
    """
    chosen = np.ascontiguousarray(frames[:, list(order)])
    return network.predict(chosen, batch_size=400, verbose=0).astype(float)


def distance(u, v):
    """Cosine distance of rows, NumPy; of a row of zeros it is 1."""
    norms = np.linalg.norm(u, axis=-1) * np.linalg.norm(v, axis=-1)
    return 1 - np.sum(u * v, axis=-1) / np.maximum(norms, LEAST_NORM)


def through(frames):
    """The three frames that stand for a clip: first, middle, last."""
    last = frames.shape[1] - 1
    return 0, (last + 1) // 2, last


def evaluate(network, train, test, margin=0.5):
    """What the embeddings of a network hold.

    Args:
        network: a `MotionNetwork`.
        train: `Clips` that read-outs are fitted to.
        test: `Clips` to judge.
        margin: of the loss.

    Returns:
        Dictionary of floats: those of `consistency`, `contents`, `neighbours` and
        `interpolation`, and the mean `norm` of embeddings.
    """
    order = through(test.frames)
    codes = tuple(embed(network, part.frames, order) for part in (train, test))

    def embedded(frames, order):
        return embed(network, frames, order)

    found = consistency(embedded, test.frames, margin)
    found |= contents(codes, train, test)
    found |= neighbours(codes[1], test)
    found |= interpolation(embedded, test.frames)
    values = np.linalg.svd(codes[1] - codes[1].mean(axis=0), compute_uv=False) ** 2
    found["two_parts"] = float(values[:2].sum() / values.sum())
    found["norm"] = float(np.linalg.norm(codes[1], axis=1).mean())
    return found


def consistency(embedded, frames, margin=0.5):
    """Whether embeddings behave as a group's elements on the six sub-sequences.

    Args:
        embedded: function of (frames, order) that gives embeddings.
        frames: shape (n, time, height, width, 1).
        margin: of the hinge.

    Returns:
        Dictionary of floats: `loss`; mean distances `positive`, `negative`,
        `forward_back`, `forward_still` and `back_still`; `ordered`, the part of the
        clips whose F1 is nearer to F2 than to B1 and to E1; `strangers`, the mean
        distance of there and back between frames of different clips.
    """
    last = frames.shape[1] - 1
    paths = theory.six_subsequences(1, last - 1, last)
    r = {name: embedded(frames, path) for name, path in paths.items()}
    between = {
        (one, other): distance(r[one], r[other])
        for one in paths
        for other in paths
        if one < other
    }
    neighbour = np.roll(r["E2"], 1, axis=0), np.roll(r["E2"], -1, axis=0)
    across = sum(distance(r["E1"], other) for other in neighbour) / 2
    same = [between[name + "1", name + "2"] for name in "FBE"]
    kinds = {
        kind: np.array([v for k, v in between.items() if {k[0][0], k[1][0]} == kind])
        for kind in (frozenset("FB"), frozenset("FE"), frozenset("BE"))
    }
    negative = np.concatenate(list(kinds.values()))
    hinges = np.maximum(0, margin - negative)
    strangers = frames.copy()
    strangers[:, last] = np.roll(frames[:, last], 1, axis=0)
    there, back = (embedded(strangers, path) for path in ((0, last), (last, 0)))
    ordered = between["F1", "F2"] < np.minimum(between["B1", "F1"], between["E1", "F1"])
    return {
        "loss": float(np.mean([*same, across]) + hinges.mean()),
        "positive": float(np.mean([*same, across])),
        "negative": float(negative.mean()),
        "forward_back": float(kinds[frozenset("FB")].mean()),
        "forward_still": float(kinds[frozenset("FE")].mean()),
        "back_still": float(kinds[frozenset("BE")].mean()),
        "ordered": float(np.mean(ordered)),
        "strangers": float(distance(there, back).mean()),
    }


def contents(codes, train, test):
    """What can be read from codes of clips.

    Args:
        codes: of training and of test clips, two arrays.
        train, test: `Clips`.

    Returns:
        Dictionary of floats, each an R² on test clips: `r2_NAME` of each part of the
        motion, `r2_light_x` and `r2_light_y` of the change of the images' moments, all
        by ridge regression; `speed` by neighbours.
    """
    found = readouts.by_name(codes[0], train.motion, codes[1], test.motion, test.names)
    moved = readouts.light(train.frames), readouts.light(test.frames)
    found |= readouts.by_name(
        codes[0], moved[0], codes[1], moved[1], ("x", "y"), "r2_light_"
    )
    far = tuple(np.linalg.norm(part.shift, axis=1) for part in (train, test))
    if far[0].std() > 0:
        found["speed"] = readouts.speed(codes[0], far[0], codes[1], far[1])
    return found


def neighbours(codes, clips, metric="cosine"):
    """How alike a clip and the one with the nearest code are.

    Args:
        codes: shape (n, z).
        clips: `Clips`.
        metric: of the codes.

    Returns:
        Dictionary: `nn_shift`, mean distance of the two shifts, if anything shifts;
        `nn_rotation`, mean difference of the first angle in degrees; `nn_class`, the
        part of pairs with one label.
    """
    other = readouts.nearest(codes, metric)
    return alike(clips, other)


def alike(clips, other):
    """`neighbours` for pairs that are given: clip i and clip `other[i]`."""
    found = {"nn_class": float(np.mean(clips.labels == clips.labels[other]))}
    if clips.shift.std() > 0:
        away = clips.shift - clips.shift[other]
        found["nn_shift"] = float(np.linalg.norm(away, axis=1).mean())
    turned = clips.turn - clips.turn[other]
    found["nn_rotation"] = float(np.degrees(np.abs(turned)).mean())
    return found


def interpolation(embedded, frames):
    """How far embeddings go when a frame is put in that does not belong there.

    With the ends of a clip, the true middle frame is compared with that of another clip
    ("out"). With the ends 0 and T - 2, it is compared with frame T - 1 of the same clip
    ("in"), which looks alike and lies outside of the interval. The reference is the
    embedding of the two ends alone.

    Args:
        embedded: function of (frames, order) that gives embeddings.
        frames: shape (n, time, height, width, 1).

    Returns:
        Dictionary: mean distances `true`, `out`, `in_true` and `in`; `ratio` of out to
        true and `in_ratio`; `out_share` and `in_share`, the part of the clips whose
        true frame is nearer.
    """
    first, middle, last = through(frames)
    foreign = frames.copy()
    foreign[:, middle] = np.roll(frames[:, middle], 1, axis=0)
    whole, part = embedded(frames, (0, last)), embedded(frames, (0, last - 1))
    far = {
        "true": distance(whole, embedded(frames, (first, middle, last))),
        "out": distance(whole, embedded(foreign, (first, middle, last))),
        "in_true": distance(part, embedded(frames, (0, middle, last - 1))),
        "in": distance(part, embedded(frames, (0, last, last - 1))),
    }
    return _ratios(far)


def _ratios(far):
    found = {name: float(np.mean(values)) for name, values in far.items()}
    found["ratio"] = found["out"] / found["true"]
    found["in_ratio"] = found["in"] / found["in_true"]
    found["out_share"] = float(np.mean(far["true"] < far["out"]))
    found["in_share"] = float(np.mean(far["in_true"] < far["in"]))
    return found


def pixel_interpolation(frames):
    """The interpolation test with pixels: mean difference to the nearer of the ends.

    Args:
        frames: shape (n, time, height, width, 1).

    Returns:
        The dictionary of `interpolation`.
    """
    _, middle, last = through(frames)

    def away(frame, ends):
        gaps = [np.abs(frame - frames[:, end]).mean(axis=(1, 2, 3)) for end in ends]
        return np.minimum(*gaps)

    inside = frames[:, middle]
    return _ratios(
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


def baselines(train, test, config):
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
    found = {"pixels": contents(ends, train, test)}
    found["pixels"] |= neighbours(ends[1], test, "euclidean")
    found["pixels"] |= pixel_interpolation(test.frames)
    moved = readouts.centroids(train.frames), readouts.centroids(test.frames)
    found["centroid"] = contents(moved, train, test)
    found["centroid"] |= neighbours(moved[1], test, "euclidean")
    if train.shift.std() > 0:
        ways = tuple(_direction(part.shift) for part in (train, test))
        found["direction"] = contents(ways, train, test) | neighbours(ways[1], test)
    found["sign"] = consistency(light_sign, test.frames, config.margin)
    order = through(test.frames)
    codes = tuple(light_sign(part.frames, order) for part in (train, test))
    found["sign"] |= contents(codes, train, test)
    rng = np.random.default_rng((config.seed, 3))
    steps = rng.integers(1, len(test), size=len(test))
    found["chance"] = alike(test, (np.arange(len(test)) + steps) % len(test))
    if config.flow:
        parts = [part.first(FLOW_CLIPS) for part in (train, test)]
        codes = readouts.flow_codes(*(part.frames for part in parts))
        found["flow"] = contents(codes, *parts)
    return {
        f"{name}/{key}": value
        for name, metrics in found.items()
        for key, value in metrics.items()
    }


def _direction(shift):
    length = np.linalg.norm(shift, axis=1, keepdims=True)
    return shift / np.maximum(length, LEAST_NORM)
