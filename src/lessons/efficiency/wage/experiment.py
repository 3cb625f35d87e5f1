"""Train and compare: `run(config)`."""

import keras
import numpy as np

from lessons.efficiency.wage import data, evaluation, figures, theory
from lessons.efficiency.wage.model import IntegerClassifier
from lessons.efficiency.wage.optimizer import IntegerSGD
from lessons.efficiency.wage.variants import VARIANTS
from lessons.toolkit import quality, runtime
from lessons.toolkit.experiment import Example, fit, running


def build_model(config, variant, image_shape, num_classes=10):
    """The network of a variant, not compiled.

    Args:
        config: a `Config`.
        variant: a `Variant`.
        image_shape: (height, width, channels).
        num_classes: classes.
    """
    return IntegerClassifier(
        image_shape,
        num_classes,
        config.network,
        variant.bits,
        recipe=config.recipe,
        beta=config.beta,
        gamma=variant.gamma,
        batch_norm=variant.batch_norm,
        loss=variant.loss,
        only_last=variant.only_last,
        augment=config.augment,
        seed=config.seed,
    )


def make_optimizer(config, variant, num_examples):
    """The optimizer of a variant, its rate divided after each of `config.drops`.

    Args:
        config: a `Config`.
        variant: a `Variant`.
        num_examples: of an epoch.
    """
    whole = variant.momentum is None
    first = (config.rate if whole else config.real_rate) * 2.0**variant.rate_shift
    steps = -(-num_examples // config.batch_size)
    rate = first
    if config.drops:
        rate = keras.optimizers.schedules.PiecewiseConstantDecay(
            [epoch * steps for epoch in config.drops],
            [first / config.drop_factor**n for n in range(len(config.drops) + 1)],
        )
    if not whole:
        return keras.optimizers.SGD(rate, momentum=variant.momentum)
    code = config.recipe == "code"
    return IntegerSGD(
        rate,
        variant.bits[2],
        variant.rounding,
        limit=1 - theory.step(variant.bits[0]) if code else None,
        seed=config.seed,
    )


def compiled(
    config, variant, image_shape, num_classes=10, num_examples=1000, **options
):
    """The network of a variant, ready for `fit`; options go to `compile`."""
    runtime.seed_everything(config.seed)
    model = build_model(config, variant, image_shape, num_classes)
    accuracy = keras.metrics.SparseCategoricalAccuracy(name="accuracy")
    optimizer = make_optimizer(config, variant, num_examples)
    model.compile(optimizer, metrics=[accuracy], **options)
    return model


def train(config, variant, split, callbacks=()):
    """Train one variant; returns a `Trained`.

    Args:
        config: a `Config`.
        variant: a `Variant`.
        split: a `Split`.
        callbacks: of Keras.
    """
    images, classes = split.train_images, len(split.class_names)
    model = compiled(config, variant, images.shape[1:], classes, len(images))
    return fit(
        model,
        images,
        config,
        y=split.train_labels,
        description=variant.label,
        callbacks=callbacks,
    )


def run(config):
    """Train every variant of a configuration and judge it on held-out images.

    Args:
        config: a `Config`.

    Returns:
        A `Report`. Metrics: for each variant those of `evaluation.evaluate` and
        `seconds_per_epoch`; those of `quality.baselines`; `parameters`. The main
        model is the first variant's.
    """
    alone = "Errors that are scaled by their greatest entry"
    with running("wage", config, one_device=alone) as report:
        split = data.load(config)
        for name in config.variants:
            trained = train(config, VARIANTS[name], split)
            scores = evaluation.evaluate(
                trained.model, split.test_images, split.test_labels
            )
            report.add(name, trained, scores)
        report.main(config.variants[0])
        report.metrics |= quality.baselines(split)
        report.figures = figures.all_of(report)
    return report


def examples(config):
    """A small compiled network of every variant, with random images (`Example`s)."""
    shape, classes = data.shape_and_classes(config)
    rng = np.random.default_rng(0)
    images = rng.random((11, *shape), dtype=np.float32)
    labels = rng.integers(classes, size=11)
    for name in config.variants:
        yield Example(
            name=name,
            build=lambda variant=VARIANTS[name], **options: compiled(
                config, variant, shape, classes, **options
            ),
            x=images,
            y=labels,
        )
