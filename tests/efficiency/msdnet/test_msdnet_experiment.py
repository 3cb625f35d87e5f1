"""Data, what runs find, what settings refuse, and what is recorded."""

import keras
import numpy as np
import pytest

from lessons.efficiency.msdnet import (
    config,
    data,
    evaluation,
    experiment,
    figures,
    figures_theory,
    lazy,
    paper,
    records,
    theory,
)
from lessons.efficiency.msdnet.plan import Plan
from lessons.efficiency.msdnet.variants import VARIANTS
from lessons.toolkit import results
from lessons.toolkit.errors import UserError

SMOKE = config.PRESETS["smoke"]


@pytest.fixture(scope="module")
def parts():
    return data.load(SMOKE)


@pytest.fixture(scope="module")
def known():
    """Probabilities of three exits that know 70, 80 and 90 in a hundred."""
    rng = np.random.default_rng(0)
    labels = rng.integers(5, size=3000)
    hard = rng.random(3000)
    found = []
    for accuracy in (0.7, 0.8, 0.9):
        logits = rng.normal(0, 0.3, (3000, 5))
        right = hard < accuracy
        logits[np.arange(3000), labels] += np.where(right, 3 * (1.1 - hard), -1)
        found.append(lazy.softmax(logits))
    return np.array(found), labels, hard


def test_letters_are_as_difficult_as_they_say():
    images, labels, found = data.letters(600, seed=3)
    assert images.shape == (600, 16, 16, 1) and images.dtype == np.float32
    assert images.min() >= 0 and images.max() <= 1
    assert np.bincount(labels).max() - np.bincount(labels).min() <= 1
    easy, hard = found["difficulty"] < 0.3, found["difficulty"] > 0.7
    assert found["angle"][hard].mean() > 2 * found["angle"][easy].mean()
    corner = images[:, :2, :2].std(axis=(1, 2, 3))
    assert corner[hard].mean() > 2 * corner[easy].mean()
    again = data.letters(600, seed=3)
    np.testing.assert_array_equal(again[0], images)
    assert np.any(data.letters(600, seed=3, stream=1)[0] != images)
    fixed = data.letters(4, difficulty=np.zeros(4))[2]
    assert np.all(fixed["angle"] == 0) and np.all(fixed["noise"] == 0.05)


def test_validation_images_are_others(parts):
    assert len(parts.validation_images) == 60 and len(parts.split.test_labels) == 100
    for one, other in (
        (parts.validation_images, parts.split.train_images),
        (parts.validation_images, parts.split.test_images),
    ):
        assert not np.any(np.all(one[:20, None] == other[None, :20], axis=(2, 3, 4)))


def test_files_are_held_against_the_configuration(tmp_path):
    rng = np.random.default_rng(0)
    path = tmp_path / "images.npz"
    images = rng.integers(0, 256, (60, 32, 32, 3), dtype=np.uint8)
    np.savez(path, images=images, labels=np.arange(60) % 10)
    settings = config.PRESETS["paper"].replace(data_path=str(path), num_validation=9)
    found = data.load(settings)
    assert len(found.split.train_images) == 45 and len(found.validation_labels) == 9
    np.testing.assert_allclose(found.validation_images[0], images[45] / 255, atol=1e-6)
    for change, text in (
        ({"side": 48}, "32x32"),
        ({"num_classes": 9}, "num_classes"),
        ({"num_validation": 54}, "num_validation"),
        ({"data_path": None}, "data_path"),
    ):
        with pytest.raises(UserError, match=text):
            data.load(settings.replace(**change))


def test_yardsticks_have_their_order(known):
    found, labels, _ = known
    costs = (1.0, 2.0, 4.0)
    held = lazy.confidence(found)
    shares = theory.geometric_shares(0.6, 3)
    accuracy, cost, exits = evaluation.dynamic_evaluate(
        held, found, labels, costs, shares
    )
    rng = np.random.default_rng(1)
    others = evaluation.yardsticks(found, labels, costs, exits, rng)
    assert others["oracle"] >= accuracy > others["static"] + 0.05
    assert others["static"] >= others["random"]  # the curve is concave
    assert others["shuffled"] == pytest.approx(others["random"], abs=0.02)
    shown = np.bincount(exits, minlength=3) / len(exits)
    np.testing.assert_allclose(shown, shares, atol=0.002)
    assert cost == pytest.approx(shares @ costs, abs=0.01)


def test_rules_by_maximum_do_not_depend_on_a_rising_map_of_it(known):
    found, labels, _ = known
    shares = theory.geometric_shares(0.6, 3)
    held = lazy.confidence(found)
    exits = [
        theory.choose_exits(f(held), theory.find_thresholds(f(held), shares))
        for f in (lambda c: c, np.square, lambda c: np.log(c) - 3)
    ]
    np.testing.assert_array_equal(exits[0], exits[1])
    np.testing.assert_array_equal(exits[0], exits[2])
    warm = lazy.confidence(evaluation.with_temperature(found, 2.0))
    other = theory.choose_exits(warm, theory.find_thresholds(warm, shares))
    changed = np.mean(exits[0] != other)  # more than two classes: ranks do move
    assert 0 < changed < 0.2


def test_averaged_probabilities_and_static_mixes():
    found = np.random.default_rng(0).random((3, 4, 5))
    means = evaluation.averaged(found)
    np.testing.assert_allclose(means[2], found.mean(axis=0))
    np.testing.assert_allclose(means[0], found[0])
    assert evaluation.static_at((1, 3), (0.5, 0.9), 2) == pytest.approx(0.7)


def test_no_ratio_is_chosen_where_none_keeps_the_accuracy(parts):
    labels = parts.validation_labels
    sure_and_wrong = np.full((2, len(labels), 26), 0.001)
    rows = np.arange(len(labels))
    sure_and_wrong[0, rows, (labels + 1) % 26] = 1.0
    sure_and_wrong[1, rows, labels] = 1.0
    test = np.full((2, len(parts.split.test_labels), 26), 1 / 26)
    given = sure_and_wrong, test, parts, (1.0, 2.0)
    assert evaluation.frugal(*given) == {}
    found = evaluation.frugal(*given, loss=1.0)
    assert found["p"] == pytest.approx(0.2)


def test_optimizers_follow_their_schedules():
    sgd = experiment.make_optimizer(config.PRESETS["paper"], 640)
    assert sgd.nesterov and sgd.momentum == 0.9
    rates = [float(sgd._learning_rate(step)) for step in (0, 1500, 1501, 2251)]
    assert rates == pytest.approx([0.1, 0.1, 0.01, 0.001])
    adam = experiment.make_optimizer(config.PRESETS["laptop"], 4000)
    assert type(adam) is keras.optimizers.Adam
    rates = [float(adam._learning_rate(step)) for step in (0, 150, 300)]
    assert rates == pytest.approx([0.008, 0.004, 0], abs=1e-7)


@pytest.mark.parametrize(
    "change, text",
    [
        ({"side": 32}, "side"),
        ({"exit_weights": (1.0,)}, "exit_weights"),
        ({"exit_weights": (0.0, 0.0)}, "exit_weights"),
        ({"drop_epochs": (5, 3)}, "drop_epochs"),
        ({"growth": 3, "growth_factors": (1, 1)}, "even"),
        ({"num_scales": 6, "growth_factors": (1,) * 6}, "bottleneck_factors"),
        ({"ratios": (0.0,)}, "ratios"),
    ],
)
def test_settings_that_cannot_work_are_refused_before_training(change, text):
    with pytest.raises(UserError, match=text):
        SMOKE.replace(**change)


def test_figures_say_what_they_show(parts):
    rng = np.random.default_rng(0)
    test = lazy.softmax(rng.normal(size=(3, 100, 26)))
    held = lazy.softmax(rng.normal(size=(3, 60, 26)))
    turning = figures.budget(held, test, parts, (1e6, 2e6, 4e6), (0.5, 1.0))
    assert len(turning.frames) == 2 and "p = 0.5" in turning.alts[0]
    names = parts.split.class_names
    images, labels = parts.split.test_images, parts.split.test_labels
    assert "letters" in figures.easy_and_hard(test, images, labels, names).alt
    plan = experiment.plan_of(config.PRESETS["laptop"])
    first = figures_theory.first_needed(plan)
    counts = [sum(n == k for n in first.values()) for k in range(3)]
    assert counts == [4, 5, 9]
    assert isinstance(plan, Plan)
    alts = figures_theory.growing_grid(plan).alts
    assert "203,584" in alts[0] and "18 of 18" in alts[2]
    shown = figures_theory.shares_and_cost((1.0, 2.0, 4.0), 2.0)
    assert "p = 0.707" in shown.alt


def test_headlines_stand_on_recorded_runs():
    assert len(results.recorded("msdnet")) >= 8
    for headline in paper.HEADLINES:
        assert headline.preset in config.PRESETS
        runs = results.recorded("msdnet", headline.preset)
        assert len(runs[headline.metric]) >= 1
    for preset in config.PRESETS.values():
        assert set(preset.variants) <= set(VARIANTS)


def test_recorded_runs_hold_what_the_lesson_says():
    runs = results.recorded("msdnet")
    gain, shuffled = (
        runs["p_0.6", "msdnet", key].mean() for key in ("gain", "shuffled_gain")
    )
    assert gain > 0.008 > 0.002 > shuffled
    for blind in ("ink", "chance"):
        assert runs["rules", "msdnet", blind].mean() < 0.002
    last = runs["msdnet/exit_3"]
    assert np.all(last - runs["msdnet/exit_1"] > 0.02)
    assert np.mean(last - runs["p_0.6/msdnet/accuracy"]) < 0.008
    assert np.mean(last - runs["p_0.6/msdnet/static"]) > 0.01
    assert np.all(runs["p_0.6/msdnet/cost"] < 0.42 * runs["msdnet/cost_3"])
    rise = [runs["p_0.6/msdnet", f"difficulty_{k}"] for k in (1, 2, 3)]
    assert np.all(np.diff(rise, axis=0) > 0.1)
    assert runs["p_0.6/msdnet/last_error_1"].max() < 0.02
    assert runs["msdnet/lazy_difference"].max() < 1e-4
    for p in config.PRESETS["laptop"].ratios:
        assert runs[f"p_{p:g}", "msdnet", "validation_gap"].max() <= 0.002


def test_recorded_rivals_hold_what_the_lesson_says():
    runs = results.recorded("msdnet")
    chains = results.recorded("msdnet", "laptop_one_scale")
    rivals = results.recorded("msdnet", "laptop_rivals")
    assert len(runs) == len(chains) == len(rivals) == 8
    sources = {"chain": chains, "one_scale": chains, "ensemble": rivals}
    for name, source in sources.items():
        random = source["p_0.6", name, "random"]
        assert np.all(source["p_0.6", name, "accuracy"] - random > 0.008)
        assert abs(np.mean(source["p_0.6", name, "shuffled"] - random)) < 0.004
    assert rivals["p_0.6/ensemble/gain"].mean() > 0.008
    first = runs["msdnet/exit_1"]
    assert np.mean(first - chains["chain/exit_1"]) > 0.004
    assert np.mean(first - rivals["ensemble/exit_1"]) < -0.004
    assert np.all(chains["chain/exit_3"] - runs["msdnet/exit_3"] > 0.008)
    assert np.all(chains["chain/exit_3"] > rivals["ensemble/exit_3"])


def test_recorded_networks_at_equal_cost():
    metrics = [
        {"chain/cost_1": 1.0, "chain/exit_1": 0.5, "chain/cost_2": 2.0}
        | {"chain/exit_2": 0.6, "chain/cost_3": 3.0, "chain/exit_3": 0.7 + seed}
        | {"p_0.5/chain/cost": 1.0, "p_0.5/chain/accuracy": 0.6}
        | {"p_1/chain/cost": 2.0, "p_1/chain/accuracy": 0.8 + seed}
        for seed in (0, 0.1, 5)
    ]
    runs = results.Runs((0, 1, 2), tuple(metrics))
    exits, early = records.curve(runs, "chain", (0.5, 1.0), 2)
    np.testing.assert_allclose(exits, [[1, 0.5], [2, 0.6], [3, 0.75]])
    np.testing.assert_allclose(early, [[1, 0.6], [2, 0.85]])
    found = records.at_cost(runs, "chain", (0.5, 1.0), 1.5)
    np.testing.assert_allclose(found, [0.7, 0.75, 3.2])
    assert np.isnan(records.at_cost(runs, "chain", (0.5, 1.0), 2.5)).all()
