"""Images of the lesson: the toolkit's, or a file of CIFAR-10; classes, or parity."""

import dataclasses

from lessons.toolkit import data
from lessons.toolkit.data.files import split_from_file

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
    if config.source == "images":
        split = split_from_file(config.data_path, config.num_train, labelled=True)
    else:
        split = data.load_for(config)
    if config.task == "class":
        return split
    return dataclasses.replace(
        split,
        train_labels=split.train_labels % 2,
        test_labels=split.test_labels % 2,
        class_names=("even", "odd"),
    )


def shape_and_classes(config):
    """(height, width, channels) and number of classes of a configuration's data."""
    shape, classes = FILE_SHAPE, FILE_CLASSES
    if config.source != "images":
        source = data.find(config.source)
        shape, classes = source.shape, source.classes
    return shape, 2 if config.task == "parity" else classes
