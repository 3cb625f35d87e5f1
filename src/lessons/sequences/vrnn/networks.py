"""Parts of the recurrent models: stacks of dense layers, a Gaussian's parameters."""

import typing

import keras
from keras import layers, ops

from lessons.sequences.vrnn import theory

SCALE_BIAS = 0.6  # softplus(0.6) is 1.04: standard deviations start near 1


class Normal(typing.NamedTuple):
    """A diagonal Gaussian: its mean and standard deviation, shapes (..., dim)."""

    mean: typing.Any
    scale: typing.Any


@keras.saving.register_keras_serializable("lessons")
class DenseFeatures(layers.Layer):
    """Dense layers with ReLU; with batch normalisation before each ReLU if asked for.

    Args:
        hidden: units of each layer, at least one.
        norm: whether to normalise. Statistics are taken over the batch and over the
            steps that count, together.

    Call with inputs (..., features) and, for the statistics, a mask (...).
    """

    def __init__(self, hidden, norm=False, **options):
        super().__init__(**options)
        self.hidden, self.norm = tuple(hidden), norm
        self.dense = [layers.Dense(units, name=f"dense_{units}") for units in hidden]
        self.norms = [layers.BatchNormalization() for _ in hidden] if norm else []

    def build(self, input_shape):
        """Create the weights."""
        shape = tuple(input_shape)
        for index, dense in enumerate(self.dense):
            dense.build(shape)
            shape = (*shape[:-1], dense.units)
            if self.norm:
                norm = self.norms[index]
                norm.build((None, None, dense.units))  # statistics of batch and time
                axes = {-1: dense.units}  # generation calls with one step
                norm.input_spec = layers.InputSpec(min_ndim=2, axes=axes)
        super().build(input_shape)

    def call(self, inputs, training=False, mask=None):
        """The features, shape (..., last units)."""
        for index, dense in enumerate(self.dense):
            inputs = dense(inputs)
            if self.norm:
                inputs = self.norms[index](inputs, training=training, mask=mask)
            inputs = ops.relu(inputs)
        return inputs

    def compute_mask(self, inputs, previous_mask):
        """Masks are arguments here: none is handed on by Keras."""
        return None

    def get_config(self):
        """The arguments, for saving."""
        return {**super().get_config(), "hidden": self.hidden, "norm": self.norm}


@keras.saving.register_keras_serializable("lessons")
class GaussianParameters(layers.Layer):
    """Features, then the mean and the standard deviation of a latent variable.

    Args:
        hidden: units of the dense layers.
        dim: of the variable.
        floor: least standard deviation.

    Call with inputs (..., features); returns a `Normal` in float32.
    """

    def __init__(self, hidden, dim, floor, **options):
        super().__init__(**options)
        self.hidden, self.dim, self.floor = tuple(hidden), dim, floor
        self.features = DenseFeatures(hidden, name="features")
        self.mean = layers.Dense(dim, name="mean")
        bias = keras.initializers.Constant(SCALE_BIAS)
        self.raw_scale = layers.Dense(dim, bias_initializer=bias, name="raw_scale")

    def build(self, input_shape):
        """Create the weights."""
        self.features.build(input_shape)
        shape = (*input_shape[:-1], self.hidden[-1])
        self.mean.build(shape)
        self.raw_scale.build(shape)
        super().build(input_shape)

    def call(self, inputs):
        """The `Normal` that the inputs give."""
        features = self.features(inputs)
        mean = ops.cast(self.mean(features), "float32")
        return Normal(mean, theory.positive(self.raw_scale(features), self.floor))

    def get_config(self):
        """The arguments, for saving."""
        own = {"hidden": self.hidden, "dim": self.dim, "floor": self.floor}
        return {**super().get_config(), **own}
