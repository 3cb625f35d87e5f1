"""J, F and T of masks, and their mean, recall and decay, in NumPy.

Masks are boolean, shape (..., height, width); results have the shape (...).
"""

import numpy as np

POINTS = 50  # of a contour
RADII = np.geomspace(1 / 8, 2, 6)  # edges of five log-radii, in mean distances
ANGLES = 12
CHUNK = 40  # pairs of contours compared at once


def jaccard(masks, truth):
    """J: intersection over union; 1 where both are empty."""
    both = np.sum(masks & truth, axis=(-2, -1))
    either = np.sum(masks | truth, axis=(-2, -1))
    return np.where(either == 0, 1.0, both / np.maximum(either, 1))


def boundary(masks):
    """Pixels that differ from their right, lower or lower right neighbour."""
    widths = [(0, 0)] * (masks.ndim - 2) + [(0, 1), (0, 1)]
    wide = np.pad(masks, widths, mode="edge")
    here = wide[..., :-1, :-1]
    return (
        (here != wide[..., :-1, 1:])
        | (here != wide[..., 1:, :-1])
        | (here != wide[..., 1:, 1:])
    )


def disk(radius):
    """Steps (down, right) of at most `radius` pixels."""
    steps = range(-radius, radius + 1)
    return [(y, x) for y in steps for x in steps if x * x + y * y <= radius * radius]


def dilate(masks, radius):
    """Pixels within a distance of a mask."""
    widths = [(0, 0)] * (masks.ndim - 2) + [(radius, radius)] * 2
    wide = np.pad(masks, widths)
    height, width = masks.shape[-2:]
    found = np.zeros(masks.shape, bool)
    for y, x in disk(radius):
        found |= wide[..., radius + y :, radius + x :][..., :height, :width]
    return found


def boundary_f(masks, truth, radius=1):
    """F: harmonic mean of precision and recall of boundary pixels.

    A pixel is right if the other boundary is within `radius`. Two masks without a
    boundary have 1, one of them 0.

    Args:
        masks, truth: boolean, shape (..., height, width).
        radius: pixels.
    """
    ours, theirs = boundary(masks), boundary(truth)
    counts = [np.sum(edge, axis=(-2, -1)) for edge in (ours, theirs)]
    near = [
        np.sum(edge & dilate(other, radius), axis=(-2, -1))
        for edge, other in ((ours, theirs), (theirs, ours))
    ]
    precision, recall = (
        hits / np.maximum(count, 1) for hits, count in zip(near, counts, strict=True)
    )
    total = precision + recall
    f = np.where(total > 0, 2 * precision * recall / np.maximum(total, 1e-12), 0.0)
    return np.where((counts[0] == 0) & (counts[1] == 0), 1.0, f)


def contour(mask, points=POINTS):
    """Places along the longest outline of a mask, shape (points, 2), or None."""
    from skimage.measure import find_contours

    lines = find_contours(np.pad(mask.astype(float), 1), 0.5)
    if not lines:
        return None
    line = max(lines, key=len)
    ways = np.concatenate(
        [[0], np.cumsum(np.linalg.norm(np.diff(line, axis=0), axis=1))]
    )
    places = np.linspace(0, ways[-1], points, endpoint=False)
    return np.stack([np.interp(places, ways, axis) for axis in line.T], axis=-1)


def shape_contexts(contours):
    """Where the other points of a contour lie: log-polar histograms.

    Distances are in units of the mean distance of two points, so neither place nor
    size counts.

    Args:
        contours: shape (n, points, 2).

    Returns:
        Shape (n, points, 60), each histogram sums to 1.
    """
    count, points = contours.shape[:2]
    away = contours[:, None] - contours[:, :, None]
    far = np.linalg.norm(away, axis=-1)
    far = far / far.sum(axis=(1, 2), keepdims=True) * points * (points - 1)
    rings = (
        np.searchsorted(RADII, np.clip(far, RADII[0], RADII[-1] * 0.999), "right") - 1
    )
    turns = np.arctan2(away[..., 0], away[..., 1]) / (2 * np.pi) % 1
    sectors = np.minimum((turns * ANGLES + 1e-9).astype(int), ANGLES - 1)
    size = (len(RADII) - 1) * ANGLES
    index = rings * ANGLES + sectors
    index = index + size * np.arange(count * points).reshape(count, points, 1)
    other = ~np.eye(points, dtype=bool)
    sums = np.bincount(index[:, other].ravel(), minlength=count * points * size)
    return sums.reshape(count, points, size) / (points - 1)


def contour_cost(ones, others):
    """Mean chi-square cost along the best warping of one contour to another.

    Args:
        ones, others: contours, shape (n, points, 2).

    Returns:
        Shape (n,), from 0 to 1.
    """
    parts = [
        warping_cost(
            chi_square(*(shape_contexts(c[k : k + CHUNK]) for c in (ones, others)))
        )
        for k in range(0, len(ones), CHUNK)
    ]
    return np.concatenate(parts) if parts else np.zeros(0)


def chi_square(g, h):
    """Costs of all pairs of histograms: half the sum of (g - h)² / (g + h).

    Args:
        g, h: shape (n, points, bins).

    Returns:
        Shape (n, points, points).
    """
    g, h = g[:, :, None], h[:, None]
    return 0.5 * np.sum((g - h) ** 2 / np.maximum(g + h, 1e-12), axis=-1)


def warping_cost(costs):
    """Mean cost along the cheapest path, by dynamic time warping.

    The second sequence is closed: it begins at the cyclic shift whose diagonal is
    cheapest.

    Args:
        costs: of pairs of points, shape (n, points, points).

    Returns:
        Shape (n,).
    """
    count, points = costs.shape[:2]
    steps = np.arange(points)
    turned = (steps + steps[:, None]) % points  # shift, place
    shift = np.argmin(costs[:, steps, turned].sum(axis=-1), axis=1)
    order = (steps + shift[:, None]) % points
    costs = np.take_along_axis(costs, order[:, None], axis=2)
    total = np.full((points + 1, points + 1, count), np.inf)
    length = np.zeros((points + 1, points + 1, count))
    total[0, 0] = 0
    for i in range(1, points + 1):
        for j in range(1, points + 1):
            before = total[[i - 1, i - 1, i], [j - 1, j, j - 1]]
            best = np.argmin(before, axis=0)
            lengths = length[[i - 1, i - 1, i], [j - 1, j, j - 1]]
            rows = np.arange(count)
            total[i, j] = before[best, rows] + costs[:, i - 1, j - 1]
            length[i, j] = lengths[best, rows] + 1
    return total[-1, -1] / length[-1, -1]


def instability(masks):
    """T: how much the outline of a mask changes from frame to frame.

    Two empty masks cost 0, one empty mask costs 1.

    Args:
        masks: boolean, shape (n, time, height, width).

    Returns:
        Shape (n, time - 1), from 0 to 1; low is smooth.
    """
    outlines = [[contour(mask) for mask in track] for track in masks]
    found = np.zeros((masks.shape[0], masks.shape[1] - 1))
    pairs = []
    for n, track in enumerate(outlines):
        for t, (one, other) in enumerate(zip(track, track[1:], strict=False)):
            if one is not None and other is not None:
                pairs.append((n, t, one, other))
            else:
                found[n, t] = float((one is None) != (other is None))
    if pairs:
        rows, times, ones, others = zip(*pairs, strict=True)
        found[rows, times] = contour_cost(np.stack(ones), np.stack(others))
    return found


def statistics(values):
    """Mean, recall (share above 1/2) and decay of a measure over frames.

    Decay is the mean of the first quarter minus that of the last one; the quarters
    share their borders, and a border between two frames belongs to the later one, as in
    the program of DAVIS.

    Args:
        values: shape (..., frames).

    Returns:
        Three arrays of shape (...).
    """
    ends = np.floor(np.linspace(1, values.shape[-1], 5) + 0.5).astype(int) - 1
    first = values[..., ends[0] : ends[1] + 1].mean(axis=-1)
    last = values[..., ends[3] : ends[4] + 1].mean(axis=-1)
    return values.mean(axis=-1), (values > 0.5).mean(axis=-1), first - last
