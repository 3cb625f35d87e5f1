"""Train and compare autoencoders that differ in one penalty: `run(config)`."""

import functools

import keras
import numpy as np

from lessons.autoencoders.wasserstein_autoencoder import (
    data,
    evaluation,
    figures,
    networks,
)
from lessons.autoencoders.wasserstein_autoencoder.model import VAE, WAEMMD, Autoencoder
from lessons.autoencoders.wasserstein_autoencoder.model_gan import WAEGAN
from lessons.autoencoders.wasserstein_autoencoder.pretraining import pretrain
from lessons.autoencoders.wasserstein_autoencoder.variants import VARIANTS
from lessons.toolkit import quality, runtime
from lessons.toolkit.errors import UserError
from lessons.toolkit.experiment import Example, fit, running


def build_networks(config, image_shape, stochastic=False):
    """(encoder, decoder) of a configuration.

    Args:
        config: a `Config`.
        image_shape: (height, width, channels).
        stochastic: whether codes are Gaussian.
    """
    recipe = networks.Recipe(
        norm_momentum=config.norm_momentum,
        norm_epsilon=config.norm_epsilon,
        weight_deviation=config.weight_deviation,
        input_noise=config.input_noise,
        stochastic=stochastic,
    )
    if config.family == "dense":
        if config.source == "images":
            raise UserError(
                "source=images has pixels in [-1, 1], the dense decoder a sigmoid. "
                "Allowed: family=conv."
            )
        return networks.dense_pair(image_shape, config.latent_dim, config.units, recipe)
    return networks.conv_pair(
        image_shape,
        config.latent_dim,
        config.filters,
        config.decoder_filters,
        recipe,
        kernel_size=config.kernel_size,
        output="tanh" if config.source == "images" else "sigmoid",
    )


def build_model(config, variant, image_shape):
    """The model of a variant, not compiled.

    Args:
        config: a `Config`.
        variant: a `Variant`.
        image_shape: (height, width, channels).
    """
    pair = build_networks(config, image_shape, variant.is_stochastic)
    common = {
        "cost": config.cost,
        "cost_weight": config.cost_weight,
        "prior_scale": config.prior_scale,
        "seed": config.seed,
    }
    if variant.kind == "ae":
        return Autoencoder(*pair, **common)
    if variant.kind == "vae":
        variance = config.wide_variance if variant.is_wide else config.variance
        return VAE(*pair, variance=variance, **common)
    if variant.kind == "mmd":
        common["penalty_weight"] = config.mmd_weight
        return WAEMMD(*pair, kernel=variant.kernel, **common)
    weight = config.gan_strong_weight if variant.is_strong else config.gan_weight
    return WAEGAN(
        *pair,
        networks.discriminator(config.latent_dim, config.discriminator_units),
        prior_aware=config.prior_aware,
        penalty_weight=weight,
        **common,
    )


def make_optimizer(config, rate, num_images):
    """Adam with the rate's drops.

    Args:
        config: a `Config`.
        rate: the first rate.
        num_images: in the training set, which makes epochs into steps.

    Raises:
        UserError: drop_epochs and drop_factors differ in length, or do not rise.
    """
    epochs, factors = config.drop_epochs, config.drop_factors
    if len(epochs) != len(factors) or list(epochs) != sorted(set(epochs)):
        raise UserError(
            "drop_epochs must rise and have as many entries as drop_factors, got "
            f"{epochs!r} and {factors!r}."
        )
    if epochs:
        steps = -(-num_images // config.batch_size)
        rates = [rate]
        for factor in factors:
            rates.append(rates[-1] / factor)
        rate = keras.optimizers.schedules.PiecewiseConstantDecay(
            [epoch * steps for epoch in epochs], rates
        )
    return keras.optimizers.Adam(rate, config.beta_1)


def compiled(config, variant, image_shape, num_images, **options):
    """The model of a variant, ready for `fit`.

    Args:
        config: a `Config`.
        variant: a `Variant`.
        image_shape: (height, width, channels).
        num_images: in the training set.
        **options: for `compile`.
    """
    runtime.seed_everything(config.seed)
    model = build_model(config, variant, image_shape)
    rates = [config.learning_rate]
    if variant.kind == "gan":
        rates.append(config.discriminator_rate)
    optimizers = [make_optimizer(config, rate, num_images) for rate in rates]
    model.compile(*optimizers, **options)
    return model


def train(config, variant, images):
    """Train one variant; returns a `Trained`.

    Args:
        config: a `Config`.
        variant: a `Variant`.
        images: shape (batch, height, width, channels).
    """
    model = compiled(config, variant, images.shape[1:], len(images))
    if config.pretrain_steps and variant.kind != "ae":
        pretrain(model, images, num_steps=config.pretrain_steps)
    return fit(model, images, config, description=variant.label)


def run(config):
    """Train every variant of a configuration and judge it on held-out images.

    Args:
        config: a `Config`.

    Returns:
        A `Report`. Metrics: for each variant those of `evaluation.evaluate` and
        `seconds_per_epoch`; those of `evaluation.references`; `parameters`. The main
        model is the first variant's.
    """
    has_gan = any(VARIANTS[name].kind == "gan" for name in config.variants)
    one_device = "WAE-GAN" if has_gan else ""
    with running("wasserstein_autoencoder", config, one_device=one_device) as report:
        pictures = data.load(config)
        judge = None
        if pictures.split is not None:
            judge = quality.Judge(pictures.split, seed=config.seed)
        for name in config.variants:
            trained = train(config, VARIANTS[name], pictures.train)
            scores = evaluation.evaluate(trained.model, pictures, judge, config.seed)
            report.add(name, trained, scores)
        report.metrics |= evaluation.references(pictures, judge)
        report.figures = figures.all_of(report, pictures.test)
        report.main(config.variants[0])
    return report


def examples(config):
    """A small compiled model of each kind, with random images (`Example`s)."""
    shape = data.image_shape(config)
    size = 11 if config.preset == "smoke" else 3
    images = np.random.default_rng(0).random((size, *shape), dtype=np.float32)
    kinds = {VARIANTS[name].kind: name for name in config.variants}
    for name in kinds.values():
        yield Example(
            name=name,
            build=functools.partial(compiled, config, VARIANTS[name], shape, size),
            x=images,
        )
