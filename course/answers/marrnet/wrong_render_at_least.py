"""Takes 0.5 itself for occupied."""

# loses: render_depth

import numpy as np


def render_depth(voxels, near):
    seen = (voxels >= 0.5) & (np.arange(voxels.shape[2]) >= near)
    hit = seen.any(axis=2)
    return np.where(hit, seen.argmax(axis=2), np.inf), hit.astype(float)
