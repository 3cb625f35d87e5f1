"""Layers that compute with few bits, forward and backward; Keras has none of them.

A layer with weights quantises them to `bits` and passes the gradient straight through
to the store. A `Gate` stands after each: forward it quantises activations, backward
errors.
"""

import math

import keras
import tensorflow as tf
from keras import layers, ops

from lessons.efficiency.wage import theory
from lessons.toolkit.errors import UserError


def quantized(values, bits):
    """`theory.quantize` whose gradient is that of the identity (straight-through)."""

    @tf.custom_gradient
    def pass_through(inside):
        return theory.quantize(inside, bits), lambda upstream: upstream

    return pass_through(values)


def gated(values, activation_bits=None, error_bits=None, gamma=1.0):
    r"""Forward $Q_A$, backward the mask of its clip and then $Q_E$.

    Args:
        values: shape (batch, ...).
        activation_bits: $k_A$; None leaves activations as they are.
        error_bits: $k_E$; None leaves errors as they are.
        gamma: see `theory.quantize_error`.
    """

    @tf.custom_gradient
    def gate(inside):
        outside = inside
        if activation_bits is not None:
            outside = theory.quantize(inside, activation_bits)

        def backward(upstream):
            if activation_bits is not None:
                largest = 1 - theory.step(activation_bits)
                inside_window = ops.abs(inside) <= largest
                upstream = ops.where(inside_window, upstream, 0)
            if error_bits is None:
                return upstream
            errors = ops.cast(upstream, "float32")
            errors = theory.quantize_error(errors, error_bits, gamma)
            return ops.cast(errors, upstream.dtype)

        return outside, backward

    return gate(values)


@tf.custom_gradient
def mean_with_errors_of_sum(losses):
    """The mean over a batch, with the gradient of the sum: errors are the paper's."""
    return ops.mean(losses), lambda upstream: upstream * ops.ones_like(losses)


@keras.saving.register_keras_serializable("lessons")
class Gate(layers.Layer):
    """`gated` as a layer; arguments as there."""

    def __init__(self, activation_bits=None, error_bits=None, gamma=1.0, **kwargs):
        super().__init__(**kwargs)
        for bits in (activation_bits, error_bits):
            if bits is not None:
                theory.step(bits)
        self.activation_bits, self.error_bits = activation_bits, error_bits
        self.gamma = gamma

    def call(self, inputs):
        """The quantised inputs, of the same shape."""
        return gated(inputs, self.activation_bits, self.error_bits, self.gamma)

    def compute_output_shape(self, input_shape):
        """The shape of the inputs."""
        return input_shape

    def get_config(self):
        """The arguments, for saving."""
        return {
            **super().get_config(),
            "activation_bits": self.activation_bits,
            "error_bits": self.error_bits,
            "gamma": self.gamma,
        }


class _Quantized(layers.Layer):
    """A layer with a kernel and no bias, whose weights are quantised when used.

    Args:
        units: outputs, or channels.
        bits: of the weights in use, $k_W$; None for real weights.
        stored_bits: of the stored weights, $k_G$: the start lies on this grid; None for
            a store of real numbers.
        beta: of the least limit of the start.
        factor: 6 or 3, see `theory.initial_limit`.
        ternary_start: start from the quantised weights, as the authors' code does.
        seed: of the start.
        **kwargs: for `keras.layers.Layer`.
    """

    def __init__(
        self,
        units,
        bits=None,
        stored_bits=None,
        *,
        beta=theory.BETA,
        factor=theory.PAPER_FACTOR,
        ternary_start=False,
        seed=0,
        **kwargs,
    ):
        super().__init__(**kwargs)
        if not isinstance(units, int) or isinstance(units, bool) or units < 1:
            raise UserError(
                f"units must be a whole number of at least 1, got {units!r}."
            )
        self.units, self.bits, self.stored_bits = units, bits, stored_bits
        self.beta, self.factor = beta, factor
        self.ternary_start, self.seed = ternary_start, seed

    def _make(self, shape):
        """The kernel and the scale alpha, from the number of inputs of a unit."""
        fan_in = math.prod(shape[:-1])
        limit = theory.initial_limit(fan_in, self.factor)
        self.scale = 1.0
        if self.bits is not None:
            self.scale = theory.layer_scale(fan_in, self.bits, self.beta, self.factor)
            limit = max(limit, theory.least_limit(self.bits, self.beta))

        def start(shape, dtype=None):
            uniform = keras.initializers.RandomUniform(-limit, limit, seed=self.seed)
            weights = uniform(shape, dtype)
            for bits in (self.bits if self.ternary_start else None, self.stored_bits):
                if bits is not None:
                    weights = theory.quantize(weights, bits)
            return weights

        # The store is float32 under every dtype policy: bfloat16 holds no 2^-15.
        self.kernel = self.add_weight(
            shape=shape,
            initializer=start,
            name="kernel",
            dtype="float32",
            autocast=False,
        )

    def weights_in_use(self):
        """The quantised kernel, float32."""
        kernel = tf.convert_to_tensor(self.kernel.value)
        return kernel if self.bits is None else quantized(kernel, self.bits)

    def _factors(self, inputs):
        kernel = ops.cast(self.weights_in_use(), self.compute_dtype)
        return ops.cast(inputs, self.compute_dtype), kernel

    def get_config(self):
        """The arguments, for saving."""
        names = ("units", "bits", "stored_bits", "beta", "factor")
        names += ("ternary_start", "seed")
        return super().get_config() | {name: getattr(self, name) for name in names}


@keras.saving.register_keras_serializable("lessons")
class QuantDense(_Quantized):
    """A dense layer without a bias; see `_Quantized` for its arguments."""

    def build(self, input_shape):
        """The kernel, shape (inputs, units)."""
        self._make((input_shape[-1], self.units))

    def call(self, inputs):
        r"""$x W_q / \alpha$, shape (batch, units)."""
        return ops.matmul(*self._factors(inputs)) / self.scale

    def compute_output_shape(self, input_shape):
        """(batch, units)."""
        return (*input_shape[:-1], self.units)


@keras.saving.register_keras_serializable("lessons")
class QuantConv2D(_Quantized):
    """A convolution with "same" padding, channels last; see `QuantDense`.

    Args:
        units: channels.
        size, stride: of the kernel.
        *args, **kwargs: as for `QuantDense`.
    """

    def __init__(self, units, size=3, stride=1, *args, **kwargs):
        super().__init__(units, *args, **kwargs)
        self.size, self.stride = size, stride

    def build(self, input_shape):
        """The kernel, shape (size, size, channels, units)."""
        self._make((self.size, self.size, input_shape[-1], self.units))

    def call(self, inputs):
        r"""The convolution divided by $\alpha$."""
        inputs, kernel = self._factors(inputs)
        found = ops.conv(
            inputs,
            kernel,
            strides=self.stride,
            padding="same",
            data_format="channels_last",
        )
        return found / self.scale

    def compute_output_shape(self, input_shape):
        """Sides are divided by the stride and rounded up."""
        batch, *sides, _ = input_shape
        sides = [None if n is None else -(-n // self.stride) for n in sides]
        return (batch, *sides, self.units)

    def get_config(self):
        """The arguments, for saving."""
        return {**super().get_config(), "size": self.size, "stride": self.stride}
