"""Train and compare critics and GANs under all regularisers: `run(config)`."""

import time

import keras
import numpy as np

from lessons.adversarial.spectral_normalization import (
    data,
    evaluation,
    figures,
    networks,
    networks_images,
    plane,
)
from lessons.adversarial.spectral_normalization.config import PRESETS, SETTINGS
from lessons.adversarial.spectral_normalization.model import RegularizedGAN
from lessons.adversarial.spectral_normalization.regularizers import REGULARIZERS
from lessons.toolkit import results, runtime
from lessons.toolkit.errors import UserError
from lessons.toolkit.experiment import Report, fit

_SHOWN = 32  # samples of each model in a figure


def build_networks(config, regularizer, shape, num_classes=0):
    """(generator, critic) of a configuration.

    Args:
        config: a `Config`.
        regularizer: a `Regularizer`.
        shape: of one example.
        num_classes: classes of the side information, 0 for none.

    Raises:
        UserError: the architecture does not take labels or images of this shape.
    """
    wide = config.latent_dim, config.generator_units, shape
    if config.architecture == "cnn":
        if num_classes:
            raise UserError(
                "architecture=cnn takes no labels. Allowed with conditional=yes: "
                "architecture=dense, resnet."
            )
        critic = networks_images.cnn_critic(shape, config.critic_units, regularizer)
        return networks_images.cnn_generator(*wide), critic
    kind = networks if config.architecture == "dense" else networks_images
    prefix = config.architecture
    generator = getattr(kind, f"{prefix}_generator")(*wide, num_classes)
    critic = getattr(kind, f"{prefix}_critic")(
        shape, config.critic_units, regularizer, num_classes, config.head
    )
    return generator, critic


def epochs_of(config, column):
    """Passes over the data such that generators get as many updates everywhere."""
    return round(config.epochs * (column.critic_updates + 1) / 2)


def _optimizer(column, decay_steps):
    """Adam of a column of table 1; the rate falls over `decay_steps`, if given."""
    rate = column.rate
    if decay_steps:
        rate = keras.optimizers.schedules.PolynomialDecay(rate, decay_steps, 0.0)
    return keras.optimizers.Adam(rate, column.beta_1, column.beta_2)


def build_model(config, variant, column, shape, *, num_classes=0, num_examples=1):
    """The compiled model of one variant under one setting.

    Args:
        config: a `Config`.
        variant: a key of `REGULARIZERS`.
        column: a `Setting`.
        shape: of one example.
        num_classes: classes of the side information, 0 for none.
        num_examples: training examples, for rates that fall.
    """
    regularizer = REGULARIZERS[variant]
    model = RegularizedGAN(
        *build_networks(config, regularizer, shape, num_classes),
        loss=regularizer.loss or config.loss,
        clip=config.clip if regularizer.clips else None,
        critic_updates=column.critic_updates,
        generator_batches=config.generator_batches,
        seed=config.seed,
        **plane.penalties(config, regularizer),
    )
    updates = config.epochs * -(-num_examples // config.batch_size) // 2
    steps = updates if config.decay else 0
    model.compile(
        _optimizer(column, steps),
        _optimizer(column, steps * column.critic_updates),
        steps_per_execution=runtime.steps_per_execution(config),
    )
    return model


def train(config, variant, name, split):
    """Train one variant under the setting `name`.

    Returns:
        (model, loss after each epoch, seconds of an epoch).
    """
    runtime.seed_everything(config.seed)
    column, num_classes, targets = SETTINGS[name], 0, None
    if config.conditional:
        num_classes = len(split.class_names)
        targets = keras.utils.to_categorical(split.train_labels, num_classes)
    model = build_model(
        config,
        variant,
        column,
        split.train_images.shape[1:],
        num_classes=num_classes,
        num_examples=len(split.train_images),
    )
    _, history, seconds = fit(
        model,
        data.scaled(split.train_images),
        config.replace(epochs=epochs_of(config, column)),
        description=f"setting {name}, {REGULARIZERS[variant].label}",
        y=targets,
    )
    return model, history["loss"], seconds


def score(config, model, split, judge):
    """(metrics, samples) of one trained model."""
    labels, one_hot = None, None
    count = min(len(split.train_images), evaluation.JUDGED)
    if config.conditional:
        labels = split.train_labels[:count]
        one_hot = np.eye(len(split.class_names), dtype=np.float32)[labels]
    samples = data.unscaled(model.sample(count, seed=1, labels=one_hot))
    metrics = evaluation.sample_metrics(samples, split, judge, labels)
    return metrics | evaluation.spectrum_metrics(model.critic), samples


def _check(config):
    if not config.variants and not config.plane_variants:
        raise UserError("variants and plane_variants are both empty: nothing to run.")
    if config.variants and not config.settings:
        raise UserError(f"settings must name some of {', '.join(SETTINGS)}, got none.")
    if config.strategy != "none":
        raise UserError(
            "networks that take turns within one step cannot share a batch between "
            f"several devices. Allowed: strategy=none, got {config.strategy!r}."
        )


def run(config):
    """Train critics in the plane, then GANs under every setting and regulariser.

    Args:
        config: a `Config`.

    Returns:
        A `Report`. Metrics: `plane/VARIANT/...` as `plane.metrics` lists them;
        `SETTING/VARIANT/...`: what `evaluation.sample_metrics` and
        `spectrum_metrics` list, and `seconds_per_epoch`. The main model is that of
        the last variant under the last setting.
    """
    start = time.perf_counter()
    _check(config)
    with runtime.session(config):
        metrics, history, models, samples, critics = {}, {}, {}, {}, {}
        for variant in config.plane_variants:
            critic, losses = plane.train(config, REGULARIZERS[variant])
            found = plane.metrics(critic, config.seed)
            metrics |= {f"plane/{variant}/{key}": v for key, v in found.items()}
            history[f"plane/{variant}/loss"] = losses
            critics[variant] = critic
        split = data.load(config) if config.variants else None
        judge = evaluation.judge_of(split) if config.variants else None
        for name in config.settings:
            for variant in config.variants:
                model, losses, seconds = train(config, variant, name, split)
                found, drawn = score(config, model, split, judge)
                found["seconds_per_epoch"] = seconds
                key = f"{name}/{variant}"
                metrics |= {f"{key}/{metric}": v for metric, v in found.items()}
                history[f"{key}/loss"] = losses
                models[key], samples[key] = model, drawn[:_SHOWN]
        pictures = figures.all_of(config, critics, models, samples, metrics)
        if models:
            main = models[f"{config.settings[-1]}/{config.variants[-1]}"]
        else:
            main = critics[config.plane_variants[-1]]
    return Report(
        slug="spectral_normalization",
        config=config,
        metrics=metrics,
        history=history,
        figures=pictures,
        environment=runtime.environment(),
        seconds=time.perf_counter() - start,
        models={"model": main}
        | {f"critic_{variant}": critic for variant, critic in critics.items()},
    )


def recorded(preset="laptop", **changes):
    """Metrics of the recorded runs of a preset with some fields changed.

    Returns:
        List of (seed, metrics), from the lesson's results.json.
    """
    config = PRESETS[preset].replace(**changes)
    return results.metrics_by_seed(__file__, config)
