"""Train tensors and stacks on the same sequences, judge and time them: `run`."""

import functools

import keras
import numpy as np

from lessons.sequences.tensorized_lstm import data, evaluation, figures, networks
from lessons.sequences.tensorized_lstm.model import SequenceModel
from lessons.sequences.tensorized_lstm.variants import VARIANTS
from lessons.toolkit import runtime
from lessons.toolkit.experiment import Example, fit, running

TIMED = ("tlstm", "no_feedback", "slstm")  # what `depths` times


def build_model(config, variant, sequences=None):
    """The network of a variant, not compiled.

    Args:
        config: a `Config`.
        variant: a `Variant`.
        sequences: a `data.Sequences`; without, sizes are those of the task.
    """
    inputs, outputs, symbolic = networks.symbols_of(config)
    asked = {"memorisation": config.length, "addition": config.length + 2, "pixels": 1}
    if sequences is not None and config.task == "text":
        inputs = outputs = sequences.num_outputs
    streams = config.batch_size if config.task == "text" else None
    units = networks.units_of(config, variant, (inputs, outputs))
    return SequenceModel(
        networks.make_body(config, variant, units, bool(streams)),
        outputs,
        asked.get(config.task),
        inputs if symbolic else None,
        inputs,
        streams,
    )


def compiled(config, variant, sequences=None, **options):
    """A network ready for `fit`; options go to `compile`.

    Every variant sees the same sequences, since it starts from the same seed.
    """
    runtime.seed_everything(config.seed)
    model = build_model(config, variant, sequences)
    optimizer = keras.optimizers.Adam(
        config.learning_rate, global_clipnorm=config.clip_norm
    )
    accuracy = keras.metrics.SparseCategoricalAccuracy(name="accuracy")
    model.compile(
        optimizer, metrics=[accuracy], **{"jit_compile": config.compiled} | options
    )
    return model


class StopWhenRight(keras.callbacks.Callback):
    """Ends training after an epoch whose accuracy is at least a bound."""

    def __init__(self, bound):
        super().__init__()
        self._bound = bound

    def on_epoch_end(self, epoch, logs=None):
        """Compare the epoch's accuracy on its own sequences."""
        if self._bound and logs["accuracy"] >= self._bound:
            self.model.stop_training = True


def train(config, variant, sequences):
    """Train one variant; returns a `Trained`.

    Args:
        config: a `Config`.
        variant: a `Variant`.
        sequences: a `data.Sequences`.
    """
    steps = runtime.steps_per_execution(config, config.updates_per_epoch)
    jit_compile = config.compiled and config.strategy == "none"
    return fit(
        compiled(
            config,
            variant,
            sequences,
            steps_per_execution=steps,
            jit_compile=jit_compile,
        ),
        sequences.batches(),
        config,
        description=f"{config.task}, {variant.label}",
        callbacks=[StopWhenRight(config.stop_accuracy)],
        steps_per_epoch=config.updates_per_epoch,
        shuffle=False,
    )


def run(config):
    """Train every variant of a configuration and judge it on held-out sequences.

    Args:
        config: a `Config`.

    Returns:
        A `Report`. Metrics: for each variant those of `evaluation.evaluate` and of
        `evaluation.size`, `updates`, `sequences` (trained on) and, on the
        memorisation, `slope` for a row of locations; for each of `depths`, in the
        group `time`, the seconds of a forward pass of tensors and of a stack. The main
        model is the first variant's.
    """
    with running("tensorized_lstm", config, lists=()) as report:
        loaded = {}
        for name in config.variants:
            variant = VARIANTS[name]
            delay = networks.delay_of(config, variant) if config.task == "text" else 0
            if delay not in loaded:
                loaded[delay] = data.load(config, delay)
            sequences = loaded[delay]
            trained = train(config, variant, sequences)
            report.add(name, trained, judge(config, trained, sequences))
        report.metrics |= time_depths(config)
        report.figures = figures.all_of(report)
    return report


def judge(config, trained, sequences):
    """The scores of a trained network: how good, how large, how long it took.

    Args:
        config: a `Config`.
        trained: a `Trained`.
        sequences: a `data.Sequences`.
    """
    model = trained.model
    scores = evaluation.evaluate(model, sequences.test_inputs, sequences.test_targets)
    scores |= evaluation.size(model)
    updates = len(trained.history["loss"]) * config.updates_per_epoch
    scores |= {"updates": updates, "sequences": updates * config.batch_size}
    cell = getattr(model.body, "cell", None)
    if config.task == "memorisation" and getattr(cell, "order", 3) == 2:
        scores["slope"] = slope(config, model, sequences)
    return scores


def slope(config, model, sequences):
    """Steps that the trace of a symbol takes for a location, mean over the symbols.

    Args:
        config: a `Config` of the memorisation.
        model: a network with a row of locations.
        sequences: a `data.Sequences`.
    """
    inputs = sequences.test_inputs[:200]
    others = np.repeat(inputs[None], config.length, axis=0)
    for at, other in enumerate(others):
        other[:, at] = (other[:, at] + 1) % config.num_symbols
    found = evaluation.changes(model, inputs, others)
    return float(np.mean([evaluation.travel(c, at)[1] for at, c in enumerate(found)]))


def time_depths(config):
    """Seconds of a forward pass at each of the configuration's depths, untrained.

    Returns:
        Dictionary of floats: `time/VARIANT/seconds_L`.
    """
    if not config.depths:
        return {}
    shape = config.timed_batch, config.timed_length
    symbols, _, _ = networks.symbols_of(config)
    inputs = np.random.default_rng(0).integers(0, symbols, shape).astype(np.int32)
    models = {}
    for depth in config.depths:
        for name in TIMED:
            settings = config.replace(size=depth)
            models[f"time/{name}/seconds_{depth}"] = build_model(
                settings, VARIANTS[name]
            )
    return evaluation.seconds(models, inputs)


def examples(config):
    """A small compiled network of each kind, with random sequences (`Example`s)."""
    config = _shortest(config) if config.units >= 100 else config
    inputs, outputs, symbolic = networks.symbols_of(config)
    rng = np.random.default_rng(0)
    streams = config.task == "text"
    count = 2 if config.units >= 100 else 11
    config = config.replace(batch_size=count)
    if config.task in ("memorisation", "addition"):
        x, y = data.draw(config, rng, count)
    else:
        steps = config.length
        shape = (count, steps) if symbolic else (count, steps, inputs)
        x = rng.integers(0, inputs, shape) if symbolic else rng.random(shape)
        x = x.astype(np.int32 if symbolic else np.float32)
        y = rng.integers(0, outputs, (count, steps if streams else 1)).astype(np.int32)
    reason = "The state of as many texts as a batch holds is carried."
    exceptions = {"ragged batch": reason} if streams else {}
    for name in config.variants:
        yield Example(
            name=name,
            build=functools.partial(compiled, config, VARIANTS[name]),
            x=x,
            y=y,
            exceptions=exceptions,
        )


def _shortest(config):
    """Sequences as short as they can be; no network depends on their length."""
    return config.replace(length=1 if config.task == "addition" else 3)
