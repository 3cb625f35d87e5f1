"""Train and compare autoencoders that differ in one penalty: `run(config)`."""

import time

import keras
import numpy as np

from lessons.autoencoders.wasserstein_autoencoder import (
    data,
    evaluation,
    figures,
    networks,
)
from lessons.autoencoders.wasserstein_autoencoder.config import PRESETS
from lessons.autoencoders.wasserstein_autoencoder.model import VAE, WAEMMD, Autoencoder
from lessons.autoencoders.wasserstein_autoencoder.model_gan import WAEGAN
from lessons.autoencoders.wasserstein_autoencoder.pretraining import pretrain
from lessons.toolkit import quality, results, runtime
from lessons.toolkit.errors import UserError
from lessons.toolkit.experiment import Report, fit

STOCHASTIC = ("vae", "vae_wide", "wae_mmd_random")


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
    """The model of one variant, not compiled."""
    pair = build_networks(config, image_shape, variant in STOCHASTIC)
    common = {
        "cost": config.cost,
        "cost_weight": config.cost_weight,
        "prior_scale": config.prior_scale,
        "seed": config.seed,
    }
    if variant == "ae":
        return Autoencoder(*pair, **common)
    if variant.startswith("vae"):
        wide = variant == "vae_wide"
        variance = config.wide_variance if wide else config.variance
        return VAE(*pair, variance=variance, **common)
    if variant.startswith("wae_gan"):
        strong = variant == "wae_gan_strong"
        return WAEGAN(
            *pair,
            networks.discriminator(config.latent_dim, config.discriminator_units),
            prior_aware=config.prior_aware,
            penalty_weight=config.gan_strong_weight if strong else config.gan_weight,
            **common,
        )
    kernel = "rbf" if variant == "wae_rbf" else "imq"
    return WAEMMD(*pair, kernel=kernel, penalty_weight=config.mmd_weight, **common)


def make_optimizer(config, rate, num_images):
    """Adam with the rate's drops.

    Args:
        config: a `Config`.
        rate: the first rate.
        num_images: in the training set, which makes epochs into steps.

    Raises:
        UserError: drops and factors are not as many.
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


def train(config, variant, images):
    """Train one variant: (model, history, seconds of an epoch)."""
    runtime.seed_everything(config.seed)
    model = build_model(config, variant, images.shape[1:])
    if config.pretrain_steps and variant != "ae":
        pretrain(model, images, num_steps=config.pretrain_steps)
    optimizers = [make_optimizer(config, config.learning_rate, len(images))]
    if isinstance(model, WAEGAN):
        rate = config.discriminator_rate
        optimizers.append(make_optimizer(config, rate, len(images)))
    steps = runtime.steps_per_execution(config)
    model.compile(*optimizers, steps_per_execution=steps)
    text = figures.LOOKS[variant][1]
    _, history, seconds = fit(model, images, config, description=text)
    return model, history, seconds


def run(config):
    """Train every variant of a configuration and judge it on held-out images.

    Args:
        config: a `Config`.

    Returns:
        A `Report`. Metrics: for each variant those of `evaluation.evaluate` and
        `seconds_per_epoch`, prefixed with its name; those of `evaluation.references`;
        and `parameters`. The main model is the first variant's.
    """
    start = time.perf_counter()
    if not config.variants:
        raise UserError("variants must name at least one model to train, got none.")
    if config.strategy != "none" and any("gan" in name for name in config.variants):
        raise UserError(
            "WAE-GAN cannot share a batch between several devices. Allowed with "
            f"strategy={config.strategy}: variants without wae_gan, got "
            f"{', '.join(config.variants)}."
        )
    with runtime.session(config):
        pictures = data.load(config)
        judge = None
        if pictures.split is not None:
            judge = quality.Judge(pictures.split, seed=config.seed)
        metrics, history, models = {}, {}, {}
        for variant in config.variants:
            model, curves, seconds = train(config, variant, pictures.train)
            scores = evaluation.evaluate(model, pictures, judge, config.seed)
            scores["seconds_per_epoch"] = seconds
            metrics |= {f"{variant}/{name}": v for name, v in scores.items()}
            history |= {f"{variant}/{name}": v for name, v in curves.items()}
            models[variant] = model
        metrics |= evaluation.references(pictures, judge)
        pictured = figures.all_of(models, pictures, history, config.seed)
        main = models.pop(config.variants[0])
        metrics["parameters"] = float(
            main.encoder.count_params() + main.decoder.count_params()
        )
    return Report(
        slug="wasserstein_autoencoder",
        config=config,
        metrics=metrics,
        history=history,
        figures=pictured,
        environment=runtime.environment(),
        seconds=time.perf_counter() - start,
        models={"model": main, **models},
    )


def recorded(**changes):
    """Metrics of the recorded runs of the laptop preset with some fields changed.

    Returns:
        List of (seed, metrics), from the lesson's results.json.
    """
    config = PRESETS["laptop"].replace(**changes)
    return results.metrics_by_seed(__file__, config)


def recorded_weights(variant, field, weights, names):
    """Recorded scores of one variant at several weights of its penalty.

    Args:
        variant: such as "wae_mmd".
        field: of the configuration, the weight's.
        weights: its values; 0 stands for the plain autoencoder.
        names: of the metrics.

    Returns:
        Array of shape (weights, names, seeds).
    """
    rows = []
    for weight in weights:
        shown, found = variant, recorded()
        if weight == 0:
            shown = "ae"
        elif weight != getattr(PRESETS["laptop"], field):
            found = recorded(variants=(variant,), **{field: weight})
        rows.append([[r[f"{shown}/{name}"] for _, r in found] for name in names])
    return np.array(rows)
