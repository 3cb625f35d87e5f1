"""Notes, a user's NSynth, what judges hear, what settings refuse."""

import json
import wave

import numpy as np
import pytest
import tensorflow as tf

from lessons.sequences.wavenet_autoencoder import (
    config,
    data,
    evaluation,
    experiment,
    factors,
    nsynth,
    probes,
    theory,
    yardsticks,
)
from lessons.sequences.wavenet_autoencoder.variants import VARIANTS
from lessons.toolkit.errors import UserError

SMOKE, LAPTOP = config.PRESETS["smoke"], config.PRESETS["laptop"]


@pytest.fixture(scope="module")
def split():
    return data.load(LAPTOP.replace(num_train=72))


def test_notes_are_what_they_are_said_to_be(split):
    notes = split.train
    assert notes.audio.shape == (72, 1984) and notes.audio.dtype == np.float32
    assert set(notes.pitch) == set(range(57, 69)) and set(notes.family) == {0, 1, 2}
    assert np.abs(notes.audio).max() <= 1
    for i in range(3):
        sound = notes.clean[i]
        assert np.all(sound[: notes.onset[i]] == 0)
        found = np.abs(np.fft.rfft(sound * np.hanning(1984), 8 * 1984))
        frequency = 440 * 2 ** ((notes.pitch[i] - 69) / 12)
        place = int(round(frequency * 8 * 1984 / 4000))
        if notes.family[i] < 2:
            assert abs(found[place - 40 : place + 41].argmax() - 40) <= 4
    assert (notes.audio - notes.clean).std() == pytest.approx(data.NOISE, rel=0.02)
    again = data.load(LAPTOP.replace(num_train=72))
    assert np.array_equal(again.crops, split.crops)
    assert split.crops.shape == (144, 513)


def test_packing_and_places(split):
    packed = data.pack(split.test)
    sounds = theory.mu_law_decode(packed[:, 1:] - 128)
    np.testing.assert_allclose(
        sounds, split.test.audio, atol=0.022
    )  # half of the widest step
    assert np.array_equal(packed[:, 0], split.test.pitch)
    masks = data.places(split.test)
    assert np.all(sum(m.astype(int) for m in masks.values()) == 1)
    assert masks["attack"].sum() == 128 * 90


def test_equal_envelopes_leave_the_timbre_alone():
    options = 60, 1.0, 0, 1984, 4000, True
    late = [data.tone(f, *options)[1000:1100].std() for f in range(3)]
    usual = [data.tone(f, *options[:-1])[1000:1100].std() for f in range(3)]
    assert max(late) / min(late) < 2 < max(usual) / min(usual)


def test_the_entropy_of_noise_is_that_of_its_bins():
    clean = np.array([[0.0, 0.5]])
    notes = data.Notes(clean, None, None, None, None, clean)
    found = yardsticks.entropy(notes)[0]
    assert found[0] == pytest.approx(3.566, abs=0.002)
    x = np.clip(
        clean + 0.002 * np.random.default_rng(0).normal(size=(200_000, 2)), -1, 1
    )
    for value, codes in zip(found, theory.mu_law_encode(x).T, strict=True):
        p = np.bincount(codes + 128) / len(codes)
        assert value == pytest.approx(-np.sum(p[p > 0] * np.log(p[p > 0])), abs=0.005)


def test_wrong_codes_come_from_where_they_should(split):
    for within in (True, False):
        found = evaluation.exchanged(split.test, within)
        assert np.all(found != np.arange(90))
        same = split.test.family[found] == split.test.family
        assert np.all(same == within)


def test_one_fact_changes_and_nothing_else(split):
    few, settings = split.test.pick(slice(0, 12)), LAPTOP
    base = factors.redrawn(few, settings)
    for name in ("pitch", "family", "velocity", "onset"):
        assert np.array_equal(getattr(base, name), getattr(few, name))
        changed = factors.redrawn(few, settings, (name,))
        for field in ("pitch", "family", "velocity", "onset"):
            same = getattr(changed, field) == getattr(base, field)
            assert not same.any() if field == name else same.all()
        # The noise is the same, so silence is the same to the last digit.
        silent = np.maximum(few.onset, changed.onset).min()
        first = few.onset.argmin()
        early = min(few.onset[first], changed.onset[first], silent)
        np.testing.assert_array_equal(
            changed.audio[first, :early], base.audio[first, :early]
        )
    assert set(factors.redrawn(split.test, LAPTOP, ("pitch",)).pitch) <= set(
        range(57, 69)
    )
    louder = factors.redrawn(few, settings, ("velocity",))
    np.testing.assert_allclose(
        louder.clean * few.velocity[:, None], base.clean * louder.velocity[:, None]
    )
    other = factors.redrawn(few, settings, seed=1)
    assert np.all(np.abs(other.audio - base.audio).max(axis=1) > 0.01)


def test_costs_of_codes_are_measured_from_the_own_code():
    split = data.load(SMOKE)
    model = experiment.compiled(SMOKE, VARIANTS["level"])
    found = factors.costs(model, split.test, SMOKE)
    assert set(found) == {f"factor_{name}" for name in factors.FACTORS}
    # A code with no influence costs nothing, whichever note it is of.
    for layer in model.decoder.conditions:
        layer.set_weights([np.zeros_like(w) for w in layer.get_weights()])
    silenced = factors.costs(model, split.test, SMOKE)
    assert all(value == 0 for value in silenced.values())
    assert any(value != 0 for value in found.values())


def test_a_hump_that_moves_with_the_pitch_is_found():
    rng = np.random.default_rng(0)
    pitch, family = np.repeat(np.arange(57, 69), 3), np.arange(36) % 3
    notes = data.Notes(None, pitch, family, None, None)
    t = np.arange(1984) / 4000
    hertz = 440 * 2 ** ((pitch - 69) / 12)
    sounds = np.sin(2 * np.pi * hertz[:, None] * t) + rng.normal(size=(36, 1984))
    places = probes.peaks(sounds, 4000)
    assert np.abs(places - hertz).max() < 60
    assert probes.follows(sounds, notes, 4000) > 0.95
    assert abs(probes.follows(sounds[rng.permutation(36)], notes, 4000)) < 0.6
    assert probes.follows(np.ones((36, 1984)), notes, 4000) == 0


def test_probes_find_what_is_there_and_no_more():
    rng = np.random.default_rng(0)
    labels = np.arange(120) % 3
    x = rng.normal(size=(120, 5)) + 3 * (np.arange(5) == labels[:, None])
    assert probes.probe(x[:60], labels[:60], x[60:], labels[60:]) > 0.9
    assert probes.probe(x[:60], labels[:60], x[60:], labels[60:], rng) < 0.75
    pitches, table = probes.register(x[:, None], labels)
    assert table.shape == (3, 3) and np.allclose(np.diag(table), 1)


def test_neighbouring_pitches_are_found_where_they_are_alike():
    pitch = np.repeat(np.arange(60, 72), 3)
    notes = data.Notes(None, pitch, np.arange(36) % 3, None, None)
    rng = np.random.default_rng(0)
    steady = np.cumsum(rng.normal(size=(12, 400)), axis=0)[pitch - 60, None]
    found = probes.neighbours(steady, notes)
    assert found["register_near"] > found["register_far"] + 0.5
    mixed = probes.neighbours(rng.normal(size=(36, 1, 400)), notes)
    assert mixed["register_near"] == pytest.approx(-1 / 11, abs=0.05)
    assert mixed["register_far"] == pytest.approx(-1 / 11, abs=0.05)
    few = notes.pick(slice(0, 3))
    assert probes.neighbours(steady[:3], few)["register_near"] == 0


def test_the_judge_hears_the_original_and_no_silence(split):
    judge = evaluation.Judge(data.load(LAPTOP).train, LAPTOP)
    own = judge(split.test.audio, split.test)
    assert own["heard_family"] >= 0.95 and own["heard_pitch"] >= 0.9
    silence = judge(np.zeros_like(split.test.audio), split.test)
    assert silence["heard_pitch"] < 0.3 and silence["heard_family"] < 0.5
    # It is deaf in hiss; a classifier that learned in hiss is not.
    found = yardsticks.noisy(split, LAPTOP, judge)
    assert found["noisy_10/heard_pitch"] < 0.3 < 0.6 < found["noisy_0/retrained_pitch"]


@pytest.mark.parametrize(
    "change, text",
    [
        ({"crop": 50}, "crop must be a multiple of hop=16"),
        ({"crop": 480, "note_samples": 240}, "crop must be at most"),
        ({"n_fft": 33}, "n_fft must be even"),
        ({"spectral_hop": 30}, "n_fft must be even and at least twice"),
        ({"spectral_frames": 15}, "spectral_frames must be at least 16"),
        ({"variants": ("lies",)}, "variants"),
    ],
)
def test_settings_that_cannot_work_are_refused(change, text):
    with pytest.raises(UserError, match=text):
        SMOKE.replace(**change)


def test_schedules():
    assert experiment.learning_rate(SMOKE.replace(schedule="constant"), 9) == 5e-3
    cosine = experiment.learning_rate(SMOKE, 100)
    assert float(cosine(100)) == pytest.approx(0, abs=1e-9)
    paper = experiment.learning_rate(config.PRESETS["paper"], 1)
    assert float(paper(100_000)) == pytest.approx(1.33e-4)
    assert float(paper(250_000)) == pytest.approx(2e-6)


def facts(pitch=60, family=3, instrument=1):
    known = {"pitch": pitch, "velocity": 127, "instrument_family": family}
    return known | {"instrument": instrument}


def folder(path, count=9, samples=300, rate=16_000):
    (path / "audio").mkdir()
    names = [f"note_{n}" for n in range(count)]
    (path / "examples.json").write_text(
        json.dumps({n: facts(60 + i, 3, 2 + i // 2) for i, n in enumerate(names)})
    )
    for n, name in enumerate(names):
        with wave.open(str(path / "audio" / f"{name}.wav"), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(rate)
            file.writeframes((np.arange(samples) + n).astype("<i2").tobytes())
    return path


def test_nsynth_as_a_folder(tmp_path):
    settings = SMOKE.replace(
        source="nsynth", data_path=str(folder(tmp_path)), num_train=4, num_test=2
    )
    found = data.load(settings)
    assert found.sample_rate == 16_000 and found.families == nsynth.FAMILIES
    assert found.crops.shape == (4, 49) and found.test.audio.shape == (2, 240)
    # Instruments 2, 2, 3, 3, 4, 4, 5, 5, 6 play the pitches 60 to 68.
    assert sorted(found.test.pitch) == [66, 67]
    assert len(set(found.train.pitch) - {66, 67}) == 4
    first = found.train.audio[0] * 32768
    np.testing.assert_allclose(first, np.arange(240) + found.train.pitch[0] - 60)
    other = data.load(settings.replace(seed=1))
    assert sorted(other.test.pitch) == [64, 65]
    with pytest.raises(UserError, match="holds 7 notes for training and 2 of other"):
        data.load(settings.replace(num_train=12, num_test=6))
    with pytest.raises(UserError, match="needs the clean signal"):
        yardsticks.entropy(found.test)
    with pytest.raises(UserError, match="judged='factors'"):
        settings.replace(judged=("factors",))


def test_nsynth_as_records(tmp_path):
    path = tmp_path / "nsynth.tfrecord"
    with tf.io.TFRecordWriter(str(path)) as writer:
        for n in range(3):
            feature = {
                name: tf.train.Feature(int64_list=tf.train.Int64List(value=[value]))
                for name, value in facts(50 + n, 3, 5 - n).items()
            }
            sound = tf.train.FloatList(value=np.full(250, n / 8))
            feature["audio"] = tf.train.Feature(float_list=sound)
            example = tf.train.Example(features=tf.train.Features(feature=feature))
            writer.write(example.SerializeToString())
    audio, pitch, family, velocity, _ = nsynth.load(path, 2, 1, 240)
    assert audio.shape == (3, 240) and pitch.tolist() == [51, 52, 50]
    np.testing.assert_allclose(audio[:, 7], [0.125, 0.25, 0])
    assert set(family) == {3} and set(velocity) == {1.0}
    cut = tmp_path / "cut.tfrecord"
    cut.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(UserError, match="a record is cut off"):
        nsynth.load(cut, 2, 1, 240)
    with pytest.raises(UserError, match="250 samples. Allowed: at least"):
        nsynth.load(path, 2, 1, 260)


def test_what_is_not_nsynth_gets_one_sentence(tmp_path):
    with pytest.raises(UserError, match="needs data_path.*source=notes"):
        nsynth.load(None, 1, 1, 10)
    with pytest.raises(UserError, match="no folder or file"):
        nsynth.load(tmp_path / "none", 1, 1, 10)
    with pytest.raises(UserError, match="cannot read.*examples.json"):
        nsynth.load(tmp_path, 1, 1, 10)
    other = tmp_path / "picture.tfrecord"
    other.write_bytes(b"\x89PNG something else entirely, and longer")
    with pytest.raises(UserError, match="no TFRecord file of NSynth"):
        nsynth.load(other, 1, 1, 10)
    path = folder(tmp_path, rate=8000)
    with pytest.raises(UserError, match="8000 samples a second"):
        nsynth.load(path, 1, 1, 10)
    (path / "examples.json").write_text(json.dumps({"note_0": facts()}))
    (path / "audio" / "note_0.wav").unlink()
    folder_file = path / "audio" / "note_0.wav"
    folder_file.write_bytes(b"text, no sound")
    with pytest.raises(UserError, match="begins with"):
        nsynth.load(path, 1, 1, 10)
    with pytest.raises(UserError, match="pitch=200.*from 0 to 127"):
        nsynth._facts({"pitch": 200}, folder_file)


def test_griffin_lim_gives_the_note_back_as_its_classifier_hears_it(split):
    few = split.test.pick(slice(0, 12))
    packed, peaks = evaluation.spectra_of(few, LAPTOP)
    assert packed.shape == (12, 128, 33, 1)
    sounds = evaluation.sound_of(packed[:, :, :-1, 0].astype(float), peaks, LAPTOP)
    assert sounds.shape == few.audio.shape
    levels = [s.std(axis=1) for s in (sounds, few.audio)]
    np.testing.assert_allclose(*levels, rtol=0.2)


def test_variants_differ_as_they_say():
    model = experiment.build_model(SMOKE, VARIANTS["causal"])
    assert model.encoder.arguments["causal"]
    weights = [
        experiment.build_model(LAPTOP, VARIANTS[n]).arguments["weights"]
        for n in ("spectral", "flat", "reversed")
    ]
    assert weights[0][0] == 10 and weights[2][-1] == 10
    assert np.allclose(np.mean(weights, axis=1), np.mean(weights[1]))


def test_notes_of_one_number_share_no_draws_between_training_and_test():
    # Else a classifier knows a reconstruction again by its noise.
    split = data.load(SMOKE)
    model = experiment.untrained(SMOKE, VARIANTS["unconditional"])
    last = model.decoder.logits  # so sure of itself that a temperature matters
    last.set_weights([20 * w for w in last.get_weights()])
    judged = []

    class Judge:
        def __call__(self, sounds, notes):
            judged.append(sounds)
            return {"heard_pitch": 0.0}

        def retrained(self, heard, train, sounds, notes):
            judged.append(heard)
            return {}

    found = evaluation.evaluate(model, split, SMOKE, Judge())
    assert "cool_pitch" in found and "exchanged" not in found
    heard, retrained, cool = judged
    same = np.mean(heard == retrained[: len(heard)], axis=1)
    assert same.max() < 0.1
    assert np.mean(cool == heard) < 0.9
