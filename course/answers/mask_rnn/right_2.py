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
    height, width = masks.shape[1:]
    bad = ~(np.isfinite(flow[..., 0]) & np.isfinite(flow[..., 1]))
    safe = np.clip(np.where(bad[..., None], 0, flow), -1e6, 1e6)
    rows, columns = np.indices((height, width))
    places = np.stack([rows + safe[..., 1], columns + safe[..., 0]])
    found = np.stack(
        [
            ndimage.map_coordinates(
                np.pad(mask, 2, constant_values=outside),
                places + 2,
                order=1,
                mode="constant",
                cval=outside,
            )
            for mask in masks
        ]
    )
    found[:, bad] = outside
    return found


def clip_to_box(mask, box, factor):
    box = np.asarray(box, float)
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
    if not mask.any() and not truth.any():
        return np.array([1.0, 1.0])
    size = int(np.floor(radius))
    y, x = np.mgrid[-size : size + 1, -size : size + 1]
    disk = np.hypot(x, y) <= radius
    edges = []
    for area in (mask, truth):
        framed = np.pad(area, 1)
        edges.append(area & ndimage.binary_dilation(~framed)[1:-1, 1:-1])
    hits = [
        np.count_nonzero(one & ndimage.binary_dilation(other, disk))
        for one, other in (edges, edges[::-1])
    ]
    sizes = [np.count_nonzero(edge) for edge in edges]
    j = np.count_nonzero(mask & truth) / np.count_nonzero(mask | truth)
    if min(hits) == 0:
        return np.array([j, 0.0])
    p, r = hits[0] / sizes[0], hits[1] / sizes[1]
    return np.array([j, 2 / (1 / p + 1 / r)])


def cut_gradients(a, x, k):
    T = len(x)
    carry = np.eye(T)
    for t in range(1, T):
        if t % k:
            carry[t] += a[t] * carry[t - 1]
    return carry @ x
