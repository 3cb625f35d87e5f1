"""Runs from configuration to report."""

import json

import keras
import numpy as np
import pytest

from lessons.foundations.lstm import config, data, evaluation, experiment, theory
from lessons.toolkit import runtime
from lessons.toolkit.errors import UserError

SMOKE = config.PRESETS["smoke"]


@pytest.fixture(scope="module")
def report():
    return experiment.run(SMOKE)


def test_a_run_says_what_it_promises(report):
    for kind in SMOKE.lag_cells:
        assert 0 <= report.metrics[f"lag/{kind}/score"] <= 1
        assert len(report.history[f"lag/{kind}/loss"]) == SMOKE.lag_updates
    for name in ("bpc", "unigram", "bigram", "trigram", "uniform"):
        assert np.isfinite(report.metrics[f"text/{name}"])
    assert report.metrics["text/bpc"] < report.metrics["text/uniform"]
    assert len(report.history["text/loss"]) == SMOKE.epochs
    assert report.metrics["fizzbuzz/accuracy"] > 0.5
    bits, updates = (report.history[f"text/{n}"] for n in ("valid_bpc", "updates"))
    assert len(bits) == len(updates) and bits[-1] < bits[0]
    assert updates[-1] == SMOKE.epochs * ((5400 - 1) // (8 * 20))


def test_a_report_is_written_whole(report, tmp_path):
    folder = report.save(tmp_path / "run")
    stored = json.loads((folder / "metrics.json").read_text())
    assert stored["metrics"] == report.metrics
    names = {path.stem for path in folder.glob("*.keras")}
    assert names == {"model", "lag_rnn", "lag_bias_1"}
    pictures = {path.stem for path in (folder / "figures").glob("*.png")}
    assert pictures == {"text", "fizzbuzz", "lag"}
    loaded = keras.models.load_model(folder / "model.keras")
    ids = np.arange(12).reshape(2, 6)
    np.testing.assert_array_equal(loaded(ids), report.models["model"](ids))


def test_the_same_seed_gives_the_same_numbers(report):
    def numbers(metrics):
        return {k: v for k, v in metrics.items() if "seconds" not in k}

    assert numbers(experiment.run(SMOKE).metrics) == numbers(report.metrics)
    other = experiment.run(SMOKE.replace(seed=1, lag_cells=()))
    assert other.metrics["text/bpc"] != report.metrics["text/bpc"]


def test_xla_trains_the_same_model(report):
    settings = SMOKE.replace(jit_compile=True)
    with runtime.session(settings):
        network, history, _ = experiment.train_text(settings, data.load(settings))
    # Rounding apart, which a hundred updates magnify.
    assert history["loss"][0] == pytest.approx(report.history["text/loss"][0], rel=1e-3)


def test_windows_train_too_and_two_devices_need_them():
    settings = SMOKE.replace(batches="windows", epochs=1)
    with runtime.session(settings):
        network, history, _ = experiment.train_text(settings, data.load(settings))
    assert network.streams is None and np.isfinite(history["valid_bpc"][-1])
    mirrored = SMOKE.replace(strategy="mirrored")
    with pytest.raises(UserError, match="batches='windows'"):
        experiment.train_text(mirrored, data.load(SMOKE))


def test_two_devices_train_as_one(on_two_devices):
    # One batch holds the whole text, so that the order of windows does not matter.
    printed = on_two_devices("""
        from lessons.foundations.lstm import config, data, experiment
        from lessons.toolkit import runtime
        single = config.PRESETS["smoke"].replace(
            batches="windows", num_characters=1000, batch_size=44, epochs=3,
            device="cpu", lag_updates=2,
        )
        for settings in (single, single.replace(strategy="mirrored")):
            with runtime.session(settings) as strategy:
                _, text, _ = experiment.train_text(settings, data.load(settings))
                _, lag, _ = experiment.train_lag(settings, "bias_1")
            print(strategy.num_replicas_in_sync, text["loss"][-1], lag["loss"][-1])
    """)
    assert printed[3] == "2"
    for one, other in zip(printed[1:3], printed[4:], strict=True):
        assert float(one) == pytest.approx(float(other), rel=1e-3)


def test_mixed_precision_trains():
    settings = SMOKE.replace(precision="mixed_bfloat16", epochs=1)
    with runtime.session(settings):
        _, history, _ = experiment.train_text(settings, data.load(settings))
        _, curves, _ = experiment.train_lag(settings, "bias_1")
    assert history["valid_bpc"][-1] < history["valid_bpc"][0]
    assert np.isfinite(curves["loss"][-1])


@pytest.mark.parametrize("clip_kind", ["global", "tensor", "value"])
def test_clipping_reaches_the_optimizer(clip_kind):
    settings = SMOKE.replace(clip_kind=clip_kind, clip=0.5, optimizer="rmsprop")
    optimizer = experiment.make_optimizer(settings)
    found = {
        "global": optimizer.global_clipnorm,
        "tensor": optimizer.clipnorm,
        "value": optimizer.clipvalue,
    }
    assert {name for name, value in found.items() if value == 0.5} == {clip_kind}


def test_the_rate_decays_after_the_given_epoch():
    settings = SMOKE.replace(epochs=3, decay=0.5, decay_after=1, num_characters=2000)
    with runtime.session(settings):
        network, _, _ = experiment.train_text(settings, data.load(settings))
    assert float(network.optimizer.learning_rate) == pytest.approx(5e-3 / 4)


@pytest.mark.parametrize("task", ["adding", "reber"])
def test_the_other_tasks_train_too(task):
    settings = SMOKE.replace(lag_task=task, lag=20)
    for kind in ("blocks_1997", "chrono"):
        _, history, score = experiment.train_lag(settings, kind)
        assert np.isfinite(history["loss"][-1]) and 0 <= score <= 1


def test_bits_are_those_of_the_whole_text_read_at_once(report):
    network, corpus = report.models["model"], data.load(SMOKE)
    reader = evaluation.Reader(network, corpus.valid, num_streams=1)
    logits = network(corpus.valid[None, :-1])
    expected = theory.bits_per_character(logits[0], corpus.valid[1:])
    assert reader.bits() == pytest.approx(expected, rel=1e-5)


def test_bits_by_position_start_high_and_agree_in_the_mean(report):
    reader = evaluation.Reader(report.models["model"], data.load(SMOKE).valid, 4)
    fresh, carried = reader.bits_by_position(20)
    window = reader.inputs[:, 20:40]  # the second window of each stream
    logits = report.models["model"](window)
    count = reader.inputs.shape[1] // 20
    assert len(fresh) == 20 and count > 2
    if count == 2:
        expected = theory.bits_per_character(logits, reader.targets[:, 20:40])
        assert fresh.mean() == pytest.approx(expected, rel=1e-5)
    whole = report.models["model"](reader.inputs).numpy()[:, 20 : 20 * count]
    targets = reader.targets[:, 20 : 20 * count]
    expected = theory.bits_per_character(whole, targets)
    assert carried.mean() == pytest.approx(expected, rel=1e-5)


def test_scores_count_right_answers():
    answers, targets = np.eye(4)[[0, 1, 2, 3]], np.array([0, 1, 2, 0])
    assert evaluation.lag_score("latch", answers, targets) == 0.75
    sums = np.array([[0.5], [0.6]])
    assert evaluation.lag_score("adding", sums + [[0.03], [0.05]], sums) == 0.5


def test_sampled_texts_are_strings_of_the_vocabulary(report):
    corpus = data.load(SMOKE)
    network = report.models["model"]
    texts = experiment.sample_text(
        network, corpus.vocabulary, "the ", (0.5, 1.0), 30, num_samples=2
    )
    assert [[len(text) for text in row] for row in texts] == [[30, 30], [30, 30]]
    with pytest.raises(UserError, match="unknown to the model"):
        experiment.sample_text(network, corpus.vocabulary, "\u00e9", (1.0,), 3)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"peephole": "half"}, "peephole must be one of diag, full"),
        ({"lag_cells": ("gru",)}, "lag_cells must be one of"),
        ({"lag": 5}, "lag must be at least 12"),
        ({"units": (0,)}, "units must be at least 1"),
        ({"dropout": 1.0}, "dropout must be"),
    ],
)
def test_impossible_settings_are_refused(changes, message):
    with pytest.raises(UserError, match=message):
        SMOKE.replace(**changes)
