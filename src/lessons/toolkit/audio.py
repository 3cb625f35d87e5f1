"""Sounds that a page plays, with words for those who do not hear it.

A sound is embedded into the notebook as a 16-bit WAV file within the page, played by
the browser's own player: it needs no kernel, no script and no network, in JupyterLab
as on the website. Beside the player stands what is heard, in words, for all to read.
"""

import base64
import dataclasses
import html
import io
import struct
import wave
from pathlib import Path

import numpy as np

from lessons.toolkit import figures
from lessons.toolkit.display import display
from lessons.toolkit.errors import UserError

LONGEST = 200_000  # samples of one sound: more makes a notebook heavy
_LOUDEST = 0.9  # of full scale
_ITEM = (
    '<figure class="sound" style="margin: 0 0 .8em">\n'
    "<figcaption><strong>{label}.</strong> {words}</figcaption>\n"
    '<audio controls preload="metadata" aria-label="{label}: {words}" '
    'src="data:audio/wav;base64,{data}"></audio>\n</figure>'
)


@dataclasses.dataclass(frozen=True, eq=False)
class Sound:
    """A sound with what a reader who does not hear it needs.

    Attributes:
        samples: one channel, shape (samples,), of any scale.
        sample_rate: in hertz.
        label: what it is, a few words.
        words: what is heard, whole sentences.
        full_scale: the value that becomes nearly the loudest; by default the greatest.
            Sounds that are compared get the same one, else the quiet ones are raised.
    """

    samples: np.ndarray
    sample_rate: int
    label: str
    words: str
    full_scale: float | None = None

    def __post_init__(self):
        samples = np.asarray(self.samples, float)
        if samples.ndim != 1 or not 1 <= len(samples) <= LONGEST:
            raise UserError(
                f"a sound needs 1 to {LONGEST} samples of one channel, got shape "
                f"{samples.shape}."
            )
        if not np.all(np.isfinite(samples)):
            raise UserError(
                f"the sound {self.label!r} has samples that are not finite."
            )
        if not 1000 <= self.sample_rate <= 96_000:
            raise UserError(
                f"sample_rate must be 1000 to 96000 Hz, got {self.sample_rate}."
            )
        if not self.label.strip():
            raise UserError("a sound needs a label, got an empty one.")
        figures.require_sentences(words=self.words)

    def wav(self):
        """The sound as the bytes of a WAV file, 16 bits, one channel."""
        samples = np.asarray(self.samples, float)
        scale = self.full_scale or float(np.abs(samples).max()) or 1.0
        whole = np.round(np.clip(samples / scale * _LOUDEST, -1, 1) * 32767)
        stream = io.BytesIO()
        with wave.open(stream, "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(int(self.sample_rate))
            file.writeframes(whole.astype("<i2").tobytes())
        return stream.getvalue()

    def html(self):
        """A player with its label and words, as HTML that fetches nothing."""
        return _ITEM.format(
            label=html.escape(self.label),
            words=html.escape(self.words),
            data=base64.b64encode(self.wav()).decode("ascii"),
        )

    def save(self, path):
        """Write the WAV file."""
        Path(path).write_bytes(self.wav())


def show(*sounds):
    """Display sounds in a notebook, a player each; their words where nothing plays.

    Args:
        *sounds: `Sound`s.
    """
    if not sounds:
        raise UserError("show needs at least one sound, got none.")
    bundle = {
        "text/html": "\n".join(sound.html() for sound in sounds),
        "text/plain": "\n".join(f"{sound.label}. {sound.words}" for sound in sounds),
    }
    display(bundle)


def read(path):
    """Read a sound of a user's file: RIFF WAV or NIST SPHERE, 16 bits, one channel.

    Args:
        path: the file.

    Returns:
        (samples, sample_rate): float64 of shape (samples,), full scale at 1, and hertz.

    Raises:
        UserError: the file cannot be read or is something else.
    """
    path = Path(path)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UserError(f"cannot read {str(path)!r}: {error.strerror}.") from None
    reader = {b"RIFF": _riff, b"NIST": _sphere}.get(data[:4])
    if reader is None:
        raise UserError(
            f"{str(path)!r} begins with {data[:8]!r}, so it is no sound that is read "
            "here. Allowed: RIFF WAV or NIST SPHERE, 16 bits, one channel."
        )
    try:
        frames, rate, order = reader(data)
    except (ValueError, KeyError, EOFError, wave.Error, struct.error) as error:
        raise UserError(
            f"cannot read {str(path)!r}: {str(error) or type(error).__name__}. "
            "Allowed: 16 bits, one channel, not compressed."
        ) from None
    samples = np.frombuffer(frames[: len(frames) // 2 * 2], f"{order}i2")
    return samples / 32768.0, rate


def _riff(data):
    with wave.open(io.BytesIO(data)) as file:
        if (file.getnchannels(), file.getsampwidth()) != (1, 2):
            raise ValueError(
                f"it has {file.getnchannels()} channels of {8 * file.getsampwidth()} "
                "bits"
            )
        frames = file.readframes(file.getnframes())
        if len(frames) < 2 * file.getnframes():
            raise ValueError("it ends before its last sample")
        return frames, file.getframerate(), "<"


def _sphere(data):
    """A header of lines "name -type value" in its first bytes, then the samples."""
    size = int(data[8:16].decode("ascii"))
    header = {}
    for line in data[16:size].decode("ascii").splitlines():
        parts = line.split(maxsplit=2)
        if len(parts) == 3 and parts[1].startswith("-"):
            header[parts[0]] = parts[2]
    coding = header.get("sample_coding", "pcm")
    shape = header["channel_count"], header["sample_n_bytes"]
    if coding != "pcm" or shape != ("1", "2"):
        raise ValueError(f"its coding is {coding}, channels and bytes are {shape}")
    order = {"01": "<", "10": ">"}[header.get("sample_byte_format", "01")]
    count = 2 * int(header["sample_count"])
    if len(data) < size + count:
        raise ValueError("it ends before its last sample")
    return data[size : size + count], int(header["sample_rate"]), order


def spectrograms(sounds, alt, caption, *, window=0.03, highest=None, decibels=70):
    """Spectrograms of sounds side by side: how strong each frequency is at each time.

    Args:
        sounds: `Sound`s, drawn with one scale of levels.
        alt, caption: as for `figures.Figure`.
        window: length of the piece that one column is computed from, seconds: a long
            one tells frequencies apart, a short one times.
        highest: greatest frequency shown, hertz; by default half the sample rate.
        decibels: range of levels shown below the strongest of all sounds.

    Returns:
        A `figures.Figure`.

    Raises:
        UserError: no sounds, or one is shorter than the window.
    """
    if not sounds:
        raise UserError("spectrograms needs at least one sound, got none.")
    width = min(7.6, 2.2 + 2.2 * len(sounds))
    figure, axes = figures.new(
        1, len(sounds), size=(width, 2.9), sharey=True, squeeze=False
    )
    levels = [spectrogram(s.samples, s.sample_rate, window) for s in sounds]
    top = max(level.max() for _, _, level in levels)
    for axis, sound, (times, frequencies, level) in zip(
        axes[0], sounds, levels, strict=True
    ):
        image = axis.pcolormesh(
            times,
            frequencies / 1000,
            level,
            vmin=top - decibels,
            vmax=top,
            cmap="magma",
            shading="nearest",
            rasterized=True,
        )
        axis.set_title(sound.label, fontsize=10)
        axis.set_xlabel("time (s)")
        axis.set_ylim(0, (highest or sound.sample_rate / 2) / 1000)
        axis.grid(visible=False)
    axes[0, 0].set_ylabel("frequency (kHz)")
    figure.colorbar(image, ax=list(axes[0]), label="level (dB)")
    return figures.Figure(figure, alt, caption)


def spectrogram(samples, sample_rate, window=0.03):
    """Levels over time and frequency, from Hann windows that overlap by three quarters.

    Args:
        samples: shape (samples,).
        sample_rate: in hertz.
        window: seconds of one piece.

    Returns:
        (times, frequencies, levels): seconds of shape (pieces,), hertz of shape
        (bins,), and decibels of shape (bins, pieces); a sine of amplitude 1 has 0 dB.

    Raises:
        UserError: the sound is shorter than the window.
    """
    size = int(round(window * sample_rate))
    if len(samples) < size or size < 4:
        raise UserError(
            f"a window of {window} s is {size} samples at {sample_rate} Hz, and the "
            f"sound has {len(samples)}. Allowed: at least 4 samples, no more than the "
            "sound has."
        )
    pieces = np.lib.stride_tricks.sliding_window_view(samples, size)[:: size // 4]
    shape = np.hanning(size + 1)[:size]
    power = np.abs(np.fft.rfft(pieces * shape)) * 2 / shape.sum()
    times = (np.arange(len(pieces)) * (size // 4) + size / 2) / sample_rate
    frequencies = np.fft.rfftfreq(size, 1 / sample_rate)
    return times, frequencies, 20 * np.log10(np.maximum(power, 1e-7)).T
