"""Notes of the lesson: three synthetic families, or a user's part of NSynth."""

import typing

import numpy as np

from lessons.sequences.wavenet_autoencoder import nsynth, theory
from lessons.toolkit.errors import UserError

FAMILIES = ("reed", "string", "bell")
LOWEST = 57  # MIDI, 220 Hz
NUM_PITCHES = 12
NOISE = 0.002
VELOCITIES = (0.5, 0.65, 0.8, 1.0)
_ATTACK = 0.004  # seconds
_FADE = 4.0  # 1 / seconds, where all families fade alike


class Notes(typing.NamedTuple):
    """Notes with what is known of them.

    Attributes:
        audio: float32 of shape (notes, samples), from -1 to 1.
        pitch: MIDI numbers, shape (notes,).
        family: numbers of `Split.families`, shape (notes,).
        velocity: from 0 to 1, shape (notes,).
        onset: sample where the note begins, shape (notes,).
        clean: `audio` without noise, or None where nobody knows.
    """

    audio: np.ndarray
    pitch: np.ndarray
    family: np.ndarray
    velocity: np.ndarray
    onset: np.ndarray
    clean: np.ndarray | None = None

    def pick(self, index):
        """Some of the notes, by numbers or by a mask."""
        return Notes(*(None if part is None else part[index] for part in self))


class Split(typing.NamedTuple):
    """Training and test notes.

    Attributes:
        train, test: `Notes`.
        crops: int32 of shape (examples, 1 + crop): what WaveNets are trained on.
        families: names.
        sample_rate: in hertz.
    """

    train: Notes
    test: Notes
    crops: np.ndarray
    families: tuple[str, ...]
    sample_rate: int


def load(config):
    """The notes of a configuration.

    Args:
        config: a `Config`; `source="nsynth"` reads `data_path`.

    Returns:
        A `Split`.

    Raises:
        UserError: NSynth's folder or file lacks something, see `nsynth.load`.
    """
    rng = np.random.default_rng((config.seed, 17))
    if config.source == "nsynth":
        options = config.num_train, config.num_test, config.note_samples, config.seed
        notes = nsynth.load(config.data_path, *options)
        notes, families, rate = Notes(*notes), nsynth.FAMILIES, nsynth.SAMPLE_RATE
        train = notes.pick(slice(0, config.num_train))
        test = notes.pick(slice(config.num_train, None))
    else:
        families, rate = FAMILIES, config.sample_rate
        options = config.note_samples, rate, config.equal_envelopes
        train = make_notes(config.num_train, *options, rng)
        test = make_notes(config.num_test, *options, rng)
    return Split(train, test, crop(train, config, rng), families, rate)


def make_notes(count, num_samples, sample_rate, equal_envelopes, rng):
    """Notes of random pitch, velocity and onset, the families in turn.

    Args:
        count: how many.
        num_samples: of each.
        sample_rate: in hertz.
        equal_envelopes: whether all families fade alike.
        rng: NumPy generator.

    Returns:
        `Notes`.
    """
    family = np.arange(count) % len(FAMILIES)
    pitch = LOWEST + rng.permutation(np.arange(count) // len(FAMILIES) % NUM_PITCHES)
    velocity = rng.choice(VELOCITIES, count)
    onset = rng.integers(0, num_samples // 4, count)
    facts = pitch, family, velocity, onset
    return perform(*facts, num_samples, sample_rate, equal_envelopes, rng)


def perform(
    pitch, family, velocity, onset, num_samples, sample_rate, equal_envelopes, rng
):
    """Notes of given facts; phases and noise are drawn.

    Args:
        pitch, family, velocity, onset: as the fields of `Notes`.
        num_samples, sample_rate, equal_envelopes, rng: see `make_notes`.

    Returns:
        `Notes`. Generators of one seed give one note the same phases and noise,
        whatever its facts are.
    """
    clean = np.stack(
        [
            tone(*each, num_samples, sample_rate, equal_envelopes, rng)
            for each in zip(family, pitch, velocity, onset, strict=True)
        ]
    )
    audio = np.clip(clean + NOISE * rng.normal(size=clean.shape), -1, 1)
    return Notes(audio.astype("float32"), pitch, family, velocity, onset, clean)


def tone(
    family, pitch, velocity, onset, num_samples, sample_rate, equal_envelopes=False,
    rng=None,
):  # fmt: skip
    """One note without noise.

    "reed": harmonics 1, 3, 5 of strength 1/k, held. "string": harmonics 1 to 7 of
    strength 1/k, the k-th fading at 4k a second. "bell": frequency modulation, ratio
    1.4, index 2 exp(-10 t), fading at 5 a second. Harmonics beyond 0.475 of the sample
    rate are left out.

    Args:
        family: number in `FAMILIES`.
        pitch: MIDI.
        velocity: the greatest size.
        onset: sample where it begins.
        num_samples, sample_rate, equal_envelopes: see `make_notes`.
        rng: draws the phases; without one they are 0.

    Returns:
        float64 of shape (num_samples,).
    """
    frequency = 440 * 2 ** ((pitch - 69) / 12)
    t = np.maximum(np.arange(num_samples) - onset, 0) / sample_rate
    began = np.arange(num_samples) >= onset
    phases = rng.uniform(0, 2 * np.pi, 7) if rng is not None else np.zeros(7)
    name = FAMILIES[family]
    if name == "bell":
        index = 2.0 if equal_envelopes else 2 * np.exp(-10 * t)
        turning = index * np.sin(2 * np.pi * 1.4 * frequency * t)
        sound = np.sin(2 * np.pi * frequency * t + phases[0] + turning)
        fade = 5.0
    else:
        harmonics = (1, 3, 5) if name == "reed" else range(1, 8)
        decay = 4.0 if name == "string" and not equal_envelopes else 0.0
        sound, fade = 0.0, 0.0
        for k in harmonics:
            if k * frequency < 0.475 * sample_rate:
                wave = np.sin(2 * np.pi * k * frequency * t + phases[k - 1])
                sound = sound + wave * np.exp(-decay * k * t) / k
        sound = sound / 2
    if equal_envelopes:
        fade = _FADE
    attack = np.minimum(t / _ATTACK, 1)
    return 0.8 * velocity * sound * np.exp(-fade * t) * attack * began


def pack(notes):
    """What a `WaveNetAutoencoder` takes: int32 (notes, 1 + samples), pitches first."""
    classes = theory.mu_law_encode(notes.audio) + theory.HALF
    return np.concatenate([notes.pitch[:, None], classes], axis=1).astype(np.int32)


def crop(notes, config, rng):
    """Pieces of notes at random places, packed.

    Args:
        notes: `Notes`.
        config: gives `crop` and `crops`.
        rng: NumPy generator.
    """
    packed = np.repeat(pack(notes), config.crops, axis=0)
    last = notes.audio.shape[1] - config.crop
    starts = rng.integers(0, last + 1, len(packed))
    places = 1 + starts[:, None] + np.arange(config.crop)
    pieces = np.take_along_axis(packed, places, axis=1)
    return np.concatenate([packed[:, :1], pieces], axis=1)


def places(notes):
    """Masks of samples: silent before the onset, attack (32 ms at 4 kHz), sounding.

    Args:
        notes: `Notes`.

    Returns:
        Dictionary of boolean arrays of shape (notes, samples).
    """
    n = np.arange(notes.audio.shape[1])[None] - notes.onset[:, None]
    return {"silent": n < 0, "attack": (n >= 0) & (n < 128), "sounding": n >= 128}


def require(notes, what):
    """Refuse notes without a known clean signal.

    Args:
        notes: `Notes`.
        what: what needs it, as the subject of a sentence.
    """
    if notes.clean is None:
        raise UserError(f"{what} needs the clean signal. Allowed: source=notes.")
    return notes.clean
