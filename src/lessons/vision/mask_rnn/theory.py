r"""The equations of Hu, Huang & Schwing 2017 (arXiv:1803.11187) as functions of arrays.

Flow and boxes are in pixels, x to the right and y down. Flow $\phi_{t,s}(p)$ says where
pixel p of frame t is in frame s, as (dx, dy). A box is its centre and its sides,
(x, y, w, h); a pixel is the square of side 1 around its centre, so a single pixel in
the corner has the box (0, 0, 1, 1).
"""

import math

import numpy as np
from keras import ops

ENLARGED = 1.25  # sides of a box over those of the localiser's box


def warp(mask, flow):
    r"""The mask of the frame before, pulled along the flow: backward warping.

    $m_t(p) = b_{t-1}(p + \phi_{t,t-1}(p))$, bilinear, zero outside. Linear in the mask
    and differentiable with respect to it. Where flow is not finite the result is 0.

    Args:
        mask: b of frame t - 1, shape (n, height, width).
        flow: from frame t to frame t - 1, shape (n, height, width, 2).

    Returns:
        Shape (n, height, width), of the mask's dtype.
    """
    height, width = mask.shape[1:3]
    flow = ops.cast(flow, "float32")
    known = ops.all(ops.isfinite(flow), axis=-1)
    flow = ops.where(known[..., None], flow, ops.zeros_like(flow))
    x = flow[..., 0] + np.arange(width, dtype="float32")
    y = flow[..., 1] + np.arange(height, dtype="float32")[:, None]
    # Beyond a pixel outside everything is 0; kept near, so that integers do not
    # overflow.
    x, y = ops.clip(x, -2.0, width + 1.0), ops.clip(y, -2.0, height + 1.0)
    left, top = ops.floor(x), ops.floor(y)
    right_part, lower_part = x - left, y - top
    flat = ops.reshape(mask, (-1,))
    first = (
        height * width * ops.arange(ops.shape(mask)[0], dtype="int32")[:, None, None]
    )
    total = 0.0
    for down in (0, 1):
        for right in (0, 1):
            row, column = ops.cast(top, "int32") + down, ops.cast(left, "int32") + right
            inside = (row >= 0) & (row < height) & (column >= 0) & (column < width)
            part = right_part if right else 1 - right_part
            part = part * (lower_part if down else 1 - lower_part)
            part = part * ops.cast(inside & known, "float32")
            index = ops.clip(row, 0, height - 1) * width
            index = first + index + ops.clip(column, 0, width - 1)
            total = total + ops.cast(part, mask.dtype) * ops.take(flat, index, axis=0)
    return total


def tight_box(mask, threshold=0.5):
    """The smallest box around all pixels above a threshold.

    Args:
        mask: shape (n, height, width).
        threshold: exclusive.

    Returns:
        (boxes, found): shape (n, 4), the whole image where nothing is above the
        threshold, and shape (n,), whether something is.
    """
    height, width = mask.shape[1:3]
    above = ops.cast(mask, "float32") > threshold
    sides = []
    for axis, length in ((1, width), (2, height)):
        some = ops.any(above, axis=axis)  # (n, length)
        places = np.arange(length, dtype="float32")
        first = ops.min(ops.where(some, places, float(length)), axis=1)
        last = ops.max(ops.where(some, places, -1.0), axis=1)
        sides.append((first, last, length))
    found = ops.any(above, axis=(1, 2))
    ends = [
        (ops.where(found, a, 0.0), ops.where(found, b, length - 1.0))
        for a, b, length in sides
    ]
    (left, right), (top, bottom) = ends
    boxes = [(left + right) / 2, (top + bottom) / 2]
    boxes += [right - left + 1, bottom - top + 1]
    return ops.stack(boxes, axis=-1), found


def encode(box, proposal):
    r"""What the localiser is to say: $t_x = (x - a_x)/a_w$, $t_w = \log(w/a_w)$.

    Args:
        box: (x, y, w, h) of the object, shape (..., 4).
        proposal: a, shape (..., 4).
    """
    places = (box[..., :2] - proposal[..., :2]) / proposal[..., 2:]
    sides = ops.log(box[..., 2:] / proposal[..., 2:])
    return ops.concatenate([places, sides], axis=-1)


def decode(deltas, proposal):
    """The box that deltas and a proposal make; see `encode`."""
    places = proposal[..., :2] + proposal[..., 2:] * deltas[..., :2]
    sides = proposal[..., 2:] * ops.exp(deltas[..., 2:])
    return ops.concatenate([places, sides], axis=-1)


def smooth_l1(differences):
    """Huber's function of differences: $d^2/2$ below 1, else $|d| - 1/2$."""
    size = ops.abs(differences)
    return ops.where(size < 1, size**2 / 2, size - 0.5)


def enlarge(box, factor=ENLARGED):
    """The box with the same centre and `factor` times the sides."""
    return ops.concatenate([box[..., :2], factor * box[..., 2:]], axis=-1)


def inside(box, height, width):
    """1 where the centre of a pixel lies in the box, else 0.

    Args:
        box: shape (n, 4); it may leave the image.
        height, width: of the image.

    Returns:
        float32, shape (n, height, width).
    """
    x = np.arange(width, dtype="float32")
    y = np.arange(height, dtype="float32")
    columns = ops.abs(x - box[:, :1]) <= box[:, 2:3] / 2
    rows = ops.abs(y - box[:, 1:2]) <= box[:, 3:] / 2
    return ops.cast(rows[:, :, None] & columns[:, None, :], "float32")


def merge(probabilities):
    """One label per pixel: the likeliest object, or 0 where none exceeds 1/2.

    Of equal probabilities the first object's wins.

    Args:
        probabilities: of the objects, shape (..., N, height, width).

    Returns:
        Whole numbers from 0 to N, shape (..., height, width).
    """
    probabilities = ops.cast(probabilities, "float32")
    best = ops.argmax(probabilities, axis=-3) + 1
    some = ops.max(probabilities, axis=-3) > 0.5
    return ops.where(some, best, ops.zeros_like(best))


def cross_entropy(labels, logits, balanced=False):
    r"""Mean cross-entropy over the pixels of each example.

    Balanced it is $-\beta \sum_{y=1} \log p - (1-\beta) \sum_{y=0} \log(1-p)$ over the
    number of pixels, where $\beta$ is the share of background in the example.

    Args:
        labels: 0 or 1, shape (n, ...).
        logits: of the same shape.
        balanced: whether both classes weigh alike.

    Returns:
        float32, shape (n,).
    """
    labels, logits = ops.cast(labels, "float32"), ops.cast(logits, "float32")
    axes = tuple(range(1, len(labels.shape)))
    costs = ops.softplus(ops.where(labels > 0.5, -logits, logits))
    if balanced:
        share = ops.mean(labels, axis=axes, keepdims=True)
        costs = costs * ops.where(labels > 0.5, 1 - share, share)
    return ops.mean(costs, axis=axes)


def balanced_minimiser(q, beta):
    r"""$p = \beta q / (\beta q + (1-\beta)(1-q))$: what balancing makes of q.

    Args:
        q: true probability of the object.
        beta: weight of the object, the share of background.
    """
    return beta * q / (beta * q + (1 - beta) * (1 - q))


def ghost_jaccard(side, step, steps=1):
    """J of a square's warped mask after steps along an axis, exact flow: s/(s + kd).

    The background keeps what it had, so the mask is the union of all places.

    Args:
        side: of the square, s.
        step: pixels per frame, d, at most the side.
        steps: warps, k.
    """
    if step > side:
        raise ValueError(f"step={step} must not be larger than side={side}.")
    return side / (side + steps * step)


def truncated_sum(a, steps, k):
    r"""$\partial s_T/\partial w$ of $s_t = a s_{t-1} + w$, cut after every k steps.

    The state handed to steps k + 1, 2k + 1, ... counts as a constant, so that 1 to k
    terms of $\sum a^j$ are left.

    Args:
        a: what a step keeps.
        steps: T.
        k: steps between two cuts.
    """
    terms = (steps - 1) % k + 1
    return math.fsum(a**j for j in range(terms))
