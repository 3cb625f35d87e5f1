"""Runs from configuration to report."""

from types import SimpleNamespace

import numpy as np
import pytest

from lessons.memory.neural_turing_machine import (
    config,
    data,
    evaluation,
    experiment,
    programs,
)
from lessons.memory.neural_turing_machine.variants import VARIANTS
from lessons.toolkit import results, runtime
from lessons.toolkit.errors import UserError

SMOKE = config.PRESETS["smoke"]
NAMES = ("lstm", "lstm_equal")  # the contract runs all three


@pytest.fixture(scope="module")
def report():
    return experiment.run(SMOKE.replace(variants=NAMES))


def test_a_run_judges_every_variant_at_every_length(report):
    for name in NAMES:
        for length in SMOKE.test_lengths:
            assert 0 <= report.metrics[f"{name}/bit_error_{length}"] <= 1
        assert len(report.history[f"{name}/loss"]) == SMOKE.epochs
        assert report.metrics[f"{name}/updates"] == 4
        assert report.metrics[f"{name}/solved"] in (0, 1)


def test_recorded_runs_feed_the_conclusions():
    runs = results.recorded("neural_turing_machine")
    assert runs.seeds == tuple(range(10))
    assert np.all(runs["ntm", "bit_error_5"] < evaluation.SOLVED)
    assert np.all(runs["lstm", "bit_error_10"] > 10 * runs["ntm", "bit_error_10"])
    equal = results.recorded(
        "neural_turing_machine", variants=("ntm",), weight_start="uniform"
    )
    assert len(equal) == 10 and np.all(equal["ntm", "solved"] == 0)
    assert np.all(runs["ntm", "reads_ahead"] > 0.8)
    far = runs["ntm", "jump"] > 2  # further than two shifts
    assert sum(far) == 4 and np.all(runs["ntm", "gate_at_end"][far] > 0.6)


@pytest.mark.parametrize(
    ("preset", "beyond"),
    [
        ("laptop_repeat", ("bit_error_5", "bit_error_twice_the_repeats")),
        ("laptop_recall", ("bit_error_4", "bit_error_5")),
    ],
)
def test_both_networks_learn_the_other_tasks_and_neither_goes_on(preset, beyond):
    runs = results.recorded("neural_turing_machine", preset)
    assert runs.seeds == tuple(range(10))
    copied = results.recorded("neural_turing_machine")
    copied = np.mean(copied["lstm", "bit_error_10"] - copied["ntm", "bit_error_10"])
    for name in ("ntm", "lstm"):
        assert runs[name, "bit_error_3"].max() < 0.05
        assert np.mean(runs[name, "bit_error_3"] < evaluation.SOLVED) >= 0.9
        assert all(runs[name, key].mean() > 0.2 for key in beyond)
    for key in beyond:
        ahead = np.mean(runs["lstm", key] - runs["ntm", key])
        assert ahead < copied / 3


def test_progress_counts_updates_until_the_loss_is_low_with_all_lengths_in_use():
    settings = SMOKE.replace(learned_below=0.5)
    found = evaluation.progress([0.9, 0.4, 0.6, 0.3], settings)
    assert found == {"updates": 8, "updates_to_learn": 4, "loss": 0.3}
    late = evaluation.progress([0.4, 0.9, 0.3], settings.replace(curriculum_updates=2))
    assert late["updates_to_learn"] == 6
    assert evaluation.progress([0.9, 0.8], settings)["updates_to_learn"] == 4


TASKS = {
    "repeat_copy": {"max_repeats": 2},
    "associative_recall": {
        "min_length": 2,
        "max_length": 3,
        "item_vectors": 1,
        "test_lengths": (3, 4),
    },
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
    network = experiment.compiled(settings, VARIANTS["ntm"], run_eagerly=True)
    before = network.get_weights()
    loss, _ = network.train_on_batch(*next(iter(experiment.stream(settings))))
    assert np.isfinite(loss)
    pairs = zip(before, network.get_weights(), strict=True)
    assert all(np.any(old != new) for old, new in pairs)
    found = evaluation.evaluate(network, settings)
    more = {"bit_error_twice_the_repeats"} if task == "repeat_copy" else set()
    assert set(found) - {"parameters", "solved"} == more | {
        f"{name}_{length}"
        for name in ("bit_error", "bits_per_sequence")
        for length in settings.test_lengths
    }
    if task == "ngrams":
        best = evaluation.optimal(settings)["optimal/bits_per_sequence_12"]
        assert best < found["bits_per_sequence_12"]


def test_sequences_are_fresh_and_repeatable():
    settings = SMOKE.replace(epochs=3)
    first = [batch[0].numpy() for batch in experiment.stream(settings)]
    again = [batch[0].numpy() for batch in experiment.stream(settings)]
    assert len(first) == 3 * settings.updates_per_epoch
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first[0], first[2])


def test_a_curriculum_begins_with_short_sequences():
    settings = config.PRESETS["laptop"].replace(curriculum_updates=100)
    rng = np.random.default_rng(0)
    early = experiment.lengths(settings, rng, 0)
    assert early[:20].max() == 1 and early[20:40].max() == 2
    assert early[40:].max() == 3
    assert experiment.lengths(settings, rng, 2).max() == settings.max_length


def test_training_ends_when_the_task_is_learned():
    settings = SMOKE.replace(learned_below=100.0, stop=True)
    with runtime.session(settings):
        history = experiment.train(settings, VARIANTS["lstm_equal"]).history
    assert len(history["loss"]) == 1
    for changes, loss, ends in (
        ({}, 99.0, [True, True]),
        ({"curriculum_updates": 2}, 99.0, [False, True]),  # an epoch has two updates
        ({}, 101.0, [False, False]),
        ({"stop": False}, 99.0, [False, False]),
    ):
        callbacks = experiment.stopping(settings.replace(**changes))
        for epoch, end in enumerate(ends):
            model = SimpleNamespace(stop_training=False)
            for callback in callbacks:
                callback.set_model(model)
                callback.on_epoch_end(epoch, {"loss": loss})
            assert model.stop_training == end


def test_the_score_is_that_of_known_answers():
    batch = data.copy(np.random.default_rng(0), [2, 3], bits=4)
    right = np.where(batch.targets > 0.5, 3.0, -3.0)
    assert evaluation.wrong_bits(batch, right) == 0
    assert evaluation.wrong_bits(batch, -right) == 1
    cost = np.log2(1 + np.exp(-3.0)) * 4 * 2.5
    assert evaluation.bits_per_sequence(batch, right) == pytest.approx(cost)
    assert evaluation.bits_per_sequence(batch, 0 * right) == pytest.approx(10)


def test_programs_are_told_apart_by_numbers():
    settings = config.PRESETS["laptop"]
    by_hand = programs.ByHand(settings.num_slots)
    found = evaluation.program(by_hand, settings)
    assert found == {"gate_at_end": 0, "jump": 0, "walk": 1, "reads_ahead": 0}

    class Backwards(programs.ByHand):
        def trace(self, inputs):
            found = super().trace(inputs)
            found.gates[:, 11, 1] = 0.25
            ahead = np.roll(found.read_weights[..., ::-1], -1, axis=1)
            return found._replace(
                write_weights=found.write_weights[..., ::-1],
                read_weights=ahead,  # each vector is fetched a step earlier
            )

    found = evaluation.program(Backwards(settings.num_slots), settings)
    assert found == {"gate_at_end": 0.25, "jump": 1, "walk": -1, "reads_ahead": 1}
    batch = evaluation.test_sequences(settings, 9, longest=9)
    trace = by_hand.trace(batch.inputs)
    assert evaluation.wrong_bits(batch, trace.logits) == 0
    assert evaluation.in_order(trace, 9) == 1
    ahead = trace._replace(read_weights=np.roll(trace.read_weights, -1, axis=1))
    assert evaluation.in_order(ahead, 9) == 1
    still = np.zeros_like(trace.write_weights) + np.eye(16)[3]  # heads that stay
    stays = trace._replace(write_weights=still, read_weights=still)
    assert evaluation.in_order(stays, 9) == pytest.approx(1 / 5)
    backwards = trace._replace(read_weights=trace.read_weights[..., ::-1])
    assert evaluation.in_order(backwards, 9) < 0.5


@pytest.mark.parametrize("preset", ["laptop_repeat", "laptop_recall"])
def test_the_other_tasks_of_the_laptop_are_drawn(preset):
    settings = config.PRESETS[preset]
    experiment.check(settings)
    inputs, (targets, mask) = next(iter(experiment.stream(settings)))
    assert inputs.shape[0] == targets.shape[0] == 32
    assert np.all(mask.numpy().sum(axis=1) > 0)


def test_more_repeats_ask_for_the_same_vectors_more_often():
    settings = config.PRESETS["laptop_repeat"].replace(num_test=5)
    few, many = (evaluation.more_repeats(settings, count) for count in (3, 6))
    step = np.sqrt(12 / (4**2 - 1))  # repeats 1 to 4, of mean 2.5
    assert few.inputs[:, 4, -1] == pytest.approx(0.5 * step)
    assert many.inputs[:, 4, -1] == pytest.approx(3.5 * step)
    assert np.all(many.mask.sum(axis=1) == 3 * 6 + 1)  # and the end marker
    answer = many.targets[:, 5:23].reshape(5, 6, 3, -1)
    np.testing.assert_array_equal(answer, np.tile(answer[:, :1], (1, 6, 1, 1)))
    np.testing.assert_array_equal(answer[:, 0, :, :-1], many.inputs[:, 1:4, :-2])


def test_the_last_item_answers_one_question():
    settings = config.PRESETS["laptop_recall"].replace(num_test=2000)
    assert evaluation.last_item_error(settings, 2) == 0  # the only question
    found = [evaluation.last_item_error(settings, n) for n in (3, 5)]
    np.testing.assert_allclose(found, [1 / 4, 3 / 8], atol=0.02)  # half of the others
    three = settings.replace(item_vectors=3)
    assert evaluation.last_item_error(three, 2) == 0
    assert evaluation.zeros_error(three, 2) == pytest.approx(0.5, abs=0.01)


def test_test_sequences_are_everyones():
    one = evaluation.test_sequences(SMOKE, 3)
    other = evaluation.test_sequences(SMOKE.replace(seed=5), 3)
    np.testing.assert_array_equal(one.inputs, other.inputs)


def test_mixed_precision_keeps_the_memory_in_float32():
    settings = SMOKE.replace(precision="mixed_float16")
    with runtime.session(settings):
        network = experiment.build_model(settings, VARIANTS["ntm"])
    assert network.output_layer.compute_dtype == "float16"
    assert network.cell.compute_dtype == "float32"
    assert all(weight.dtype == "float32" for weight in network.weights)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"min_length": 3}, "min_length must be at most max_length=2"),
        ({"task": "ngrams"}, "min_length must equal max_length"),
        ({"task": "associative_recall"}, "min_length of at least 2 items, got 1"),
        ({"task": "repeat_copy", "max_repeats": 3}, "must be even, .* got max_repeats"),
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
