"""Data, rules of exit, what runs find, and what is recorded."""

import numpy as np
import pytest

from lessons.memory.variable_depth import (
    config,
    data,
    evaluation,
    experiment,
    figures,
    figures_theory,
    ideal,
    paper,
)
from lessons.memory.variable_depth.variants import VARIANTS
from lessons.toolkit import results
from lessons.toolkit.errors import UserError

LAPTOP = config.PRESETS["laptop"]
SMOKE = config.PRESETS["smoke"]


def test_digits_have_an_easy_class_of_the_same_size():
    found = data.load(LAPTOP)
    for labels, kinds, count in (
        (found.train_labels, found.train_kinds, 1280),
        (found.test_labels, found.test_kinds, 517),
    ):
        assert np.sum(kinds == 0) == np.sum(kinds == 1) == count
        np.testing.assert_array_equal(labels == data.NUM_DIGITS, kinds == 0)
    np.testing.assert_allclose(found.train_features.mean(axis=0), 0, atol=1e-6)
    raw = found.test_features + found.mean
    silence, digits = (raw[found.test_kinds == kind] for kind in (0, 1))
    assert silence.min() >= 0 and silence.std() == pytest.approx(0.06, abs=0.005)
    assert digits.std() > 0.3
    again = data.load(LAPTOP)
    np.testing.assert_array_equal(again.train_features, found.train_features)
    other = data.load(LAPTOP.replace(seed=1))
    assert np.any(other.train_labels != found.train_labels)


def test_variants_have_their_own_data():
    usual = data.load(LAPTOP)
    mixed = data.load(LAPTOP, VARIANTS["shuffled"])
    np.testing.assert_array_equal(mixed.train_features, usual.train_features)
    np.testing.assert_array_equal(mixed.test_labels, usual.test_labels)
    digits = usual.train_kinds == 1
    same = mixed.train_labels[digits] == usual.train_labels[digits]
    assert 0.05 < same.mean() < 0.15
    for labels in (mixed.train_labels, usual.train_labels):
        assert np.all(labels[~digits] == data.NUM_DIGITS)
    counts = (np.bincount(x.train_labels) for x in (mixed, usual))
    np.testing.assert_array_equal(*counts)
    loud = data.load(LAPTOP, VARIANTS["pattern"])
    raw = loud.test_features + loud.mean
    easy = raw[loud.test_kinds == 0]
    assert easy.mean() > 0.5
    assert easy.std(axis=0).mean() == pytest.approx(data.NOISE, rel=0.05)


def test_files_are_held_against_the_configuration(tmp_path):
    rng = np.random.default_rng(0)
    path = tmp_path / "frames.npz"
    rows = rng.normal(size=(40, data.FRAME_FEATURES)).astype("float32")
    np.savez(path, features=rows, states=np.arange(40) % 7)
    settings = config.PRESETS["paper"].replace(data_path=str(path))
    found = data.load(settings)
    assert found.train_features.shape == (36, 440) and len(found.test_labels) == 4
    with pytest.raises(UserError, match="num_states"):
        data.load(settings.replace(num_states=6))
    with pytest.raises(UserError, match="data_path"):
        data.load(settings.replace(data_path=None))
    np.savez(path, features=rows[:, :9], states=np.arange(40) % 7)
    with pytest.raises(UserError, match="440"):
        data.load(settings)


def test_exits_by_both_rules():
    log_gates = np.log([[0.5, 0.25, 0.25], [0.1, 0.1, 0.8], [0.2, 0.4, 0.4]])
    assert list(evaluation.exits_by_gates(log_gates, 0.5)) == [0, 2, 1]
    assert list(evaluation.exits_by_gates(log_gates, 0.6)) == [1, 2, 1]
    assert list(evaluation.exits_by_gates(log_gates, 1)) == [2, 2, 2]
    probs = np.array([[[0.9, 0.1], [0.5, 0.5], [0.5, 0.5]]] * 2)
    probs[1, 0] = 0.5
    assert list(evaluation.exits_by_confidence(np.log(probs), 0.9)) == [0, 2]


def test_yardsticks_of_exits():
    rng = np.random.default_rng(0)
    needs = rng.integers(3, size=3000)  # the first layer that is right
    right = np.arange(3) >= needs[:, None]
    kinds = np.ones(3000, int)
    found = evaluation.exit_scores(right, needs, kinds, (1.0, 3.0, 9.0), rng)
    assert found["hard"] == found["accuracy"] == 1.0
    assert found["hard_depth"] == found["depth_1"] == pytest.approx(2, abs=0.05)
    assert found["shuffled"] == pytest.approx(2 / 3, abs=0.03)
    assert found["fixed"] == pytest.approx(2 / 3, abs=0.03)
    assert found["cost"] == pytest.approx(13 / 3, abs=0.2)
    assert evaluation.ranks_agree(needs, needs**2) == pytest.approx(1)
    assert evaluation.ranks_agree(needs, np.ones(3000)) == 0.0


def test_easy_inputs_become_uniform_while_training():
    """In a network that is trained, not only in the formula for one example."""
    settings = LAPTOP.replace(num_train=320, epochs=12, look_every=12)
    features = data.load(settings)
    found = {}
    for name in ("little", "free"):
        trained = experiment.train(settings, VARIANTS[name], features)
        found[name] = evaluation.evaluate(trained.model, features, settings)[0]
    little = found["little"]
    assert little["accuracy_0"] > 0.99 and little["hard"] > 0.5
    assert abs(little["ideal_0"] - 3) < 0.3  # layers are alike, so equal gates are best
    assert little["entropy"] > found["free"]["entropy"] + 0.2


def test_rates_are_halved_where_training_is_flat():
    import keras

    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(0.5), "mse")
    callback = experiment.HalveWhenFlat(least_rate=0.2)
    callback.set_model(model)
    rates = []
    for loss in (2.0, 1.0, 0.995, 0.99):
        callback.on_epoch_end(0, {"val_nll": loss})
        rates.append(float(model.optimizer.learning_rate))
    assert rates == [0.5, 0.5, 0.25, 0.125]
    assert model.stop_training


@pytest.mark.parametrize(
    "change, text",
    [
        ({"slice_units": 50}, "slice_units"),
        ({"variants": ("shuffled",), "source": "folds"}, "digits"),
        ({"variants": ("pattern",), "source": "frames"}, "digits"),
        ({"num_train": 1790}, "num_train"),
        ({"taus": (1.5,)}, "taus"),
    ],
)
def test_settings_that_cannot_work_are_refused_before_training(change, text):
    with pytest.raises(UserError, match=text):
        LAPTOP.replace(**change)


def test_figures_say_what_they_show():
    assert "never" not in figures_theory.ladder().alt.split(".")[0]
    knob = figures_theory.prior_knob(alphas=(0.01, 0.15))
    assert "1.10 to 4.90" in knob.alts[0] and "1.86 to 4.14" in knob.alts[1]
    half = ideal.one_better_layer(0.5, 0.01, 5)
    assert f"gate of {half:.2f}" in knob.alts[0]
    settings = SMOKE.replace(num_layers=3)
    model = experiment.build_model(settings, VARIANTS["both"])
    drawn = figures.along_the_line(model, settings, np.zeros(3), threshold=0.6)
    assert "2.00 layers" in drawn.alt  # zero gates: half at layer 1, half of the rest


def test_headlines_stand_on_recorded_runs():
    for headline in paper.HEADLINES:
        runs = results.recorded("variable_depth", headline.preset)
        assert len(runs[headline.metric]) == 8


def test_recorded_gates_hold_what_the_lesson_says():
    runs = results.recorded("variable_depth")
    starts = results.recorded("variable_depth", "laptop_starts")
    assert len(runs) == len(starts) == 8
    for name in ("little", "strong"):
        assert np.abs(runs[name, "depth_0"] - 3).max() < 0.2
    assert np.abs(starts["pattern/depth_0"] - 3).max() < 0.3
    assert np.all(runs["little/entropy"] - runs["free/entropy"] > 0.5)
    assert runs["strong/entropy"].min() > 1.5
    for source, name in (
        (runs, "free"),
        (starts, "free_uniform"),
        (starts, "free_random"),
    ):
        assert source[name, "entropy"].mean() < 0.4
        assert np.ptp(source[name, "depth_1"]) > 0.5  # which layer differs by seed


def test_the_recorded_gap_is_a_transient():
    runs = results.recorded("variable_depth", "laptop_long")
    assert len(runs) == 8
    gap = {
        (name, at): runs[f"at_{at}", name, "depth_1"]
        - runs[f"at_{at}", name, "depth_0"]
        for name in config.STARTS
        for at in (30, 120)
    }
    assert gap["little", 30].mean() > 0.4
    for name in ("little", "little_uniform", "little_random"):
        assert gap[name, 120].mean() < gap[name, 30].mean() - 0.2
    assert np.all(gap["shuffled", 120] - gap["little", 120] > 0.5)


def test_recorded_exits_and_depths():
    runs = results.recorded("variable_depth")
    folds = results.recorded("variable_depth", "laptop_folds")
    wide = results.recorded("variable_depth", "laptop_wide")
    assert len(folds) == len(wide) == 8
    lost = runs["tau_0.5/little/hard"] - runs["tau_0.5/little/shuffled"]
    assert lost.min() > 0.05
    both = runs["tau_0.5/both/hard"] - runs["tau_0.5/both/shuffled"]
    assert both.max() < 0.03
    assert np.all(runs["deep/layer_1_1"] - runs["deep/layer_5_1"] > -0.03)
    for group in ("", "sure_0.95/"):
        name = "deep" if group else "both"
        rise = folds[f"{group}{name}/depth_3"] - folds[f"{group}{name}/depth_0"]
        assert rise.min() > 0.5
    assert np.all(wide["cost/seconds_early"] < 0.75 * wide["cost/seconds_full"])
    assert np.all(wide["cost/work_early"] < 0.5)
    assert wide["cost/same_exits"].min() > 0.999
