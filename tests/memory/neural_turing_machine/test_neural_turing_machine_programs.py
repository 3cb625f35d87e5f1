"""The machine without learning, blur, the optimal predictor, numbers of parameters."""

import numpy as np
import pytest
from scipy import stats

from lessons.memory.neural_turing_machine import (
    counts,
    data,
    dynamics,
    ngrams,
    paper,
    programs,
)


@pytest.mark.parametrize("length", [1, 10, 32])
def test_the_hand_made_machine_copies_exactly(length):
    batch = data.copy(np.random.default_rng(length), [length] * 3)
    wrong, worst = programs.bit_errors(*batch, num_slots=32)
    assert wrong == 0 and worst < 1e-9


def test_it_fails_beyond_its_memory():
    batch = data.copy(np.random.default_rng(0), [33] * 3)
    wrong, worst = programs.bit_errors(*batch, num_slots=32)
    assert wrong > 0 and worst == pytest.approx(1)
    outputs, _, _ = programs.copy(batch.inputs, 32)
    # The 33rd vector took the place of the first; the others are whole.
    np.testing.assert_allclose(outputs[:, -33], batch.inputs[:, 33, :-2], atol=1e-9)
    np.testing.assert_allclose(outputs[:, -32:], batch.targets[:, -32:], atol=1e-9)


def test_its_heads_walk_over_the_same_slots():
    batch = data.copy(np.random.default_rng(0), [4])
    _, writing, reading = programs.copy(batch.inputs, 8)
    assert writing[0, 1:5].argmax(-1).tolist() == [0, 1, 2, 3]
    assert reading[0, 6:10].argmax(-1).tolist() == [0, 1, 2, 3]


@pytest.mark.parametrize(("steps", "peak"), [(10, 0.3874), (20, 0.2852), (50, 0.1849)])
def test_a_weighting_blurs_like_a_binomial(steps, peak):
    path = dynamics.repeated((0, 0.1, 0.9), 1.0, steps)
    assert path[-1].max() == pytest.approx(peak, abs=5e-5)
    assert path[-1].max() == pytest.approx(dynamics.binomial_peak(0.9, steps))


@pytest.mark.parametrize(
    ("gamma", "peak"), [(1.5, 0.8190), (2.0, 0.9594), (5.0, 0.99994)]
)
def test_sharpening_stops_the_blur(gamma, peak):
    path = dynamics.repeated((0.1, 0.8, 0.1), gamma, 200)
    assert path[-1].max() == pytest.approx(peak, abs=5e-5)
    np.testing.assert_allclose(path[-1], path[-2], atol=1e-12)


def test_the_optimal_predictor_is_the_posterior_mean():
    assert ngrams.optimal_probability(3, 1) == pytest.approx(0.7)
    posterior = stats.beta(3 + 0.5, 1 + 0.5)
    assert ngrams.optimal_probability(3, 1) == pytest.approx(posterior.mean())
    rng = np.random.default_rng(5)
    chance = rng.beta(0.5, 0.5, 400_000)
    seen = rng.binomial(4, chance) == 3
    # 4 standard errors of about 50,000 draws of deviation 0.19 are 0.0035
    assert chance[seen].mean() == pytest.approx(0.7, abs=0.0035)


def test_predictions_use_the_past_only():
    bits = np.array([[0, 1, 1, 1, 0, 1, 1]])
    found = ngrams.predict(bits, context=1)
    # contexts 0 1 1 1 0 1: counts of (ones, zeros) seen after each
    seen = [(0, 0), (0, 0), (1, 0), (2, 0), (1, 0), (2, 1)]
    expected = [[ngrams.optimal_probability(*pair) for pair in seen]]
    np.testing.assert_allclose(found, expected)
    naive = ngrams.predict(bits, 1, ngrams.frequency)
    np.testing.assert_allclose(naive, [[0.5, 0.5, 1, 1, 1, 2 / 3]])


def test_no_rule_beats_the_optimal_one_and_frequencies_cost_infinity():
    batch = data.ngrams(np.random.default_rng(0), 100)
    bits = np.concatenate([batch.inputs[..., 0], batch.targets[:, -1:, 0]], axis=1)
    costs = {}
    for prior in (0.1, 0.5, 2.0):

        def rule(ones, zeros, prior=prior):
            return (ones + prior) / (ones + zeros + 2 * prior)

        costs[prior] = ngrams.cost(bits[:, 5:], ngrams.predict(bits, 5, rule)).mean()
    assert costs[0.5] < min(costs[0.1], costs[2.0])
    naive = ngrams.cost(bits[:, 5:], ngrams.predict(bits, 5, ngrams.frequency))
    assert np.isinf(naive).any()


@pytest.mark.parametrize("preset", paper.PAPER_LSTM)
def test_the_papers_lstm_networks_are_counted_exactly(preset):
    published, sizes = paper.PAPER_LSTM[preset]
    assert counts.lstm(**sizes, num_layers=3) == published


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"learned_start": False}, 13_360),
        ({}, 13_636),
        ({"learned_memory": True}, 16_196),
        ({"controller": "lstm", "learned_start": False}, 62_660),
        ({"controller": "lstm"}, 62_936),
        ({"controller": "lstm", "learned_memory": True}, 65_496),
    ],
)
def test_machines_are_counted_as_in_the_sheet(options, expected):
    assert counts.ntm(10, 8, 100, 128, 20, **options) == expected


def test_the_equal_lstm_is_the_nearest():
    units = counts.lstm_units(3144, 6, 4)
    sizes = [counts.lstm(6, 4, units + more) for more in (-1, 0, 1)]
    assert abs(sizes[1] - 3144) <= min(abs(sizes[0] - 3144), abs(sizes[2] - 3144))
