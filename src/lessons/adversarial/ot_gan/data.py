"""The data of the lesson: eight Gaussians, digits, and image files a user names."""

from typing import NamedTuple

import numpy as np

from lessons.toolkit import data
from lessons.toolkit.data.files import images_from_file

NUM_MODES, RADIUS, DEVIATION = 8, 2.0, 0.1
NUM_TRAIN_POINTS, NUM_TEST_POINTS = 3840, 1500


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
    rng = np.random.default_rng([seed, 8])
    labels = rng.integers(NUM_MODES, size=count)
    noise = rng.normal(scale=DEVIATION, size=(count, 2))
    return (centres()[labels] + noise).astype(np.float32), labels


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
