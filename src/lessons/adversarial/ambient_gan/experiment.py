"""Train with and without knowledge of the measurement, and compare: `run(config)`."""

import functools
import time

import keras
import numpy as np

from lessons.adversarial.ambient_gan import data, figures, networks
from lessons.adversarial.ambient_gan.config import PRESETS
from lessons.adversarial.ambient_gan.measurements import BlockPixels
from lessons.adversarial.ambient_gan.model import AmbientGAN, AmbientWGAN
from lessons.toolkit import quality, results, runtime
from lessons.toolkit.errors import UserError
from lessons.toolkit.experiment import Report, fit

_MODELS = {"wgan_gp": AmbientWGAN, "gan": AmbientGAN}
_CURVE_SAMPLES = 500  # of the Fréchet distance while training
_CURVE_POINTS = 12  # about how often it is taken
_JUDGE_UNITS = 256  # of the classifier behind the inception score


def believed(config, measurement):
    """The measurement the ambient model applies: the true one, or a wrong one."""
    if config.assumed_p is None:
        return measurement
    if not isinstance(measurement, BlockPixels):
        raise UserError(
            "assumed_p is about measurement=block_pixels, "
            f"got {config.measurement!r}. Allowed: assumed_p=none."
        )
    return BlockPixels(measurement.image_shape, config.assumed_p)


def build_model(config, mode, image_shape):
    """The compiled model of one strategy.

    Args:
        config: a `Config`.
        mode: "full", "ambient", "unmeasure" or "ignore".
        image_shape: of an image.
    """
    options, measured_shape = {}, image_shape
    if mode == "ambient":
        true = data.make_measurement(config.measurement, image_shape, config)
        measurement = believed(config, true)
        measured_shape = measurement.output_shape
        options = {"measurement": measurement, "remeasure": config.remeasure}
    if config.loss == "wgan_gp":
        options["penalty"] = config.penalty
    model = _MODELS[config.loss](
        *networks.build(config, image_shape, measured_shape),
        critic_updates=config.critic_updates,
        generator_updates=config.generator_updates,
        seed=config.seed,
        **options,
    )
    rates = config.learning_rate, config.beta_1, config.beta_2
    model.compile(
        keras.optimizers.Adam(*rates),
        keras.optimizers.Adam(*rates),
        steps_per_execution=runtime.steps_per_execution(config),
    )
    return model


class Watch(keras.callbacks.Callback):
    """Fréchet distance to the reference images, now and then while training.

    Attributes:
        epochs, distances: when, and what it was.
    """

    def __init__(self, reference, epochs):
        super().__init__()
        self.reference, self.every = reference, max(1, epochs // _CURVE_POINTS)
        self.epochs, self.distances = [], []

    def on_epoch_end(self, epoch, logs=None):
        """Take samples from the same codes every time."""
        if (epoch + 1) % self.every == 0:
            samples = self.model.sample(_CURVE_SAMPLES, seed=1)
            distance = quality.frechet_distance(samples, self.reference)
            self.epochs.append(epoch + 1)
            self.distances.append(distance)


def train(config, mode, examples, measurement):
    """Train one strategy.

    Returns:
        (model, what it was trained on, `Watch`, seconds of an epoch).
    """
    runtime.seed_everything(config.seed)
    seen = data.training_set(config, mode, examples, measurement)
    model = build_model(config, mode, examples.train.shape[1:])
    watch = Watch(examples.reference, config.epochs)
    _, _, seconds = fit(model, seen, config, description=mode, callbacks=[watch])
    return model, seen, watch, seconds


def judge(config):
    """A classifier trained on clean images, or None where there are no labels."""
    if config.source == "images":
        return None
    return _judge(config.source, config.seed, config.num_train, config.data_path)


@functools.lru_cache(maxsize=1)
def _judge(*source):
    """The judge of a data set, kept for the next run on the same one."""
    return quality.Judge(data.labelled(*source), units=_JUDGE_UNITS, seed=0)


def score(samples, examples, referee):
    """Numbers that say how good samples are, by name."""
    scores = {
        "frechet": quality.frechet_distance(samples, examples.reference),
        "mean_pixel": float(np.mean(samples)),
    }
    if referee is not None:
        grey = (samples - examples.low) / (1.0 - examples.low)
        scores["inception"] = referee.inception_score(grey)
    return scores


def run(config):
    """Train every strategy of a configuration and judge its samples.

    Args:
        config: a `Config`.

    Returns:
        A `Report`. Metrics, each prefixed with the strategy: `frechet` (squared Fréchet
        distance of the pixels to the clean images), `inception` (score by a classifier
        of clean images), `mean_pixel`, `seconds_per_epoch`; and `real/...` for the
        images themselves. The main model is that of the strategy "ambient" if it was
        trained, else the first.
    """
    start = time.perf_counter()
    if not config.modes:
        raise UserError("modes must name at least one strategy, got none.")
    if config.strategy != "none":
        raise UserError(
            "networks that take turns cannot share a batch between several devices. "
            f"Allowed: strategy=none, got {config.strategy!r}."
        )
    with runtime.session(config):
        examples = data.load(config)
        shape = examples.train.shape[1:]
        measurement = data.make_measurement(config.measurement, shape, config)
        believed(config, measurement)
        for mode in config.modes:  # refused before anything is trained
            data.training_set(
                config,
                mode,
                examples._replace(train=examples.train[:2]),
                measurement,
            )
        referee = judge(config)
        metrics, history, models, samples, seen = {}, {}, {}, {}, {}
        for mode in config.modes:
            model, seen[mode], watch, seconds = train(
                config, mode, examples, measurement
            )
            samples[mode] = model.sample(config.num_samples, seed=2)
            scores = score(samples[mode], examples, referee)
            metrics |= {f"{mode}/{name}": v for name, v in scores.items()}
            metrics[f"{mode}/seconds_per_epoch"] = seconds
            history[f"{mode}/epoch"] = [float(epoch) for epoch in watch.epochs]
            history[f"{mode}/frechet"] = watch.distances
            models[mode] = model
        metrics["real/mean_pixel"] = float(np.mean(examples.reference))
        if referee is not None:
            real = score(examples.reference, examples, referee)
            metrics["real/inception"] = real["inception"]
        pictures = figures.all_of(examples, measurement, seen, samples, history)
        main = models.pop("ambient" if "ambient" in models else config.modes[0])
        metrics["parameters"] = float(
            main.generator.count_params() + main.critic.count_params()
        )
    return Report(
        slug="ambient_gan",
        config=config,
        metrics=metrics,
        history=history,
        figures=pictures,
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
