"""Sounds of the lesson: synthetic voices, or one phone of a user's copy of TIMIT."""

import typing

import numpy as np

from lessons.sequences.waveform_rnn import timit
from lessons.toolkit.data import voices
from lessons.toolkit.errors import UserError, unknown

HEARD = 1.0  # seconds of a test voice


class Sounds(typing.NamedTuple):
    """Voices in two parts.

    Attributes:
        train: float32 of shape (subsequences, N); each voice has mean 0, variance 1.
        test: float32 of shape (voices, samples), other voices, longer.
        sample_rate: in hertz.
    """

    train: np.ndarray
    test: np.ndarray
    sample_rate: int


def check(config):
    """Refuse what cannot be loaded, before anything is trained.

    Args:
        config: a `Config`.

    Raises:
        UserError: no such vowel, or one that cannot be sampled at this rate.
    """
    if config.source == "timit":
        return
    if config.phone not in voices.FORMANTS:
        raise unknown("phone", config.phone, voices.FORMANTS)
    highest = max(frequency for frequency, _ in voices.FORMANTS[config.phone])
    highest = max(highest, config.pitch_high)
    if highest > config.sample_rate / 2:
        raise UserError(
            f"sample_rate must be at least {2 * highest:g} for frequencies up to "
            f"{highest:g} Hz, got {config.sample_rate}."
        )


def load(config):
    """Training subsequences and test voices of a configuration.

    Args:
        config: a `Config`; `source="timit"` reads the folder `data_path`.

    Returns:
        `Sounds`.

    Raises:
        UserError: TIMIT's folder lacks something, see `timit.load`.
    """
    num_samples = max(config.length, int(HEARD * config.sample_rate))
    if config.source == "timit":
        count = config.num_voices + config.num_test
        found = timit.load(
            config.data_path, config.phone, count, config.length, config.seed
        )
        train = [voices.normalised(s) for s in found[: config.num_voices]]
        held_out = found[config.num_voices :]
        # Segments differ in length: each is judged on as many samples as are trained.
        test = [voices.normalised(s)[: config.length] for s in held_out]
        rate = timit.SAMPLE_RATE
    else:
        train = make_voices(config, config.num_voices, config.voice_samples, part=0)
        test = make_voices(config, config.num_test, num_samples, part=1)
        rate = config.sample_rate
    pieces = np.concatenate([subsequences(sound, config.length) for sound in train])
    return Sounds(pieces.astype("float32"), np.array(test, "float32"), rate)


def make_voices(config, count, num_samples, part):
    """Voices with pitches drawn evenly from the configuration's range.

    Args:
        config: a `Config`.
        count: how many.
        num_samples: of each.
        part: 0 for training, 1 for test: other random numbers.

    Returns:
        A list of float64 arrays of shape (num_samples,).
    """
    rng = np.random.default_rng((config.seed, part))
    envelope = voices.late_drop(num_samples) if config.late_drop else None
    pitches = rng.uniform(config.pitch_low, config.pitch_high, count)
    return [
        voices.voice(
            config.phone,
            num_samples,
            pitch,
            config.sample_rate,
            rng,
            jitter=config.jitter,
            shimmer=config.shimmer,
            envelope=envelope,
            between=config.between,
            glottis=config.glottis,
        )
        for pitch in pitches
    ]


def subsequences(sound, length):
    """Pieces that do not overlap; a ragged tail is dropped.

    Args:
        sound: shape (samples,).
        length: N.

    Returns:
        Shape (samples // N, N).
    """
    count = len(sound) // length
    return np.reshape(sound[: count * length], (count, length))
