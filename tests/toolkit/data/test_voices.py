"""Synthetic voices: pitch and formants are those that were asked for."""

import numpy as np
import pytest
from scipy import signal

from lessons.toolkit.data import voices
from lessons.toolkit.errors import UserError

RATE = 16_000


def rng(seed=0):
    return np.random.default_rng(seed)


@pytest.mark.parametrize("place", [(730, 60), (2440, 120), (0, 50), (8000, 90)])
def test_a_resonator_has_its_pole_and_unit_gain_for_constants(place):
    a, b, c = voices.resonator(*place, RATE)
    poles = np.roots([1, -b, -c])
    radius = np.exp(-np.pi * place[1] / RATE)
    np.testing.assert_allclose(np.abs(poles), radius, rtol=1e-6)
    angle = np.abs(np.angle(poles)).max()
    assert angle == pytest.approx(2 * np.pi * place[0] / RATE, abs=1e-6)
    assert a / (1 - b - c) == pytest.approx(1)


@pytest.mark.parametrize("place", [(8001, 60), (-1, 60), (500, 0)])
def test_resonances_that_cannot_be_are_refused(place):
    with pytest.raises(UserError, match="cannot be sampled"):
        voices.resonator(*place, RATE)


def test_the_tract_s_weights_predict_its_ringing():
    for glottis in (0.0, 0.9):
        weights = voices.prediction_weights(voices.FORMANTS["aa"], RATE, glottis)
        pulse = np.eye(1, 300)[0]
        ring = signal.lfilter([1], [1, -glottis], pulse)
        for place in voices.FORMANTS["aa"]:
            a, b, c = voices.resonator(*place, RATE)
            ring = signal.lfilter([a], [1, -b, -c], ring)
        predicted = [
            weights @ ring[n - len(weights) : n][::-1] for n in range(len(weights), 300)
        ]
        np.testing.assert_allclose(predicted, ring[len(weights) :], atol=1e-12)


def test_pulses_come_at_the_pitch_and_keep_their_sum():
    train = voices.pulses(RATE, 100.0, RATE, rng())
    assert train.sum() == pytest.approx(100, abs=1)
    exact = np.flatnonzero(voices.pulses(RATE, 100.0, RATE, rng(), between=False))
    assert set(np.diff(exact)) == {160}
    odd = voices.pulses(RATE, 150.0, RATE, rng(), between=False)
    assert set(np.diff(np.flatnonzero(odd))) == {106, 107}
    between = voices.pulses(RATE, 150.0, RATE, rng(1))
    # A pulse between two samples is shared: its place is the mean of the two.
    starts = np.flatnonzero((between > 0) & (np.roll(between, 1) == 0))[1:-1]
    pairs = np.stack([between[starts], between[starts + 1]])
    np.testing.assert_allclose(pairs.sum(axis=0), 1)
    np.testing.assert_allclose(np.diff(starts + pairs[1]), RATE / 150, atol=1e-6)


def test_jitter_and_shimmer_vary_periods_and_heights():
    steady = voices.pulses(RATE, 100.0, RATE, rng(2), between=False)
    for options in ({"jitter": 0.05}, {"shimmer": 0.1}):
        found = voices.pulses(RATE, 100.0, RATE, rng(2), between=False, **options)
        gaps = np.diff(np.flatnonzero(found))
        heights = found[found > 0]
        assert (np.std(gaps) > 2) == ("jitter" in options)
        assert (np.std(heights) > 0.05) == ("shimmer" in options)
    assert np.std(np.diff(np.flatnonzero(steady))) == 0


@pytest.mark.parametrize("phone", voices.FORMANTS)
def test_a_vowel_is_strongest_at_its_formants(phone):
    made = voices.voice(phone, RATE, 50.0, RATE, rng(), glottis=0.0)
    assert abs(made.mean()) < 1e-12 and made.var() == pytest.approx(1)
    power = np.abs(np.fft.rfft(made)[::50]) ** 2  # the harmonics
    peaks = 50.0 * signal.argrelmax(power)[0]
    for frequency, _ in voices.FORMANTS[phone]:
        assert np.min(np.abs(peaks - frequency)) <= 50


def test_a_late_drop_is_heard():
    envelope = voices.late_drop(RATE)
    made = voices.voice("aa", RATE, 120.0, RATE, rng(), envelope=envelope)
    parts = [np.std(part) for part in np.split(made, 4)]
    assert parts[3] < 0.8 * parts[2] and envelope.max() == 1
    assert envelope[0] == envelope[-1] == pytest.approx(0.2)


def test_voices_are_those_of_their_seed():
    one, same, other = (
        voices.voice("iy", 400, 120.0, 8000, rng(seed)) for seed in (1, 1, 2)
    )
    assert np.array_equal(one, same) and not np.allclose(one, other)


@pytest.mark.parametrize(
    "change, text",
    [
        ({"phone": "xx"}, "unknown phone"),
        ({"pitch": 0}, "pitch"),
        ({"pitch": 4000}, "pitch"),
        ({"num_samples": 1}, "at least"),
        ({"sample_rate": 4000}, "cannot be sampled"),
    ],
)
def test_voices_that_cannot_be_are_refused(change, text):
    given = {"phone": "aa", "num_samples": 100, "pitch": 120.0, "sample_rate": 8000}
    with pytest.raises(UserError, match=text):
        voices.voice(**given | change, rng=rng())


def test_a_constant_has_no_variance_to_normalise():
    assert np.array_equal(voices.normalised(np.full(7, 0.1)), np.zeros(7))
    small = voices.normalised(1e-9 * np.arange(5.0))
    assert small.std() == pytest.approx(1)
