"""Layers whose weights are normalised in the forward pass, and baselines' parts."""

import keras
from keras import layers, ops

from lessons.adversarial.spectral_normalization import theory
from lessons.toolkit.errors import UserError, unknown

NORMALIZERS = (None, "spectral", "weight", "frobenius")


def _random_unit(shape, dtype=None):
    return theory.unit(keras.random.normal(shape, dtype=dtype or "float32"))


class Normalized(layers.Layer):
    r"""A linear layer that computes with $\bar W = W / N(W)$ and trains $W$.

    The gradient flows through $N$. Under spectral normalisation a training call does
    its rounds of power iteration from the vector $u$ kept from the last one (algorithm
    1); other calls use $u$ and leave it. Call the layer once per update, with data and
    samples in one batch, so that both see the same weights. A kernel that is zero stays
    zero under each normaliser.

    Args:
        units: outputs.
        normalizer: "spectral", "weight", "frobenius", or None for a plain layer.
        gain: whether to multiply by a trainable scalar, which starts at the norm of
            the first weights (reparametrisation, sec. 4.1.1); then the layer has the
            norm it learns, and needs another control.
        rounds: of power iteration in a training call; the paper takes one.
        kernel_initializer: of the raw weights.
        use_bias: whether to add a bias.
        **kwargs: for `keras.layers.Layer`.

    Raises:
        UserError: unknown normaliser, or no round.
    """

    def __init__(
        self,
        units,
        normalizer="spectral",
        gain=False,
        rounds=1,
        kernel_initializer="glorot_uniform",
        use_bias=True,
        **kwargs,
    ):
        super().__init__(**kwargs)
        if normalizer not in NORMALIZERS:
            raise unknown("normalizer", normalizer, NORMALIZERS)
        if rounds < 1:
            raise UserError(f"rounds must be at least 1, got {rounds!r}.")
        self.units, self.normalizer, self.use_bias = units, normalizer, use_bias
        self.has_gain, self.rounds = gain, rounds
        self.kernel_initializer = keras.initializers.get(kernel_initializer)

    def _build(self, kernel_shape):
        # Not cast to the compute dtype: half precision is too rough for a norm.
        self.kernel = self.add_weight(
            name="kernel",
            shape=kernel_shape,
            initializer=self.kernel_initializer,
            autocast=False,
        )
        if self.use_bias:
            self.bias = self.add_weight(
                name="bias", shape=(self.units,), initializer="zeros"
            )
        if self.normalizer == "spectral":
            self.left = self.add_weight(
                name="left",
                shape=(self.units,),
                initializer=_random_unit,
                trainable=False,
                autocast=False,
                aggregation="only_first_replica",  # all compute the same
            )
        if self.has_gain:
            self.gain = self.add_weight(
                name="gain", shape=(), initializer=self._first_norm, autocast=False
            )

    def _first_norm(self, shape, dtype=None):
        matrix = theory.as_matrix(ops.convert_to_tensor(self.kernel))
        return ops.cast(ops.norm(matrix, ord=2), dtype or "float32")

    def normalized_kernel(self, training=False):
        """The kernel that the layer computes with, in the kernel's own dtype.

        Args:
            training: whether to keep the new vector of the power iteration.
        """
        kernel = self.kernel
        if self.normalizer == "spectral":
            matrix = theory.as_matrix(kernel)
            norm, left, _ = theory.power_iteration(matrix, self.left, self.rounds)
            if training:
                self.left.assign(left)
            # A zero kernel has nothing to divide by: it computes zero, and learns as
            # in a plain layer.
            kernel = kernel / ops.where(norm > 0, norm, ops.ones_like(norm))
        elif self.normalizer == "weight":
            rows = theory.row_normalized(theory.as_matrix(kernel))
            kernel = ops.reshape(ops.transpose(rows), kernel.shape)
        elif self.normalizer == "frobenius":
            kernel = kernel / theory.frobenius_norm(kernel)
        return kernel * self.gain if self.has_gain else kernel

    def call(self, inputs, training=False):
        """The linear map of the normalised kernel, and the bias."""
        kernel = ops.cast(self.normalized_kernel(training), self.compute_dtype)
        outputs = self._apply(inputs, kernel)
        return outputs + self.bias if self.use_bias else outputs

    def get_config(self):
        """The arguments, for saving."""
        initializer = keras.initializers.serialize(self.kernel_initializer)
        config = {
            "units": self.units,
            "normalizer": self.normalizer,
            "gain": self.has_gain,
            "rounds": self.rounds,
            "kernel_initializer": initializer,
            "use_bias": self.use_bias,
        }
        return {**super().get_config(), **config}


@keras.saving.register_keras_serializable("lessons")
class NormalizedDense(Normalized):
    """Dense layer with normalised weights: (batch, inputs) to (batch, units).

    On one-hot labels and without bias it is a normalised embedding.
    """

    def build(self, input_shape):
        """Create the weights."""
        self._build((input_shape[-1], self.units))

    def _apply(self, inputs, kernel):
        return ops.matmul(inputs, kernel)

    def compute_output_shape(self, input_shape):
        """The same with another last axis."""
        return (*input_shape[:-1], self.units)


@keras.saving.register_keras_serializable("lessons")
class NormalizedConv2D(Normalized):
    """Convolution with "same" padding and normalised weights.

    What is normalised is the norm of the kernel as a matrix (outputs, height x width x
    channels), as in the paper; the norm of the convolution as a map of images is up to
    $(height x width)^{1/2}$ times as large.

    Args:
        units: output channels.
        size: side of the kernel.
        strides: of the convolution.
        **kwargs: for `Normalized`.
    """

    def __init__(self, units, size=3, strides=1, **kwargs):
        super().__init__(units, **kwargs)
        self.size, self.strides = size, strides

    def build(self, input_shape):
        """Create the weights."""
        self._build((self.size, self.size, input_shape[-1], self.units))

    def _apply(self, inputs, kernel):
        return ops.conv(inputs, kernel, strides=self.strides, padding="same")

    def compute_output_shape(self, input_shape):
        """Sides divided by the stride, rounded up."""
        sides = (side and -(-side // self.strides) for side in input_shape[1:3])
        return (input_shape[0], *sides, self.units)

    def get_config(self):
        """The arguments, for saving."""
        own = {"size": self.size, "strides": self.strides}
        return {**super().get_config(), **own}


@keras.saving.register_keras_serializable("lessons")
class ConditionalBatchNormalization(layers.Layer):
    """Batch normalisation whose gain and shift belong to the class of each example.

    Called with (values, one-hot labels).

    Args:
        momentum: memory of the running averages.
        **kwargs: for `keras.layers.Layer`.
    """

    def __init__(self, momentum=0.9, **kwargs):
        super().__init__(**kwargs)
        self.momentum = momentum
        self.normalize = layers.BatchNormalization(
            momentum=momentum, center=False, scale=False, dtype=self.dtype_policy
        )

    def build(self, input_shape):
        """Create a gain and a shift for each class and channel."""
        values, labels = input_shape
        shape = (labels[-1], values[-1])
        self.gain = self.add_weight(name="gain", shape=shape, initializer="ones")
        self.shift = self.add_weight(name="shift", shape=shape, initializer="zeros")
        self.normalize.build(values)

    def call(self, inputs, training=False):
        """Normalised values, scaled and shifted by class."""
        values, labels = inputs
        labels = ops.cast(labels, self.compute_dtype)
        rows = (-1, *[1] * (len(values.shape) - 2), values.shape[-1])
        gain = ops.reshape(ops.matmul(labels, self.gain), rows)
        shift = ops.reshape(ops.matmul(labels, self.shift), rows)
        return gain * self.normalize(values, training=training) + shift

    def compute_output_shape(self, input_shape):
        """That of the values."""
        return tuple(input_shape[0])

    def get_config(self):
        """The arguments, for saving."""
        return {**super().get_config(), "momentum": self.momentum}
