"""Runs from configuration to report."""

import keras
import numpy as np
import pytest

from lessons.foundations.amsgrad import config, data, evaluation, experiment, paper
from lessons.toolkit import runtime
from lessons.toolkit.errors import UserError

SMOKE = config.PRESETS["smoke"]


@pytest.fixture(scope="module")
def report():
    return experiment.run(SMOKE)


def test_a_run_says_what_the_headlines_need(report):
    for headline in paper.HEADLINES:
        assert np.isfinite(report.metrics[headline.metric])
    assert report.metrics["parameters"] == 650
    assert set(report.history) == {"adam/loss", "amsgrad/loss"}
    assert all(len(values) == SMOKE.epochs for values in report.history.values())
    assert set(report.models) == {"model", "amsgrad"}
    assert set(report.figures) == {"loss", "ends"}


def test_every_variant_starts_from_the_same_weights():
    with runtime.session(SMOKE):
        networks = [
            experiment.compiled(SMOKE, name, (8, 8, 1)) for name in ("adam", "sgd")
        ]
        starts = [network.get_weights() for network in networks]
        again = experiment.compiled(SMOKE.replace(seed=1), "adam", (8, 8, 1))
    for left, right in zip(*starts, strict=True):
        np.testing.assert_array_equal(left, right)
    assert np.any(again.get_weights()[0] != starts[0][0])


def test_evaluation_agrees_with_keras(report):
    model = report.models["model"]
    split = data.load(SMOKE)
    scores = evaluation.evaluate(model, split)
    for part, images, labels in (
        ("train", split.train_images, split.train_labels),
        ("test", split.test_images, split.test_labels),
    ):
        logits = model.predict(images, verbose=0)
        expected = keras.losses.sparse_categorical_crossentropy(
            labels, logits, from_logits=True
        )
        mean = float(np.mean(expected))
        assert scores[f"{part}_loss"] == pytest.approx(mean, rel=1e-5)
        assert scores[f"{part}_accuracy"] == np.mean(logits.argmax(1) == labels)
        assert scores[f"{part}_loss"] == report.metrics[f"adam/{part}_loss"]


def test_games_are_those_of_the_sheet():
    settings = config.PRESETS["laptop"].replace(variants=("adam", "amsgrad"))
    metrics, ends = experiment.play_games(settings)
    assert metrics["periodic/adam/last"] == pytest.approx(0.997, abs=2e-3)
    assert metrics["periodic/adam/average_regret"] == pytest.approx(0.2425, abs=2e-4)
    assert metrics["periodic/amsgrad/last"] == pytest.approx(-0.999, abs=2e-3)
    assert metrics["periodic/amsgrad/average_regret"] == pytest.approx(0.0502, abs=2e-4)
    assert metrics["stochastic/adam/least"] > 0.9
    assert metrics["stochastic/amsgrad/greatest"] < -0.9
    assert ends["adam"].shape == (32,)


def test_scaled_losses_train_with_the_lessons_optimizer():
    settings = SMOKE.replace(precision="mixed_float16", variants=("amsgrad",))
    with runtime.session(settings):
        trained = experiment.train(settings, "amsgrad", data.load(settings))
        assert trained.model.optimizer.inner_optimizer.method == "amsgrad"
    assert trained.history["loss"][-1] < trained.history["loss"][0]
    assert all(weight.dtype == "float32" for weight in trained.model.weights)


def test_a_run_without_variants_is_refused():
    with pytest.raises(UserError, match="variants must name at least one"):
        experiment.run(SMOKE.replace(variants=()))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"variants": ("adam", "lion")}, "variants must be one of sgd"),
        ({"learning_rate": 0.0}, "learning_rate must be above 0"),
        ({"beta_1": 1.0}, "beta_1 must be"),
        ({"family": "transformer"}, "family must be one of"),
    ],
)
def test_impossible_settings_are_refused(changes, message):
    with pytest.raises(UserError, match=message):
        SMOKE.replace(**changes)
