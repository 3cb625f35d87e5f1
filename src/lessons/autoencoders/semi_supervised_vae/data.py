"""Images as flat vectors, most of whose labels are taken away."""

import dataclasses

import numpy as np

from lessons.autoencoders.semi_supervised_vae.theory import MISSING
from lessons.toolkit import data
from lessons.toolkit.errors import UserError


def hide_labels(labels, per_class, seed):
    """Keep the labels of a few examples of each class, drawn at random.

    Args:
        labels: integers, shape (n,).
        per_class: how many to keep in each class.
        seed: of the draw.

    Returns:
        int32, shape (n,): the label, or -1 where it is taken away.

    Raises:
        UserError: a class has fewer examples.
    """
    rng = np.random.default_rng(seed)
    hidden = np.full(len(labels), MISSING, np.int32)
    for label in np.unique(labels):
        places = np.flatnonzero(labels == label)
        if len(places) < per_class:
            raise UserError(
                f"labels_per_class={per_class} is too many: class {label} has "
                f"{len(places)} training images."
            )
        hidden[rng.choice(places, per_class, replace=False)] = label
    return hidden


@dataclasses.dataclass(frozen=True, eq=False)
class Task:
    """A data set with labels hidden.

    Attributes:
        split: the whole data set, a `lessons.toolkit.data.Split`.
        x: training examples, shape (n, pixels), float32 in [0, 1].
        labels: shape (n,), -1 where hidden.
        test_x: shape (m, pixels).
        test_labels: shape (m,).
    """

    split: data.Split
    x: np.ndarray
    labels: np.ndarray
    test_x: np.ndarray
    test_labels: np.ndarray

    @property
    def num_classes(self):
        """K."""
        return len(self.split.class_names)

    def labelled(self):
        """The labelled examples and their labels."""
        known = self.labels != MISSING
        return self.x[known], self.labels[known]

    def rows(self, repeats):
        """(x, labels) of an epoch: labelled examples come `repeats` times."""
        count = np.where(self.labels == MISSING, 1, repeats)
        return np.repeat(self.x, count, axis=0), np.repeat(self.labels, count)

    def images(self, rows):
        """Flat rows as images, shape (n, height, width, channels)."""
        return np.reshape(rows, (-1, *self.split.train_images.shape[1:]))


def load(config):
    """The `Task` of a configuration; its seed draws the split and the labels.

    Raises:
        UserError: the data set is not there, or too small.
    """
    split = data.load(
        config.source,
        seed=config.seed,
        size=config.num_train,
        path=config.data_path,
        test_size=config.num_test,
    )
    hidden = hide_labels(split.train_labels, config.labels_per_class, config.seed)
    return Task(
        split=split,
        x=split.train_images.reshape(len(split.train_images), -1),
        labels=hidden,
        test_x=split.test_images.reshape(len(split.test_images), -1),
        test_labels=split.test_labels,
    )
