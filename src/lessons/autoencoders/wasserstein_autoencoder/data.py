"""The images of a run: a data set of the toolkit, or a file the user names."""

from typing import NamedTuple

import numpy as np

from lessons.toolkit import data
from lessons.toolkit.data.files import images_from_file
from lessons.toolkit.errors import UserError

FILE_SHAPE = (64, 64, 3)  # of the paper's crops of CelebA


class Pictures(NamedTuple):
    """Training and test images, (n, height, width, channels), float32.

    `split` holds them with their labels, in [0, 1]; it is None for a file, whose
    pixels are in [-1, 1].
    """

    train: np.ndarray
    test: np.ndarray
    split: data.Split | None

    @property
    def lowest(self):
        """Value of a black or an empty pixel."""
        return -1.0 if self.split is None else 0.0


def image_shape(config):
    """(height, width, channels) of a configuration's images.

    A file may hold images of any size; those of the paper are taken for its own.
    """
    return FILE_SHAPE if config.source == "images" else data.find(config.source).shape


def load(config):
    """The `Pictures` of a configuration.

    Raises:
        UserError: the data are not there, or are fewer than asked for.
    """
    if config.source != "images":
        split = data.load(
            config.source,
            seed=config.seed,
            size=config.num_train,
            path=config.data_path,
            test_size=config.num_test,
        )
        return Pictures(split.train_images, split.test_images, split)
    images, _ = images_from_file(config.data_path)
    num_test = config.num_test or max(1, len(images) // 10)
    num_train = config.num_train or len(images) - num_test
    if num_train + num_test > len(images) or num_train < 1:
        raise UserError(
            f"{config.data_path!r} holds {len(images)} images. Allowed: num_train and "
            f"num_test that fit, got {num_train} and {num_test}."
        )
    return Pictures(images[:num_train], images[len(images) - num_test :], None)
