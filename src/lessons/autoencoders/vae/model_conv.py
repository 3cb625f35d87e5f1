"""The convolutional family: pooling down, perforated up-sampling up."""

import math

import keras
from keras import layers, ops

from lessons.autoencoders.vae.model import VAE
from lessons.toolkit.errors import UserError


@keras.saving.register_keras_serializable("lessons")
class PerforatedUpSampling2D(layers.Layer):
    """Double height and width: each value goes top left, zeros fill the rest.

    Followed by a convolution this is the transposed convolution of stride two.

    Args:
        **kwargs: for `keras.layers.Layer`.
    """

    def call(self, inputs):
        """(batch, height, width, channels) to (batch, 2 height, 2 width, channels)."""
        _, height, width, channels = inputs.shape
        cells = ops.reshape(inputs, (-1, height, 1, width, 1, channels))
        holes = [(0, 0), (0, 0), (0, 1), (0, 0), (0, 1), (0, 0)]
        return ops.reshape(ops.pad(cells, holes), (-1, 2 * height, 2 * width, channels))

    def compute_output_shape(self, input_shape):
        """Height and width doubled."""
        batch, height, width, channels = input_shape
        return batch, 2 * height, 2 * width, channels


@keras.saving.register_keras_serializable("lessons")
class ConvVAE(VAE):
    """The convolutional VAE.

    Encoder: per entry of `filters` a 3x3 convolution, batch normalisation, ReLU and
    2x2 max-pooling; a dense tanh block; the two heads. The decoder mirrors it with
    perforated up-sampling; its last convolution makes the image.

    Args:
        image_shape, latent_dim: as for `VAE`; height and width must be multiples of
            2 to the number of filters.
        filters: channels of the encoder's convolutions.
        hidden_units: width of the dense block.
        **kwargs: for `VAE`.

    Raises:
        UserError: the image cannot be halved that often.
    """

    def __init__(self, image_shape, latent_dim, filters, hidden_units, **kwargs):
        self.filters = tuple(filters)
        self.hidden_units = hidden_units
        factor = 2 ** len(self.filters)
        if not self.filters or image_shape[0] % factor or image_shape[1] % factor:
            raise UserError(
                f"image_shape {tuple(image_shape)!r} cannot be halved "
                f"{len(self.filters)} times (filters={self.filters!r}). Allowed: "
                f"at least one filter, height and width multiples of {factor}."
            )
        super().__init__(image_shape, latent_dim, **kwargs)

    def build_encoder(self, block):
        """Images to (mean, scale)."""
        image = keras.Input(self.image_shape, name="image")
        hidden = image
        for index, filters in enumerate(self.filters):
            hidden = block.conv(hidden, filters, "relu", f"encoder_{index}")
            hidden = layers.MaxPooling2D(2, name=f"pool_{index}")(hidden)
        hidden = layers.Flatten(name="features")(hidden)
        hidden = block.dense(hidden, self.hidden_units, "tanh", "encoder_dense")
        return keras.Model(image, self.heads(block, hidden), name="encoder")

    def build_decoder(self, block, output):
        """Codes to images."""
        height, width, channels = self.image_shape
        factor = 2 ** len(self.filters)
        start = (height // factor, width // factor, self.filters[-1])
        code = keras.Input((self.latent_dim,), name="code")
        hidden = block.dense(code, math.prod(start), "relu", "decoder_dense")
        hidden = layers.Reshape(start, name="maps")(hidden)
        for index, filters in enumerate(reversed(self.filters[:-1])):
            hidden = PerforatedUpSampling2D(name=f"up_{index}")(hidden)
            hidden = block.conv(hidden, filters, "relu", f"decoder_{index}")
        hidden = PerforatedUpSampling2D(name="up_output")(hidden)
        image = block.conv(hidden, channels, output, "output")
        return keras.Model(code, image, name="decoder")

    def get_config(self):
        """The arguments, for saving."""
        config = {"filters": self.filters, "hidden_units": self.hidden_units}
        return {**super().get_config(), **config}
