"""Mu-law, convolutions, spectra: each against an independent route."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from scipy import signal

from lessons.sequences.wavenet_autoencoder import layers, spectra, theory
from lessons.toolkit.errors import UserError

RNG = np.random.default_rng(0)


def snr(level, coder):
    x = 10 ** (level / 20) * np.sin(2 * np.pi * 441.3 * np.arange(16_000) / 16_000)
    return 10 * np.log10(np.mean(x**2) / np.mean((coder(x) - x) ** 2))


def companded(x):
    return theory.mu_law_decode(theory.mu_law_encode(x))


def linear(x):
    return (np.minimum(np.floor(128 * x), 127) + 0.5) / 128  # mid-rise


def test_every_code_survives_a_round_trip():
    q = np.arange(-128, 128)
    assert np.array_equal(theory.mu_law_encode(theory.mu_law_decode(q)), q)
    assert theory.mu_law_encode([1.0, 7.0, -1.0, -7.0]).tolist() == [
        127,
        127,
        -128,
        -128,
    ]
    assert theory.mu_law_encode(-0.001) == -6  # floor, not truncation
    assert theory.mu_law_decode(0) == 0 > theory.mu_law_decode(-1)
    inner = np.arange(1, 127)
    np.testing.assert_allclose(
        theory.mu_law_decode(inner), -theory.mu_law_decode(-1 - inner)
    )
    with pytest.raises(UserError, match="finite samples, got 1 of 2"):
        theory.mu_law_encode([0.0, np.nan])


@pytest.mark.parametrize(
    "level, mu, flat", [(0, 37.4, 49.8), (-20, 38.3, 30.2), (-40, 34.0, 9.3),
                        (-60, 20.9, -13.3)],
)  # fmt: skip
def test_companding_keeps_the_ratio_to_noise(level, mu, flat):
    assert snr(level, companded) == pytest.approx(mu, abs=0.15)
    assert snr(level, linear) == pytest.approx(flat, abs=0.15)


def test_widths_of_steps():
    values = theory.mu_law_decode(np.arange(-128, 128))
    steps = np.diff(values)
    assert steps.max() / steps.min() == pytest.approx(485.04, abs=0.1)
    edges = np.arange(-128, 129) / 128
    bounds = np.sign(edges) * (256 ** np.abs(edges) - 1) / 255
    widths = np.diff(bounds)
    assert widths.max() / widths.min() == pytest.approx(256 ** (127 / 128), rel=1e-9)


@pytest.mark.parametrize("causal", [True, False])
@pytest.mark.parametrize("dilation", [1, 3])
def test_the_convolution_is_that_of_keras_and_its_definition(causal, dilation):
    ours = layers.DilatedConv(5, 3, dilation, causal)
    padding = "causal" if causal else "same"
    theirs = keras.layers.Conv1D(5, 3, dilation_rate=dilation, padding=padding)
    x = RNG.normal(size=(2, 11, 4)).astype("float32")
    theirs.build(x.shape)
    ours.build(x.shape)
    ours.set_weights(theirs.get_weights())
    np.testing.assert_allclose(ours(x), theirs(x), atol=1e-6)
    w, b = theirs.get_weights()
    expected = np.zeros((2, 11, 5)) + b
    ahead = 0 if causal else dilation
    for t in range(11):
        for j in range(3):
            s = t + ahead - (2 - j) * dilation
            if 0 <= s < 11:
                expected[:, t] += x[:, s] @ w[j]
    np.testing.assert_allclose(ours(x), expected, atol=1e-5)


def test_receptive_fields():
    assert theory.receptive_field(3, theory.dilations(30, 10)) == 6139
    assert theory.receptive_field(3, (1, 2, 4)) == 15
    for n, reach in ((1, 3), (2, 7), (3, 15), (10, 2047)):
        assert theory.receptive_field(3, theory.dilations(n, 10)) == reach
    assert theory.dilations(5, 2) == (1, 2, 1, 2, 1)


def test_upsampling_and_averages_commute_with_products():
    z, w = RNG.normal(size=(2, 3, 4)), RNG.normal(size=(4, 5))
    h = np.zeros((2, 12, 5))
    early = layers.add_frames(tf.constant(h), tf.constant(z @ w)).numpy()
    late = np.repeat(z, 4, axis=1) @ w
    np.testing.assert_allclose(early, late, atol=1e-12)
    tiled = np.tile(z, (1, 4, 1)) @ w  # control
    assert np.abs(early - tiled).max() > 0.1


def test_cross_entropy_anchors():
    classes = RNG.integers(0, 256, (3, 7))
    found = theory.cross_entropy(np.zeros((3, 7, 256), "float16"), classes)
    np.testing.assert_allclose(found, np.log(256), atol=1e-6)
    logits = RNG.normal(size=(3, 7, 256)).astype("float32")
    p = np.exp(logits) / np.exp(logits).sum(-1, keepdims=True)
    expected = -np.log(np.take_along_axis(p, classes[..., None], -1))[..., 0]
    np.testing.assert_allclose(
        theory.cross_entropy(logits, classes), expected.mean(1), rtol=1e-5
    )


def test_frequency_weights():
    w = theory.frequency_weights(512)
    assert w[0] == 10 and w[255] == w[256] == w[511] == 1 and w.mean() == 3.25
    assert np.array_equal(theory.frequency_weights(512, "high"), w[::-1])
    assert np.all(theory.frequency_weights(512, "flat") == 3.25)
    m = np.zeros((2, 512, 3, 1), "float32")
    np.testing.assert_allclose(theory.weighted_error(m + 0.1, m, w), 0.0325, rtol=1e-5)


def test_the_transform_is_scipys():
    x = RNG.normal(size=300)
    theirs = signal.ShortTimeFFT(spectra.window(64), 16, 1.0, phase_shift=None)
    expected = theirs.stft(x)[:, -theirs.p_min :]
    found = spectra.stft(x, 64, 16)
    count = found.shape[1]
    np.testing.assert_allclose(np.abs(found), np.abs(expected[:, :count]), atol=1e-9)
    np.testing.assert_allclose(spectra.istft(found, 64, 16, 300), x, atol=1e-9)
    with pytest.raises(UserError, match="hop"):
        spectra.stft(x, 64, 33)


def tone():
    t = np.arange(2000) / 4000
    return sum(np.sin(2 * np.pi * 220 * k * t) / k for k in range(1, 6)) * np.exp(
        -4 * t
    )


def test_griffin_lim_goes_down_and_needs_its_divisor():
    target = np.abs(spectra.stft(tone(), 512, 128))
    options = (512, 128, 2000, 100)
    _, found = spectra.griffin_lim(target, *options, np.random.default_rng(1))
    assert np.all(np.diff(found) < 1e-12) and found[50] < 0.5 * found[0]
    _, other = spectra.griffin_lim(target, *options, np.random.default_rng(2))
    assert abs(other[-1] - found[-1]) > 1e-4
    _, wrong = spectra.griffin_lim(
        target, *options, np.random.default_rng(1), divide=False
    )
    assert np.any(np.diff(wrong) > 0)
    phase = np.angle(spectra.stft(tone(), 512, 128))
    x, true = spectra.griffin_lim(target, 512, 128, 2000, 2, phase=phase)
    assert true[0] < 1e-9
    np.testing.assert_allclose(x, tone(), atol=1e-9)
    silent, _ = spectra.griffin_lim(np.zeros((257, 5)), 512, 128, 512, 3)
    assert np.all(silent == 0)


def test_the_norm_is_that_of_all_bins():
    frames = RNG.normal(size=(3, 16))
    whole = np.linalg.norm(np.fft.fft(frames))
    half = np.fft.rfft(frames).T
    assert spectra.norm(half) == pytest.approx(whole / np.sqrt(2), rel=1e-12)


def test_the_inconsistency_may_rise_where_bins_are_counted_once():
    rises = []
    for s in range(20):
        rng = np.random.default_rng(s)
        target = rng.uniform(0, 1, (5, 13))
        phase, course = rng.uniform(-np.pi, np.pi, target.shape), []
        for _ in range(25):
            x, _ = spectra.griffin_lim(target, 8, 2, 24, 0, phase=phase)
            spectrum = spectra.stft(x, 8, 2)
            phase, gap = np.angle(spectrum), np.abs(spectrum) - target
            course.append([spectra.norm(gap), np.linalg.norm(gap)])
        rises.append(np.diff(course, axis=0).max(axis=0) > 1e-12)
    never, sometimes = np.sum(rises, axis=0)
    assert never == 0 and sometimes > 3


def test_log_magnitudes_keep_loudness_and_stand_silence():
    spectrum = spectra.stft(np.stack([tone(), 0 * tone()]), 256, 64)
    m, peak = spectra.log_magnitude(spectrum)
    assert m[0].max() == 1 and np.all(m[1] == 0) and peak[1] == 0
    back = spectra.magnitude(m, peak)
    loud = np.abs(spectrum) > 1e-5 * peak[0]
    np.testing.assert_allclose(back[loud], np.abs(spectrum)[loud], rtol=1e-9)


def test_instantaneous_frequency_of_a_tone():
    x = np.sin(2 * np.pi * 443 * np.arange(16_000) / 16_000)
    spectrum = spectra.stft(x, 1024, 256)
    found = spectra.instantaneous_frequency(spectrum, 1024, 256, 16_000)
    assert found[28, 10:50] == pytest.approx(443, abs=1e-3)
    assert 2 * np.pi * 5.5 * 256 / 16_000 == pytest.approx(0.55292, abs=1e-5)


def test_constant_q():
    assert [spectra.quality(b) for b in (12, 24, 40)] == pytest.approx(
        [16.817, 34.127, 57.209], abs=1e-3
    )
    x = np.sin(2 * np.pi * 440 * np.arange(4000) / 4000)
    places, transform = spectra.constant_q(x, 4000, 110.0, 96)
    level = np.abs(transform[:, 30])
    assert places[level.argmax()] == pytest.approx(
        440
    ) and level.max() == pytest.approx(0.5, abs=0.01)
    hue, bright = spectra.rainbow(transform, places, 64, 4000)
    middle = hue[48, 10:50]
    assert np.abs(spectra.wrapped(2 * np.pi * middle)).max() < 1e-3  # in tune: hue 0
    assert bright.max() == 1 and bright.min() == 0
    with pytest.raises(UserError, match="half the sample rate"):
        spectra.constant_q(x, 4000, 110.0, 110)
