r"""The variational autoencoder, and its dense family.

Both families share `VAE`: an encoder that gives mean and standard deviation of
$q(z|x)$, a decoder that gives $y(z)$, and a loss that calls `theory`. Every affine map
is followed by batch normalisation unless it is switched off.
"""

import math
from typing import NamedTuple

import keras
from keras import layers, ops

from lessons.autoencoders.vae import theory
from lessons.autoencoders.vae.model_blocks import Block, clip, identity, positive
from lessons.toolkit import runtime
from lessons.toolkit.errors import UserError, unknown

OUTPUTS = {"clip": clip, "sigmoid": "sigmoid", "linear": identity}


class VAEOutput(NamedTuple):
    """One forward pass, everything with the batch first."""

    mean: object  # (batch, latent)
    scale: object  # (batch, latent), standard deviations
    z: object  # (batch, latent), one sample
    reconstruction: object  # (batch, height, width, 1), y(z)


class VAE(keras.Model):
    """A variational autoencoder; see `DenseVAE` and `ConvVAE` for the networks.

    Trained with `compile(optimizer)` and `fit(images)`: the loss is the mean over the
    batch of `theory.cost`. Metrics: `squared_error` (sum over pixels, mean over
    examples) and `kl` (nats, mean over examples).

    Args:
        image_shape: (height, width, channels).
        latent_dim: size of the code.
        variance: of the Gaussian likelihood.
        beta: weight of the KL term.
        batch_norm: whether affine maps are normalised.
        weight_range: weights start uniform in plus or minus this.
        norm_momentum, norm_epsilon: of the batch normalisation.
        output: last activation, one of `OUTPUTS`.
        seed: of the noise.
        **kwargs: for `keras.Model`.

    Raises:
        UserError: a size or number is impossible.
    """

    def __init__(
        self,
        image_shape,
        latent_dim,
        *,
        variance=0.5,
        beta=1.0,
        batch_norm=True,
        weight_range=0.1,
        norm_momentum=0.9,
        norm_epsilon=1e-5,
        output="clip",
        seed=None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self._arguments = {
            "image_shape": tuple(image_shape),
            "latent_dim": latent_dim,
            "variance": variance,
            "beta": beta,
            "batch_norm": batch_norm,
            "weight_range": weight_range,
            "norm_momentum": norm_momentum,
            "norm_epsilon": norm_epsilon,
            "output": output,
            "seed": seed,
        }
        _check_arguments(**self._arguments)
        self.image_shape = tuple(image_shape)
        self.latent_dim = latent_dim
        self.variance = variance
        self.beta = beta
        self.seed_generator = keras.random.SeedGenerator(seed)
        self.squared_error_metric = keras.metrics.Mean("squared_error")
        self.kl_metric = keras.metrics.Mean("kl")
        block = Block(weight_range, batch_norm, norm_momentum, norm_epsilon)
        self.encoder = self.build_encoder(block)
        self.decoder = self.build_decoder(block, OUTPUTS[output])
        self.build((None, *self.image_shape))

    def build(self, input_shape):
        """Nothing is left to make: both networks have their weights."""

    def build_encoder(self, block):
        """A functional model from images to (mean, scale)."""
        raise TypeError("VAE has no networks of its own: use DenseVAE or ConvVAE.")

    def build_decoder(self, block, output):
        """A functional model from codes to images."""
        raise TypeError("VAE has no networks of its own: use DenseVAE or ConvVAE.")

    def heads(self, block, hidden):
        """The two heads of every encoder: mean (linear) and scale (softplus)."""
        mean = block.dense(hidden, self.latent_dim, identity, "mean")
        return mean, block.dense(hidden, self.latent_dim, positive, "scale")

    def call(self, x, training=False):
        """Encode, sample one code, decode: a `VAEOutput`."""
        mean, scale = self.encoder(x, training=training)  # (batch, latent)
        noise = keras.random.normal(ops.shape(mean), seed=self.seed_generator)
        z = theory.reparameterize(mean, scale, noise)  # (batch, latent)
        return VAEOutput(mean, scale, z, self.decoder(z, training=training))

    def compute_loss(
        self, x=None, y=None, y_pred=None, sample_weight=None, training=True
    ):
        """The mean of `theory.cost` over the batch, weighted if asked for."""
        image = ops.cast(x, "float32")
        cost = theory.cost(
            image,
            y_pred.reconstruction,
            y_pred.mean,
            y_pred.scale,
            self.variance,
            self.beta,
        )
        error = theory.squared_error(image, y_pred.reconstruction)
        self.squared_error_metric.update_state(error, sample_weight)
        kl = theory.gaussian_kl(y_pred.mean, y_pred.scale)
        self.kl_metric.update_state(kl, sample_weight)
        return runtime.batch_loss(cost, sample_weight)

    def sample(self, num_samples, seed=0):
        """Images decoded from the prior, (num_samples, height, width, channels)."""
        z = keras.random.normal((num_samples, self.latent_dim), seed=seed)
        return ops.convert_to_numpy(self.decoder(z, training=False))

    def path(self, num_steps, seed=0):
        """Images along a straight line between two draws from the prior."""
        ends = keras.random.normal((2, self.latent_dim), seed=seed)
        t = ops.reshape(ops.linspace(0.0, 1.0, num_steps), (-1, 1))
        z = (1.0 - t) * ends[:1] + t * ends[1:]  # (num_steps, latent)
        return ops.convert_to_numpy(self.decoder(z, training=False))

    def reconstruct(self, images):
        """Images decoded from the posterior means, shape as given."""
        mean, _ = self.encoder(images, training=False)
        return ops.convert_to_numpy(self.decoder(mean, training=False))

    def get_config(self):
        """The arguments, for saving."""
        return {**super().get_config(), **self._arguments}


def _check_arguments(
    image_shape, latent_dim, variance, beta, output, weight_range, **others
):
    sizes = (*image_shape, latent_dim)
    if len(image_shape) != 3 or any(
        not isinstance(size, int) or size < 1 for size in sizes
    ):
        raise UserError(
            "image_shape must be (height, width, channels) and latent_dim an int, all "
            f"at least 1, got {image_shape!r} and {latent_dim!r}."
        )
    for name, value, fits in (
        ("variance", variance, variance > 0),
        ("beta", beta, beta >= 0),
        ("weight_range", weight_range, weight_range > 0),
    ):
        if not (fits and math.isfinite(value)):
            raise UserError(f"{name} must be positive and finite, got {value!r}.")
    if output not in OUTPUTS:
        raise unknown("output", output, OUTPUTS)


@keras.saving.register_keras_serializable("lessons")
class DenseVAE(VAE):
    """The feed-forward VAE: affine, batch normalisation, activation, throughout.

    Encoder: ReLU blocks, the last one tanh, then the two heads. Decoder: the first
    block linear, then ReLU blocks, then the image.

    Args:
        image_shape, latent_dim: as for `VAE`.
        encoder_units, decoder_units: widths of the blocks; empty for a linear model.
        **kwargs: for `VAE`.
    """

    def __init__(self, image_shape, latent_dim, encoder_units, decoder_units, **kwargs):
        self.encoder_units = tuple(encoder_units)
        self.decoder_units = tuple(decoder_units)
        super().__init__(image_shape, latent_dim, **kwargs)

    def build_encoder(self, block):
        """Images to (mean, scale)."""
        image = keras.Input(self.image_shape, name="image")
        hidden = layers.Flatten(name="pixels")(image)
        for index, units in enumerate(self.encoder_units):
            is_last = index == len(self.encoder_units) - 1
            activation = "tanh" if is_last else "relu"
            hidden = block.dense(hidden, units, activation, f"encoder_{index}")
        return keras.Model(image, self.heads(block, hidden), name="encoder")

    def build_decoder(self, block, output):
        """Codes to images."""
        code = keras.Input((self.latent_dim,), name="code")
        hidden = code
        for index, units in enumerate(self.decoder_units):
            activation = "relu" if index else "linear"
            hidden = block.dense(hidden, units, activation, f"decoder_{index}")
        hidden = block.dense(hidden, math.prod(self.image_shape), output, "output")
        image = layers.Reshape(self.image_shape, dtype="float32", name="y")(hidden)
        return keras.Model(code, image, name="decoder")

    def get_config(self):
        """The arguments, for saving."""
        config = {
            "encoder_units": self.encoder_units,
            "decoder_units": self.decoder_units,
        }
        return {**super().get_config(), **config}
