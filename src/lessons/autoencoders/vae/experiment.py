"""Train and compare variational autoencoders: `run(config)`."""

import functools

import numpy as np

from lessons.autoencoders.vae import evaluation, figures, normalization, optimizers
from lessons.autoencoders.vae.model import DenseVAE
from lessons.autoencoders.vae.model_conv import ConvVAE
from lessons.autoencoders.vae.variants import VARIANTS
from lessons.toolkit import data, runtime
from lessons.toolkit.errors import UserError
from lessons.toolkit.experiment import Example, fit, running

OPTIMIZERS = {"sgd": optimizers.NesterovSGD, "rmsprop": optimizers.RescalingRMSprop}


def build_model(config, variant, image_shape):
    """The model of a variant, not compiled.

    Args:
        config: a `Config`.
        variant: a `Variant`.
        image_shape: (height, width, channels).

    Raises:
        UserError: the widths do not fit the family.
    """
    common = {
        "variance": config.variance,
        "beta": config.beta,
        "batch_norm": variant.batch_norm,
        "weight_range": config.weight_range,
        "norm_momentum": config.norm_momentum,
        "norm_epsilon": config.norm_epsilon,
        "output": config.output,
        "seed": config.seed,
    }
    if config.family == "dense":
        return DenseVAE(
            image_shape,
            config.latent_dim,
            config.encoder_units,
            config.decoder_units,
            **common,
        )
    if len(config.encoder_units) != 1 or config.decoder_units:
        raise UserError(
            "family=conv has one dense block: encoder_units must hold one width and "
            f"decoder_units none, got {config.encoder_units!r} and "
            f"{config.decoder_units!r}."
        )
    return ConvVAE(
        image_shape,
        config.latent_dim,
        config.filters,
        config.encoder_units[0],
        **common,
    )


def compiled(config, variant, image_shape, **options):
    """The model of a variant, ready for `fit`; options go to `compile`."""
    runtime.seed_everything(config.seed)
    model = build_model(config, variant, image_shape)
    kind = OPTIMIZERS[variant.optimizer]
    model.compile(kind(config.learning_rate, config.momentum), **options)
    return model


def train(config, variant, images):
    """Train one variant; returns a `Trained`.

    Batch statistics are estimated anew after training (`normalization`).

    Args:
        config: a `Config`.
        variant: a `Variant`.
        images: shape (batch, height, width, channels), in [0, 1].
    """
    model = compiled(config, variant, images.shape[1:])
    name = {"dense": "dense VAE", "conv": "convolutional VAE"}[config.family]
    trained = fit(model, images, config, description=f"{name}, {variant.label}")
    normalization.estimate_statistics(model, images, config.batch_size)
    return trained


def run(config):
    """Train every variant of a configuration and judge it on held-out images.

    Args:
        config: a `Config`.

    Returns:
        A `Report`. Metrics: for each variant those of `evaluation.evaluate` and
        `seconds_per_epoch`; those of `evaluation.baselines`; `parameters`. The main
        model is the first variant's.
    """
    with running("vae", config) as report:
        split = data.load_for(config)
        train_images, test_images = split.train_images, split.test_images
        for name in config.variants:
            trained = train(config, VARIANTS[name], train_images)
            scores = evaluation.evaluate(
                trained.model, test_images, config.num_eval_samples, config.seed
            )
            report.add(name, trained, scores)
        report.main(config.variants[0])
        report.metrics |= evaluation.baselines(
            train_images, test_images, config.variance, config.latent_dim
        )
        report.figures = figures.all_of(report, test_images)
    return report


def examples(config):
    """Small compiled models of the last and the first variant, as `Example`s.

    Between them they have both optimizers, with and without batch normalisation.
    """
    shape = data.find(config.source).shape
    images = np.random.default_rng(0).random((11, *shape), dtype=np.float32)
    for name in dict.fromkeys((config.variants[-1], config.variants[0])):
        variant, exceptions = VARIANTS[name], {}
        if variant.batch_norm:
            exceptions["every weight moves"] = (
                "Biases in front of batch normalisation have no gradient."
            )
        yield Example(
            name=name,
            build=functools.partial(compiled, config, variant, shape),
            x=images,
            exceptions=exceptions,
        )
