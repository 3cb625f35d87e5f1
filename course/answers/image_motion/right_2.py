"""A right answer with matrices of SE(2), SciPy and loops."""

import numpy as np
from scipy.spatial.distance import cdist


def _matrix(pose):
    theta, x, y = pose
    cos, sin = np.cos(theta), np.sin(theta)
    return np.array([[cos, -sin, x], [sin, cos, y], [0.0, 0.0, 1.0]])


def se2_between(start, end):
    shape = np.broadcast_shapes(np.shape(start), np.shape(end))
    found = np.empty(shape)
    starts, ends = np.broadcast_to(start, shape), np.broadcast_to(end, shape)
    for place in np.ndindex(*shape[:-1]):
        m = np.linalg.solve(_matrix(starts[place]), _matrix(ends[place]))
        angle = np.arctan2(m[1, 0], m[0, 0])
        if angle <= -np.pi + 1e-12:
            angle = np.pi
        found[place] = angle, m[0, 2], m[1, 2]
    return found


def cosine_distances(U, V):
    result = np.ones((len(U), len(V)))
    rows = [u / np.abs(u).max() if np.any(u) else None for u in U]
    columns = [v / np.abs(v).max() if np.any(v) else None for v in V]
    for i, u in enumerate(rows):
        for j, v in enumerate(columns):
            if u is not None and v is not None:
                result[i, j] = cdist(u[None], v[None], "cosine")[0, 0]
    return np.minimum(np.maximum(result, 0), 2)


def pair_cost(distances, positive, margin):
    same, other = [], []
    for d, is_same in zip(distances, positive, strict=True):
        if is_same:
            same.append(d)
        elif d < margin:
            other.append(margin - d)
        else:
            other.append(0.0)
    cost = 0.0
    if same:
        cost += sum(same) / len(same)
    if other:
        cost += sum(other) / len(other)
    return float(cost)


def six_paths(first_way, second_way, start, end):
    def back(path):
        return tuple(reversed(path))

    f1 = (start,) + tuple(first_way) + (end,)
    f2 = (start,) + tuple(second_way) + (end,)
    b2 = back(f2)
    return {
        "F1": f1,
        "F2": f2,
        "B1": back(f1),
        "B2": b2,
        "E1": f1[:-1] + back(f1[:-2]),
        "E2": b2[:-1] + back(b2[:-2]),
    }


def group_loss(embeddings, margin):
    total, n = 0.0, len(embeddings)
    for i in range(n):
        d = cdist(embeddings[i], embeddings[i], "cosine")
        same = [d[0, 1], d[2, 3], d[4, 5]]
        if n > 1:
            rest = np.delete(embeddings[:, 5], i, axis=0)
            same.append(cdist(embeddings[i, 4:5], rest, "cosine").mean())
        costs = [
            max(0.0, margin - d[a, b])
            for a in range(6)
            for b in range(a + 1, 6)
            if a // 2 != b // 2
        ]
        total += np.mean(same) + np.mean(costs)
    return float(total / n)
