"""Train and compare: `run(config)`."""

import keras
import numpy as np

from lessons.foundations.stimulated_learning import (
    data,
    evaluation,
    figures,
    layout,
    training,
)
from lessons.foundations.stimulated_learning.model import GridClassifier
from lessons.foundations.stimulated_learning.variants import VARIANTS
from lessons.toolkit import runtime
from lessons.toolkit.experiment import Example, fit, running

MOST_JUDGED = 20_000  # examples of a part whose activations are kept


def build_model(config, variant, num_features, num_classes, centres):
    """The network of a variant, not compiled.

    Args:
        config: a `Config`.
        variant: a `Variant`.
        num_features, num_classes: sizes of input and output.
        centres: places of the stimuli, shape (stimuli, 2).
    """
    return GridClassifier(
        num_features,
        num_classes,
        centres,
        rows=config.rows,
        columns=config.columns,
        num_layers=config.num_layers,
        spread=config.spread,
        stimulus=variant.stimulus,
        direction=variant.direction,
        surface=variant.surface or config.surface,
        regularised=variant.layers,
        adjacency=variant.adjacency,
        wrap=config.wrap,
        first_factor=config.first_factor,
        seed=config.seed,
    )


def compiled(config, variant, num_features, num_classes, centres, **options):
    """The network of a variant, ready for `fit`; options go to `compile`."""
    runtime.seed_everything(config.seed)
    model = build_model(config, variant, num_features, num_classes, centres)
    if config.optimizer == "sgd":
        optimizer = keras.optimizers.SGD(config.learning_rate, momentum=0.9)
    else:
        optimizer = keras.optimizers.Adam(config.learning_rate)
    accuracy = keras.metrics.SparseCategoricalAccuracy(name="accuracy")
    model.compile(optimizer, metrics=[accuracy], **options)
    return model


def find_centres(config, variant, features):
    """Places of the stimuli on the grid for a variant, shape (stimuli, 2)."""
    means = layout.class_means(
        features.train_features, features.train_stimuli[:, 0], features.num_stimuli
    )
    method = variant.centres or config.centres
    return layout.class_centres(means, config.rows, config.columns, method, config.seed)


def train(config, variant, features):
    """Train one variant; returns a `Trained`.

    With `optimizer="sgd"` the rate is halved when the last tenth of the training
    examples, which is kept apart, says so.

    Args:
        config: a `Config`.
        variant: a `Variant`.
        features: `data.Features`.
    """
    x, stimuli = features.train_features, features.train_stimuli
    if variant.shuffled:
        stimuli = np.random.default_rng(config.seed).permutation(stimuli)
    y = np.column_stack([features.train_labels, stimuli])
    centres = find_centres(config, variant, features)
    model = compiled(config, variant, x.shape[1], features.num_classes, centres)
    callbacks, options = [], {}
    if config.optimizer == "sgd":
        kept = len(x) - max(1, len(x) // 10)
        options["validation_data"] = x[kept:], y[kept:]
        x, y = x[:kept], y[:kept]
        callbacks.append(training.HalveRate())
    if config.pretrain_epochs:
        training.pretrain(
            model,
            x,
            epochs=config.pretrain_epochs,
            batch_size=config.batch_size,
            corruption=config.corruption,
            seed=config.seed % 2**31,
        )
    return fit(
        model,
        x,
        config,
        y=y,
        description=variant.label,
        callbacks=callbacks,
        **options,
    )


def run(config):
    """Train every variant of a configuration and judge it on held-out examples.

    Args:
        config: a `Config`.

    Returns:
        A `Report`. Metrics: for each variant those of `evaluation.evaluate` and
        `seconds_per_epoch`; the same of the units laid out after training, as
        sorted/VARIANT/METRIC; those of `evaluation.baselines`; `parameters`. The main
        model is the first variant's.
    """
    with running("stimulated_learning", config) as report:
        features = data.load(config)
        judged = data.thinned(features, MOST_JUDGED)
        for name in config.variants:
            trained = train(config, VARIANTS[name], features)
            report.add(name, trained, judge(config, trained.model, judged))
            if name in config.reordered:
                after = layout.laid_out(
                    trained.model, judged.train_features, judged.train_stimuli[:, 0]
                )
                scores = judge(config, after, judged)
                report.metrics |= {f"sorted/{name}/{k}": v for k, v in scores.items()}
        report.main(config.variants[0])
        report.metrics |= evaluation.baselines(judged)
        report.figures = figures.all_of(report, judged)
    return report


def judge(config, model, features):
    """`evaluation.evaluate` with a configuration's mask and seed."""
    return evaluation.evaluate(model, features, config.mask_spread, config.seed)


def examples(config):
    """A small compiled network of every variant, with random inputs (`Example`s)."""
    num_features, num_classes, num_stimuli = data.sizes(config)
    rng = np.random.default_rng(0)
    x = rng.standard_normal((11, num_features), dtype=np.float32)
    y = rng.integers(num_classes, size=11)
    if config.context or num_classes != num_stimuli:
        stimuli = rng.integers(-1, num_stimuli, (11, 3))
        y = np.column_stack([y, stimuli])
    centres = layout.class_centres(
        np.zeros((num_stimuli, 1)), config.rows, config.columns, "circle"
    )
    for name in config.variants:
        yield Example(
            name=name,
            build=lambda variant=VARIANTS[name], **options: compiled(
                config, variant, num_features, num_classes, centres, **options
            ),
            x=x,
            y=y,
        )
