r"""Autoencoders that differ in one term: the penalty on their codes.

All of them minimise $E\, c(x, G(q)) + \lambda \cdot$ penalty over encoder and decoder.
`Autoencoder` has no penalty, `VAE` that of every single code, `WAEMMD` (and `WAEGAN`
in `model_gan`) that of all codes together.
"""

from typing import NamedTuple

import keras
from keras import ops

from lessons.autoencoders.vae.theory import gaussian_kl, reparameterize
from lessons.autoencoders.wasserstein_autoencoder import theory
from lessons.toolkit import runtime
from lessons.toolkit.errors import UserError, unknown

KERNELS = ("imq", "rbf")


class Output(NamedTuple):
    """One forward pass, everything with the batch first."""

    mean: object  # (batch, latent)
    scale: object  # (batch, latent), zeros where the encoder is deterministic
    codes: object  # (batch, latent)
    reconstruction: object  # (batch, height, width, channels)


@keras.saving.register_keras_serializable("lessons")
class Autoencoder(keras.Model):
    """Encoder, decoder and cost, without a penalty.

    Trained with `compile(optimizer)` and `fit(images)`. Metrics: `cost` (mean over
    examples, before `cost_weight`) and `penalty` (before `penalty_weight`). Keras drops
    `sample_weight` where there is no y: weight examples, which weights their costs, by
    `fit(images, images, sample_weight=weights)`.

    Args:
        encoder: images to a mean, or to (mean, scale) for Gaussian codes.
        decoder: codes to images.
        *others: networks that a subclass names in `networks` after these two.
        cost: one of `theory.COSTS`.
        cost_weight: factor of the cost.
        penalty_weight: $\\lambda$, factor of the penalty.
        prior_scale: standard deviation of the prior.
        seed: of codes and prior draws.
        **kwargs: for `keras.Model`.

    Raises:
        UserError: no such cost, or an impossible number.
    """

    networks = ("encoder", "decoder")

    def __init__(
        self,
        encoder,
        decoder,
        *others,
        cost="squared",
        cost_weight=1.0,
        penalty_weight=0.0,
        prior_scale=1.0,
        seed=None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        if cost not in theory.COSTS:
            raise unknown("cost", cost, theory.COSTS)
        if cost_weight <= 0 or penalty_weight < 0 or prior_scale <= 0:
            raise UserError(
                "cost_weight and prior_scale must be positive and penalty_weight not "
                f"negative, got {cost_weight!r}, {prior_scale!r}, {penalty_weight!r}."
            )
        given = (encoder, decoder, *others)
        for name, network in zip(self.networks, given, strict=True):
            setattr(self, name, network)
        self.cost, self.cost_weight = cost, cost_weight
        self.penalty_weight, self.prior_scale = penalty_weight, prior_scale
        self.seed = seed
        self.seed_generator = keras.random.SeedGenerator(seed)
        self.cost_metric = keras.metrics.Mean("cost")
        self.penalty_metric = keras.metrics.Mean("penalty")
        self.add_metrics()
        self.build(encoder.input_shape)

    def build(self, input_shape):
        """Nothing is left to make: all networks have their weights."""

    def add_metrics(self):
        """Running means beside cost and penalty, for subclasses."""

    @property
    def latent_dim(self):
        """Size of a code."""
        return self.decoder.inputs[0].shape[-1]

    @property
    def is_stochastic(self):
        """Whether codes are drawn, from Gaussians."""
        return len(self.encoder.outputs) == 2

    def draw(self, x, training=False):
        """Mean, scale (zeros if deterministic), drawn codes, each (batch, latent)."""
        heads = self.encoder(x, training=training)
        if not self.is_stochastic:
            codes = _only(heads)
            return codes, ops.zeros_like(codes), codes
        mean, scale = heads
        noise = keras.random.normal(ops.shape(mean), seed=self.seed_generator)
        return mean, scale, reparameterize(mean, scale, noise)

    def call(self, x, training=False):
        """Encode, draw codes if they are random, decode: an `Output`."""
        mean, scale, codes = self.draw(x, training)
        return Output(mean, scale, codes, self.decoder(codes, training=training))

    def penalty(self, output):
        """What the codes of a batch are charged, a scalar before its weight."""
        return ops.zeros((), output.codes.dtype)

    def prior(self, count):
        """Draws of the prior, shape (count, latent)."""
        shape = (count, self.latent_dim)
        return keras.random.normal(
            shape, stddev=self.prior_scale, seed=self.seed_generator
        )

    def compute_loss(
        self, x=None, y=None, y_pred=None, sample_weight=None, training=True
    ):
        """Mean cost, weighted if asked for, plus the weighted penalty."""
        image = ops.cast(x, "float32")
        costs = theory.transport_cost(image, y_pred.reconstruction, self.cost)
        self.cost_metric.update_state(costs, sample_weight)
        penalty = self.penalty(y_pred)
        self.penalty_metric.update_state(penalty)
        charged = runtime.batch_loss(self.penalty_weight * penalty[None])
        return runtime.batch_loss(self.cost_weight * costs, sample_weight) + charged

    def encode(self, images, noise=None):
        """Codes of images as an array, (batch, latent).

        Args:
            images: shape (batch, height, width, channels).
            noise: standard normal, (batch, latent), to draw Gaussian codes with; None
                for their means.
        """
        heads = self.encoder(images, training=False)
        if not self.is_stochastic or noise is None:
            return ops.convert_to_numpy(_only(heads))
        return ops.convert_to_numpy(reparameterize(*heads, noise))

    def decode(self, codes):
        """Images of codes as an array."""
        return ops.convert_to_numpy(self.decoder(codes, training=False))

    def reconstruct(self, images):
        """Images decoded from the (mean) codes of images."""
        return self.decode(self.encode(images))

    def sample(self, num_samples, seed=0):
        """Images decoded from draws of the prior."""
        shape = (num_samples, self.latent_dim)
        return self.decode(
            keras.random.normal(shape, stddev=self.prior_scale, seed=seed)
        )

    def interpolate(self, first, second, num_steps):
        """Images on the straight path between the codes of two images.

        Args:
            first, second: images that were never trained on, (height, width, channels).
            num_steps: images to give, the ends included.
        """
        start, end = self.encode(ops.stack([first, second]))
        t = ops.convert_to_numpy(ops.linspace(0.0, 1.0, num_steps))[:, None]
        return self.decode((1.0 - t) * start + t * end)

    def get_config(self):
        """The arguments, for saving."""
        names = ("cost", "cost_weight", "penalty_weight", "prior_scale", "seed")
        networks = {
            name: keras.saving.serialize_keras_object(getattr(self, name))
            for name in self.networks
        }
        own = {name: getattr(self, name) for name in names}
        return {**super().get_config(), **networks, **own}

    @classmethod
    def from_config(cls, config):
        """The model of `get_config`."""
        loaded = {
            name: keras.saving.deserialize_keras_object(config[name])
            for name in cls.networks
        }
        return cls(**{**config, **loaded})


def _only(heads):
    """The mean among what an encoder gives."""
    return heads[0] if isinstance(heads, (list, tuple)) else heads


@keras.saving.register_keras_serializable("lessons")
class VAE(Autoencoder):
    r"""The variational autoencoder of the same networks.

    Its cost $\|x-y\|^2 / 2v + KL$, times $2v$: a penalty of weight $2v$ that pulls the
    code distribution of *every* image to the prior.

    Args:
        encoder: images to (mean, scale).
        decoder: codes to images.
        variance: $v$ of the Gaussian likelihood.
        **kwargs: for `Autoencoder`.

    Raises:
        UserError: the encoder is deterministic.
    """

    def __init__(self, encoder, decoder, *, variance=0.5, **kwargs):
        if len(encoder.outputs) != 2:
            raise UserError("a VAE needs an encoder with two outputs: mean and scale.")
        kwargs["penalty_weight"] = 2.0 * variance
        super().__init__(encoder, decoder, **kwargs)
        self.variance = variance

    def penalty(self, output):
        """Mean KL divergence of the codes of single images from the prior, nats."""
        mean, scale = (part / self.prior_scale for part in output[:2])
        return ops.mean(gaussian_kl(mean, scale))

    def get_config(self):
        """The arguments, for saving."""
        return {**super().get_config(), "variance": self.variance}


@keras.saving.register_keras_serializable("lessons")
class WAEMMD(Autoencoder):
    """WAE-MMD (algorithm 2): codes of a batch against draws of the prior.

    Args:
        encoder, decoder: as for `Autoencoder`.
        kernel: "imq" for a sum of inverse multiquadratics, "rbf" for one Gaussian
            whose width follows the batch.
        **kwargs: for `Autoencoder`.

    Raises:
        UserError: no such kernel.
    """

    def __init__(self, encoder, decoder, *, kernel="imq", **kwargs):
        if kernel not in KERNELS:
            raise unknown("kernel", kernel, KERNELS)
        super().__init__(encoder, decoder, **kwargs)
        self.kernel = kernel

    def penalty(self, output):
        """Unbiased estimate of the squared MMD; zero for a batch of one."""
        count = ops.shape(output.codes)[0]
        draws = self.prior(count)
        kernel = theory.multiscale_imq(self.latent_dim, self.prior_scale)
        if self.kernel == "rbf":
            variance = theory.median_variance(draws, output.codes)

            def kernel(squared):
                return theory.rbf_kernel(squared, variance)

        estimate = theory.mmd_u(draws, output.codes, kernel)
        return ops.where(count > 1, estimate, 0.0)

    def get_config(self):
        """The arguments, for saving."""
        return {**super().get_config(), "kernel": self.kernel}
