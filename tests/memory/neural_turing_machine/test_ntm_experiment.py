"""Runs from configuration to report."""

import json

import numpy as np
import pytest

from lessons.memory.neural_turing_machine import (
    config,
    data,
    evaluation,
    experiment,
    model,
    training,
)
from lessons.toolkit import runtime
from lessons.toolkit.errors import UserError

SMOKE = config.PRESETS["smoke"]


@pytest.fixture(scope="module")
def report():
    return experiment.run(SMOKE)


def test_a_run_judges_every_model_at_every_length(report):
    for name in config.MODELS:
        for length in SMOKE.test_lengths:
            assert 0 <= report.metrics[f"{name}/bit_error/{length}"] <= 1
        assert len(report.history[f"{name}/loss"]) == SMOKE.epochs
        assert report.metrics[f"{name}/updates"] == 4
        assert report.metrics[f"{name}/solved"] in (0, 1)


def test_a_report_is_written_whole(report, tmp_path):
    folder = report.save(tmp_path / "run")
    stored = json.loads((folder / "metrics.json").read_text())
    assert stored["metrics"] == report.metrics
    models = {path.stem for path in folder.glob("*.keras")}
    assert models == {"model", "lstm", "lstm_equal"}
    figures = {path.stem for path in (folder / "figures").glob("*.png")}
    assert figures == {"errors", "learning", "heads"}


def test_the_same_seed_gives_the_same_numbers(report):
    settings = SMOKE.replace(models=("lstm_equal",))

    def numbers(metrics):
        return {
            name: value
            for name, value in metrics.items()
            if name.startswith("lstm_equal/") and "seconds" not in name
        }

    again = numbers(experiment.run(settings).metrics)
    assert again == numbers(report.metrics)
    other = numbers(experiment.run(settings.replace(seed=1)).metrics)
    assert other != again


TASKS = {
    "repeat_copy": {"max_repeats": 2},
    "associative_recall": {"min_length": 2, "max_length": 3, "test_lengths": (3, 4)},
    "ngrams": {"min_length": 12, "max_length": 12, "context": 2, "test_lengths": (12,)},
    "priority_sort": {
        "min_length": 4,
        "max_length": 4,
        "answers": 3,
        "test_lengths": (4, 6),
    },
}


@pytest.mark.parametrize(("task", "settings"), TASKS.items())
def test_every_task_trains_and_is_judged(task, settings):
    settings = SMOKE.replace(task=task, **settings)
    experiment.check(settings)
    network = model.build(settings, "ntm", *data.channels(settings))
    network.compile(training.make_optimizer(settings), run_eagerly=True)
    before = network.get_weights()
    loss, _ = network.train_on_batch(*next(iter(training.stream(settings))))
    assert np.isfinite(loss)
    pairs = zip(before, network.get_weights(), strict=True)
    assert all(np.any(old != new) for old, new in pairs)
    found = evaluation.by_length(settings, network)
    assert set(found) == {
        f"{name}/{length}"
        for name in ("bit_error", "bits_per_sequence")
        for length in settings.test_lengths
    }
    if task == "ngrams":
        best = evaluation.optimal(settings)["optimal/bits_per_sequence/12"]
        assert best < found["bits_per_sequence/12"]


def test_compiled_training_gives_the_numbers_of_uncompiled(report):
    settings = SMOKE.replace(compiled=True)
    with runtime.session(settings):
        _, history, _ = training.train(settings, "ntm")
    np.testing.assert_allclose(history["loss"], report.history["ntm/loss"], rtol=1e-4)


def test_sequences_are_fresh_and_repeatable():
    settings = SMOKE.replace(epochs=3)
    first = [batch[0].numpy() for batch in training.stream(settings)]
    again = [batch[0].numpy() for batch in training.stream(settings)]
    assert len(first) == 3 * settings.updates_per_epoch
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first[0], first[2])


def test_a_curriculum_begins_with_short_sequences():
    settings = config.PRESETS["laptop"].replace(curriculum_updates=100)
    random = np.random.default_rng(0)
    early = training.lengths(settings, random, 0)
    assert early[:20].max() == 1 and early[20:40].max() == 2
    assert early[40:].max() == 3
    assert training.lengths(settings, random, 2).max() == settings.max_length


def test_training_ends_when_the_task_is_learned():
    settings = SMOKE.replace(learned_below=100.0, stop=True)
    with runtime.session(settings):
        _, history, _ = training.train(settings, "lstm_equal")
        assert len(history["loss"]) == 1
        waits = settings.replace(curriculum_updates=2)
        _, history, _ = training.train(waits, "lstm_equal")
        assert len(history["loss"]) == 2


def test_the_score_is_that_of_known_answers():
    batch = data.copy(np.random.default_rng(0), [2, 3], bits=4)
    right = np.where(batch.targets > 0.5, 3.0, -3.0)
    assert evaluation.wrong_bits(batch, right) == 0
    assert evaluation.wrong_bits(batch, -right) == 1
    cost = np.log2(1 + np.exp(-3.0)) * 4 * 2.5
    assert evaluation.bits_per_sequence(batch, right) == pytest.approx(cost)
    assert evaluation.bits_per_sequence(batch, 0 * right) == pytest.approx(10)


def test_test_sequences_are_everyones():
    one = evaluation.test_sequences(SMOKE, 3)
    other = evaluation.test_sequences(SMOKE.replace(seed=5), 3)
    np.testing.assert_array_equal(one.inputs, other.inputs)


def test_mixed_precision_keeps_the_memory_in_float32():
    settings = SMOKE.replace(precision="mixed_float16")
    with runtime.session(settings):
        for name in config.MODELS[:2]:
            network = model.build(settings, name, *data.channels(settings))
            network.compile(training.make_optimizer(settings), run_eagerly=True)
            loss, _ = network.train_on_batch(*next(iter(training.stream(settings))))
            assert np.isfinite(loss)
            assert network.output_layer.compute_dtype == "float16"
            if name == "ntm":
                assert network.cell.compute_dtype == "float32"
                assert all(w.dtype == "float32" for w in network.weights)


def test_two_devices_train_as_one(on_two_devices):
    printed = on_two_devices("""
        from lessons.memory.neural_turing_machine import config, experiment
        single = config.PRESETS["smoke"].replace(models=("ntm",), device="cpu")
        for settings in (single, single.replace(strategy="mirrored")):
            report = experiment.run(settings)
            strategy = report.models["model"].distribute_strategy
            print(strategy.num_replicas_in_sync if strategy else 1)
            print(report.metrics["ntm/loss"])
    """)
    assert printed[2] == "2"
    assert float(printed[1]) == pytest.approx(float(printed[3]), abs=1e-4)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"models": ()}, "models must name at least one"),
        ({"min_length": 3}, "min_length must be at most max_length=2"),
        ({"task": "ngrams"}, "min_length must equal max_length"),
        ({"task": "associative_recall"}, "min_length of at least 2"),
    ],
)
def test_settings_that_do_not_go_together_are_refused(changes, message):
    with pytest.raises(UserError, match=message):
        experiment.run(SMOKE.replace(**changes))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"task": "sort"}, "task must be one of copy"),
        ({"clip_norm": 0.0}, "clip_norm must be above 0"),
        ({"controller": "gru"}, "controller must be one of"),
    ],
)
def test_impossible_settings_are_refused(changes, message):
    with pytest.raises(UserError, match=message):
        SMOKE.replace(**changes)
