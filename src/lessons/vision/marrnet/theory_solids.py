"""Solids that are known exactly, and silly answers made from a picture alone.

Grids are arrays [y, x, z], as in `theory`.
"""

import numpy as np


def half_space(size, slope_x=0.0, slope_y=0.0, offset=0.0):
    """A solid behind a plane, $z >= s_x x + s_y y + o$, with its depth and normals.

    Args:
        size: of the grid.
        slope_x, slope_y: $s_x$ and $s_y$.
        offset: $o$.

    Returns:
        (voxels, depth, normals): float64, shapes (size, size, size), (size, size) and
        (size, size, 3); depth is infinite where the solid leaves the grid.
    """
    y, x, z = np.meshgrid(*[np.arange(size)] * 3, indexing="ij")
    voxels = (z >= slope_x * x + slope_y * y + offset).astype(float)
    normal = np.array([slope_x, slope_y, -1.0])
    normal /= np.linalg.norm(normal)
    return voxels, first_hit(voxels), np.tile(normal, (size, size, 1))


def sphere(size, radius):
    """A ball in the middle of the grid, its depth, and the normals of the true sphere.

    Args:
        size: of the grid.
        radius: in voxels.

    Returns:
        (voxels, depth, normals, exact): as of `half_space`; `exact` is the depth at
        which the ray really enters the sphere, shape (size, size).
    """
    places = np.arange(size) - (size - 1) / 2
    y, x, z = np.meshgrid(*[places] * 3, indexing="ij")
    voxels = (x**2 + y**2 + z**2 <= radius**2).astype(float)
    y, x = np.meshgrid(places, places, indexing="ij")
    enters = -np.sqrt(np.maximum(radius**2 - x**2 - y**2, 0))
    normals = np.stack([x, y, enters], axis=-1) / radius
    return voxels, first_hit(voxels), normals, enters + (size - 1) / 2


def cube(size, side, corner):
    """A cube of a side at a corner (y, x, z), shape (size, size, size)."""
    voxels = np.zeros((size, size, size))
    y, x, z = corner
    voxels[y : y + side, x : x + side, z : z + side] = 1
    return voxels


def first_hit(voxels):
    """Depth of one grid of zeros and ones: how many empty voxels precede the first."""
    empty = np.cumprod(1 - voxels, axis=-1).sum(axis=-1)
    return np.where(empty < voxels.shape[-1], empty, np.inf)


def behind(depth, size, thickness=None):
    """Voxels from the surface on: a shell of a thickness, or everything behind.

    Args:
        depth: shape (..., height, width), infinity outside the silhouette.
        size: of the grid along z.
        thickness: in voxels; None fills the grid to its end.

    Returns:
        Zeros and ones, float32, shape (..., height, width, size).
    """
    places, depth = np.arange(size), np.asarray(depth)[..., None]
    found = places >= depth
    if thickness is not None:
        found &= places < depth + thickness
    return found.astype(np.float32)


def extruded(silhouette, size):
    """Every ray of the silhouette filled from end to end, shape (..., size)."""
    return np.repeat(np.asarray(silhouette, np.float32)[..., None], size, axis=-1)


def wrong_normals(normals):
    """Normals with the mistakes that are easily made, by name.

    Args:
        normals: shape (..., 3).

    Returns:
        Dictionary of arrays: the sign of the first component flipped, of the second,
        first and second exchanged, and all facing the camera.
    """
    flat = np.zeros_like(normals)
    flat[..., 2] = -1
    return {
        "sign of n_a": normals * [-1, 1, 1],
        "sign of n_b": normals * [1, -1, 1],
        "n_a for n_b": normals[..., [1, 0, 2]],
        "flat": flat,
    }
