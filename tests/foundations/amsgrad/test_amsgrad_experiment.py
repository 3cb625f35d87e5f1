"""Runs from configuration to report."""

import json

import keras
import numpy as np
import pytest

from lessons.foundations.amsgrad import config, experiment, paper
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


def test_a_report_is_written_whole(report, tmp_path):
    folder = report.save(tmp_path / "run")
    stored = json.loads((folder / "metrics.json").read_text())
    assert stored["metrics"] == report.metrics
    assert {path.stem for path in folder.glob("*.keras")} == {"model", "amsgrad"}
    assert {path.stem for path in (folder / "figures").glob("*.png")} == {
        "loss",
        "ends",
    }


def test_the_same_seed_gives_the_same_numbers(report):
    def numbers(metrics):
        return {k: v for k, v in metrics.items() if "seconds" not in k}

    assert numbers(experiment.run(SMOKE).metrics) == numbers(report.metrics)
    other = experiment.run(SMOKE.replace(seed=1))
    assert numbers(other.metrics) != numbers(report.metrics)


def test_methods_start_from_the_same_weights():
    # One step of any method moves each weight by at most the rate (here tiny).
    settings = SMOKE.replace(learning_rate=1e-6, epochs=1)
    with runtime.session(settings):
        split = experiment.data.load(settings)
        one, _, _ = experiment.train(settings, "adam", split)
        other, _, _ = experiment.train(settings, "sgd", split)
    for left, right in zip(one.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_allclose(left, right, atol=1e-4)


def test_evaluation_agrees_with_keras(report):
    model = report.models["model"]
    split = experiment.data.load(SMOKE)
    loss, accuracy = experiment.evaluate(model, split.test_images, split.test_labels)
    logits = model.predict(split.test_images, verbose=0)
    expected = keras.losses.sparse_categorical_crossentropy(
        split.test_labels, logits, from_logits=True
    )
    assert loss == pytest.approx(float(np.mean(expected)), rel=1e-5)
    assert accuracy == np.mean(logits.argmax(1) == split.test_labels)


def test_games_are_those_of_the_sheet():
    settings = config.PRESETS["laptop"].replace(methods=("adam", "amsgrad"))
    metrics, ends = experiment.play_games(settings)
    assert metrics["periodic/adam/last"] == pytest.approx(0.997, abs=2e-3)
    assert metrics["periodic/adam/average_regret"] == pytest.approx(0.2425, abs=2e-4)
    assert metrics["periodic/amsgrad/last"] == pytest.approx(-0.999, abs=2e-3)
    assert metrics["periodic/amsgrad/average_regret"] == pytest.approx(0.0502, abs=2e-4)
    assert metrics["stochastic/adam/least"] > 0.9
    assert metrics["stochastic/amsgrad/greatest"] < -0.9
    assert ends["adam"].shape == (32,)


def test_mixed_precision_trains():
    settings = SMOKE.replace(precision="mixed_float16", methods=("amsgrad",))
    with runtime.session(settings):
        split = experiment.data.load(settings)
        network, history, _ = experiment.train(settings, "amsgrad", split)
        assert network.optimizer.inner_optimizer.method == "amsgrad"
    assert history["loss"][-1] < history["loss"][0]
    assert all(weight.dtype == "float32" for weight in network.weights)


def test_two_devices_train_as_one(on_two_devices):
    # One batch holds all images, so that their order does not matter.
    printed = on_two_devices("""
        from lessons.foundations.amsgrad import config, experiment, paper
        single = config.PRESETS["smoke"].replace(
            batch_size=200, epochs=5, methods=("amsgrad",), device="cpu",
        )
        for settings in (single, single.replace(strategy="mirrored")):
            report = experiment.run(settings)
            strategy = report.models["model"].distribute_strategy
            print(strategy.num_replicas_in_sync if strategy else 1)
            print(report.metrics["amsgrad/train_loss"])
    """)
    assert printed[2] == "2"
    assert float(printed[1]) == pytest.approx(float(printed[3]), abs=1e-4)


def test_a_run_without_methods_is_refused():
    with pytest.raises(UserError, match="methods must name at least one"):
        experiment.run(SMOKE.replace(methods=()))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"methods": ("adam", "lion")}, "methods must be one of sgd"),
        ({"learning_rate": 0.0}, "learning_rate must be above 0"),
        ({"beta_1": 1.0}, "beta_1 must be"),
        ({"family": "transformer"}, "family must be one of"),
    ],
)
def test_impossible_settings_are_refused(changes, message):
    with pytest.raises(UserError, match=message):
        SMOKE.replace(**changes)
