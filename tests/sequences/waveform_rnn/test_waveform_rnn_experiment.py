"""What runs find, what data they take, what their settings refuse."""

import struct

import numpy as np
import pytest
import tensorflow as tf

from lessons.sequences.waveform_rnn import (
    config,
    data,
    evaluation,
    experiment,
    paper,
    theory_loop,
    timit,
)
from lessons.sequences.waveform_rnn.variants import VARIANTS
from lessons.toolkit import results
from lessons.toolkit.errors import UserError

SMOKE, LAPTOP = config.PRESETS["smoke"], config.PRESETS["laptop"]


@pytest.fixture(scope="module")
def sounds():
    return data.load(LAPTOP)


def test_voices_are_cut_and_other_voices_are_held_out(sounds):
    assert sounds.train.shape == (60, 400) and sounds.test.shape == (48, 8000)
    assert sounds.train.dtype == sounds.test.dtype == np.float32
    voices = sounds.train.reshape(10, 2400)
    np.testing.assert_allclose(voices.mean(axis=1), 0, atol=1e-6)
    np.testing.assert_allclose(voices.var(axis=1), 1, rtol=1e-5)
    assert np.ptp(sounds.train.var(axis=1)) > 1e-3  # pieces keep their voice's scale
    found = [evaluation.pitch(s, 8000) for s in sounds.test]
    assert 118.5 < min(found) and max(found) < 121.5 and np.ptp(found) > 1
    again = data.load(LAPTOP)
    assert np.array_equal(again.train, sounds.train)
    assert not np.allclose(data.load(LAPTOP.replace(seed=1)).test, sounds.test)


def test_settings_change_the_voices():
    dropped = data.load(LAPTOP.replace(late_drop=True, num_test=2)).test
    assert dropped[:, -1000:].std() < 0.6 * dropped[:, 3000:4000].std()
    jittered = data.load(LAPTOP.replace(jitter=0.05, num_test=2)).test
    assert not np.allclose(jittered, data.load(LAPTOP.replace(num_test=2)).test)


def test_schedules_of_the_variants():
    names = ("teacher", "mixed", "free", "decayed")
    plans = {name: experiment.schedule(LAPTOP, VARIANTS[name]) for name in names}
    assert np.all(plans["teacher"].alphas == 1)
    assert plans["mixed"].alphas.min() == 0.5 and plans["free"].alphas.min() == 0
    assert np.argmax(plans["mixed"].alphas == 0.5) == 100  # half the epochs
    assert np.argmax(plans["free"].alphas == 0) == 150  # three quarters
    assert np.all(plans["teacher"].rates == 0.002)
    assert plans["mixed"].rates[-1] == pytest.approx(0.002 * np.exp(-0.75))
    assert plans["free"].rates[-1] == pytest.approx(0.002 * np.exp(-2.25))
    assert np.array_equal(plans["decayed"].rates, plans["mixed"].rates)


def test_a_mixture_that_stays_at_truth_trains_as_the_truth_does(sounds):
    """Control: B with alpha = 1 throughout is A, to the bit."""
    short = LAPTOP.replace(epochs=3, ramp_start=10, ramp_stop=20, look_every=3)
    few = sounds._replace(test=sounds.test[:2, :400])
    found = [
        experiment.train(short, VARIANTS[name], few).history
        for name in ("teacher", "mixed")
    ]
    assert found[0]["loss"] == found[1]["loss"]
    assert found[0]["generation"] == found[1]["generation"]


def test_a_training_that_is_lost_ends_and_is_counted(sounds):
    wild = LAPTOP.replace(
        optimizer="sgd", rate=1e4, epochs=30, ramp_start=0, ramp_stop=1, num_test=2
    )
    few = sounds._replace(test=sounds.test[:2, :400])
    trained = experiment.train(wild, VARIANTS["momentum"], few)
    found = experiment.scores(wild, trained, few)
    assert found["diverged"] == 1 and found["epochs"] < 30
    assert all(np.isfinite(v) for v in found.values())
    assert len(trained.history["alpha"]) == found["epochs"]


def test_baselines_by_hand(sounds):
    few = sounds.test[:3]
    silence = evaluation.evaluate(evaluation.Silence(80, 10), few, 400, 8000)
    assert silence["prediction_error"] == pytest.approx(np.mean(few[:, 80:400] ** 2))
    assert silence["energy"] == silence["last_energy"] == 0
    period = np.tile(np.sin(2 * np.pi * np.arange(40) / 40), 20)[None]
    repeat = evaluation.Repeat(80, 10, 40)
    found = evaluation.generate(repeat, period[:, :80], 320)
    np.testing.assert_allclose(found, period[:, 80:400], atol=1e-9)
    np.testing.assert_allclose(evaluation.predict(repeat, period[:, :400]), found)


def test_linear_least_squares_solves_its_normal_equations(sounds):
    linear = evaluation.Linear(80, 10, sounds.train)
    pieces = [s[a : a + 90] for s in sounds.train for a in range(0, 311, 10)]
    pairs = np.array(pieces, float)
    past, future = pairs[:, :80], pairs[:, 80:]
    rest = past.T @ (past @ linear.coefficients - future)
    rest += evaluation.RIDGE * len(pairs) * linear.coefficients
    assert np.abs(rest).max() < 1e-6 * np.abs(past.T @ future).max()
    radii = [theory_loop.block_radius(linear.coefficients, a) for a in (1, 0.5, 0)]
    assert radii[0] < 1e-3 and radii == sorted(radii) and radii[-1] < 1.001


def test_pitch_and_log_spectra():
    n = np.arange(4000)
    pulses = (n % 80 == 0).astype(float)
    assert evaluation.pitch(pulses, 8000) == pytest.approx(100, abs=0.1)
    assert evaluation.pitch(np.zeros(4000), 8000) == 0
    noise = np.random.default_rng(0).normal(size=4000)
    assert evaluation.pitch(noise, 8000) == 0
    sounds = noise.reshape(4, 1000)
    assert evaluation.log_spectral_distance(sounds, sounds) == 0
    louder = evaluation.log_spectral_distance(10 * sounds, sounds)
    assert louder == pytest.approx(20, abs=0.2)


def test_the_low_share_of_two_tones():
    n = np.arange(4000) / 8000
    high = np.sin(2 * np.pi * 730 * n)
    both = high + 0.5 * np.sin(2 * np.pi * 240 * n)
    found = evaluation.low_share(np.stack([high, both]), 8000)
    assert found == pytest.approx([0, 0.2], abs=1e-3)


@pytest.mark.parametrize(
    "change, text",
    [
        ({"window": 5}, "stride must be at most window=5"),
        ({"length": 20}, "length must be at least"),
        ({"length": 300}, "at most voice_samples"),
        ({"ramp_start": 3}, "ramp_start must be below"),
        ({"pitch_low": 130.0}, "pitch_low"),
        ({"phone": "zz"}, "unknown phone"),
        ({"sample_rate": 4000}, "sample_rate must be at least 4880"),
        ({"variants": ("lies",)}, "variants"),
        ({"clip": 0.0}, "clip"),
    ],
)
def test_settings_that_cannot_work_are_refused(change, text):
    with pytest.raises(UserError, match=text):
        SMOKE.replace(**change)


def sentence(folder, name, labels, seconds=0.2):
    """A sentence of TIMIT: a NIST SPHERE sound that counts its samples, and labels."""
    folder.mkdir(parents=True, exist_ok=True)
    count = int(16_000 * seconds)
    head = (
        f"NIST_1A\n   1024\nchannel_count -i 1\nsample_count -i {count}\n"
        "sample_rate -i 16000\nsample_n_bytes -i 2\nsample_byte_format -s2 01\n"
        "end_head\n"
    )
    samples = struct.pack(f"<{count}h", *range(count))
    (folder / f"{name}.WAV").write_bytes(head.encode().ljust(1024) + samples)
    (folder / f"{name}.PHN").write_text(labels)


def test_timit_is_read_from_the_folder_that_the_user_names(tmp_path):
    for n in range(5):
        labels = "0 100 h#\n100 700 iy\n700 1500 aa\n1500 3200 h#\n"
        sentence(tmp_path / f"DR{n}", "SA1", labels)
    sentence(tmp_path / "DR9", "SA2", "0 100 aa\n")  # too short
    settings = SMOKE.replace(
        source="timit", data_path=str(tmp_path), num_voices=3, num_test=2, length=400,
        voice_samples=400,
    )  # fmt: skip
    found = data.load(settings)
    assert found.train.shape == (6, 400) and found.test.shape == (2, 400)
    assert found.sample_rate == 16_000
    raw = timit.load(str(tmp_path), "aa", 5, 400)
    for sound in raw:
        np.testing.assert_allclose(sound * 32768, np.arange(700, 1500))
    with pytest.raises(UserError, match="5 sentences with an 'aa'.*6 are needed"):
        timit.load(str(tmp_path), "aa", 6, 400)


def test_a_folder_that_is_not_timit_gets_one_sentence(tmp_path):
    with pytest.raises(UserError, match="needs data_path.*LDC93S1"):
        timit.load(None, "aa", 1, 10)
    with pytest.raises(UserError, match="no folder"):
        timit.load(tmp_path / "none", "aa", 1, 10)
    with pytest.raises(UserError, match="no .PHN file"):
        timit.load(tmp_path, "aa", 1, 10)
    sentence(tmp_path, "SA1", "0 100 aa\n")
    (tmp_path / "SA1.WAV").unlink()
    with pytest.raises(UserError, match="no sound beside"):
        timit.load(tmp_path, "aa", 1, 10)
    sentence(tmp_path, "SA1", "0 9999 aa\n")
    with pytest.raises(UserError, match="does not fit its labels"):
        timit.load(tmp_path, "aa", 1, 10)
    (tmp_path / "SA1.WAV").write_bytes(b"something else")
    with pytest.raises(UserError, match="begins with"):
        timit.load(tmp_path, "aa", 1, 10)
    for text in ("0 100", "5 5 aa", "a b aa", "é"):
        (tmp_path / "SA1.PHN").write_text(text, encoding="utf-8")
        with pytest.raises(UserError, match="line 1 of|cannot read the labels"):
            timit.load(tmp_path, "aa", 1, 10)


def test_headlines_and_claims_stand_on_eight_seeds():
    presets = {headline.preset for headline in paper.HEADLINES}
    for preset in presets:
        assert len(results.recorded("waveform_rnn", preset)) >= 8


def test_the_norm_of_a_gradient_is_that_of_finite_differences():
    model = experiment.build_model(SMOKE, VARIANTS["mixed"])
    sounds = np.random.default_rng(0).normal(size=(3, 60)).astype("float32")
    model(sounds)
    found = experiment.gradient_norm(model, sounds, 0.5, True)
    cut = experiment.gradient_norm(model, sounds, 0.5, False)
    assert abs(cut / found - 1) > 0.01
    model.alpha.assign(0.5)

    @tf.function
    def whole():
        return model.compute_loss(sounds, None, model(sounds, training=True))

    def loss(kernel, values):
        kernel.assign(values.reshape(kernel.shape))
        return float(whole())

    total = 0.0
    for kernel in model.trainable_weights:
        start = np.copy(kernel.numpy()).ravel()
        for step in 1e-2 * np.eye(len(start), dtype="float32"):
            rise = loss(kernel, start + step) - loss(kernel, start - step)
            total += (rise / 2e-2) ** 2
        kernel.assign(start.reshape(kernel.shape))
    assert found == pytest.approx(total**0.5, rel=0.02)
