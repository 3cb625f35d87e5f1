"""Encoders, decoders and the discriminator of codes: dense, or convolutional.

Batch normalisation and ReLU follow every hidden map of a pair of networks; the maps to
codes and to images have none. What losses read is float32 under every dtype policy.
"""

import math

import keras
from keras import layers

from lessons.autoencoders.vae.model_blocks import positive
from lessons.toolkit.errors import UserError


class Recipe:
    """How maps start and how they are normalised.

    Args:
        norm_momentum, norm_epsilon: of the batch normalisation.
        weight_deviation: standard deviation of first weights, cut off at two of them;
            0 for Glorot's.
        input_noise: standard deviation of noise on training images.
        stochastic: whether encoders give a Gaussian: a scale beside the mean.
    """

    def __init__(
        self,
        norm_momentum=0.9,
        norm_epsilon=1e-5,
        weight_deviation=0.0,
        input_noise=0.0,
        stochastic=False,
    ):
        self.norm = {"momentum": norm_momentum, "epsilon": norm_epsilon}
        self.weight_deviation = weight_deviation
        self.input_noise = input_noise
        self.stochastic = stochastic

    def initializer(self):
        """A fresh initializer for one kernel."""
        if self.weight_deviation:
            return keras.initializers.TruncatedNormal(stddev=self.weight_deviation)
        return keras.initializers.GlorotUniform()

    def dense(self, units, **options):
        """An affine map."""
        return layers.Dense(units, kernel_initializer=self.initializer(), **options)

    def hidden(self, values):
        """Normalise and rectify what an affine map gave."""
        return layers.ReLU()(layers.BatchNormalization(**self.norm)(values))

    def image(self, shape):
        """The input of an encoder, and what its first map sees."""
        image = keras.Input(shape, name="image")
        if not self.input_noise:
            return image, image
        return image, layers.GaussianNoise(self.input_noise)(image)

    def codes(self, image, values, latent_dim):
        """The encoder: a model from images to a mean, or to mean and scale."""
        heads = [self.dense(latent_dim, name="mean", dtype="float32")(values)]
        if self.stochastic:
            raw = self.dense(latent_dim, name="scale", dtype="float32")(values)
            heads.append(layers.Activation(positive, dtype="float32")(raw))
        return keras.Model(image, heads, name="encoder")


def dense_pair(image_shape, latent_dim, units, recipe):
    """Encoder of dense layers, and its mirror image with a sigmoid as decoder.

    Args:
        image_shape: (height, width, channels), pixels in [0, 1].
        latent_dim: size of the code.
        units: widths of the encoder's hidden layers.
        recipe: a `Recipe`.
    """
    image, values = recipe.image(image_shape)
    values = layers.Flatten()(values)
    for width in units:
        values = recipe.hidden(recipe.dense(width)(values))
    encoder = recipe.codes(image, values, latent_dim)

    code = values = keras.Input((latent_dim,), name="code")
    for width in units[::-1]:
        values = recipe.hidden(recipe.dense(width)(values))
    pixels = recipe.dense(math.prod(image_shape), name="pixels")(values)
    values = layers.Activation("sigmoid", dtype="float32")(pixels)
    output = layers.Reshape(image_shape, dtype="float32")(values)
    return encoder, keras.Model(code, output, name="decoder")


def conv_pair(
    image_shape,
    latent_dim,
    filters,
    decoder_filters,
    recipe,
    *,
    kernel_size=4,
    output="sigmoid",
):
    """The published networks: strided convolutions, and transposed ones back.

    Each convolution of the encoder halves the image. The decoder starts from a dense
    map to `decoder_filters[0]` small images, without normalisation; each further width
    doubles them; a last convolution of stride one gives the pixels.

    Args:
        image_shape: (height, width, channels).
        latent_dim: size of the code.
        filters: channels of the encoder's convolutions.
        decoder_filters: channels of the decoder's first map and its convolutions.
        recipe: a `Recipe`.
        kernel_size: side of every kernel.
        output: last activation: "sigmoid" for pixels in [0, 1], "tanh" for [-1, 1].

    Raises:
        UserError: the decoder cannot reach the size of the image.
    """
    factor = 2 ** (len(decoder_filters) - 1)
    height, width, channels = image_shape
    if height % factor or width % factor:
        raise UserError(
            f"{len(decoder_filters)} decoder_filters enlarge {factor} times, which "
            f"does not divide images of {height} x {width}."
        )
    options = {"padding": "same", "kernel_initializer": recipe.initializer()}

    image, values = recipe.image(image_shape)
    for count in filters:
        values = layers.Conv2D(count, kernel_size, 2, **options)(values)
        values = recipe.hidden(values)
    encoder = recipe.codes(image, layers.Flatten()(values), latent_dim)

    code = keras.Input((latent_dim,), name="code")
    start = (height // factor, width // factor, decoder_filters[0])
    values = recipe.dense(math.prod(start), activation="relu")(code)
    values = layers.Reshape(start)(values)
    for count in decoder_filters[1:]:
        values = layers.Conv2DTranspose(count, kernel_size, 2, **options)(values)
        values = recipe.hidden(values)
    values = layers.Conv2DTranspose(channels, kernel_size, **options)(values)
    values = layers.Activation(output, dtype="float32", name="image")(values)
    return encoder, keras.Model(code, values, name="decoder")


def discriminator(latent_dim, units):
    """The discriminator of codes: ReLU layers without normalisation, one logit.

    Args:
        latent_dim: $d$, size of a code.
        units: widths of the hidden layers.

    Returns:
        A `keras.Model` from (batch, d) to logits (batch, 1), float32.
    """
    code = values = keras.Input((latent_dim,), name="code")
    for width in units:
        values = layers.Dense(width, activation="relu")(values)
    logit = layers.Dense(1, dtype="float32", name="logit")(values)
    return keras.Model(code, logit, name="discriminator")
