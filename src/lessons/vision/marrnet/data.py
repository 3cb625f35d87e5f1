"""Shapes with their pictures and sketches: made here, or of a file of renderings.

Test pictures exist once for each of `camera.DOMAINS`: the same shapes from the same
side under other conditions, so that differences are differences of conditions alone.
"""

import typing

import numpy as np

from lessons.toolkit.data import files
from lessons.toolkit.errors import UserError
from lessons.vision.marrnet import camera, shapes

_HOW_TO = (
    "Allowed: an .npz file with the arrays `images`, real numbers in [0, 1] of shape "
    "(n, size, size, 3), `sketches` of shape (n, size, size, 5) (normal in the "
    "directions right, down and away from the camera; depth from 0 to 1; silhouette) "
    "and `voxels` of shape (n, grid, grid, grid), axes [y, x, z], for an orthographic "
    "camera that looks along z."
)


class Part(typing.NamedTuple):
    """Shapes and what is seen of them.

    Attributes:
        images: by domain, float32 in [0, 1], shape (n, size, size, 3).
        sketches: normal, depth and silhouette, float32, shape (n, size, size, 5).
        voxels: zeros and ones, float32, shape (n, grid, grid, grid), axes [y, x, z].
        categories: indices of `shapes.CATEGORIES`, shape (n,).
    """

    images: dict[str, np.ndarray]
    sketches: np.ndarray
    voxels: np.ndarray
    categories: np.ndarray

    @property
    def pictures(self):
        """Images of the domain that networks are trained on."""
        return self.images["same"]


class Shapes(typing.NamedTuple):
    """Training, validation and test shapes (`Part`s)."""

    train: Part
    validation: Part
    test: Part


def load(config):
    """The shapes of a configuration.

    Args:
        config: a `Config`. `source="file"` needs `data_path`.

    Returns:
        `Shapes`.

    Raises:
        UserError: the file is absent or not what it should be.
    """
    if config.source == "file":
        return _from_file(config)
    counts = (config.num_train, config.num_validation, config.num_test)
    parts = []
    for number, count in enumerate(counts):
        domains = tuple(camera.DOMAINS) if number == 2 else ("same",)
        parts.append(make(count, config.size, (config.seed, number), domains))
    return Shapes(*parts)


def make(count, size, seed, domains=("same",)):
    """Shapes at random, the categories in turn.

    Args:
        count: how many.
        size: of grid and image.
        seed: for NumPy's generator.
        domains: names of `camera.DOMAINS`.

    Returns:
        A `Part`.
    """
    rng = np.random.default_rng(seed)
    categories = np.arange(count) % len(shapes.CATEGORIES)
    sketches = np.empty((count, size, size, 5), np.float32)
    voxels = np.empty((count, size, size, size), np.float32)
    images = {name: np.empty((count, size, size, 3), np.float32) for name in domains}
    for place, category in enumerate(categories):
        centres, halves = shapes.boxes(shapes.CATEGORIES[category], rng)
        azimuth = rng.uniform(-shapes.AZIMUTH, shapes.AZIMUTH)
        turn = shapes.rotation(azimuth, rng.uniform(*shapes.ELEVATION))
        filled = shapes.voxelised(centres, halves, turn, size)
        sketches[place] = camera.sketch(centres, halves, turn, filled)
        voxels[place] = filled
        drawn = int(rng.integers(2**31))
        for name in domains:  # one light, one colour, whatever the conditions
            own = np.random.default_rng(drawn)
            images[name][place] = camera.picture(
                sketches[place], camera.DOMAINS[name], own
            )
    return Part(images, sketches, voxels, categories)


def depths(sketches, size, threshold=0.5):
    """Depths in voxels as the losses want them.

    Args:
        sketches: shape (..., 5).
        size: of the grid along z.
        threshold: of the silhouette.

    Returns:
        Whole numbers from 0 to size - 1, infinity outside the silhouette, float32.
    """
    index = np.clip(np.round(sketches[..., 3] * size), 0, size - 1)
    return np.where(sketches[..., 4] > threshold, index, np.inf).astype(np.float32)


def swapped(values):
    """Everybody gets what belongs to the example before: of another shape."""
    return np.roll(values, 1, axis=0)


def _from_file(config):
    """Renderings of a file; its last fifth is for validation and test."""
    with files.arrays(config.data_path, "file", _HOW_TO) as file:
        arrays = [file[name] for name in ("images", "sketches", "voxels")]
    images, sketches, voxels = arrays
    count, size, grid = len(images), config.size, config.grid
    wanted = ((size, size, 3), (size, size, 5), (grid, grid, grid))
    if count < 10 or any(
        len(array) != count
        or array.shape[1:] != shape
        or array.dtype.kind not in "fbiu"
        for array, shape in zip(arrays, wanted, strict=True)
    ):
        given = ", ".join(f"{array.dtype} {array.shape}" for array in arrays)
        raise UserError(
            f"{str(config.data_path)!r} holds {given}, at size={size} and grid={grid}; "
            f"at least 10 are needed. {_HOW_TO}"
        )
    part = Part(
        {"same": images.astype(np.float32)},
        sketches.astype(np.float32),
        voxels.astype(np.float32),
        np.zeros(count, int),
    )
    held = max(1, count // 10)
    bounds = (0, count - 2 * held, count - held, count)
    return Shapes(
        *(
            Part(
                {"same": part.images["same"][low:high]},
                *(values[low:high] for values in part[1:]),
            )
            for low, high in zip(bounds, bounds[1:], strict=False)
        )
    )
