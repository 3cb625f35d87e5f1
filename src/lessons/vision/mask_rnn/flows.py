"""Optical flow that is estimated from frames, by scikit-image's two methods."""

import numpy as np

from lessons.toolkit.errors import unknown

METHODS = ("tvl1", "ilk")


def estimate(frames, step, method="tvl1"):
    """Flow from each frame to the one before (step -1) or after (step 1).

    scikit-image says where a pixel of its first image is in the second one, rows
    first; here it is (dx, dy).

    Args:
        frames: shape (n, time, height, width, 3).
        step: -1 or 1.
        method: of `METHODS`.

    Returns:
        float32, shape (n, time, height, width, 2); zero where there is no such frame.
    """
    if method not in METHODS:
        raise unknown("method of flow", method, METHODS)
    from skimage import color, registration

    compute = getattr(registration, f"optical_flow_{method}")
    grey = color.rgb2gray(frames)
    flow = np.zeros((*grey.shape, 2), "float32")
    for n, video in enumerate(grey):
        for t, frame in enumerate(video):
            if 0 <= t + step < len(video):
                flow[n, t] = np.moveaxis(compute(frame, video[t + step]), 0, -1)[
                    ..., ::-1
                ]
    return flow
