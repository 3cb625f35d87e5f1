"""Train the machine and the LSTM networks on one of the tasks: `run(config)`."""

import functools

import keras
import numpy as np

from lessons.memory.neural_turing_machine import counts, data, evaluation, figures
from lessons.memory.neural_turing_machine.cell import NTMCell
from lessons.memory.neural_turing_machine.model import NTM, LSTMBaseline
from lessons.memory.neural_turing_machine.variants import VARIANTS
from lessons.toolkit import runtime, sequences
from lessons.toolkit.errors import UserError
from lessons.toolkit.experiment import Example, fit, running


def check(config):
    """Raise `UserError` for settings that do not go together."""
    if config.min_length > config.max_length:
        raise UserError(
            f"min_length must be at most max_length={config.max_length}, got "
            f"{config.min_length}."
        )
    if config.task in ("ngrams", "priority_sort"):
        if config.min_length != config.max_length:
            raise UserError(
                f"the task {config.task} has sequences of one length: min_length must "
                f"equal max_length={config.max_length}, got {config.min_length}."
            )
    if config.task == "associative_recall" and config.min_length < 2:
        raise UserError(
            "associative_recall needs min_length of at least 2 items, got "
            f"{config.min_length}."
        )
    if config.task == "repeat_copy":
        data.check_repeats(config.max_repeats)


def build_model(config, variant):
    """The model of a variant for the task of a configuration, not compiled.

    Args:
        config: a `Config`.
        variant: a `Variant`.
    """
    channels, num_bits = data.channels(config)
    if variant.machine:
        model = NTM(make_cell(config), num_bits)
    elif variant.equal:
        wanted = counts.ntm_of(config, channels, num_bits)
        model = LSTMBaseline(counts.lstm_units(wanted, channels, num_bits), 1, num_bits)
    else:
        model = LSTMBaseline(config.lstm_units, config.lstm_layers, num_bits)
    model.build((None, None, channels))
    return model


def make_cell(config):
    """The machine's cell in a configuration."""
    return NTMCell(
        config.units,
        config.controller,
        num_slots=config.num_slots,
        width=config.width,
        num_read=config.num_read,
        num_write=config.num_write,
        reach=config.reach,
        memory_start=config.memory_start,
        weight_start=config.weight_start,
        learned_read=config.learned_read,
        start_spread=config.start_spread,
        positive=config.positive,
        sharpening=config.sharpening,
        limit=config.limit,
    )


def make_optimizer(config):
    """The optimizer of a configuration, with its bounds of the gradient."""
    bounds = {"global_clipnorm": config.clip_norm, "clipvalue": config.clip_value}
    if config.optimizer == "rmsprop":  # Graves 2013: centred, with momentum
        return keras.optimizers.RMSprop(
            config.learning_rate, rho=0.95, momentum=0.9, centered=True, **bounds
        )
    return keras.optimizers.Adam(config.learning_rate, **bounds)


def compiled(config, variant, **options):
    """The model of a variant, ready for `fit`; options go to `compile`."""
    runtime.seed_everything(config.seed)
    model = build_model(config, variant)
    model.compile(make_optimizer(config), **{"jit_compile": config.compiled} | options)
    return model


def lengths(config, rng, epoch):
    """Lengths of an epoch's sequences, shape (updates, batch_size).

    With a curriculum the greatest length grows in even steps over the first
    `curriculum_updates` updates.
    """
    shape = config.updates_per_epoch, config.batch_size
    greatest = np.full(shape[0], config.max_length)
    if config.curriculum_updates:
        update = epoch * shape[0] + np.arange(shape[0])
        span = config.max_length - config.min_length + 1
        reached = config.min_length + update * span // config.curriculum_updates
        greatest = np.minimum(reached, config.max_length)
    return rng.integers(config.min_length, greatest[:, None] + 1, shape)


def stream(config):
    """Batches (inputs, (targets, mask)) of fresh sequences, without end.

    Returns:
        A `tf.data.Dataset`; the same configuration gives the same sequences.
    """

    def draw(rng, epoch):
        drawn = lengths(config, rng, epoch)
        batch = data.draw(config, rng, drawn.size, drawn.ravel())
        return [x.reshape(*drawn.shape, *x.shape[1:]) for x in batch]

    return sequences.stream(config, draw)


def stopping(config):
    """The callbacks that end training when all lengths are in use and learned."""
    if not config.stop:
        return []
    first = -(-config.curriculum_updates // config.updates_per_epoch)
    return [sequences.StopBelow(config.learned_below, first)]


def train(config, variant):
    """Train one variant on an endless stream of fresh sequences: a `Trained`."""
    steps = runtime.steps_per_execution(config, config.updates_per_epoch)
    return fit(
        compiled(config, variant, steps_per_execution=steps),
        stream(config),
        config,
        description=f"{config.task.replace('_', ' ')}, {variant.label}",
        callbacks=stopping(config),
        steps_per_epoch=config.updates_per_epoch,
        shuffle=False,  # fresh sequences need none
    )


def run(config):
    """Train every variant of a configuration and judge it on all test lengths.

    Args:
        config: a `Config`.

    Returns:
        A `Report`. Metrics: for each variant those of `evaluation.evaluate` and
        `evaluation.progress` and `seconds_per_epoch`; for n-grams those of
        `evaluation.optimal`. The main model is the first variant's.
    """
    check(config)
    with running("neural_turing_machine", config) as report:
        for name in config.variants:
            trained = train(config, VARIANTS[name])
            scores = evaluation.evaluate(trained.model, config)
            scores |= evaluation.progress(trained.history["loss"], config)
            report.add(name, trained, scores)
        if config.task == "ngrams":
            report.metrics |= evaluation.optimal(config)
        report.figures = figures.all_of(report)
    return report


def examples(config):
    """A small compiled model of both kinds, with random sequences (`Example`s)."""
    large = config.units >= 100
    task = _shortest(config) if large else config
    inputs, *answer = data.draw(task, np.random.default_rng(0), 2 if large else 11)
    for name in config.variants:
        variant = VARIANTS[name]
        if not variant.equal:  # another size of the same kind
            yield Example(
                name=name,
                build=functools.partial(compiled, config, variant),
                x=inputs,
                y=tuple(answer),
            )


def _shortest(config):
    """The task with sequences as short as it allows; no model depends on the length."""
    least = {"ngrams": config.context + 3}.get(config.task, 3)
    return config.replace(
        min_length=least,
        max_length=least,
        max_repeats=2,
        answers=min(config.answers, least),
    )
