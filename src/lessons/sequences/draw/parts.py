"""What a step takes and gives, heads of Gaussians, first weights of windows."""

from typing import NamedTuple

import keras
import numpy as np
from keras import layers, ops

from lessons.sequences.draw import theory
from lessons.toolkit import labels as known_labels
from lessons.toolkit.errors import UserError


class Step(NamedTuple):
    """What one step computes; shapes without the axis of time.

    Attributes:
        kl: of the code, nats, shape (batch,).
        logits: l_t of the classes, shape (batch, classes).
        mean, log_std: of the posterior, shape (batch, d).
        prior_mean, prior_log_std: of the prior, shape (batch, d).
        code: z_t, shape (batch, d).
        canvas: c_t, planes of shape (batch, B, channels, A).
        look: where it read: x, y, stride and variance, shape (batch, 4); 0 where the
            network has no window.
        touch: where it wrote, the same.
    """

    kl: object
    logits: object
    mean: object
    log_std: object
    prior_mean: object
    prior_log_std: object
    code: object
    canvas: object
    look: object
    touch: object


class State(NamedTuple):
    """What one step hands to the next.

    Attributes:
        encoder, decoder: pairs (hidden, cell) of the LSTMs.
        canvas: planes c_t, followed by the log deviations for real pixels.
        logits: l_t.
    """

    encoder: object
    decoder: object
    canvas: object
    logits: object


class Drawn(NamedTuple):
    """What the sampler drew.

    Attributes:
        images: what the canvas stands for after each step, float32 of shape (batch, T,
            height, width, channels).
        touch: where it wrote: x, y, stride and variance, shape (batch, T, 4).
    """

    images: object
    touch: object


def check_classes(y, classes):
    """Raise `UserError` unless y holds one class for each image, a whole number.

    Args:
        y: shape (n,) or (n, 1), or None.
        classes: how many.
    """
    shape = np.shape(y)
    if len(shape) > 2 or (len(shape) == 2 and shape[1] != 1):
        raise UserError(
            f"labels have shape {shape}. Allowed: one whole number for each image, "
            "shape (n,) or (n, 1); for one-hot rows take y.argmax(axis=1)."
        )
    known_labels.check(y, classes)


def normal(deviation=0.01):
    """First weights of what moves windows: small, so that they begin in the middle."""
    return keras.initializers.RandomNormal(stddev=deviation)


@keras.saving.register_keras_serializable("lessons")
class GaussianParameters(layers.Layer):
    r"""Mean and log standard deviation of a Gaussian, each with weights of its own.

    $\mu = W_\mu u + b_\mu$, $\log\sigma = W_\sigma u + b_\sigma$ (eqs. 1 and 2), where
    u is what comes in, or one layer $u = \tanh(W h + b)$ of it.

    Args:
        size: d.
        hidden: units of the hidden layer, 0 for none.
    """

    def __init__(self, size, hidden=0, **options):
        super().__init__(**options)
        self.size, self.hidden = size, hidden
        self.body = layers.Dense(hidden, "tanh", name="hidden") if hidden else None
        self.mean = layers.Dense(size, name="mean")
        self.log_std = layers.Dense(size, name="log_std")

    def build(self, input_shape):
        """Make the weights for inputs of shape (batch, n)."""
        if self.body:
            self.body.build(input_shape)
            input_shape = (None, self.hidden)
        self.mean.build(input_shape)
        self.log_std.build(input_shape)
        self.built = True

    def call(self, inputs):
        """(mean, log_std), each of shape (batch, d)."""
        values = self.body(inputs) if self.body else inputs
        return self.mean(values), ops.clip(self.log_std(values), *theory.LOG_STD_RANGE)

    def get_config(self):
        """The arguments, for saving."""
        return {**super().get_config(), "size": self.size, "hidden": self.hidden}
