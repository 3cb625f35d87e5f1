"""Train the machine and the LSTM networks on one of the tasks: `run(config)`."""

import time

import numpy as np

from lessons.memory.neural_turing_machine import evaluation, figures, training
from lessons.memory.neural_turing_machine.config import PRESETS
from lessons.toolkit import results, runtime
from lessons.toolkit.errors import UserError
from lessons.toolkit.experiment import Report

SOLVED = 0.02  # share of wrong bits at the greatest length trained


def check(config):
    """Raise `UserError` for settings that do not go together."""
    if not config.models:
        raise UserError("models must name at least one model, got none.")
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
        raise UserError("associative_recall needs min_length of at least 2 items.")


def judge(config, network, history):
    """What is known of one trained model, floats by name."""
    found = evaluation.by_length(config, network)
    updates = np.arange(1, len(history["loss"]) + 1) * config.updates_per_epoch
    whole = updates > config.curriculum_updates  # all lengths are in use
    low = np.array(history["loss"]) < config.learned_below
    learned = np.flatnonzero(low & whole)
    found["updates"] = float(updates[-1])
    # Not learned counts as the whole budget.
    found["updates_to_learn"] = float(updates[learned[0] if len(learned) else -1])
    found["loss"] = history["loss"][-1]
    found["parameters"] = float(network.count_params())
    longest = f"bit_error/{config.max_length}"
    if longest in found:
        found["solved"] = float(found[longest] < SOLVED)
    return found


def pictures(config, metrics, history, models):
    """The figures of a run, by name."""
    drawn = {"errors": figures.errors_by_length(metrics, config)}
    drawn["learning"] = figures.learning_curves(history, config.updates_per_epoch)
    if "ntm" in models:
        longest = config.max_length
        batch = evaluation.test_sequences(config, longest, longest)
        trace = models["ntm"].trace(batch.inputs[:1])
        drawn["heads"] = figures.head_maps(trace, batch)
    return drawn


def run(config):
    """Train every model of a configuration and judge it on all test lengths.

    Args:
        config: a `Config`.

    Returns:
        A `Report`. Metrics, each prefixed with the model's name: `bit_error/LENGTH`,
        `bits_per_sequence/LENGTH`, `updates`, `updates_to_learn`, `loss`, `parameters`,
        `solved` (1 if less than 2 % of the bits are wrong at the greatest trained
        length) and `seconds_per_epoch`. The main model is the first one.
    """
    start = time.perf_counter()
    check(config)
    with runtime.session(config):
        metrics, history, models = {}, {}, {}
        for name in config.models:
            network, curves, seconds = training.train(config, name)
            found = judge(config, network, curves) | {"seconds_per_epoch": seconds}
            metrics |= {f"{name}/{key}": value for key, value in found.items()}
            history |= {f"{name}/{key}": value for key, value in curves.items()}
            models[name] = network
        if config.task == "ngrams":
            metrics |= evaluation.optimal(config)
        drawn = pictures(config, metrics, history, models)
    main = models.pop(config.models[0])
    return Report(
        slug="neural_turing_machine",
        config=config,
        metrics=metrics,
        history=history,
        figures=drawn,
        environment=runtime.environment(),
        seconds=time.perf_counter() - start,
        models={"model": main, **models},
    )


def recorded(preset="laptop", **settings):
    """Metrics of the recorded runs of a preset, with some settings changed.

    Args:
        preset: name of the preset.
        **settings: the values of the fields that differ from the preset's.

    Returns:
        List of metrics, one per seed.
    """
    config = PRESETS[preset].replace(**settings)
    return [metrics for _, metrics in results.metrics_by_seed(__file__, config)]
