"""What is reached without any weights: propagation, and what flow gives away."""

import numpy as np
from keras import ops

from lessons.vision.mask_rnn import evaluation, metrics, theory

MOVES = 0.3  # pixels of flow beyond which something moves
NAMES = ("propagation", "moving", "other_flow", "other_length", "held", "filled")


def propagate(videos, factors=None):
    """Warp first masks from frame to frame along the flow.

    Args:
        videos: `Videos`.
        factors: which pixels may be an object's, (n, time, height, width), or None.

    Returns:
        float32, shape (n, time - 1, objects, height, width).
    """
    count, time, objects, height, width = videos.masks.shape
    state = videos.masks[:, 0].reshape(-1, height, width).astype("float32")
    found = []
    for now in range(1, time):
        flow = np.repeat(videos.backward[:, now], objects, axis=0)
        state = ops.convert_to_numpy(theory.warp(state, flow))
        if factors is not None:
            state = state * np.repeat(factors[:, now], objects, axis=0)
        found.append(state.reshape(count, objects, height, width))
    return np.stack(found, axis=1)


def gates(videos):
    """Where flow says that something moves, three boolean arrays by name.

    "moving": there is flow at all; "other_flow": it differs from the median vector of
    the frame, which is the camera's; "other_length": its length differs from the median
    length, all that the networks see.
    """
    flow = videos.backward
    length = np.linalg.norm(flow, axis=-1)
    axes = (2, 3)
    median = np.median(flow, axis=axes, keepdims=True)
    lengths = np.median(length, axis=axes, keepdims=True)
    return {
        "moving": length > MOVES,
        "other_flow": np.linalg.norm(flow - median, axis=-1) > MOVES,
        "other_length": abs(length - lengths) > MOVES,
    }


def filled_boxes(videos):
    """The true boxes of all frames, filled: what a perfect localiser alone gives."""
    truth = videos.masks[:, 1:]
    flat = truth.reshape(-1, *truth.shape[-2:])
    boxes, found = theory.tight_box(flat.astype("float32"))
    full = ops.convert_to_numpy(theory.inside(boxes, *flat.shape[-2:]))
    full = full * ops.convert_to_numpy(found)[:, None, None]
    return full.reshape(truth.shape)


def of(videos, radius=1):
    """Scores of methods without weights on videos.

    Args:
        videos: `Videos`.
        radius: tolerance of F.

    Returns:
        (numbers, j): by name of `NAMES` what `evaluation.judge` gives; numbers have
        keys NAME/METRIC. Beside them stand `ones/j`, of masks that fill the image, and
        the F and J of outlines and the T of first masks that never change.
    """
    methods = {"propagation": propagate(videos)}
    for name, factors in gates(videos).items():
        methods[name] = propagate(videos, factors)
    methods["held"] = np.repeat(
        videos.masks[:, :1].astype("float32"), videos.masks.shape[1] - 1, axis=1
    )
    methods["filled"] = filled_boxes(videos)
    numbers, by_video = {}, {}
    for name, probabilities in methods.items():
        masks = evaluation.objects_of(probabilities)
        found, by_video[name] = evaluation.judge(masks, videos, radius)
        numbers |= {f"{name}/{key}": value for key, value in found.items()}
    truth = videos.masks[:, 1:]
    ones = np.ones_like(truth)
    numbers["ones/j"] = float(metrics.jaccard(ones, truth).mean())
    outlines = metrics.boundary(truth)
    numbers["outlines/j"] = float(metrics.jaccard(outlines, truth).mean())
    numbers["outlines/f"] = float(metrics.boundary_f(outlines, truth, radius).mean())
    return numbers, by_video
