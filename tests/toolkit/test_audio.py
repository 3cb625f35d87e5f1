"""Sounds: what a page plays is what was given, and files are what they say."""

import base64
import io
import re
import struct
import wave

import numpy as np
import pytest

from lessons.toolkit import audio
from lessons.toolkit.errors import UserError

RATE = 8000
TONE = np.sin(2 * np.pi * 440 * np.arange(RATE) / RATE)
WORDS = "A steady tone of 440 hertz."


def sound(samples=TONE, **options):
    return audio.Sound(samples, RATE, "tone", WORDS, **options)


def decoded(data):
    with wave.open(io.BytesIO(data)) as file:
        assert (file.getnchannels(), file.getsampwidth()) == (1, 2)
        frames = file.readframes(file.getnframes())
        return np.frombuffer(frames, "<i2") / 32767, file.getframerate()


def test_a_sound_is_a_wav_of_its_samples():
    found, rate = decoded(sound(5 * TONE).wav())
    assert rate == RATE
    np.testing.assert_allclose(found, 0.9 * TONE, atol=1e-4)


def test_sounds_that_share_a_scale_keep_their_levels():
    loud, quiet = (
        decoded(sound(s, full_scale=1.0).wav())[0] for s in (TONE, TONE / 10)
    )
    assert np.abs(loud).max() == pytest.approx(10 * np.abs(quiet).max(), rel=1e-3)
    assert np.abs(decoded(sound(3 * TONE, full_scale=1.0).wav())[0]).max() <= 1


def test_silence_stays_silent():
    assert np.all(decoded(sound(np.zeros(100)).wav())[0] == 0)


def test_the_page_plays_the_same_bytes_and_says_what_is_heard():
    noisy = audio.Sound(TONE, RATE, 'a "tone" <1>', WORDS)
    page = noisy.html()
    data = re.search(r'src="data:audio/wav;base64,([^"]+)"', page)[1]
    assert base64.b64decode(data) == noisy.wav()
    assert "<audio controls" in page and page.count(WORDS) == 2
    assert "a &quot;tone&quot; &lt;1&gt;" in page and "<1>" not in page
    assert "http" not in page and "<script" not in page


def test_show_gives_players_and_their_words(monkeypatch):
    seen = []
    monkeypatch.setattr(audio, "display", seen.append)
    audio.show(sound(), sound(TONE[::2]))
    assert seen[0]["text/html"].count("<audio") == 2
    assert seen[0]["text/plain"] == f"tone. {WORDS}\ntone. {WORDS}"
    with pytest.raises(UserError, match="at least one"):
        audio.show()


@pytest.mark.parametrize(
    "options, text",
    [
        ({"samples": np.zeros((2, 5))}, r"shape \(2, 5\)"),
        ({"samples": np.zeros(0)}, "1 to 200000"),
        ({"samples": np.zeros(200_001)}, "1 to 200000"),
        ({"samples": np.array([0, np.nan])}, "not finite"),
        ({"sample_rate": 100}, "1000 to 96000"),
        ({"label": " "}, "label"),
        ({"words": "a tone"}, "sentence"),
    ],
)
def test_what_is_no_sound_is_refused(options, text):
    given = {"samples": TONE, "sample_rate": RATE, "label": "tone", "words": WORDS}
    with pytest.raises(UserError, match=text):
        audio.Sound(**given | options)


def test_a_saved_sound_is_read_again(tmp_path):
    sound().save(tmp_path / "tone.wav")
    found, rate = audio.read(tmp_path / "tone.wav")
    assert rate == RATE
    np.testing.assert_allclose(found, 0.9 * TONE, atol=1e-4)


def sphere(samples, order="01", coding="pcm", channels=1, count=None):
    """A NIST SPHERE file, as its definition says."""
    lines = [
        "NIST_1A",
        "   1024",
        f"channel_count -i {channels}",
        f"sample_count -i {len(samples) if count is None else count}",
        "sample_rate -i 16000",
        "sample_n_bytes -i 2",
        f"sample_byte_format -s2 {order}",
        f"sample_coding -s{len(coding)} {coding}",
        "end_head",
    ]
    head = "\n".join(lines).encode().ljust(1024, b"\n")
    return head + struct.pack(
        f"{'<' if order == '01' else '>'}{len(samples)}h", *samples
    )


@pytest.mark.parametrize("order", ["01", "10"])
def test_nist_sphere_is_read(tmp_path, order):
    path = tmp_path / "SA1.WAV"
    path.write_bytes(sphere([0, 16384, -32768, 5], order))
    found, rate = audio.read(path)
    assert rate == 16_000
    np.testing.assert_allclose(found, [0, 0.5, -1, 5 / 32768])


@pytest.mark.parametrize(
    "data, text",
    [
        (b"ID3 an mp3", "begins with"),
        (b"", "begins with"),
        (sphere([1, 2], coding="pcm,embedded-shorten-v2.00"), "shorten"),
        (sphere([1, 2], channels=2), "channels"),
        (sphere([1, 2], count=9), "ends before"),
        (b"NIST_1A\n   ten\n", "cannot read"),
        (b"RIFF\x00\x00\x00\x00WAVE", "cannot read"),
        (sound().wav()[:5000], "ends before"),
    ],
)
def test_a_file_that_is_no_such_sound_gets_one_sentence(tmp_path, data, text):
    path = tmp_path / "x.wav"
    path.write_bytes(data)
    with pytest.raises(UserError, match=text):
        audio.read(path)
    with pytest.raises(UserError, match="cannot read"):
        audio.read(tmp_path / "none.wav")


def test_stereo_is_refused(tmp_path):
    with wave.open(str(tmp_path / "s.wav"), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(bytes(40))
    with pytest.raises(UserError, match="2 channels of 16 bits"):
        audio.read(tmp_path / "s.wav")


def test_a_spectrogram_finds_a_tone_at_its_time_and_frequency():
    late = np.where(np.arange(RATE) > RATE // 2, TONE, 0)
    times, frequencies, levels = audio.spectrogram(late, RATE)
    assert frequencies[levels[:, -1].argmax()] == pytest.approx(440, abs=17)
    assert levels[:, -1].max() == pytest.approx(0, abs=0.5)
    assert levels[:, times < 0.47].max() < -100
    assert times[0] == pytest.approx(0.015) and levels.shape == (121, len(times))
    with pytest.raises(UserError, match="at least 4"):
        audio.spectrogram(TONE[:50], RATE)


def test_spectrograms_share_a_scale_and_label_their_axes():
    drawn = audio.spectrograms(
        [sound(), sound(TONE / 100)],
        "Two spectrograms, each with one horizontal line.",
        "The second line is weaker than the first.",
        highest=2000,
    )
    first, second, bar = drawn.figure.axes
    assert first.get_xlabel() == "time (s)" and bar.get_ylabel() == "level (dB)"
    assert first.get_ylabel() == "frequency (kHz)" and first.get_ylim() == (0, 2)
    limits = [axis.collections[0].get_clim() for axis in (first, second)]
    assert limits[0] == limits[1]
    with pytest.raises(UserError, match="at least one"):
        audio.spectrograms([], "No sounds are in this.", "Nothing can be seen here.")
