"""Train networks whose layers all may answer, and compare: `run(config)`."""

import time

import keras
import numpy as np

from lessons.memory.variable_depth import data, evaluation, figures, lazy
from lessons.memory.variable_depth.model import VariableDepth
from lessons.memory.variable_depth.variants import VARIANTS
from lessons.toolkit import clock, quality, runtime
from lessons.toolkit.callbacks import Watch
from lessons.toolkit.experiment import Example, fit, running

TIMED_ROWS = 4000


def build_model(config, variant, num_examples=1):
    """The network of a variant, not compiled.

    Args:
        config: a `Config`.
        variant: a `Variant`.
        num_examples: for training; the decay is divided by it.
    """
    num_features, num_classes = data.sizes(config)
    return VariableDepth(
        num_features,
        num_classes,
        units=config.units,
        num_layers=config.num_layers,
        slice_units=config.slice_units,
        activation=config.activation,
        gating=variant.gating,
        alpha=variant.alpha,
        cost=variant.cost,
        supervision=variant.supervision,
        ponder=variant.ponder,
        start=variant.start,
        first=config.first,
        decay=1 / num_examples if config.weight_decay else 0.0,
        seed=config.seed,
    )


def compiled(config, variant, num_examples=1, **options):
    """The network of a variant, ready for `fit`; options go to `compile`."""
    runtime.seed_everything(config.seed)
    model = build_model(config, variant, num_examples)
    if config.optimizer == "sgd":
        optimizer = keras.optimizers.SGD(config.learning_rate, momentum=0.9)
    else:
        optimizer = keras.optimizers.Adam(config.learning_rate)
    metrics = [
        keras.metrics.SparseCategoricalAccuracy(name="accuracy"),
        keras.metrics.SparseCategoricalCrossentropy(name="nll", from_logits=True),
    ]
    model.compile(optimizer, metrics=metrics, **options)
    return model


class HalveWhenFlat(keras.callbacks.Callback):
    """Halves the rate after an epoch in which the validation loss fell too little.

    Args:
        least_gain: by how much `val_nll` must fall, as a part of itself.
        least_rate: training stops below it.
    """

    def __init__(self, least_gain=0.01, least_rate=1e-8):
        super().__init__()
        self.least_gain, self.least_rate = least_gain, least_rate
        self._before = np.inf

    def on_epoch_end(self, epoch, logs=None):
        """Compare with the epoch before."""
        now = logs["val_nll"]
        if now > (1 - self.least_gain) * self._before:
            rate = float(self.model.optimizer.learning_rate) / 2
            self.model.optimizer.learning_rate = rate
            self.model.stop_training = rate < self.least_rate
        self._before = now


def train(config, variant, features):
    """Train one variant; returns a `Trained`.

    The history holds, beside Keras's numbers, those of `evaluation.glance` at the test
    examples every `look_every` epochs, their names with "look_" in front. With
    `optimizer="sgd"` the last tenth of the training examples decides about the rate.

    Args:
        config: a `Config`.
        variant: a `Variant`.
        features: `data.Features`.
    """
    x, y = features.train_features, features.train_labels
    model = compiled(config, variant, len(x))
    judged = features.test_labels, features.test_kinds

    def look(network):
        found = evaluation.answers(network, features.test_features)
        numbers = evaluation.glance(found, *judged)
        return {f"look_{name}": value for name, value in numbers.items()}

    callbacks, options = [Watch(look, config.look_every)], {}
    if config.optimizer == "sgd":
        kept = len(x) - max(1, len(x) // 10)
        options["validation_data"] = x[kept:], y[kept:]
        x, y = x[:kept], y[:kept]
        callbacks.append(HalveWhenFlat())
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
    """Train every variant of a configuration and judge it on test examples.

    Args:
        config: a `Config`.

    Returns:
        A `Report`. Metrics: for each variant those of `evaluation.evaluate`, such as
        `little/depth_0` and `tau_0.5/little/hard`; those of `evaluation.glance` after
        some epochs, such as `at_15/little/depth_0`; with `timed` those of `walls`; and
        those of `quality.baselines_of_features`. The main model is the first variant's.
    """
    with running("variable_depth", config) as report:
        for name in config.variants:
            variant = VARIANTS[name]
            features = data.load(config, variant)
            trained = train(config, variant, features)
            scores, groups = evaluation.evaluate(trained.model, features, config)
            if config.timed and variant.gating == "cascade":
                scores |= walls(trained.model, features.test_features)
            report.add(name, trained, scores)
            groups |= looks(trained.history, config.look_every)
            report.metrics |= {
                f"{group}/{name}/{key}": value
                for group, numbers in groups.items()
                for key, value in numbers.items()
            }
        report.main(config.variants[0])
        usual = data.load(config)
        report.metrics |= quality.baselines_of_features(
            (usual.train_features, usual.train_labels),
            (usual.test_features, usual.test_labels),
        )
        report.figures = figures.all_of(report)
    return report


def looks(history, every):
    """What was looked at during training, as groups `at_EPOCHS`."""
    columns = {
        name.removeprefix("look_"): values
        for name, values in history.items()
        if name.startswith("look_")
    }
    count = len(next(iter(columns.values()), []))
    return {
        f"at_{(at + 1) * every}": {name: v[at] for name, v in columns.items()}
        for at in range(count)
    }


def walls(model, features, threshold=0.5, repeats=5):
    """Early exit by the processor's clock, on `TIMED_ROWS` rows.

    Args:
        model: a `VariableDepth` with gates.
        features: examples, repeated as needed.
        threshold: of the summed gates.
        repeats: how often each way is timed.

    Returns:
        Numbers by name: `seconds_full` of the processor, all layers and the last
        classifier; `seconds_early`; `work_early`, the multiplications of the latter as
        a part of the former's; `same_exits`, part of the rows whose exit is that of
        `evaluation.exits_by_gates`.
    """
    rows = np.resize(features, (TIMED_ROWS, features.shape[1]))
    early = lazy.EarlyExit(model)
    exits = early.predict(rows, threshold)[1]
    work = early.multiplications / (early.sizes.plain * len(rows))
    found = evaluation.answers(model, rows)
    ruled = evaluation.exits_by_gates(found.log_gates, threshold) + 1
    spent = clock.seconds(
        {
            "seconds_full": lambda: early.predict_all(rows),
            "seconds_early": lambda: early.predict(rows, threshold),
        },
        repeats,
        time.process_time,
    )
    same = float(np.mean(exits == ruled))
    return {**spent, "work_early": work, "same_exits": same}


def examples(config):
    """A small compiled network of every variant, with random inputs (`Example`s)."""
    num_features, num_classes = data.sizes(config)
    rng = np.random.default_rng(0)
    count = 11 if config.preset.startswith("smoke") else 3
    x = rng.standard_normal((count, num_features), dtype=np.float32)
    y = rng.integers(num_classes, size=count)
    for name in config.variants:
        yield Example(
            name=name,
            build=lambda variant=VARIANTS[name], **options: compiled(
                config, variant, count, **options
            ),
            x=x,
            y=y,
        )
