"""The equations of `theory` by other routes: loops, scattering and differences."""

import numpy as np

from lessons.vision.marrnet.theory import LEAST_FACING


def rendered(voxels, threshold=0.5):
    """Depth and silhouette of one grid by walking along each ray.

    Args:
        voxels: shape (height, width, depth).
        threshold: above which a voxel is occupied.
    """
    depth = np.full(voxels.shape[:2], np.inf)
    for y, x in np.ndindex(*voxels.shape[:2]):
        for z, value in enumerate(voxels[y, x]):
            if value > threshold:
                depth[y, x] = z
                break
    return depth, np.isfinite(depth).astype(float)


def depth_terms(voxels, depth):
    """Loss and gradient of the depth by the cases of its definition, for one grid."""
    loss, gradient = 0.0, np.zeros(voxels.shape)
    for (y, x, z), value in np.ndenumerate(voxels):
        if z < depth[y, x]:
            loss += value**2
            gradient[y, x, z] = 2 * value
        elif z == depth[y, x]:
            loss += (1 - value) ** 2
            gradient[y, x, z] = 2 * (value - 1)
    return loss, gradient


def targets(depth, normals, size):
    """The target points (y, x, z) of the normal loss of one image, z fractional.

    Args:
        depth: shape (height, width), infinity outside the silhouette.
        normals: shape (height, width, 3).
        size: of the grid along z.
    """
    found = []
    height, width = depth.shape
    for y, x in np.argwhere(np.isfinite(depth)):
        a, b, c = normals[y, x]
        if abs(c) < LEAST_FACING:
            continue
        for row, column, z in (
            (y - 1, x, depth[y, x] + b / c),
            (y + 1, x, depth[y, x] - b / c),
            (y, x - 1, depth[y, x] + a / c),
            (y, x + 1, depth[y, x] - a / c),
        ):
            if not (0 <= row < height and 0 <= column < width and 0 <= z <= size - 1):
                continue
            if np.isfinite(depth[row, column]):
                found.append((row, column, z))
    return found


def normal_terms(voxels, depth, normals, rounding=False):
    """Loss and gradient of the normals for one grid, target after target.

    Args:
        voxels: shape (height, width, depth).
        depth, normals: as for `targets`.
        rounding: whether the nearest voxel takes the place of the interpolation.
    """
    loss, gradient = 0.0, np.zeros(voxels.shape)
    for y, x, z in targets(depth, normals, voxels.shape[-1]):
        if rounding:
            z = np.round(z)
        low = int(min(np.floor(z), voxels.shape[-1] - 2))
        part = z - low
        missing = 1 - (1 - part) * voxels[y, x, low] - part * voxels[y, x, low + 1]
        loss += missing**2
        gradient[y, x, low] -= 2 * (1 - part) * missing
        gradient[y, x, low + 1] -= 2 * part * missing
    return loss, gradient


def difference_quotients(function, voxels, step=1e-5):
    """Central differences of a number with respect to every voxel of one grid."""
    found = np.zeros(voxels.shape)
    for place in np.ndindex(*voxels.shape):
        high, low = voxels.copy(), voxels.copy()
        high[place] += step
        low[place] -= step
        found[place] = (function(high) - function(low)) / (2 * step)
    return found


def overlap(one, other):
    """Intersection over union of two sets of voxels, as sets of places."""
    a, b = (set(map(tuple, np.argwhere(grid))) for grid in (one, other))
    return len(a & b) / len(a | b) if a | b else 1.0


def free_descent(voxels, depth, rate, steps):
    """Gradient descent on the depth loss with the voxels themselves as variables.

    Along a ray each voxel goes its own way: in front it is multiplied by 1 - 2 rate in
    each step, at the surface its distance from 1 is, and behind nothing happens.

    Args:
        voxels: shape (height, width, depth).
        depth: shape (height, width).
        rate: of the descent.
        steps: how many.
    """
    values = np.array(voxels, float)
    for _ in range(steps):
        values = values - rate * depth_terms(values, depth)[1]
    return values
