r"""Layers of many networks side by side, and alpha dropout.

Every array is (batch, members, features): `members` networks of the same shape train at
once in one compiled step, one per seed, fold or data set. Each has weights of its own,
and as losses are summed over members, no gradient passes between them. One network is
the case `members = 1`.
"""

import keras
import numpy as np
from keras import layers, ops

from lessons.foundations.self_normalizing import theory_training
from lessons.toolkit.errors import UserError


@keras.saving.register_keras_serializable("lessons")
class MemberNormal(keras.initializers.Initializer):
    r"""Weights $N(0, gain / n)$ for every member's own number of inputs $n$.

    LeCun's initialisation has gain 1, that of He et al. (MSRA) has gain 2. Keras's
    `VarianceScaling` would count the members as part of $n$.

    Args:
        gain: variance of the weights times $n$.
        fan_in: one $n$ per member; None for the size of the axis.
        seed: an integer, or None.
    """

    def __init__(self, gain=1.0, fan_in=None, seed=None):
        self.gain = gain
        self.fan_in = None if fan_in is None else tuple(int(n) for n in fan_in)
        self.seed = seed
        self._random = keras.random.SeedGenerator(seed)

    def __call__(self, shape, dtype=None):
        """Draw weights of shape (members, inputs, units)."""
        fan_in = np.array(self.fan_in or [shape[1]], "float32")
        deviation = np.sqrt(self.gain / fan_in).reshape(-1, 1, 1)
        draw = keras.random.normal(shape, dtype=dtype, seed=self._random)
        return draw * ops.cast(deviation, draw.dtype)

    def get_config(self):
        """The arguments, for serialisation."""
        return {"gain": self.gain, "fan_in": self.fan_in, "seed": self.seed}


@keras.saving.register_keras_serializable("lessons")
class MemberDense(layers.Layer):
    """A dense layer per member: (batch, members, inputs) to (batch, members, units).

    Args:
        units: size of the output.
        gain: as for `MemberNormal`.
        fan_in: as for `MemberNormal`.
        bias: the value biases start at.
        weight_norm: whether the weights are $w = g\\,v / \\|v\\|$ for each unit, with
            $g$ trained (Salimans & Kingma 2016); $g$ starts at $\\|v\\|$.
        **kwargs: for `keras.layers.Layer`.
    """

    def __init__(
        self, units, gain=1.0, fan_in=None, bias=0.0, weight_norm=False, **kwargs
    ):
        super().__init__(**kwargs)
        if units < 1:
            raise UserError(f"units must be at least 1, got {units!r}.")
        self.units = units
        self.gain = gain
        self.fan_in = None if fan_in is None else tuple(fan_in)
        self.bias = bias
        self.weight_norm = weight_norm

    def build(self, input_shape):
        """Create kernel, bias and, with weight normalisation, the lengths g."""
        if len(input_shape) != 3:
            raise UserError(
                "inputs must have the shape (batch, members, features), got "
                f"{tuple(input_shape)}."
            )
        _, members, inputs = input_shape
        self.kernel = self.add_weight(
            name="kernel",
            shape=(members, inputs, self.units),
            initializer=MemberNormal(self.gain, self.fan_in),
        )
        self.offset = self.add_weight(
            name="bias",
            shape=(members, self.units),
            initializer=keras.initializers.Constant(self.bias),
        )
        if self.weight_norm:
            self.length = self.add_weight(
                name="length", shape=(members, 1, self.units), initializer="ones"
            )
            self.length.assign(_norm(self.kernel))

    def weights_used(self):
        """The weights that multiply the inputs, (members, inputs, units)."""
        if not self.weight_norm:
            return ops.convert_to_tensor(self.kernel)
        return self.length * self.kernel / _norm(self.kernel)

    def call(self, inputs):
        """Multiply each member's inputs with its weights."""
        product = ops.einsum("bmi,miu->bmu", inputs, self.weights_used())
        return product + self.offset  # (batch, members, units)

    def compute_output_shape(self, input_shape):
        """The last axis becomes `units`."""
        return (*input_shape[:-1], self.units)

    def get_config(self):
        """The arguments, for serialisation."""
        return {
            **super().get_config(),
            "units": self.units,
            "gain": self.gain,
            "fan_in": self.fan_in,
            "bias": self.bias,
            "weight_norm": self.weight_norm,
        }


def _norm(kernel):
    """Length of each unit's weight vector, kept away from zero."""
    return ops.sqrt(ops.sum(ops.square(kernel), axis=1, keepdims=True) + 1e-12)


@keras.saving.register_keras_serializable("lessons")
class MemberScale(layers.Layer):
    """A trained scale and shift per member and unit, after layer normalisation."""

    def build(self, input_shape):
        """Create scale and shift, (members, units)."""
        shape = input_shape[1:]
        self.scale = self.add_weight(name="scale", shape=shape, initializer="ones")
        self.shift = self.add_weight(name="shift", shape=shape, initializer="zeros")

    def call(self, inputs):
        """Scale and shift."""
        return inputs * self.scale + self.shift

    def compute_output_shape(self, input_shape):
        """The shape is kept."""
        return input_shape


@keras.saving.register_keras_serializable("lessons")
class AlphaDropout(layers.Layer):
    r"""Dropout that keeps mean 0 and variance 1 (section "New Dropout Technique").

    A dropped unit is set to $\alpha' = -\lambda\alpha$, the value SELU saturates at;
    then an affine map restores the moments (`theory_training.dropout_affine`). At
    inference it does nothing.

    Args:
        rate: fraction of units dropped, in [0, 1).
        seed: of the choice, or None.
        **kwargs: for `keras.layers.Layer`.
    """

    def __init__(self, rate, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.rate = rate
        self.seed = seed
        self.affine = theory_training.dropout_affine(rate)
        self.random = keras.random.SeedGenerator(seed)
        self.supports_masking = True
        self.built = True

    def call(self, inputs, training=False):
        """Drop at random when training."""
        if not training or self.rate == 0:
            return inputs
        scale, shift = self.affine
        draw = keras.random.uniform(ops.shape(inputs), seed=self.random)
        dropped = ops.cast(theory_training.ALPHA_PRIME, inputs.dtype)
        return scale * ops.where(draw < self.rate, dropped, inputs) + shift

    def compute_output_shape(self, input_shape):
        """The shape is kept."""
        return input_shape

    def get_config(self):
        """The arguments, for serialisation."""
        return {**super().get_config(), "rate": self.rate, "seed": self.seed}
