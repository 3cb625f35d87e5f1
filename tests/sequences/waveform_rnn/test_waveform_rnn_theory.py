"""Windows, mixing, schedules, and what feeding back does to errors."""

import numpy as np
import pytest
from scipy import signal

from lessons.sequences.waveform_rnn import evaluation, theory, theory_loop
from lessons.toolkit.data import voices
from lessons.toolkit.errors import UserError

TRACT = voices.prediction_weights(voices.FORMANTS["aa"], 16_000)
COARSE = voices.prediction_weights(voices.FORMANTS["aa"], 8000)
GLOTTAL = voices.prediction_weights(voices.FORMANTS["aa"], 8000, voices.GLOTTIS)


@pytest.mark.parametrize(
    "sizes, windows, steps",
    [
        ((500, 240, 1), 261, 260),
        ((500, 240, 10), 27, 26),
        ((400, 80, 10), 33, 32),
        ((240, 240, 7), 1, 0),
        ((239, 240, 1), 0, 0),
    ],
)
def test_windows_are_counted_as_they_lie(sizes, windows, steps):
    length, window, stride = sizes
    starts = [a for a in range(0, length, stride) if a + window <= length]
    followed = [a for a in starts if a + window + stride <= length]
    assert theory.num_windows(*sizes) == len(starts) == windows
    assert theory.num_steps(*sizes) == len(followed) == steps


def test_the_mixture_selects_predictions_at_zero_whatever_the_truth_is():
    truth, predictions = np.array([1.0, np.nan]), np.array([3.0, 5.0])
    np.testing.assert_allclose(theory.mixed(truth, predictions, 0.0), [3, 5])
    assert float(theory.mixed(truth, predictions, 0.25)[0]) == pytest.approx(2.5)
    assert np.array_equal(theory.mixed(truth, predictions, 1.0)[0], 1.0)


def test_scheduled_sampling_has_the_mixture_s_mean_and_more_variance():
    uniform = np.random.default_rng(0).random(200_000)
    for alpha in (0.25, 0.5, 0.9):
        drawn = np.asarray(theory.chosen(2.0, 5.0, alpha, uniform))
        assert set(np.unique(drawn)) == {2.0, 5.0}
        error = 4 * np.sqrt(alpha * (1 - alpha) * 9 / len(uniform))
        assert drawn.mean() == pytest.approx(alpha * 2 + (1 - alpha) * 5, abs=error)
        assert drawn.var() == pytest.approx(alpha * (1 - alpha) * 9, rel=0.02)
    assert np.all(np.asarray(theory.chosen(2.0, 5.0, 1.0, uniform)) == 2)
    assert np.all(np.asarray(theory.chosen(2.0, 5.0, 0.0, uniform)) == 5)


def test_schedules_of_the_seed():
    epochs = np.array([0, 100, 150, 200, 250, 300, 499])
    free = theory.alpha_at(epochs, 100, 300)
    np.testing.assert_allclose(free, [1, 1, 0.75, 0.5, 0.25, 0, 0])
    floor = theory.alpha_at(epochs, 100, 300, 0.5)
    np.testing.assert_allclose(floor, [1, 1, 0.75, 0.5, 0.5, 0.5, 0.5])
    rates = theory.rate_at(0.01, floor, 3.0)
    np.testing.assert_allclose(rates[:3], 0.01)
    np.testing.assert_allclose(rates[3:], 0.01 * np.exp(-0.75))
    for start, stop, least in ((3, 3, 0.5), (5, 2, 0.5), (1, 2, 1.5), (1, 2, -0.1)):
        with pytest.raises(UserError, match="schedule"):
            theory.alpha_at(epochs, start, stop, least)


def test_errors_are_against_the_truth_in_float32():
    found = theory.squared_error(np.float16([[1, 2], [0, 0]]), np.zeros((2, 2)))
    assert np.asarray(found).dtype == np.float32
    np.testing.assert_allclose(found, [2.5, 0])


def test_least_squares_finds_the_vocal_tract_and_its_formants():
    ring = signal.lfilter([1], np.append(1, -TRACT), np.eye(1, 399)[0])
    found = theory_loop.linear_prediction(ring, 6)
    np.testing.assert_allclose(found, TRACT, atol=1e-9)
    expected = [4.80683297, -10.42279547, 13.07844937, -10.04551016, 4.47050189]
    np.testing.assert_allclose(found, [*expected, -0.89939879], atol=1e-8)
    places = theory_loop.formants(found, 16_000)
    np.testing.assert_allclose(places, voices.FORMANTS["aa"], atol=1e-3)
    # Control: the glottal pole left in, order 6.
    wrong = signal.lfilter([1], [1, -0.96], ring)
    places = theory_loop.formants(theory_loop.linear_prediction(wrong, 6), 16_000)
    assert np.abs(places[0, 0] - 730) > 100


@pytest.mark.parametrize(
    "alpha, radius",
    [
        (1, 0),
        (0.9, 1.1431),
        (0.75, 1.4116),
        (0.5, 1.5878),
        (0.25, 1.5721),
        (0, 0.98829),
    ],
)
def test_radii_of_the_tract(alpha, radius):
    found = theory_loop.loop_radius(TRACT, alpha)
    assert found == pytest.approx(radius, abs=5e-5)
    companion = np.eye(6, k=-1)
    companion[0] = (1 - alpha) * TRACT
    modes = np.abs(np.linalg.eigvals(companion))
    assert found == pytest.approx(modes.max(), abs=1e-9)


def test_the_unstable_range_of_the_tract_and_its_controls():
    low, high, greatest = theory_loop.instability(TRACT)
    assert (low, high) == pytest.approx((0.000916, 0.942418), abs=1e-6)
    assert greatest == pytest.approx(1.6055, abs=1e-4)
    assert np.isnan(theory_loop.instability(COARSE)[0])
    assert theory_loop.instability(COARSE)[2] == pytest.approx(0.9907, abs=1e-4)
    found = theory_loop.instability(GLOTTAL)
    assert found == pytest.approx((0.0279, 0.8403, 1.1253), abs=1e-4)


def test_finer_sampling_is_less_stable():
    rates = (8000, 9000, 10_000, 12_000, 16_000, 22_050)
    found = [
        theory_loop.instability(
            voices.prediction_weights(voices.FORMANTS["aa"], rate), 2001
        )[2]
        for rate in rates
    ]
    expected = (0.991, 1.059, 1.161, 1.356, 1.605, 1.778)
    np.testing.assert_allclose(found, expected, atol=6e-4)


@pytest.mark.parametrize("order", [3, 4, 5, 6, 7])
def test_critical_alpha_of_extrapolation(order):
    weights = theory_loop.extrapolation(order)
    places = np.arange(12.0) ** (order - 1)
    predicted = [weights @ places[n - order : n][::-1] for n in range(order, 12)]
    np.testing.assert_allclose(predicted, places[order:], rtol=1e-9)
    critical = theory_loop.critical_alpha(order)
    assert theory_loop.loop_radius(weights, critical) == pytest.approx(1, abs=1e-9)
    assert theory_loop.loop_radius(weights, critical - 1e-3) > 1.0005
    assert theory_loop.loop_radius(weights, critical + 1e-3) < 0.9995
    known = {3: 0.5, 4: 0.8, 5: 0.917288, 6: 0.964286}
    assert critical == pytest.approx(known.get(order, critical), abs=1e-6)


def test_extrapolation_of_order_two_is_stable_for_every_alpha_above_zero():
    weights = theory_loop.extrapolation(2)
    radii = [theory_loop.loop_radius(weights, a) for a in np.linspace(1e-3, 1, 200)]
    assert max(radii) < 1 and theory_loop.critical_alpha(2) == 0
    assert theory_loop.loop_radius(weights, 0) == pytest.approx(1)


def test_no_weights_no_modes():
    assert theory_loop.loop_radius(np.zeros(0), 0.3) == 0
    assert theory_loop.loop_radius([0.8], 0.25) == pytest.approx(0.6)


@pytest.mark.parametrize(
    "alpha, peak",
    [
        (0.5, 7.27e13),
        (0.1, 1.904e9),
        (0.9, 0.355),
        (1, 1e-6),
        (0.95, 1e-6),
        (0, 6.54e-5),
    ],
)
def test_a_disturbance_of_a_perfect_predictor(alpha, peak):
    found = np.abs(theory_loop.errors(TRACT, alpha, 100)).max()
    assert found == pytest.approx(peak, rel=2e-3)
    # The same by running the loop itself on a signal that the tract predicts exactly.
    truth = signal.lfilter([1], np.append(1, -TRACT), np.eye(1, 110)[0])
    mixed = truth[:6].copy()
    mixed[5] += 1e-6 * (1 - alpha) if alpha < 1 else 0.0
    errors = []
    for n in range(6, 60):
        predicted = TRACT @ mixed[n - 6 : n][::-1]
        errors.append(predicted - truth[n])
        mixed = np.append(mixed, alpha * truth[n] + (1 - alpha) * predicted)
    expected = theory_loop.errors(TRACT, alpha, 54)[1:]
    np.testing.assert_allclose(errors, expected, rtol=1e-3, atol=1e-11)


def test_errors_grow_at_the_radius():
    for alpha, rate in ((0.5, 1.5878), (0.9, 1.1431)):
        sizes = np.log(np.abs(theory_loop.errors(TRACT, alpha, 400)))
        past = np.maximum.accumulate(sizes)[100:]
        slope = np.polyfit(np.arange(100, 401), past, 1)[0]
        assert np.exp(slope) == pytest.approx(rate, rel=1e-3)
    sizes = np.log(np.abs(theory_loop.errors(TRACT, 0.95, 400)))
    future = np.maximum.accumulate(sizes[::-1])[::-1][100:]
    slope = np.polyfit(np.arange(100, 401), future, 1)[0]
    assert np.exp(slope) == pytest.approx(0.9663, rel=1e-3)


def test_blocks_carry_errors_on_as_running_them_does():
    rng = np.random.default_rng(0)
    coefficients = rng.normal(0, 0.2, (7, 3))
    for alpha in (0.0, 0.4):
        window = rng.normal(size=7)
        for _ in range(400):
            new = (1 - alpha) * window @ coefficients
            window = np.concatenate([window, new])[3:]
            size = np.linalg.norm(window)
            window = window / size
        rates = []
        for _ in range(300):
            window = np.concatenate([window, (1 - alpha) * window @ coefficients])[3:]
            rates.append(np.log(np.linalg.norm(window)))
            window = window / np.linalg.norm(window)
        expected = theory_loop.block_radius(coefficients, alpha)
        assert np.exp(np.mean(rates)) == pytest.approx(expected, rel=0.01)
    one = np.array([[0.2], [-0.5], [0.9]])  # s = 1: the loop of single samples
    single = theory_loop.loop_radius([0.9, -0.5, 0.2], 0.3)
    assert theory_loop.block_radius(one, 0.3) == pytest.approx(single)


def test_a_predictor_is_continued_on_its_own_predictions():
    weights, window = (
        np.array([0.9, -0.5, 0.2]),
        np.random.default_rng(8).normal(size=6),
    )
    found = window @ theory_loop.continued(weights, 6, 4)
    values = list(window)
    for _ in range(4):
        values.append(0.9 * values[-1] - 0.5 * values[-2] + 0.2 * values[-3])
    np.testing.assert_allclose(found, values[6:], atol=1e-14)
    one = theory_loop.continued(weights, 6, 1)
    single = theory_loop.loop_radius(weights, 0.3)
    assert theory_loop.block_radius(one, 0.3) == pytest.approx(single)
    with pytest.raises(UserError, match="at least 3"):
        theory_loop.continued(weights, 2, 1)


def test_variance_of_the_mixed_error_of_an_autoregression():
    rng = np.random.default_rng(1)
    for alpha, variance in ((1, 1.0), (0.5, 1.29136), (0.25, 2.03110)):
        assert theory_loop.ar1_error_variance(0.95, alpha) == pytest.approx(
            variance, abs=5e-6
        )
        noise = rng.normal(size=400_000)
        errors = signal.lfilter([1], [1, -(1 - alpha) * 0.95], -noise)
        assert errors.var() == pytest.approx(variance, rel=0.012)


def test_mixing_biases_the_best_weight():
    expected = {1: 0.9, 0.9: 0.91484, 0.75: 0.93027, 0.5: 0.94489, 0.25: 0.95380}
    for alpha, best in expected.items():
        assert theory_loop.ar1_best_weight(0.9, alpha) == pytest.approx(best, abs=1e-5)
    best = theory_loop.ar1_best_weight(0.9, 0.5)
    losses = [theory_loop.ar1_mixed_loss(v, 0.9, 0.5) for v in (best, 0.9)]
    assert losses == pytest.approx([0.232977, 0.238245], abs=1e-6)
    # By simulation, with the same noise for both weights.
    noise = np.random.default_rng(2).normal(size=400_000)
    truth = signal.lfilter([1], [1, -0.9], noise)
    found = []
    for v in (best, 0.9):
        # p_n = v (alpha x + (1 - alpha) p)_{n-1}
        predicted = signal.lfilter([0, v * 0.5], [1, -0.5 * v], truth)
        found.append(np.mean((predicted - truth)[100:] ** 2) / np.mean(truth**2))
    assert found == pytest.approx(losses, abs=2e-3)
    assert found[1] - found[0] == pytest.approx(losses[1] - losses[0], abs=5e-4)
    assert theory_loop.ar1_mixed_loss(0.7, 0.9, 0.0) == 1


def test_silence_beats_the_right_tone_with_the_wrong_phase():
    n = np.arange(2000)
    tone = np.sin(2 * np.pi * n / 100)
    phases = np.linspace(0, 2 * np.pi, 64, endpoint=False)
    errors = [np.mean((np.sin(2 * np.pi * n / 100 + f) - tone) ** 2) for f in phases]
    np.testing.assert_allclose(errors, 1 - np.cos(phases), atol=1e-9)
    assert np.mean(errors) == pytest.approx(1) and np.mean(tone**2) == pytest.approx(
        0.5
    )
    shifted = np.sin(2 * np.pi * n / 100 + 1.0)[None]
    assert evaluation.aligned_error(shifted, tone[None]) < 1e-2
