r"""Batch normalisation by hand, and its fixed-point statistics.

The layer here is for reading: the models use `keras.layers.BatchNormalization`, which
computes the same thing (a test holds the two together).
"""

import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops


@keras.saving.register_keras_serializable("lessons")
class BatchNormalization(layers.Layer):
    r"""Batch normalisation (Ioffe & Szegedy, arXiv:1502.03167, algorithm 1).

    $$BN(a) = g\, \frac{a - m}{\sqrt{V + e}} + c$$
    While training, $m$ and $V$ (biased) are those of the batch, over every axis but
    the last: one pair per unit, or per channel of an image. Otherwise they are
    running averages.

    Args:
        momentum: memory of the running averages.
        epsilon: $e$.
        **kwargs: for `keras.layers.Layer`.
    """

    def __init__(self, momentum=0.9, epsilon=1e-5, **kwargs):
        super().__init__(**kwargs)
        if not 0.0 <= momentum <= 1.0:
            raise ValueError(f"momentum must be between 0 and 1, got {momentum!r}.")
        if not epsilon > 0.0:
            raise ValueError(f"epsilon must be positive, got {epsilon!r}.")
        self.momentum = momentum
        self.epsilon = epsilon

    def build(self, input_shape):
        """Create gamma, beta and the running statistics, one entry per channel."""
        shape = (input_shape[-1],)
        self.gamma = self.add_weight(shape=shape, initializer="ones", name="gamma")
        self.beta = self.add_weight(shape=shape, initializer="zeros", name="beta")
        self.moving_mean = self.add_weight(
            shape=shape, initializer="zeros", trainable=False, name="moving_mean"
        )
        self.moving_variance = self.add_weight(
            shape=shape, initializer="ones", trainable=False, name="moving_variance"
        )

    def call(self, inputs, training=False):
        """Normalise; update the running statistics when `training`."""
        if training:
            axes = list(range(len(inputs.shape) - 1))
            mean, variance = ops.moments(inputs, axes=axes)  # (channels,) each
            for average, value in (
                (self.moving_mean, mean),
                (self.moving_variance, variance),
            ):
                average.assign(self.momentum * average + (1.0 - self.momentum) * value)
        else:
            mean, variance = self.moving_mean, self.moving_variance
        return (
            self.gamma * (inputs - mean) / ops.sqrt(variance + self.epsilon) + self.beta
        )

    def get_config(self):
        """The arguments, for saving."""
        config = {"momentum": self.momentum, "epsilon": self.epsilon}
        return {**super().get_config(), **config}


def _normalization_layers(model):
    kinds = (layers.BatchNormalization, BatchNormalization)
    return [layer for layer in model._flatten_layers() if isinstance(layer, kinds)]


def estimate_statistics(model, images, batch_size):
    r"""Replace running averages by the statistics of the whole training set.

    Running averages lag behind the weights; with the weights held still, this gives
    the values they would settle at (arXiv:1502.03167, algorithm 2): over all batches,
    $m = \overline{m_B}$ and $V = \overline{V_B} + \overline{(m_B - m)^2}$, the mean
    and variance of everything the layer saw.

    Args:
        model: a model with batch normalisation; without any, nothing happens.
        images: the training inputs.
        batch_size: examples per batch; a ragged rest is left out.

    Returns:
        Largest absolute change of any statistic, a float.
    """
    found = _normalization_layers(model)
    batch_size = min(batch_size, len(images))
    if not found or batch_size < 2:
        return 0.0
    running = [_statistics(layer) for layer in found]
    batches = _batch_statistics(model, found, images, batch_size)
    change = 0.0
    for layer, seen, old in zip(found, batches, running, strict=True):
        means, variances = np.moveaxis(np.array(seen), 1, 0)  # (batches, channels)
        new = means.mean(axis=0), variances.mean(axis=0) + means.var(axis=0)
        layer.moving_mean.assign(new[0])
        layer.moving_variance.assign(new[1])
        change = max(change, np.max(np.abs(np.array(new) - np.array(old))))
    return float(change)


def _batch_statistics(model, found, images, batch_size):
    """For each layer, a list of (mean, variance) with one entry per batch."""
    momenta = [layer.momentum for layer in found]
    for layer in found:
        layer.momentum = 0.0  # after a batch the running values are that batch's

    @tf.function(reduce_retracing=True)
    def forward(batch):
        model(batch, training=True)

    collected = [[] for _ in found]
    try:
        for start in range(0, len(images) - batch_size + 1, batch_size):
            forward(images[start : start + batch_size])
            for layer, seen in zip(found, collected, strict=True):
                seen.append(_statistics(layer))
    finally:
        for layer, momentum in zip(found, momenta, strict=True):
            layer.momentum = momentum
    return collected


def _statistics(layer):
    mean = ops.convert_to_numpy(layer.moving_mean)
    return mean, ops.convert_to_numpy(layer.moving_variance)
