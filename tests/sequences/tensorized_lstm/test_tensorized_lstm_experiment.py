"""Tasks, texts and pixels, what runs find, and what their settings refuse."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from lessons.sequences.tensorized_lstm import (
    config,
    data,
    evaluation,
    experiment,
    networks,
    paper,
    tasks,
)
from lessons.sequences.tensorized_lstm.cells import TLSTMCell
from lessons.sequences.tensorized_lstm.layers import Delayed
from lessons.sequences.tensorized_lstm.model import SequenceModel
from lessons.sequences.tensorized_lstm.variants import VARIANTS
from lessons.toolkit import results
from lessons.toolkit.errors import UserError

SMOKE = config.PRESETS["smoke"]


def test_the_addition_is_written_as_in_the_paper():
    read, said = tasks.addition_strings(2545, 9542, 5)
    assert read == "--2545-9542-------" and said == "-----------12087--"
    with pytest.raises(UserError, match="at most digits=2"):
        tasks.addition_strings(5, 100, 2)


def test_sums_are_right_and_all_numbers_occur():
    inputs, targets = tasks.addition(np.random.default_rng(0), 500, 2)
    assert inputs.shape == (500, 9) and targets.shape == (500, 4)
    firsts = set()
    for row, answer in zip(inputs, targets, strict=True):
        first, second = tasks.text_of(row[:5]).strip("-").split("-")
        assert int(first) + int(second) == int(tasks.text_of(answer).strip("-"))
        assert np.all(row[5:] == tasks.BLANK)
        firsts.add(int(first))
    assert min(firsts) < 10 and max(firsts) > 90
    long, _ = tasks.addition(np.random.default_rng(0), 2, 30)  # beyond 64 bits
    assert long.shape == (2, 93)


def test_memorisation_repeats_what_was_read():
    inputs, targets = tasks.memorisation(np.random.default_rng(0), 50, 4, 3)
    assert np.array_equal(inputs[:, :4], targets) and np.all(inputs[:, 4:] == 3)
    assert set(np.unique(targets)) == {0, 1, 2}


def test_held_out_sequences_are_others_and_the_same_seed_gives_the_same():
    first, again, other = (
        data.load(SMOKE.replace(seed=seed, length=8)) for seed in (0, 0, 1)
    )
    np.testing.assert_array_equal(first.test_inputs, again.test_inputs)
    assert np.any(first.test_inputs != other.test_inputs)
    batches = [[x.numpy() for x, _ in s.batches().take(2)] for s in (first, again)]
    np.testing.assert_array_equal(*batches)
    assert batches[0][0].shape == (4, 16)
    assert np.any(batches[0][0] != batches[0][1])
    assert np.any(batches[0][0] != first.test_inputs[:4])


def test_pixels_are_permuted_alike_in_all_images():
    pictures = np.arange(2 * 4).reshape(2, 2, 2, 1)
    plain, mixed = (data.pixel_sequences(pictures, seed) for seed in (None, 3))
    np.testing.assert_array_equal(plain[..., 0], [[0, 1, 2, 3], [4, 5, 6, 7]])
    np.testing.assert_array_equal(mixed[1], mixed[0] + 4)
    assert sorted(mixed[0, :, 0]) == [0, 1, 2, 3]
    loaded = data.load(config.PRESETS["smoke_pixels"])
    assert loaded.test_inputs.shape == (16, 64, 1) and loaded.num_asked == 1
    with pytest.raises(UserError, match="must not exceed the 16"):
        data.load(config.PRESETS["smoke_pixels"].replace(batch_size=17))


@pytest.mark.parametrize("delay", [0, 2])
def test_streams_continue_and_ask_for_the_character_after_the_delayed_one(delay):
    ids = np.arange(103)
    inputs, targets = data.text_stream(ids, 3, 4, delay)
    assert inputs.shape == targets.shape
    np.testing.assert_array_equal(targets, inputs - delay + 1)
    np.testing.assert_array_equal(inputs[1:, :, 0], inputs[:-1, :, -1] + 1)


def test_a_users_text_is_read_and_a_wrong_one_refused(tmp_path):
    path = tmp_path / "own.txt"
    path.write_bytes(b"abc\xff" * 500)
    ids, known = data.load_bytes(str(path))
    assert known == b"abc\xff" and ids[:5].tolist() == [0, 1, 2, 3, 0]
    text = config.PRESETS["smoke_text"]
    assert data.load(text.replace(data_path=str(path))).num_outputs == 4
    with pytest.raises(UserError, match="Allowed: 'pydoc' or the path"):
        data.load_bytes(str(tmp_path / "none"))
    path.write_bytes(b"short")
    with pytest.raises(UserError, match="at least 1000"):
        data.load_bytes(str(path))
    with pytest.raises(UserError, match="too short for batch_size"):
        data.load(text.replace(num_bytes=1000, length=400))


def test_mnist_is_asked_for_where_it_is_not(tmp_path):
    pixels = config.PRESETS["paper_pixels"].replace(data_path=str(tmp_path / "no.npz"))
    with pytest.raises(UserError, match=r"no\.npz"):
        data.load(pixels)


@pytest.mark.parametrize(
    "change, text",
    [
        ({"kernel_size": 1}, "kernel_size"),
        ({"variants": (), "depths": ()}, "at least one entry"),
        ({"task": "text", "strategy": "mirrored"}, "devices cannot share"),
        ({"stop_accuracy": 1.5}, "stop_accuracy"),
        ({"depths": (0,)}, "depths"),
    ],
)
def test_settings_that_cannot_work_are_refused(change, text):
    with pytest.raises(UserError, match=text):
        SMOKE.replace(**change)


def test_training_lowers_the_loss_and_counts_its_sequences():
    short = SMOKE.replace(length=1, units=8, batch_size=32, epochs=4, size=1)
    short = short.replace(updates_per_epoch=20)
    sequences = data.load(short)
    trained = experiment.train(short, VARIANTS["slstm"], sequences)
    scores = experiment.judge(short, trained, sequences)
    assert scores["loss"] < 0.7 < trained.history["loss"][0] < 1.3
    assert scores["sequences"] == 4 * 20 * 32 and "slope" not in scores


def test_training_ends_when_enough_is_right():
    class Model:
        stop_training = False

    for bound, accuracy, ends in (
        (0.9, 0.95, True),
        (0.9, 0.8, False),
        (0, 1.0, False),
    ):
        stop = experiment.StopWhenRight(bound)
        stop.set_model(Model())
        stop.on_epoch_end(0, {"accuracy": accuracy})
        assert stop.model.stop_training == ends


def test_scores_are_those_of_a_network_that_is_known():
    body = Delayed(TLSTMCell(2, 1))
    model = SequenceModel(body, 3, num_asked=2, num_symbols=4)
    model.readout.kernel.assign(np.zeros((2, 3)))
    model.readout.bias.assign([2.0, 0.0, 0.0])
    inputs, targets = np.zeros((2, 3), np.int32), np.array([[0, 0], [0, 1]])
    scores = evaluation.evaluate(model, inputs, targets)
    log_total = np.log(np.exp(2) + 2)
    assert scores["loss"] == pytest.approx(log_total - 2 * 3 / 4, abs=1e-6)
    assert scores["accuracy"] == 0.75 and scores["whole"] == 0.5


def test_streams_are_judged_flushed_from_the_first_state():
    text = config.PRESETS["smoke_text"]
    variant = VARIANTS["no_feedback"]
    assert networks.delay_of(text, variant) == 1
    assert networks.delay_of(text, VARIANTS["slstm"]) == 0
    sequences = data.load(text, 1)
    model = experiment.build_model(text, variant, sequences)
    model.carried[0].assign(np.ones(model.carried[0].shape))
    flushed = evaluation.flushed(model.body)
    outputs, _ = flushed(model.vectors(sequences.test_inputs))
    logits = tf.nn.log_softmax(model.readout(outputs)).numpy()
    rows, steps = np.indices(sequences.test_targets.shape)
    by_hand = -logits[rows, steps, sequences.test_targets].mean()
    found = evaluation.evaluate(model, sequences.test_inputs, sequences.test_targets)
    assert found["loss"] == pytest.approx(by_hand, abs=1e-5)


def test_traces_start_where_the_symbol_was_changed_and_travel():
    model = experiment.build_model(SMOKE.replace(size=4, length=4), VARIANTS["tlstm"])
    inputs = np.zeros((3, 8), np.int32)
    changes = evaluation.traces(model, inputs, np.ones(3, np.int32), at=2)
    assert changes.shape == (11, 4)
    for place in range(4):
        assert np.all(changes[: 2 + place, place] == 0)
        assert changes[2 + place, place] > 0
    arrived, speed = evaluation.travel(changes > 0, at=2)
    assert arrived.tolist() == [0, 1, 2, 3] and speed == pytest.approx(1.0)
    other = np.array(inputs)
    other[1, 5] = 2  # one sequence of three, a later symbol
    both = evaluation.changes(model, inputs, np.stack([other, inputs]))
    assert both.shape == (2, 11, 4) and not np.any(both[1])
    assert np.all(both[0, :5] == 0) and both[0, 5, 0] > 0
    alone = evaluation.changes(model, inputs[1:2], other[None, 1:2])
    np.testing.assert_allclose(both[0], alone[0] / 3, rtol=1e-4, atol=1e-9)
    peaks, slope = evaluation.travel(np.eye(6)[:, 1:5], at=1)
    assert peaks.tolist() == [0, 1, 2, 3] and slope == pytest.approx(1.0)
    means, sizes = evaluation.memory_map(model, inputs)
    assert means.shape == sizes.shape == (3, 11, 4)
    assert np.all(np.abs(means) <= sizes + 1e-7)


@pytest.fixture
def float64():
    policy = keras.config.dtype_policy()
    keras.config.set_dtype_policy("float64")
    yield
    keras.config.set_dtype_policy(policy)


def test_live_numbers_are_those_with_a_gradient(float64):
    laptop = config.PRESETS["laptop"]
    inputs, targets = tasks.memorisation(np.random.default_rng(0), 64)
    for name in ("lstm", "tlstm", "live"):
        model = experiment.build_model(laptop, VARIANTS[name])
        with tf.GradientTape() as tape:
            loss = model.compute_loss(y=targets, y_pred=model(inputs))
        slopes = tape.gradient(loss, model.trainable_weights)
        sizes = np.concatenate([np.abs(np.asarray(slope)).ravel() for slope in slopes])
        live = sizes > 1e-12 * sizes.max()  # a softmax of equal things leaves rounding
        assert np.sum(live) == evaluation.size(model)["live"]
        if name == "lstm":
            third = np.asarray(slopes[2])[48:]
            assert third.shape == (24, 99) and not np.any(third)


def test_weights_that_do_not_matter_do_not_change_the_output(float64):
    laptop = config.PRESETS["laptop"]
    inputs, _ = tasks.memorisation(np.random.default_rng(0), 4)
    for name, matters in (("lstm", False), ("tlstm", True)):
        model = experiment.build_model(laptop, VARIANTS[name])
        before, kernel = model(inputs), model.body.cell.kernel
        for part in (np.s_[48:], np.s_[:, 96:]):  # third slice, memory kernel
            other = np.array(np.asarray(kernel))
            other[part] += np.random.default_rng(1).normal(size=other[part].shape)
            kernel.assign(other)
            change = np.abs(model(inputs) - before).max()
            assert change > 1e-3 if matters else change < 1e-12


def test_times_are_of_every_depth_and_network():
    found = experiment.time_depths(SMOKE.replace(depths=(1,)))
    names = {f"time/{name}/seconds_1" for name in experiment.TIMED}
    assert set(found) == names and all(value > 0 for value in found.values())


def test_headlines_stand_on_eight_seeds():
    for headline in paper.HEADLINES:
        assert len(results.recorded("tensorized_lstm", headline.preset)) >= 8


def test_recorded_runs_hold_what_the_lesson_says():
    runs, rivals, parts, times = (
        results.recorded("tensorized_lstm", preset)
        for preset in ("laptop", "laptop_rivals", "laptop_parts", "laptop_time")
    )
    tensor, one = runs["tlstm/loss"], runs["lstm/loss"]
    assert len(runs) == len(rivals) == len(parts) == len(times) == 8
    assert np.all(tensor < 0.7 * one) and np.all(tensor < parts["no_memory/loss"] * 0.7)
    assert np.all(rivals["delayed/loss"] > one)  # the wait alone does not help
    assert np.all(runs["wide/loss"] < 0.7 * one)  # with 2.5 times the numbers
    assert np.sum(parts["no_memory/loss"] > one) == 4  # cells alone do not help
    assert np.sum(tensor < parts["slstm_equal/loss"]) == 6
    assert np.sum(tensor < rivals["same_cells/loss"]) == 6
    ratio = {
        depth: times[f"time/no_feedback/seconds_{depth}"]
        / times[f"time/slstm/seconds_{depth}"]
        for depth in (1, 8)
    }
    assert np.all(ratio[8] < 0.8) and np.all(ratio[1] > 1)
    more = results.recorded("tensorized_lstm", "laptop_more")
    moving = more["no_feedback_wide/loss"]
    assert np.sum(moving < tensor) == 5  # feedback: nothing to be seen
    assert np.all(moving < 0.8 * parts["slstm_equal/loss"])
    assert np.all(moving < 0.8 * rivals["same_cells/loss"])
    assert np.sum(more["channel/loss"] < tensor) == 6 and more["channel/loss"][5] > 0.2
    assert np.sum(more["channel/loss"] < tensor / 5) == 6
    still = results.recorded("tensorized_lstm", "laptop_still")["still/loss"]
    assert np.all(moving < 0.7 * still) and np.all(still < parts["no_memory/loss"])
    assert np.all(still < 0.9 * rivals["live/loss"])
    assert 0.9 < np.mean(still) / np.mean(parts["slstm_equal/loss"]) < 1.2
    longer = results.recorded("tensorized_lstm", "laptop_long")["lstm/loss"]
    assert len(longer) == 8 and np.all(longer < 0.5 * one)
    assert abs(np.mean(longer) - np.mean(tensor)) < 0.01
