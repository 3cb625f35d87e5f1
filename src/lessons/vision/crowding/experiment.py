"""Train networks on targets and look at what flankers do: `run(config)`."""

import keras
import numpy as np

from lessons.toolkit import runtime
from lessons.toolkit.experiment import Example, fit, running
from lessons.vision.crowding import analysis, data, evaluation, figures, inputs
from lessons.vision.crowding.model import ScaleNet
from lessons.vision.crowding.variants import VARIANTS


def build_model(config, variant):
    """The network of a variant, not compiled.

    Args:
        config: a `Config`.
        variant: a `Variant`.
    """
    return ScaleNet(
        config.crop,
        config.code(variant),
        variant.layout,
        config.filters,
        config.kernel,
        config.window,
        config.margin,
        config.deviation,
        seed=config.seed,
    )


def compiled(config, variant, num_examples=32, **options):
    """The network of a variant, ready for `fit`; options go to `compile`."""
    runtime.seed_everything(config.seed)
    model = build_model(config, variant)
    if config.optimizer == "adagrad":
        optimizer = keras.optimizers.Adagrad(config.learning_rate)
    else:
        steps = -(-num_examples // config.batch_size) * config.epochs * variant.rounds
        rate = keras.optimizers.schedules.CosineDecay(config.learning_rate, steps)
        optimizer = keras.optimizers.Adam(rate)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer, loss, **options)
    return model


def train(config, variant, objects):
    """Train one variant; returns a `Trained`.

    Args:
        config: a `Config`.
        variant: a `Variant`.
        objects: `data.Objects`.
    """
    crops, labels = inputs.training(objects, config, variant)
    return fit(
        compiled(config, variant, len(crops)),
        crops,
        config.replace(epochs=config.epochs * variant.rounds),
        y=labels,
        description=variant.label,
    )


def judge(config, name, trained, objects):
    """Numbers of a trained variant, as a dictionary of metrics.

    Args:
        config: a `Config`.
        name: a key of `VARIANTS`.
        trained: a `Trained`.
        objects: `data.Objects`.

    Returns:
        (scores, metrics): of the variant by METRIC, and by GROUP/VARIANT/METRIC.
    """
    variant, model = VARIANTS[name], trained.model
    scores, details = evaluation.evaluate(model, objects, config, variant)
    scores["loss"] = trained.history["loss"][-1]
    if variant.pooling == "late":
        scores |= analysis.scales_alone(model, objects, config, variant)
    if variant.pooling == "single" and variant.layout == "end":
        found = analysis.additivity(model, objects, config, variant)
        details["additivity"] = {
            f"{key}_{spacing}": value
            for spacing, values in found.items()
            for key, value in values.items()
        }
    metrics = {
        f"{group}/{name}/{key}": value
        for group, values in details.items()
        for key, value in values.items()
    }
    return scores, metrics


def run(config):
    """Train every variant of a configuration and judge it in every condition.

    Args:
        config: a `Config`.

    Returns:
        A `Report`. Metrics: for each variant those of `evaluation.evaluate`, of
        `analysis.scales_alone` (late pooling), `loss` and `seconds_per_epoch`; by
        GROUP/VARIANT/METRIC the accuracy in every condition and what
        `analysis.additivity` finds; `majority`, `ink/KIND`, `parameters`. The main
        model is the first one's.
    """
    with running("crowding", config) as report:
        objects = data.load(config)
        for name in config.variants:
            trained = train(config, VARIANTS[name], objects)
            scores, metrics = judge(config, name, trained, objects)
            report.add(name, trained, scores)
            report.metrics |= metrics
        report.metrics["majority"] = float(
            np.bincount(objects.test_labels).max() / len(objects.test_labels)
        )
        report.metrics |= data.ink(objects)
        report.figures = figures.all_of(report)
    return report


def examples(config):
    """A small compiled network of each kind, with random crops (`Example`s)."""
    rng = np.random.default_rng(0)
    for name in config.variants:
        variant = VARIANTS[name]
        shape = (11, config.code(variant)[0], config.crop, config.crop, 1)

        def build(variant=variant, **options):
            return compiled(config, variant, **options)

        yield Example(
            name=name,
            build=build,
            x=rng.random(shape, dtype=np.float32),
            y=rng.integers(5, size=11),
        )
