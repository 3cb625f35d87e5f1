"""Runs from configuration to report."""

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
    for name in SMOKE.variants:
        assert 0 <= report.metrics[f"lag/{name}/score"] <= 1
        assert len(report.history[f"lag/{name}/loss"]) == SMOKE.lag_updates
    assert set(report.models) == {"model", "lag_rnn", "lag_bias_1"}
    assert set(report.figures) == {"text", "fizzbuzz", "lag"}
    weights = runtime.num_parameters(report.models["model"])
    assert report.metrics["parameters"] == report.metrics["text/parameters"] == weights
    for name in ("bpc", "unigram", "bigram", "trigram", "uniform"):
        assert np.isfinite(report.metrics[f"text/{name}"])
    assert report.metrics["text/bpc"] < report.metrics["text/uniform"]
    assert len(report.history["text/loss"]) == SMOKE.epochs
    assert report.metrics["fizzbuzz/accuracy"] > 0.5
    bits, updates = (report.history[f"text/{n}"] for n in ("valid_bpc", "updates"))
    assert len(bits) == len(updates) and bits[-1] < bits[0]
    assert updates[-1] == SMOKE.epochs * ((5400 - 1) // (8 * 20))


def test_xla_trains_the_same_model(report):
    settings = SMOKE.replace(jit_compile=True, epochs=1)
    with runtime.session(settings):
        history = experiment.train_text(settings, data.load(settings)).history
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
    with pytest.raises(UserError, match="learned_state=True learns nothing"):
        experiment.run(SMOKE.replace(learned_state=True))


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
        network = experiment.train_text(settings, data.load(settings)).model
    assert float(network.optimizer.learning_rate) == pytest.approx(5e-3 / 4)


@pytest.mark.parametrize(
    ("task", "name"), [("adding", "blocks_1997"), ("reber", "chrono")]
)
def test_the_other_tasks_train_too(task, name):
    settings = SMOKE.replace(lag_task=task, lag=20)
    network, history, _ = experiment.train_lag(settings, name)
    score = evaluation.evaluate_lag(network, settings)["score"]
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
        ({"variants": ("gru",)}, "variants must be one of"),
        ({"lag": 5}, "lag must be at least 12"),
        ({"units": (0,)}, "units must be at least 1"),
        ({"dropout": 1.0}, "dropout must be"),
    ],
)
def test_impossible_settings_are_refused(changes, message):
    with pytest.raises(UserError, match=message):
        SMOKE.replace(**changes)
