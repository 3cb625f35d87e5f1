"""The data of the lesson: eight Gaussians, digits, and image files a user names."""

from pathlib import Path
from typing import NamedTuple

import numpy as np

from lessons.toolkit import data
from lessons.toolkit.errors import UserError

NUM_MODES, RADIUS, DEVIATION = 8, 2.0, 0.1
NUM_TRAIN_POINTS, NUM_TEST_POINTS = 3840, 1500

_HOW_TO = (
    "Allowed: an .npz file with an array `images`, uint8, shape (n, side, side, 3), "
    "and optionally `labels`, integers of shape (n,). For CIFAR-10: "
    "(x, y), _ = keras.datasets.cifar10.load_data(); "
    "numpy.savez('cifar10.npz', images=x, labels=y[:, 0])"
)


class Examples(NamedTuple):
    """Training and held-out examples with their classes, as arrays."""

    train: np.ndarray  # (n, ...)
    train_labels: np.ndarray  # (n,)
    test: np.ndarray  # (m, ...)
    test_labels: np.ndarray  # (m,)


def centres():
    """Means of the eight Gaussians, on a circle, shape (8, 2)."""
    angles = 2 * np.pi * np.arange(NUM_MODES) / NUM_MODES
    return RADIUS * np.stack([np.cos(angles), np.sin(angles)], axis=1)


def eight_gaussians(count, seed):
    """Equal mixture of eight Gaussians of standard deviation 0.1.

    Args:
        count: number of points.
        seed: of the draw.

    Returns:
        (points, labels): float32 (count, 2), and which Gaussian, (count,).
    """
    random = np.random.default_rng([seed, 8])
    labels = random.integers(NUM_MODES, size=count)
    noise = random.normal(scale=DEVIATION, size=(count, 2))
    return (centres()[labels] + noise).astype(np.float32), labels


def images_from_file(path):
    """Images of an .npz file, in [-1, 1]: CIFAR-10, ImageNet dogs, birds.

    Args:
        path: the file; see the error's text for what it holds.

    Returns:
        (images, labels): float32 (n, side, side, 3), and integers (n,) or None.

    Raises:
        UserError: no file was named, or it is not such a file.
    """
    if path is None:
        raise UserError(f"source='images' needs data_path. {_HOW_TO}")
    if not Path(path).is_file():
        raise UserError(f"no file {str(path)!r}. {_HOW_TO}")
    try:
        with np.load(path, allow_pickle=False) as file:
            images = file["images"]
            labels = file["labels"] if "labels" in file.files else None
    except (OSError, ValueError, KeyError) as error:
        raise UserError(f"cannot read {str(path)!r}: {error}. {_HOW_TO}") from None
    if (
        images.dtype != np.uint8
        or images.ndim != 4
        or images.shape[1] != images.shape[2]
        or images.shape[3] != 3
        or (labels is not None and labels.shape != images.shape[:1])
    ):
        given = f"{images.dtype} {images.shape}"
        raise UserError(f"{str(path)!r} holds `images` {given}. {_HOW_TO}")
    return images.astype(np.float32) / 127.5 - 1.0, labels


def load(config):
    """The `Examples` of a configuration.

    Points have shape (n, 2); digits (n, 8, 8, 1) in [0, 1]; images of a file
    (n, side, side, 3) in [-1, 1], of which the last tenth is held out.
    """
    if config.source == "digits":
        split = data.load("digits", seed=config.seed, size=config.num_train)
        return Examples(
            split.train_images,
            split.train_labels,
            split.test_images,
            split.test_labels,
        )
    if config.source == "eight_gaussians":
        count = config.num_train or NUM_TRAIN_POINTS
        return Examples(
            *eight_gaussians(count, 2 * config.seed),
            *eight_gaussians(NUM_TEST_POINTS, 2 * config.seed + 1),
        )
    images, labels = images_from_file(config.data_path)
    if labels is None:
        labels = np.zeros(len(images), dtype=int)
    held_out = max(1, len(images) // 10)
    kept = images[:-held_out][: config.num_train]
    test = images[-held_out:], labels[-held_out:]
    return Examples(kept, labels[: len(kept)], *test)
