"""Images of the lesson: the toolkit's, or a file of CIFAR-10."""

from lessons.toolkit import data
from lessons.toolkit.data.files import split_from_file

FILE_SHAPE, FILE_CLASSES = (32, 32, 3), 10  # of CIFAR-10


def load(config):
    """Training and held-out images of a configuration, in [0, 1].

    Args:
        config: a `Config`. `source="images"` needs `data_path`, an .npz file with
            labels; its last tenth is held out.

    Returns:
        A `Split`.

    Raises:
        UserError: the file has no labels, or no such data set can be loaded.
    """
    if config.source == "images":
        return split_from_file(config.data_path, config.num_train, labelled=True)
    return data.load_for(config)


def shape_and_classes(config):
    """(height, width, channels) and number of classes of a configuration's data."""
    if config.source == "images":
        return FILE_SHAPE, FILE_CLASSES
    source = data.find(config.source)
    return source.shape, source.classes
