"""Judging embeddings of motion in NumPy, sequence by sequence, apart from the loss."""

import numpy as np
from keras import ops

from lessons.vision.image_motion import readouts, strangers, theory

BATCH = 400  # clips embedded at once
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
    chosen = frames[:, list(order)]
    parts = [  # called, not predicted: nothing is traced for each number of frames
        ops.convert_to_numpy(network(chosen[first : first + BATCH], training=False))
        for first in range(0, len(chosen), BATCH)
    ]
    return np.concatenate(parts).astype(float)


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
        Dictionary of floats: those of `consistency`, `contents`, `neighbours`,
        `interpolation`, `strangers.evaluate` and `elsewhere`; `curved_NAME`, R² of each
        part of the motion by a read-out that is not linear; the share `two_parts` of
        two principal components and the mean `norm` of embeddings.
    """
    order = through(test.frames)
    codes = tuple(embed(network, part.frames, order) for part in (train, test))

    def embedded(frames, order):
        return embed(network, frames, order)

    found = consistency(embedded, test.frames, margin)
    found |= contents(codes, train, test)
    found |= neighbours(codes[1], test)
    found |= interpolation(embedded, test.frames)
    found |= strangers.evaluate(embedded, train, test)
    found |= elsewhere(embedded, test)
    curved = readouts.curved(codes[0], train.motion, codes[1], test.motion)
    found |= readouts.named("curved", test.names, curved)
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
        clips whose F1 is nearer to F2 than to B1 and to E1 and passes the margin from
        both.
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
    other = np.minimum(between["B1", "F1"], between["E1", "F1"])
    ordered = (between["F1", "F2"] < other) & (other > margin)
    return {
        "loss": float(np.mean([*same, across]) + hinges.mean()),
        "positive": float(np.mean([*same, across])),
        "negative": float(negative.mean()),
        "forward_back": float(kinds[frozenset("FB")].mean()),
        "forward_still": float(kinds[frozenset("FE")].mean()),
        "back_still": float(kinds[frozenset("BE")].mean()),
        "ordered": float(np.mean(ordered)),
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
    targets, truth = (
        np.concatenate([part.motion, readouts.light(part.frames)], axis=1)
        for part in (train, test)
    )
    names = (*test.names, "light_x", "light_y")
    found = readouts.by_name(codes[0], targets, codes[1], truth, names)
    far = tuple(np.linalg.norm(part.shift, axis=1) for part in (train, test))
    if far[0].std() > 0:
        found["speed"] = readouts.speed(codes[0], far[0], codes[1], far[1])
    return found


def elsewhere(embedded, clips):
    """Whether one motion has one code over two photographs.

    Args:
        embedded: function of (frames, order) that gives embeddings.
        clips: `Clips`.

    Returns:
        Dictionary of floats, empty where there are no twins: `elsewhere`, the mean
        distance of a clip from its twin; `elsewhere_ordered`, the part of the clips
        that are nearer to their twin than to it played backwards (chance: 1/2).
    """
    if clips.twins is None:
        return {}
    order = through(clips.frames)
    code = embedded(clips.frames, order)
    same, back = (
        distance(code, embedded(clips.twins, path)) for path in (order, order[::-1])
    )
    return {
        "elsewhere": float(same.mean()),
        "elsewhere_ordered": float(np.mean(same < back)),
    }


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
    embedding of the two ends alone, or, for codes that know sequences of three frames
    only, of the first frame twice and the last.

    Args:
        embedded: function of (frames, order) that gives embeddings.
        frames: shape (n, time, height, width, 1).

    Returns:
        Dictionary: mean distances `true`, `out`, `in_true` and `in`; `ratio` of out to
        true and `in_ratio`, none where a code does not see the middle at all;
        `out_share` and `in_share`, the part of the clips whose true frame is nearer;
        `ratio_three`, the ratio against the reference of three frames.
    """
    first, middle, last = through(frames)
    foreign = frames.copy()
    foreign[:, middle] = np.roll(frames[:, middle], 1, axis=0)
    whole, part = embedded(frames, (0, last)), embedded(frames, (0, last - 1))
    true = embedded(frames, (first, middle, last))
    out = embedded(foreign, (first, middle, last))
    far = {
        "true": distance(whole, true),
        "out": distance(whole, out),
        "in_true": distance(part, embedded(frames, (0, middle, last - 1))),
        "in": distance(part, embedded(frames, (0, last, last - 1))),
    }
    found, three = ratios(far), embedded(frames, (0, 0, last))
    if "ratio" in found:
        means = [float(distance(three, code).mean()) for code in (out, true)]
        found["ratio_three"] = means[0] / means[1]
    return found


def ratios(far):
    """What is told of the interpolation test.

    Args:
        far: distances of clips, shape (n,), called `true`, `out`, `in_true` and `in`.

    Returns:
        Dictionary of floats, see `interpolation`.
    """
    found = {name: float(np.mean(values)) for name, values in far.items()}
    if found["true"] > LEAST_NORM:
        found["ratio"] = found["out"] / found["true"]
        found["in_ratio"] = found["in"] / found["in_true"]
    found["out_share"] = float(np.mean(far["true"] < far["out"]))
    found["in_share"] = float(np.mean(far["in_true"] < far["in"]))
    return found
