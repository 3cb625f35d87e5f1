"""Images of the lesson: the toolkit's, or a file of CIFAR-10; classes, or parity."""

import dataclasses

import numpy as np

from lessons.toolkit import data
from lessons.toolkit.data import Split
from lessons.toolkit.data.files import images_from_file
from lessons.toolkit.errors import UserError

FILE_SHAPE = (32, 32, 3)  # of CIFAR-10 and SVHN
FILE_CLASSES = 10


def load(config):
    """Training and held-out images of a configuration, in [0, 1].

    Args:
        config: a `Config`. `source="images"` needs `data_path`, an .npz file with
            labels; its last tenth is held out.

    Returns:
        A `Split`; with `task="parity"` its labels are 0 for even classes, 1 for odd.

    Raises:
        UserError: the file has no labels, or no such data set can be loaded.
    """
    split = _from_file(config) if config.source == "images" else data.load_for(config)
    if config.task == "class":
        return split
    return dataclasses.replace(
        split,
        train_labels=split.train_labels % 2,
        test_labels=split.test_labels % 2,
        class_names=("even", "odd"),
    )


def _from_file(config):
    images, labels = images_from_file(config.data_path)
    if labels is None:
        raise UserError(
            f"{config.data_path!r} holds no `labels`, which a classifier needs. "
            "Allowed: an .npz file with arrays `images` and `labels`."
        )
    images = (images + 1) / 2
    train = slice(0, len(images) - max(1, len(images) // 10))
    held_out = slice(train.stop, None)
    split = Split(
        name="images",
        train_images=images[train],
        train_labels=labels[train].astype(np.int64),
        test_images=images[held_out],
        test_labels=labels[held_out].astype(np.int64),
        class_names=tuple(map(str, range(int(labels.max()) + 1))),
        description="Images of a file that the user named.",
    )
    return split.take(config.num_train)


def shape_and_classes(config):
    """(height, width, channels) and number of classes of a configuration's data."""
    shape, classes = FILE_SHAPE, FILE_CLASSES
    if config.source != "images":
        source = data.find(config.source)
        shape, classes = source.shape, source.classes
    return shape, 2 if config.task == "parity" else classes
