"""Train networks with and without a structure on one of the tasks: `run(config)`."""

import functools

import keras
import numpy as np

from lessons.memory.neural_stack import data, evaluation, figures
from lessons.memory.neural_stack.cell import TransducerCell
from lessons.memory.neural_stack.model import Transducer
from lessons.memory.neural_stack.variants import VARIANTS
from lessons.toolkit import runtime, sequences
from lessons.toolkit.experiment import Example, fit, running


def build_model(config, variant):
    """The network of a variant, not compiled.

    Args:
        config: a `Config`.
        variant: a `Variant`.
    """
    if variant.lstm_layers:
        cell = TransducerCell(config.lstm_units, "lstm", num_layers=variant.lstm_layers)
    else:
        cell = TransducerCell(
            config.units,
            config.controller,
            structure=variant.structure,
            width=config.width,
            pop_bias=config.pop_bias,
        )
    model = Transducer(
        cell,
        data.tokens(config),
        data.classes(config),
        embedding=config.embedding,
        # An LSTM network has its softmax on its last layer.
        output_layer=config.output_layer and variant.structure is not None,
    )
    model.build((None, None))
    return model


def compiled(config, variant, **options):
    """The network of a variant, ready for `fit`; options go to `compile`."""
    runtime.seed_everything(config.seed)
    kinds = {"adam": keras.optimizers.Adam, "rmsprop": keras.optimizers.RMSprop}
    optimizer = kinds[config.optimizer](
        config.learning_rate, global_clipnorm=config.clip_norm
    )
    model = build_model(config, variant)
    model.compile(optimizer, **{"jit_compile": config.compiled} | options)
    return model


def stream(config):
    """Batches of fresh sequences, without end: a `tf.data.Dataset`."""

    def draw(rng, epoch):
        shape = config.updates_per_epoch, config.batch_size
        lengths = rng.choice(config.train_lengths, shape)
        batch = data.draw(config, rng, lengths.ravel(), max(config.train_lengths))
        return [x.reshape(*shape, *x.shape[1:]) for x in batch]

    return sequences.stream(config, draw)


def train(config, variant):
    """Train one variant until the task is learned or the epochs are over: `Trained`."""
    steps = runtime.steps_per_execution(config, config.updates_per_epoch)
    stops = [sequences.StopBelow(config.learned_below)] if config.stop else []
    return fit(
        compiled(config, variant, steps_per_execution=steps),
        stream(config),
        config,
        description=f"{config.task}, {variant.label}",
        callbacks=stops,
        steps_per_epoch=config.updates_per_epoch,
        shuffle=False,  # fresh sequences need none
    )


def run(config):
    """Train every variant of a configuration and judge it on all test lengths.

    Args:
        config: a `Config`.

    Returns:
        A `Report`. Metrics: for each variant those of `evaluation.evaluate` and
        `evaluation.progress` and `seconds_per_epoch`; for simple tasks those of
        `evaluation.baselines`. The main model is the first variant's.
    """
    with running("neural_stack", config) as report:
        for name in config.variants:
            trained = train(config, VARIANTS[name])
            scores = evaluation.evaluate(trained.model, config)
            scores |= evaluation.progress(trained.history["loss"], config)
            report.add(name, trained, scores)
        if config.task in data.ORDERS:
            report.metrics |= evaluation.baselines(config)
        report.figures = figures.all_of(report)
    return report


def examples(config):
    """A small compiled model of each kind, with random sequences (`Example`s)."""
    large = config.units >= 100
    size = 2 if large else 11
    lengths = np.full(size, 2 if config.task == "flip" else 1)
    inputs, *answer = data.draw(config, np.random.default_rng(0), lengths)
    for name in _one_of_each_kind(config.variants):
        yield Example(
            name=name,
            build=functools.partial(compiled, config, VARIANTS[name]),
            x=inputs,
            y=tuple(answer),
        )


def _one_of_each_kind(names):
    """One LSTM, one without memory, and the structure with the most ends for all.

    A stack is a deque that uses one end: what holds for the one holds for the other.
    """
    found = {}
    for name in sorted(names, key=lambda name: VARIANTS[name].structure != "deque"):
        variant = VARIANTS[name]
        found.setdefault((variant.structure is None, variant.lstm_layers > 0), name)
    return found.values()
