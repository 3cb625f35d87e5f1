"""A right answer by loops, and by SciPy's distances."""

import math

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
    count, height, width = masks.shape
    found = np.full(masks.shape, float(outside))
    for row in range(height):
        for column in range(width):
            x, y = column + flow[row, column, 0], row + flow[row, column, 1]
            if not (math.isfinite(x) and math.isfinite(y)):
                continue
            left, top = math.floor(x), math.floor(y)
            total = np.zeros(count)
            for r, part_r in ((top, 1 - (y - top)), (top + 1, y - top)):
                for c, part_c in ((left, 1 - (x - left)), (left + 1, x - left)):
                    inside = 0 <= r < height and 0 <= c < width
                    total += part_r * part_c * (masks[:, r, c] if inside else outside)
            found[:, row, column] = total
    return found


def clip_to_box(mask, box, factor):
    left, top, right, bottom = (float(edge) for edge in box)
    more_x, more_y = (
        (factor - 1) * (right - left) / 2,
        (factor - 1) * (bottom - top) / 2,
    )
    found = np.zeros(mask.shape)
    for row in range(mask.shape[0]):
        for column in range(mask.shape[1]):
            x, y = column + 0.5, row + 0.5
            if (
                left - more_x <= x <= right + more_x
                and top - more_y <= y <= bottom + more_y
            ):
                found[row, column] = mask[row, column]
    return found


def merge(probabilities, present, threshold):
    best = np.full(probabilities.shape[1:], float(threshold))
    labels = np.zeros(probabilities.shape[1:], int)
    for number, (there, values) in enumerate(
        zip(present, probabilities, strict=True), 1
    ):
        if there:
            wins = values > best
            labels[wins] = number
            best[wins] = values[wins]
    return labels


def scores(mask, truth, radius):
    union = int((mask | truth).sum())
    if union == 0:
        return np.array([1.0, 1.0])
    edges = [
        np.argwhere(area & ~ndimage.binary_erosion(area)).tolist()
        for area in (mask, truth)
    ]
    shares = []
    for one, other in (edges, edges[::-1]):
        far = [min((math.dist(p, q) for q in other), default=math.inf) for p in one]
        shares.append(sum(d <= radius for d in far) / max(1, len(far)))
    total = sum(shares)
    f = 2 * shares[0] * shares[1] / total if total else 0.0
    return np.array([int((mask & truth).sum()) / union, f])


def cut_gradients(a, x, k):
    found = []
    for first in range(0, len(x), k):
        block = []
        for factor, value in zip(
            a[first : first + k], x[first : first + k], strict=True
        ):
            block.append(value + (factor * block[-1] if block else 0))
        found += block
    return np.array(found)
