"""What CapsNet and the baselines share: scenes, their images and their labels.

A network here is trained on *scenes*: the pictures of single digits that lie over each
other, shape (batch, digits, height, width, 1). An ordinary image is a scene of one.
"""

import keras
import numpy as np
from keras import ops

from lessons.toolkit import labels as class_labels
from lessons.toolkit import runtime
from lessons.toolkit.errors import UserError
from lessons.toolkit.labels import Labelled
from lessons.vision.capsules.layers import RandomShift


def overlay(scenes):
    """Lay the digits of scenes over each other: their sum, clipped at 1.

    Args:
        scenes: shape (batch, digits, height, width, 1), in [0, 1].

    Returns:
        Images, shape (batch, height, width, 1).
    """
    return ops.minimum(ops.sum(scenes, axis=1), 1.0)


def targets_of(labels, num_classes):
    """Which classes a scene holds: 0 and 1, float32, shape (batch, classes).

    Args:
        labels: whole numbers, shape (batch, digits).
        num_classes: how many classes there are.
    """
    hot = ops.one_hot(labels, num_classes, dtype="float32")
    return ops.max(hot, axis=1)


class SceneModel(Labelled, keras.Model):
    """What CapsNet and the baselines share: scenes are shifted and overlaid.

    Args:
        image_shape: (height, width, 1).
        num_classes: classes of digits.
        max_shift: largest shift of a digit at training, in pixels on each axis.
        seed: of the shifts.
        **kwargs: for `keras.Model`.
    """

    def __init__(self, image_shape, num_classes=10, max_shift=0, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.image_shape = tuple(image_shape)
        if len(self.image_shape) != 3 or self.image_shape[-1] != 1:
            raise UserError(
                f"image_shape must be (height, width, 1), got {tuple(image_shape)!r}."
            )
        self.num_classes = num_classes
        self.shift = RandomShift(max_shift, seed, name="shift")
        self.max_shift, self.seed = max_shift, seed
        self.decoder = None

    def build(self, input_shape):
        """Nothing is left to make: the networks inside have their weights."""

    def compose(self, scenes, training):
        """(scenes as shifted, the image they make)."""
        if self.max_shift:
            scenes = self.shift(scenes, training=training)
        return scenes, overlay(scenes)

    def check_labels(self, y):
        """Raise `UserError` unless labels are classes, a row of them for each scene."""
        shape = tuple(y.shape) if hasattr(y, "shape") else np.shape(y)
        if y is not None and len(shape) != 2:
            raise UserError(
                "labels must name the classes of every scene, shape (scenes, digits), "
                f"got shape {shape}. Allowed for one digit: (scenes, 1)."
            )
        class_labels.check(y, self.num_classes)

    def targets(self, labels, scenes):
        """Which classes each scene holds, see `targets_of`.

        Args:
            labels: shape (batch, digits).
            scenes: shape (batch, digits, height, width, 1).

        Raises:
            UserError: a scene has more or fewer labels than digits.
        """
        if labels.shape[1] != scenes.shape[1]:
            raise UserError(
                f"scenes of {scenes.shape[1]} digits need as many labels each, got "
                f"{labels.shape[1]}. Allowed: labels of shape (scenes, digits)."
            )
        return targets_of(labels, self.num_classes)

    def batch_loss(self, losses, labels, sample_weight):
        """The mean over a batch; NaN where a label is no class."""
        losses = class_labels.existing(losses, labels, self.num_classes)
        return runtime.batch_loss(losses, sample_weight)

    def get_config(self):
        """The arguments, for saving."""
        return {
            **super().get_config(),
            "image_shape": self.image_shape,
            "num_classes": self.num_classes,
            "max_shift": self.max_shift,
            "seed": self.seed,
        }
