"""Says depth 0 for a ray that hits nothing."""

# loses: render_depth

import numpy as np


def render_depth(voxels, near):
    seen = (voxels > 0.5) & (np.arange(voxels.shape[2]) >= near)
    hit = seen.any(axis=2)
    return seen.argmax(axis=2).astype(float), hit.astype(float)
