"""A right answer with SciPy's interpolation, dilation by a disk, and a matrix."""

import numpy as np
from scipy import ndimage

WRITTEN = """
1. It may only have needed more steps: train as many further steps on the same frames,
static. It may have needed to see its own mistakes: train on the same clips with the
gradient cut at every step. Only a gain over both speaks for gradients through time.

2. Keep the part of the warped mask where there is flow at all. With a camera that
stands still that is the set of moving objects; if the camera moves, all pixels have
flow, and the rule keeps everything, ghosts too.

3. A thin ring along the true outline has F near 1 and a small J. A large object's mask
that is two pixels too wide all round has J near 1 and, with a tolerance of one pixel,
F near 0.
"""


def warp(masks, flow, outside):
    places = np.indices(flow.shape[:2]) + np.moveaxis(flow[..., ::-1], -1, 0)
    places[~np.isfinite(places)] = np.inf
    return np.stack(
        [
            ndimage.map_coordinates(
                np.pad(mask, 2, constant_values=outside),
                places + 2,
                order=1,
                cval=outside,
            )
            for mask in masks
        ]
    )


def clip_to_box(mask, box, factor):
    center, half = (box[:2] + box[2:]) / 2, factor * (box[2:] - box[:2]) / 2
    places = np.stack(np.indices(mask.shape)[::-1], axis=-1) + 0.5
    return np.where(np.all(np.abs(places - center) <= half, axis=-1), mask, 0.0)


def merge(probabilities, present, threshold):
    labels = np.zeros(probabilities.shape[1:], dtype=np.int64)
    numbers = np.flatnonzero(present)
    if len(numbers):
        chosen = probabilities[numbers]
        labels[:] = numbers[np.argmax(chosen, axis=0)] + 1
        labels[np.all(chosen <= threshold, axis=0)] = 0
    return labels


def scores(mask, truth, radius):
    either = np.count_nonzero(mask | truth)
    if not either:
        return np.array([1.0, 1.0])
    side = max(mask.shape)
    y, x = np.mgrid[-side : side + 1, -side : side + 1]
    disk = np.hypot(x, y) <= radius
    edges = []
    for area in (mask, truth):
        framed = np.pad(area, 1)
        edges.append(area & ndimage.binary_dilation(~framed)[1:-1, 1:-1])
    p, r = (
        np.count_nonzero(one & ndimage.binary_dilation(other, disk))
        / max(1, np.count_nonzero(one))
        for one, other in (edges, edges[::-1])
    )
    f = 2 * p * r / (p + r) if p + r else 0.0
    return np.array([np.count_nonzero(mask & truth) / either, f])


def cut_gradients(a, x, k):
    carry = np.eye(len(x))
    for t in range(len(x)):
        if t % k:
            carry[t] += a[t] * carry[t - 1]
    return carry @ x
