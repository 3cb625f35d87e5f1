"""Leaves the near plane out, as in the lesson."""

# loses: render_depth

import numpy as np


def render_depth(voxels, near):
    seen = voxels > 0.5
    hit = seen.any(axis=2)
    return np.where(hit, seen.argmax(axis=2), np.inf), hit.astype(float)
