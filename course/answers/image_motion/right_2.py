"""A right answer with matrices of SE(2), SciPy and loops."""

import itertools

import numpy as np
from scipy.spatial.distance import cdist


def _matrix(pose):
    theta, x, y = pose
    cos, sin = np.cos(theta), np.sin(theta)
    found = np.eye(3)
    found[:2] = [[cos, -sin, x], [sin, cos, y]]
    return found


def se2_between(start, end):
    starts, ends = np.broadcast_arrays(start, end)
    found = np.empty(ends.shape)
    for place in np.ndindex(*ends.shape[:-1]):
        m = np.linalg.solve(_matrix(starts[place]), _matrix(ends[place]))
        found[place] = np.arctan2(m[1, 0], m[0, 0]), m[0, 2], m[1, 2]
    return found


def cosine_distances(U, V):
    result = np.ones((len(U), len(V)))
    rows, columns = (
        [x / np.abs(x).max() if any(x) else None for x in X] for X in (U, V)
    )
    for i, u in enumerate(rows):
        for j, v in enumerate(columns):
            if u is not None and v is not None:
                result[i, j] = cdist([u], [v], "cosine")[0, 0]
    return np.clip(result, 0, 2)


def pair_cost(distances, positive, margin):
    same, other = [], []
    for d, is_same in zip(distances, positive, strict=True):
        if is_same:
            same.append(d)
        else:
            other.append(max(margin - d, 0.0))
    return float(sum(np.mean(costs) for costs in (same, other) if costs))


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
    for i, clip in enumerate(embeddings):
        kinds = np.split(clip, 3)  # F, B, E
        same = [cdist(*np.split(kind, 2), "cosine").item() for kind in kinds]
        if n > 1:
            rest = np.delete(embeddings[:, 5], i, axis=0)
            same.append(cdist(clip[4:5], rest, "cosine").mean())
        pairs = itertools.combinations(kinds, 2)
        costs = [np.maximum(margin - cdist(*pair, "cosine"), 0) for pair in pairs]
        total += np.mean(same) + np.mean(costs)
    return float(total / n)
