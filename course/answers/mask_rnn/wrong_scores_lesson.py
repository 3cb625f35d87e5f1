"""Has the boundary of the lesson: pixels unlike the right, lower or lower right one."""

# loses: scores

import numpy as np


def scores(mask, truth, radius):
    either = np.sum(mask | truth)
    if either == 0:
        return np.array([1.0, 1.0])
    J = np.sum(mask & truth) / either

    def boundary(area):
        wide = np.pad(area, [(0, 1), (0, 1)], mode="edge")
        unlike = (area != wide[:-1, 1:]) | (area != wide[1:, :-1])
        return np.argwhere(unlike | (area != wide[1:, 1:]))

    ours, theirs = boundary(mask), boundary(truth)
    if not len(ours) or not len(theirs):
        return np.array([J, 0.0])
    far = np.linalg.norm(ours[:, None] - theirs[None], axis=-1)
    P = np.mean(far.min(axis=1) <= radius)
    R = np.mean(far.min(axis=0) <= radius)
    return np.array([J, 2 * P * R / (P + R) if P + R else 0.0])
