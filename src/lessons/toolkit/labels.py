"""Labels of classes, refused before training where they cannot be right.

A class that does not exist would cost nothing: its one-hot row is all zeros. Arrays are
checked before anything is trained (`check`, and the models that are `Labelled`); what
only a compiled step sees costs NaN there (`existing`), so that training stops.
"""

import numpy as np
import tensorflow as tf
from keras import ops

from lessons.toolkit.errors import UserError


def check(labels, num_classes, missing=None):
    """Raise `UserError` unless every label is a class.

    Labels without values yet, as in a compiled step, pass.

    Args:
        labels: an array or tensor of any shape, whole numbers of any type.
        num_classes: classes are numbered from 0 to `num_classes` - 1.
        missing: the number that stands for "no label", if there is one.
    """
    if labels is None or (tf.is_tensor(labels) and not hasattr(labels, "numpy")):
        return
    values = np.asarray(labels)
    allowed = f"whole numbers from 0 to {num_classes - 1}"
    if missing is not None:
        allowed += f", and {missing} for a label that is missing"
    if values.dtype.kind not in "iufb":
        raise UserError(f"labels must be {allowed}, got {str(labels)!r:.60}.")
    fits = (values >= 0) & (values < num_classes) & (values == np.floor(values))
    if missing is not None:
        fits |= values == missing
    if not fits.all():
        wrong = values[~fits]
        raise UserError(
            f"labels must be {allowed}, got {wrong[0].item()!r} "
            f"({wrong.size} of {values.size} labels do not fit)."
        )


def existing(costs, labels, num_classes, least=0):
    """Costs of examples, NaN where a label is no class; for compiled steps.

    Args:
        costs: shape (batch,).
        labels: whole numbers, shape (batch,) or (batch, labels).
        num_classes: how many classes there are.
        least: the smallest label allowed; below 0 where one stands for "no label".
    """
    rows = ops.reshape(labels, (ops.shape(costs)[0], -1))
    outside = (rows < least) | (rows >= num_classes)
    return ops.where(ops.any(outside, axis=1), np.nan, costs)


class Labelled:
    """What makes a `keras.Model` check the labels it is given as arrays.

    Stands before `keras.Model` among the bases of a class with `check_labels`.
    """

    def check_labels(self, y):
        """Raise `UserError` where targets cannot be right; a model says how."""
        raise NotImplementedError

    def fit(self, x=None, y=None, *args, **options):
        """Train as Keras does; labels that cannot be right are refused first."""
        self.check_labels(y)
        held = options.get("validation_data")
        if isinstance(held, (tuple, list)) and len(held) > 1:
            self.check_labels(held[1])
        return super().fit(x, y, *args, **options)

    def evaluate(self, x=None, y=None, *args, **options):
        """Evaluate as Keras does; labels that cannot be right are refused first."""
        self.check_labels(y)
        return super().evaluate(x, y, *args, **options)

    def train_on_batch(self, x, y=None, *args, **options):
        """Take a step as Keras does; labels that cannot be right are refused first."""
        self.check_labels(y)
        return super().train_on_batch(x, y, *args, **options)

    def test_on_batch(self, x, y=None, *args, **options):
        """Evaluate a batch as Keras does; impossible labels are refused first."""
        self.check_labels(y)
        return super().test_on_batch(x, y, *args, **options)
