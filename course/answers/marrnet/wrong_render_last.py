"""Takes the last occupied voxel of a ray in the place of the first."""

# loses: render_depth

import numpy as np


def render_depth(voxels, near):
    seen = (voxels > 0.5) & (np.arange(voxels.shape[2]) >= near)
    hit = seen.any(axis=2)
    return np.where(
        hit, voxels.shape[2] - 1 - seen[:, :, ::-1].argmax(axis=2), np.inf
    ), hit.astype(float)
