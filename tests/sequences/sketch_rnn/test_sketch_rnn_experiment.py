"""Judges with known answers, presets and recorded runs."""

import numpy as np
import pytest
import tensorflow as tf

from lessons.sequences.sketch_rnn import (
    config,
    data,
    drawings,
    evaluation,
    experiment,
    judge,
    latent,
    paper,
    sampling,
    tasks,
)
from lessons.sequences.sketch_rnn.variants import VARIANTS
from lessons.toolkit import results, runtime
from lessons.toolkit.data import strokes
from lessons.toolkit.errors import UserError

SMOKE = config.PRESETS["smoke"]
MIDDLE = {name: sum(ends) / 2 for name, ends in drawings.RANGES.items()}


@pytest.fixture(scope="module")
def few():
    return data.load(SMOKE.replace(num_train=60, num_test=30))


@pytest.fixture(scope="module")
def model():
    runtime.seed_everything(0)
    made = experiment.build_model(SMOKE, VARIANTS["weight_small"])
    made.build((None, SMOKE.max_length, 5))
    for dense in (made.to_mean, made.to_log_var):  # codes that differ
        dense.kernel.assign(1000 * dense.kernel)
    return made

    # An error of a tenth in the noise would be 7 times 2 ln 1.1 = 1.33 nats.


def test_the_judge_knows_cats_from_faces_and_noise_from_drawings(few):
    one = judge.Judge(few)
    rows = few.arrays("test")
    assert one.accuracy(rows, few.test_labels) > 0.9
    assert one.accuracy(rows, 1 - few.test_labels) < 0.1
    noise = rows.copy()
    noise[..., :2] = np.random.default_rng(0).normal(0, 1.5, rows[..., :2].shape)
    near = one.distance(few.arrays("train"), rows)
    assert near < 2 < one.distance(noise, rows)


def test_measures_are_those_of_a_square():
    line = np.array([(0, 0), (2, 0), (2, 2), (0, 2), (0, 0)], float)
    rows = strokes.batch([strokes.from_lines([line])], 7)
    expected = (5, 1, 2, 2, 8, 0.8, 0.8, 4)  # of its 5 points, 2 lie at x = 2
    np.testing.assert_allclose(judge.measures(rows)[0], expected)
    empty = judge.rows_of([np.zeros((0, 3), np.float32)], 7)
    assert np.all(np.isfinite(judge.measures(empty)))
    inside = judge.pictures(rows, 3.0)[0].reshape(judge.SIDE, judge.SIDE)
    assert inside[7, 7] > 0.1 and inside[3, 3] == 0


def test_losses_with_a_code_are_those_of_the_training_loss(few, model):
    rows = few.arrays("test")
    model.compile("adam", run_eagerly=True)
    mean, _ = latent.encoded(model, rows)
    found = evaluation.losses(model, rows, mean)
    logs = model.evaluate(rows, verbose=0, return_dict=True, batch_size=30)
    assert found["reconstruction"] == pytest.approx(logs["reconstruction"], rel=1e-4)
    assert found["kl"] == pytest.approx(logs["kl"], rel=1e-3)
    nats = 27 * found["reconstruction"] + 3 * found["kl"]
    assert found["nats"] == pytest.approx(nats)
    other = evaluation.losses(model, rows, mean + 3.0)
    assert abs(other["reconstruction"] - found["reconstruction"]) > 1e-4


def test_a_class_is_paid_for(few):
    runtime.seed_everything(0)
    told = experiment.build_model(SMOKE, VARIANTS["class_only"])
    rows = few.arrays("test", classes=True)
    told.build(rows.shape)
    found = evaluation.losses(told, rows)
    assert found["nats"] == pytest.approx(27 * found["reconstruction"] + np.log(2))


def test_neighbours_are_others_of_the_same_class():
    labels = np.array([0, 1, 0, 1, 0])
    found = evaluation._neighbours(labels)
    np.testing.assert_array_equal(labels[found], labels)
    assert np.all(found != np.arange(5))


def test_by_step_is_beaten_by_the_oracle_and_beats_nothing(few):
    found = evaluation.baselines(few, SMOKE)
    assert found["oracle/reconstruction"] < found["by_step/reconstruction"] - 1
    assert found["by_step/reconstruction"] < np.log(2 * np.pi) + 1


def test_arithmetic_and_endings(few, model):
    base, plus, minus = np.eye(3)[:1], 2 * np.ones((4, 3)), np.ones((2, 3))
    np.testing.assert_allclose(latent.analogy(base, plus, minus), base + 1)
    assert latent.path(base[0], plus[0], 5).shape == (5, 3)
    found = latent.finish(model, few.test[0][:4], 3)
    for each in found:
        np.testing.assert_allclose(each[:4], few.test[0][:4], atol=1e-6)
    with pytest.raises(UserError, match="beginning has shape"):
        latent.finish(model, np.zeros((0, 3)), 2)
    eyes = tasks.cats_with_eyes(few, 3, 5)
    np.testing.assert_array_equal((eyes[..., 3] > 0.5).sum(axis=1), 7)


class _Copies:
    """A model whose code is the drawing itself, or which draws one cat for ever."""

    def __init__(self, rows=None):
        self.rows = rows
        self.code_size = 27 * 5
        self.compute_dtype = "float32"

    def encode(self, rows):
        flat = tf.reshape(rows, (-1, self.code_size))
        return flat, tf.zeros_like(flat) - 20

    def generate(self, code, temperature):
        rows = np.reshape(code, (-1, 27, 5)).astype(np.float32)
        if self.rows is not None:
            rows = np.repeat(self.rows[None], len(rows), axis=0)
        return sampling.Drawn(rows, None)


def test_a_constant_drawing_earns_no_marks_for_eyes_and_arithmetic(few):
    whiskers = few.attributes["whiskers"][1]
    cats = few.test_labels == 0
    rows = few.arrays("test")
    found = tasks.eyes(_Copies(), few)
    assert (found["two_eyes_six"], found["three_eyes_seven"]) == (1, 1)
    assert (found["three_eyes_six"], found["zero_code_six"]) == (0, 0)
    found = tasks.eyes(_Copies(rows[cats & ~whiskers][0]), few)
    assert found["two_eyes_six"] == found["three_eyes_six"] == 1
    assert found["zero_code_six"] == 1  # what tells it from a model that corrects
    one = judge.Judge(few)
    constant = _Copies(rows[cats & whiskers][0])
    found = tasks.analogies(constant, few, one)
    assert found["analogy_both"] == found["plain_both"] == 1
    assert found["analogy_gain"] == 0
    found = tasks.analogies(_Copies(), few, one)  # nothing added changes nothing
    assert found["plain_both"] == 0


def test_what_is_read_from_drawn_codes_is_not_what_means_would_tell(few):
    rows = few.arrays("test")
    untrained = experiment.untrained(SMOKE.replace(encoder_units=32, latent_dim=8), few)
    assert untrained["untrained/mean_class"] > 0.9  # standardised, the trap
    assert 0.25 < untrained["untrained/read_class"] < 0.75
    found = evaluation.readable(_Copies(), few)
    assert found["read_class"] > 0.9 and len(rows) == 30


def test_impossible_settings_are_refused():
    with pytest.raises(UserError, match="kinds must name"):
        SMOKE.replace(kinds=("cat", "cat"))
    with pytest.raises(UserError, match="kl_start"):
        SMOKE.replace(kl_start=2.0)


def test_headlines_stand_on_eight_seeds():
    for preset in {headline.preset for headline in paper.HEADLINES}:
        assert len(results.recorded("sketch_rnn", preset)) >= 8
