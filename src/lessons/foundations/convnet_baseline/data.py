"""Pictures of the lesson in three parts: drawn ones, or a folder of real ones."""

import dataclasses

import numpy as np

from lessons.foundations.convnet_baseline import animals, folder
from lessons.toolkit.data import Split

NUM_TRAIN = 3000  # drawn pictures, where a configuration says none


@dataclasses.dataclass(frozen=True, eq=False, kw_only=True)
class Pictures(Split):
    """A `Split` with a third part, for choosing when to stop.

    Attributes:
        valid_images: as `train_images`, for the validation part.
        valid_labels: as `train_labels`, for the validation part.
    """

    valid_images: np.ndarray
    valid_labels: np.ndarray


def load(config):
    """Training, validation and test pictures of a configuration, in [0, 1].

    Drawn pictures for training and validation have backgrounds of one part of the
    photographs, test pictures of the other. Of a folder 8, 1 and 1 tenths go into the
    three parts.

    Args:
        config: a `Config`.

    Returns:
        `Pictures`; labels are 0 for a cat and 1 for a dog.

    Raises:
        UserError: the folder cannot be read (see `folder.read`).
    """
    if config.source == "folder":
        return _from_folder(config)
    options = {"centred": config.centred, "plain": config.plain, "same": config.same}
    num_train = config.num_train or NUM_TRAIN
    images, labels, known = animals.draw(
        num_train + config.num_valid, config.seed, config.side, part=0, **options
    )
    test = animals.draw(config.num_test, config.seed, config.side, part=1, **options)
    return Pictures(
        name="drawn",
        train_images=images[:num_train],
        train_labels=labels[:num_train],
        valid_images=images[num_train:],
        valid_labels=labels[num_train:],
        test_images=test[0],
        test_labels=test[1],
        class_names=animals.CLASSES,
        description="Drawn heads of cats and dogs before photographs and textures.",
        train_parameters={name: rows[:num_train] for name, rows in known.items()},
        test_parameters=test[2],
    )


def _from_folder(config):
    limit = config.num_train
    limit = None if limit is None else -(-limit * 10 // 8)
    images, labels = folder.read(config.data_path, limit, config.side)
    tenth = max(1, len(images) // 10)
    train, valid = len(images) - 2 * tenth, len(images) - tenth
    return Pictures(
        name="folder",
        train_images=images[:train],
        train_labels=labels[:train],
        valid_images=images[train:valid],
        valid_labels=labels[train:valid],
        test_images=images[valid:],
        test_labels=labels[valid:],
        class_names=folder.CLASSES,
        description="Photographs of cats and dogs of a folder that the user named.",
    )


def shuffled(split, seed):
    """The same pictures with the training labels in another order: nothing to learn."""
    rng = np.random.default_rng((seed, 9))
    return dataclasses.replace(split, train_labels=rng.permutation(split.train_labels))
