"""The same by other routes, in NumPy and loops: for claims and tests only."""

import math

import numpy as np
from keras import ops

from lessons.vision.mask_rnn import metrics, theory


def warp_by_loops(mask, flow):
    """Backward warping, pixel by pixel.

    Args:
        mask: shape (height, width).
        flow: shape (height, width, 2), (dx, dy).
    """
    height, width = mask.shape
    found = np.zeros((height, width))
    for y in range(height):
        for x in range(width):
            across, down = x + flow[y, x, 0], y + flow[y, x, 1]
            left, top = math.floor(across), math.floor(down)
            for row in (top, top + 1):
                for column in (left, left + 1):
                    if 0 <= row < height and 0 <= column < width:
                        weight = (1 - abs(across - column)) * (1 - abs(down - row))
                        found[y, x] += weight * mask[row, column]
    return found


def square_video(side, step, size=64):
    """A square that moves to the right, and its flow to the frame before.

    Args:
        side: of the square, pixels.
        step: pixels per frame.
        size: of the image.

    Returns:
        Function of the time: (mask, flow), shapes (size, size) and (size, size, 2).
    """

    def at(time):
        mask = np.zeros((size, size))
        mask[8 : 8 + side, 4 + time * step : 4 + time * step + side] = 1
        return mask, np.stack([-step * mask, 0 * mask], axis=-1)

    return at


def propagated_square(side, step, steps):
    """J of the warped mask of a square after 1, 2, ... steps, with exact flow.

    Args:
        side, step: see `square_video`.
        steps: how many.
    """
    at = square_video(side, step)
    state, found = at(0)[0], []
    for time in range(1, steps + 1):
        truth, flow = at(time)
        state = ops.convert_to_numpy(theory.warp(state[None], flow[None]))[0]
        found.append(float(metrics.jaccard(state > 0.5, truth > 0.5)))
    return found


def roi_by_loops(maps, box, bins):
    """RoI max pooling, bin by bin.

    Args:
        maps: shape (rows, columns, channels).
        box: (x, y, w, h).
        bins: parts of a side.
    """
    spans = []
    for place, size, length in (
        (box[1], box[3], maps.shape[0]),
        (box[0], box[2], maps.shape[1]),
    ):
        low = min(max(place - size / 2 + 0.5, 0), length - 1)
        high = min(max(place + size / 2 + 0.5, low + 1e-3), length)
        part = (high - low) / bins
        edges = [(low + i * part, low + (i + 1) * part) for i in range(bins)]
        first = [math.floor(a + 1e-4) for a, _ in edges]
        last = [math.ceil(b - 1e-4) for _, b in edges]
        spans.append(
            [slice(a, max(b, a + 1)) for a, b in zip(first, last, strict=True)]
        )
    return np.array(
        [[maps[rows, columns].max((0, 1)) for columns in spans[1]] for rows in spans[0]]
    )


def box_gain(truth, box, count, rng):
    """What cutting random masks at a box adds to their J.

    Args:
        truth: boolean, shape (height, width).
        box: shape (1, 4).
        count: random masks.
        rng: NumPy generator.

    Returns:
        Differences of J, shape (count,).
    """
    masks = rng.random((count, *truth.shape)) < rng.random((count, 1, 1))
    keep = ops.convert_to_numpy(theory.inside(np.asarray(box, float), *truth.shape)) > 0
    whole = np.broadcast_to(truth, masks.shape)
    return metrics.jaccard(masks & keep, whole) - metrics.jaccard(masks, whole)


def jaccard_by_sets(one, other):
    """J of two masks by Python's sets."""
    a, b = (set(zip(*np.nonzero(mask), strict=True)) for mask in (one, other))
    return len(a & b) / len(a | b) if a | b else 1.0


def boundary_f_by_distance(one, other, radius):
    """F by the distance of every boundary pixel to the nearest one of the other mask.

    Args:
        one, other: boolean, shape (height, width).
        radius: pixels.
    """

    def edge(mask):
        found = []
        height, width = mask.shape
        for y in range(height):
            for x in range(width):
                right, below = min(x + 1, width - 1), min(y + 1, height - 1)
                near = mask[y, right], mask[below, x], mask[below, right]
                if any(value != mask[y, x] for value in near):
                    found.append((y, x))
        return found

    a, b = edge(one), edge(other)
    if not a or not b:
        return float(not a and not b)

    def share(points, others):
        return np.mean([min(math.dist(p, q) for q in others) <= radius for p in points])

    precision, recall = share(a, b), share(b, a)
    total = precision + recall
    return 2 * precision * recall / total if total else 0.0
