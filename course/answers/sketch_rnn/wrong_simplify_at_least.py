"""Keeps a point that is just ε away."""

# loses: simplify

import numpy as np


def simplify(points, eps, most):
    def farthest(first, last):
        if last - first < 2:
            return -1.0, first
        start, along = points[first], points[last] - points[first]
        square = along @ along
        inner = points[first + 1 : last] - start
        place = np.clip(inner @ along / square, 0, 1) if square > 0 else 0 * inner[:, 0]
        gaps = np.sqrt(np.sum((inner - place[:, None] * along) ** 2, axis=1))
        best = int(np.argmax(gaps))
        return float(gaps[best]), first + 1 + best

    kept = [0, len(points) - 1]
    while len(kept) < most:
        gap, place = max(
            (farthest(a, b) for a, b in zip(kept, kept[1:], strict=False)),
            key=lambda pair: pair[0],
        )
        if gap < eps:
            break
        kept = sorted([*kept, place])
    return np.array(kept)
