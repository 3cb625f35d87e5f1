"""The published CIFAR-10 networks: weight normalisation, GLU and CReLU.

Every affine map is weight-normalised and starts from the statistics of one batch
(Salimans & Kingma 2016, arXiv:1602.07868); there is no batch normalisation anywhere.
"""

import keras
from keras import layers, ops

from lessons.adversarial.ot_gan.networks import UnitLength
from lessons.toolkit.errors import UserError

_SMALLEST = 4  # side of the first feature map


@keras.saving.register_keras_serializable("lessons")
class GLU(layers.Layer):
    """Gated linear unit: the channels in two halves, $u \\cdot \\sigma(v)$."""

    def call(self, inputs):
        """Half as many channels."""
        value, gate = ops.split(inputs, 2, axis=-1)
        return value * ops.sigmoid(gate)


@keras.saving.register_keras_serializable("lessons")
class CReLU(layers.Layer):
    """Both signs of the input, rectified: twice as many channels."""

    def call(self, inputs):
        """Concatenation of relu(x) and relu(-x)."""
        return ops.relu(ops.concatenate([inputs, -inputs], axis=-1))


class _WeightNormalized(layers.Layer):
    r"""$y = g \cdot (x * V) / \|V\| + b$ with a length for each output channel.

    Args:
        units: output channels.
        init_scale: standard deviation of the outputs after `initialize`.
        **kwargs: for `keras.layers.Layer`.
    """

    def __init__(self, units, init_scale=1.0, **kwargs):
        super().__init__(**kwargs)
        self.units, self.init_scale = units, init_scale

    def _build(self, kernel_shape):
        self.kernel = self.add_weight(
            name="direction",
            shape=kernel_shape,
            initializer=keras.initializers.RandomNormal(stddev=0.05),
        )
        self.gain = self.add_weight(
            name="gain", shape=(self.units,), initializer="ones"
        )
        self.bias = self.add_weight(
            name="bias", shape=(self.units,), initializer="zeros"
        )

    def direct(self, inputs):
        """The map with unit lengths and no bias."""
        axes = tuple(range(len(self.kernel.shape) - 1))
        square = ops.sum(ops.square(self.kernel), axis=axes)
        return self.apply_kernel(inputs, self.kernel * ops.rsqrt(square))

    def call(self, inputs):
        """Scaled and shifted."""
        return self.gain * self.direct(inputs) + self.bias

    def initialize(self, inputs):
        """Gain and bias such that outputs have mean 0 and deviation `init_scale`."""
        outputs = self.direct(inputs)
        axes = tuple(range(len(outputs.shape) - 1))
        mean, variance = ops.moments(outputs, axes=axes)
        gain = self.init_scale * ops.rsqrt(variance + 1e-10)
        self.gain.assign(gain)
        self.bias.assign(-mean * gain)

    def get_config(self):
        """The arguments, for saving."""
        config = {"units": self.units, "init_scale": self.init_scale}
        return {**super().get_config(), **config}


@keras.saving.register_keras_serializable("lessons")
class WeightNormDense(_WeightNormalized):
    """Dense layer with normalised weights, (batch, n) to (batch, units)."""

    def build(self, input_shape):
        """Create the weights."""
        self._build((input_shape[-1], self.units))

    def apply_kernel(self, inputs, kernel):
        """Matrix product."""
        return ops.matmul(inputs, kernel)


@keras.saving.register_keras_serializable("lessons")
class WeightNormConv2D(_WeightNormalized):
    """5x5 convolution with normalised weights and "same" padding.

    Args:
        units: output channels.
        strides: of the convolution.
        **kwargs: for `_WeightNormalized`.
    """

    def __init__(self, units, strides=1, **kwargs):
        super().__init__(units, **kwargs)
        self.strides = strides

    def build(self, input_shape):
        """Create the weights."""
        self._build((5, 5, input_shape[-1], self.units))

    def apply_kernel(self, inputs, kernel):
        """Convolution."""
        return ops.conv(inputs, kernel, strides=self.strides, padding="same")

    def get_config(self):
        """The arguments, for saving."""
        return {**super().get_config(), "strides": self.strides}


def generator(latent_dim, channels):
    """Codes to images in [-1, 1], twice the side for each entry after the first.

    Args:
        latent_dim: size of a code.
        channels: of the feature maps, from 4x4 upwards; the paper's are 1024, 512,
            256, 128 for 32x32 images.
    """
    side = _SMALLEST
    stack = [
        keras.Input((latent_dim,), name="code"),
        WeightNormDense(2 * channels[0] * side**2),
        GLU(),
        layers.Reshape((side, side, channels[0])),
    ]
    for width in channels[1:]:
        stack += [layers.UpSampling2D(), WeightNormConv2D(2 * width), GLU()]
    stack += [
        WeightNormConv2D(3, init_scale=0.1),
        layers.Activation("tanh", dtype="float32"),
    ]
    return keras.Sequential(stack, name="generator")


def critic(side, channels):
    """Images to unit features; the first convolution keeps the side, others halve it.

    Args:
        side: of the images.
        channels: outputs of the convolutions, doubled by CReLU; the paper's are 128,
            256, 512, 1024.
    """
    stack = [keras.Input((side, side, 3), name="example")]
    for index, width in enumerate(channels):
        stack += [WeightNormConv2D(width, strides=2 if index else 1), CReLU()]
    return keras.Sequential(
        [*stack, layers.Flatten(), UnitLength(dtype="float32")], name="critic"
    )


def build(latent_dim, generator_channels, critic_channels, example_shape):
    """(generator, critic) for square colour images.

    Raises:
        UserError: the generator's images would have another size than the data's.
    """
    side = _SMALLEST * 2 ** (len(generator_channels) - 1)
    if tuple(example_shape) != (side, side, 3):
        raise UserError(
            f"generator_units={generator_channels!r} makes images of "
            f"{(side, side, 3)}, the data has {tuple(example_shape)}. Allowed: one "
            "width for 4x4 and one more for each doubling."
        )
    return generator(latent_dim, generator_channels), critic(side, critic_channels)


def initialize_from_data(model, examples):
    """Set gains and biases of both networks from one batch, layer by layer."""
    codes = model.codes(len(examples))
    for network, outputs in ((model.generator, codes), (model.critic, examples)):
        for layer in network.layers:
            if hasattr(layer, "initialize"):
                layer.initialize(outputs)
            outputs = layer(outputs)
    model.average.set_weights(model.generator.get_weights())
