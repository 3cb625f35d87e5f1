"""What runs find, what their settings refuse, and what is recorded."""

import keras
import numpy as np
import pytest

from lessons.efficiency.channel_pruning import (
    config,
    cuts,
    data,
    evaluation,
    experiment,
    networks,
    paper,
    surgery,
)
from lessons.efficiency.channel_pruning.variants import VARIANTS
from lessons.toolkit import results
from lessons.toolkit.errors import UserError

SMOKE = config.PRESETS["smoke"]
SHORT = config.PRESETS["laptop"].replace(
    widths=(8, 12, 12), epochs=4, rho=0.2, fine_epochs=2
)


@pytest.fixture(scope="module")
def split():
    return data.load(SHORT)


@pytest.fixture(scope="module")
def found(split):
    """ISTA and a network of its size from scratch, after a short training."""
    outcomes = {}
    experiment.prune(SHORT, "scratch", split, outcomes)
    return outcomes


def test_ista_closes_channels_and_the_smaller_network_is_the_same(found, split):
    outcome = found["ista"]
    scores = outcome.scores
    assert scores["zeros"] > 5 and scores["channels"] == 32 - scores["zeros"]
    assert scores["folding"] < 1e-4 < 1e-2 < scores["dropping"]
    assert scores["accuracy"] > 0.8
    assert scores["cut_accuracy"] == pytest.approx(scores["first_accuracy"], abs=0.004)
    assert outcome.trained.history["zeros"][-1] > outcome.trained.history["zeros"][0]
    assert len(outcome.trained.history["loss"]) == 4 + 2


def test_a_network_from_scratch_has_the_widths_of_the_pruned_one(found):
    sizes = [found[name].trained.model.arguments["widths"] for name in found]
    assert sizes[0] == sizes[1]
    assert found["scratch"].scores["products"] == found["ista"].scores["products"]


def test_cuts_of_the_trained_network_take_its_weights_and_ista_s_widths(found, split):
    outcomes = dict(found)
    first = experiment.build_model(SHORT, VARIANTS["dense"], (8, 8, 1))
    for name in ("norm", "random"):
        variant = VARIANTS[name]
        small, scores = cuts.cut(SHORT, variant, split, first, outcomes)
        assert (
            small.arguments["widths"]
            == outcomes["ista"].trained.model.arguments["widths"]
        )
        norms = surgery.filter_norms(first)[0]
        kernel = small.get_layer("conv_1").kernel.numpy()
        kept = np.sort(np.abs(kernel).sum(axis=(0, 1, 2)))
        best = np.sort(norms)[-len(kept) :]
        assert np.allclose(kept, best) == (name == "norm")
        assert 0 <= scores["shared"] <= 1


def test_optimizers_are_what_settings_say(split):
    model = experiment.build_model(SHORT, VARIANTS["ista"], (8, 8, 1))
    warm = SHORT.replace(warm_epochs=2, warm_rho=0.5, batch_size=10, weight_decay=0.1)
    optimizer = experiment.make_optimizer(warm, VARIANTS["ista"], model, 25)
    assert [float(optimizer.rho(step)) for step in (0, 6, 7)] == pytest.approx(
        [0.5, 0.5, 0.2]
    )
    assert optimizer.inner_optimizer.weight_decay == 0.1
    later = experiment.make_optimizer(warm, VARIANTS["b"], model, 25)
    assert later.rho == 0.2
    plain = experiment.make_optimizer(SHORT, VARIANTS["dense"], model, 25)
    assert type(plain) is keras.optimizers.SGD
    limits = cuts.thresholds(SHORT, VARIANTS["rho_2"], model)
    expected = [0.05 * 0.4 * x for x in networks.penalties(model)]
    assert limits == pytest.approx(expected)


def test_weight_decay_leaves_batch_normalisation_alone():
    decaying = SHORT.replace(weight_decay=0.5, rate=1.0)
    model = experiment.build_model(decaying, VARIANTS["dense"], (8, 8, 1))
    optimizer = experiment.make_optimizer(decaying, VARIANTS["dense"], model, 25)
    before = {w.path: w.numpy() for w in model.trainable_weights}
    still = [np.zeros_like(w) for w in before.values()]
    optimizer.apply(still, model.trainable_weights)
    for weight in model.trainable_weights:
        factor = 0.5 if weight.path.endswith("kernel") else 1.0
        np.testing.assert_allclose(
            weight.numpy(), factor * before[weight.path], atol=1e-6
        )


def test_settling_moves_statistics_and_nothing_else(split):
    model = experiment.build_model(SHORT, VARIANTS["dense"], (8, 8, 1))
    trained = [w.numpy() for w in model.trainable_weights]
    moving = [w.numpy() for w in model.non_trainable_weights]
    cuts.settle(model, split.train_images[:256], 64)
    for old, new in zip(trained, model.trainable_weights, strict=True):
        np.testing.assert_array_equal(old, new.numpy())
    pairs = zip(moving, model.non_trainable_weights, strict=True)
    assert all(np.any(old != new.numpy()) for old, new in pairs)


@pytest.mark.parametrize(
    "change, text",
    [
        ({"widths": (3, 3)}, "widths"),
        ({"network": "convnet", "widths": ()}, "25 to 32"),
        ({"warm_epochs": 3}, "warm_epochs"),
        ({"average": 1.0}, "average"),
        ({"rho": -1.0}, "rho"),
    ],
)
def test_settings_that_cannot_work_are_refused_before_training(change, text):
    with pytest.raises(UserError, match=text):
        SMOKE.replace(**change)


def test_times_are_measured_in_turns():
    class Slow:
        def predict_on_batch(self, images):
            order.append("slow")

    class Fast:
        def predict_on_batch(self, images):
            order.append("fast")

    order = []
    found = evaluation.seconds({"slow": Slow(), "fast": Fast()}, None, repeats=2)
    assert order == ["slow", "fast"] * 3 and set(found) == {"slow", "fast"}


def test_headlines_and_claims_stand_on_eight_seeds():
    presets = ("laptop", "laptop_long", "laptop_rho", "laptop_successive")
    for preset in (*presets, "laptop_alpha"):
        assert len(results.recorded("channel_pruning", preset)) >= 8
    for headline in paper.HEADLINES:
        assert headline.preset in config.PRESETS


def test_recorded_runs_hold_what_the_lesson_says():
    runs = results.recorded("channel_pruning")
    longer = results.recorded("channel_pruning", "laptop_long")
    alpha = results.recorded("channel_pruning", "laptop_alpha")
    assert np.all(runs["ista/zeros"] > 96) and np.all(runs["subgradient/zeros"] == 0)
    assert np.all(runs["subgradient/near"] > 96)
    assert np.all(runs["ista/folding"] < 1e-4) and np.all(runs["ista/dropping"] > 1)
    cut = np.max([runs[f"{n}/accuracy"] for n in ("gamma", "norm", "random")], axis=0)
    assert np.all(runs["ista/accuracy"] > cut)
    assert abs(np.mean(runs["ista/accuracy"] - runs["dense/accuracy"])) < 0.005
    # At equal epochs better than from scratch, with more epochs hardly.
    assert np.mean(runs["ista/accuracy"] - runs["scratch/accuracy"]) > 0.008
    assert np.mean(runs["ista/accuracy"] - longer["scratch_long/accuracy"]) < 0.008
    assert np.all(alpha["alpha_01/zeros"] > 30) and np.all(alpha["alpha_1/zeros"] == 0)
