"""Train with and without knowledge of the measurement, and compare: `run(config)`."""

import functools

import keras
import numpy as np

from lessons.adversarial.ambient_gan import data, evaluation, figures, networks
from lessons.adversarial.ambient_gan.measurements import BlockPixels
from lessons.adversarial.ambient_gan.model import AmbientGAN, AmbientWGAN
from lessons.adversarial.ambient_gan.variants import VARIANTS
from lessons.toolkit import quality, runtime
from lessons.toolkit.callbacks import Watch
from lessons.toolkit.data import find
from lessons.toolkit.errors import UserError
from lessons.toolkit.experiment import Example, fit, running

_MODELS = {"wgan_gp": AmbientWGAN, "gan": AmbientGAN}
_CURVE_SAMPLES = 500  # of the Fréchet distance while training


def assumed_measurement(config, measurement):
    """The measurement the ambient model applies: the true one, or a wrong one.

    Args:
        config: the configuration; `assumed_p` makes it a wrong one.
        measurement: the one that the data went through.

    Raises:
        UserError: `assumed_p` is given for another measurement than block pixels.
    """
    if config.assumed_p is None:
        return measurement
    if not isinstance(measurement, BlockPixels):
        raise UserError(
            "assumed_p is about measurement=block_pixels, "
            f"got {config.measurement!r}. Allowed: assumed_p=none."
        )
    return BlockPixels(measurement.image_shape, config.assumed_p)


def build_model(config, variant, image_shape):
    """The model of a variant, not compiled.

    Args:
        config: a `Config`.
        variant: a `Variant`.
        image_shape: of an image.
    """
    options, measured_shape = {}, image_shape
    if variant.measures:
        true = data.make_measurement(config.measurement, image_shape, config)
        measurement = assumed_measurement(config, true)
        measured_shape = measurement.output_shape
        options = {"measurement": measurement, "remeasure": config.remeasure}
    if config.loss == "wgan_gp":
        options["penalty"] = config.penalty
    return _MODELS[config.loss](
        *networks.build(config, image_shape, measured_shape),
        critic_updates=config.critic_updates,
        generator_updates=config.generator_updates,
        seed=config.seed,
        **options,
    )


def compiled(config, variant, image_shape, **options):
    """The model of a variant, ready for `fit`; options go to `compile`."""
    runtime.seed_everything(config.seed)
    model = build_model(config, variant, image_shape)
    rates = config.learning_rate, config.beta_1, config.beta_2
    adam = [keras.optimizers.Adam(*rates) for _ in range(2)]
    model.compile(*adam, **options)
    return model


def train(config, variant, seen, examples):
    """Train one variant; returns a `Trained`.

    Its history has the `loss` of each epoch, and now and then `frechet`: the squared
    Fréchet distance of samples, from the same codes, to the clean images.

    Args:
        config: a `Config`.
        variant: a `Variant`.
        seen: what it is trained on, as from `data.training_set`.
        examples: the `Examples`.
    """
    model = compiled(config, variant, examples.train.shape[1:])

    def look(model):
        samples = model.sample(_CURVE_SAMPLES, seed=1)
        return {"frechet": quality.frechet_distance(samples, examples.reference)}

    watch = Watch(look, figures.epochs_between(config))
    return fit(model, seen, config, description=variant.label, callbacks=[watch])


def run(config):
    """Train every variant of a configuration and judge its samples.

    Args:
        config: a `Config`.

    Returns:
        A `Report`. Metrics: for each variant those of `evaluation.evaluate` and
        `seconds_per_epoch`; those of `evaluation.baselines`; `parameters`. The main
        model is that of the variant "ambient" if it was trained, else the first.
    """
    alone = "networks that take turns"
    with running("ambient_gan", config, one_device=alone) as report:
        examples = data.load(config)
        shape = examples.train.shape[1:]
        measurement = data.make_measurement(config.measurement, shape, config)
        assumed_measurement(config, measurement)
        few = examples._replace(train=examples.train[:2])
        for name in config.variants:  # refused before anything is trained
            data.training_set(config, VARIANTS[name], few, measurement)
        judge = evaluation.judge_of(config)
        samples, seen = {}, {}
        for name in config.variants:
            variant = VARIANTS[name]
            seen[name] = data.training_set(config, variant, examples, measurement)
            trained = train(config, variant, seen[name], examples)
            samples[name] = trained.model.sample(config.num_samples, seed=2)
            scores = evaluation.evaluate(samples[name], examples, judge)
            report.add(name, trained, scores)
        report.main("ambient" if "ambient" in config.variants else config.variants[0])
        report.metrics |= evaluation.baselines(examples, judge)
        report.figures = figures.all_of(report, examples, measurement, seen, samples)
    return report


def examples(config):
    """A small compiled model with a measurement and one without (`Example`s)."""
    is_file = config.source == "images"
    shape = (64, 64, 3) if is_file else find(config.source).shape
    rng, exceptions = np.random.default_rng(0), {}
    if config.loss == "wgan_gp":
        exceptions["every weight moves"] = (
            "The dual value does not depend on the critic's last bias."
        )
    for name in [n for n in ("ambient", "full") if n in config.variants]:
        variant, seen = VARIANTS[name], shape
        if variant.measures and not config.remeasure:
            measurement = data.make_measurement(config.measurement, shape, config)
            seen = measurement.output_shape
        yield Example(
            name=name,
            build=functools.partial(compiled, config, variant, shape),
            # A power of two: then the weights of a mean add up to exactly one.
            x=rng.random((4 if shape[0] > 8 else 8, *seen), dtype=np.float32),
            exceptions=exceptions,
        )
