"""Splits the span whose farthest point is farthest for the length of its chord."""

# loses: simplify

import numpy as np


def simplify(points, eps, most):
    def farthest(first, last):
        if last - first < 2:
            return -1.0, first, -1.0
        start, along = points[first], points[last] - points[first]
        square = along @ along
        inner = points[first + 1 : last] - start
        place = np.clip(inner @ along / square, 0, 1) if square > 0 else 0 * inner[:, 0]
        gaps = np.sqrt(np.sum((inner - place[:, None] * along) ** 2, axis=1))
        best = int(np.argmax(gaps))
        return (
            float(gaps[best]),
            first + 1 + best,
            float(gaps[best] / np.sqrt(square + 1e-12)),
        )

    kept = [0, len(points) - 1]
    while len(kept) < most:
        spans = [farthest(a, b) for a, b in zip(kept, kept[1:], strict=False)]
        spans = [span for span in spans if span[0] > eps]
        if not spans:
            break
        _, place, _ = max(spans, key=lambda span: span[2])
        kept = sorted([*kept, place])
    return np.array(kept)
