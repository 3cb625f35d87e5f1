"""Sequences of the lesson: synthetic frames, pen strokes, text, or a user's corpora."""

import collections
import typing

import numpy as np

from lessons.sequences.vrnn import corpora
from lessons.toolkit.data import fonts, outlines, strokes
from lessons.toolkit.errors import UserError

PITCHES = 2 * np.pi / np.array([16, 8, 5.3])  # radians a sample
AMPLITUDES = (0.6, 1.4)
ALPHABET = (
    32  # characters of a text that are told apart; the last stands for all others
)
_STEP = 0.12  # em between two points of an outline
_PENS = ("strokes", "pen_digits", "iam")


class Sequences(typing.NamedTuple):
    """Training and test sequences.

    Attributes:
        train, test: float32 (sequences, time, channels); where `masked`, the last
            channel says which steps count.
        kind: "frame", "pen" or "symbol".
        dim: numbers of a step, or size of the alphabet.
        masked: whether there is a mask.
        scale: what frames or offsets were divided by.
        truth: of synthetic test frames: "phase" (sequences, time), "pitch" (an index)
            and "amplitude" (sequences,).
        characters: of the alphabet.
    """

    train: np.ndarray
    test: np.ndarray
    kind: str
    dim: int
    masked: bool = False
    scale: float = 1.0
    truth: dict | None = None
    characters: str = ""


def kind_of(config):
    """(kind, dim, masked) of a configuration's sequences, without loading them."""
    if config.source in _PENS:
        return "pen", 3, True
    if config.source == "text":
        return "symbol", ALPHABET, False
    return "frame", config.frame_size, False


def load(config):
    """Sequences of a configuration.

    Args:
        config: a `Config`.

    Returns:
        `Sequences`.

    Raises:
        UserError: a user's files are missing or not what their names say, or hold too
            few sequences.
    """
    if config.source == "frames":
        return _frames(config)
    if config.source == "text":
        return _text(config)
    count = config.num_train + config.num_test
    if config.source in _PENS:
        read = {
            "strokes": _letters,
            "pen_digits": corpora.pen_digits,
            "iam": corpora.handwriting,
        }[config.source]
        rng = np.random.default_rng(config.seed)
        return _pens(config, read(config.data_path, count, rng))
    return _audio(config, count)


def synthetic(count, config, rng):
    r"""Voiced frames, $x_n = a \sin(\omega n + \varphi_t) +$ noise.

    A sequence has one pitch $\omega$ of three and one amplitude $a \sim U(0.6, 1.4)$;
    each frame has a phase $\varphi_t$. Phases are independent, uniform draws, or go on
    where the frame before ended.

    Args:
        count: sequences.
        config: a `Config`; gives the sizes, the noise and how phases follow.
        rng: a NumPy generator.

    Returns:
        (frames, truth): (count, time, frame), and a dictionary as in `Sequences`.
    """
    pitch = rng.integers(0, len(PITCHES), count)
    amplitude = rng.uniform(*AMPLITUDES, count)
    phase = rng.uniform(0, 2 * np.pi, (count, config.num_frames))
    omega = PITCHES[pitch][:, None]
    if config.phases == "continuous":
        steps = np.arange(config.num_frames) * config.frame_size
        phase = (phase[:, :1] + omega * steps) % (2 * np.pi)
    places = np.arange(config.frame_size)
    clean = np.sin(omega[..., None] * places + phase[..., None])
    noise = config.noise * rng.normal(size=clean.shape)
    truth = {"phase": phase, "pitch": pitch, "amplitude": amplitude}
    return amplitude[:, None, None] * clean + noise, truth


def _frames(config):
    rng = np.random.default_rng(config.seed)
    train, _ = synthetic(config.num_train, config, rng)
    test, truth = synthetic(config.num_test, config, rng)
    scale = float(train.std())
    train, test = (np.float32(part / scale) for part in (train, test))
    return Sequences(train, test, "frame", config.frame_size, scale=scale, truth=truth)


def _audio(config, count):
    samples = count * config.num_frames * config.frame_size
    sound = corpora.sounds(config.data_path, samples)
    shape = (-1, config.num_frames, config.frame_size)
    rows = np.float64(sound[:samples]).reshape(shape)
    train, test = rows[: config.num_train], rows[config.num_train :]
    mean, scale = train.mean(), float(train.std())
    train, test = (np.float32((part - mean) / scale) for part in (train, test))
    return Sequences(train, test, "frame", config.frame_size, scale=scale)


def _letters(_, count, rng):
    """Outlines of digits in the fonts that matplotlib ships, turned and sheared."""
    found = []
    for _ in range(count):
        font = fonts.FONTS[rng.integers(len(fonts.FONTS))]
        lines = outlines.outlines(str(rng.integers(10)), font, step=_STEP)
        turn, shear = rng.normal(0, 0.12, 2)
        size = rng.uniform(0.85, 1.15, 2)
        matrix = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
        matrix = matrix @ np.array([[1, shear], [0, 1]]) @ np.diag(size)
        found.append(strokes.from_lines([line @ matrix.T for line in lines]))
    return found


def _pens(config, drawings):
    """Drawings as padded arrays with a mask, offsets over those of the training set."""
    if len(drawings) < config.num_train + config.num_test:
        raise UserError(
            f"num_train + num_test must be at most {len(drawings)}, the drawings in "
            f"{config.data_path!r}, got {config.num_train} + {config.num_test}."
        )
    # The first offset is from the origin of the page to the first point: none.
    drawings = [np.concatenate([d[:1] * [0, 0, 1], d[1:]]) for d in drawings]
    scale = strokes.scale_factor(drawings[: config.num_train])
    drawings = strokes.scaled(drawings, scale)
    rows = np.zeros((len(drawings), config.num_frames, 4), np.float32)
    for row, drawing in zip(rows, drawings, strict=True):
        kept = drawing[: config.num_frames]
        row[: len(kept), :3], row[: len(kept), 3] = kept, 1
    train, test = rows[: config.num_train], rows[config.num_train :]
    test = test[: config.num_test]
    return Sequences(train, test, "pen", 3, masked=True, scale=scale)


def _text(config):
    text = corpora.text(config.data_path)
    common = collections.Counter(text).most_common(ALPHABET - 1)
    characters = "".join(sorted(character for character, _ in common))
    known = {character: index for index, character in enumerate(characters)}
    ids = np.array([known.get(character, ALPHABET - 1) for character in text])
    cut, length = len(ids) * 9 // 10, config.num_frames
    if len(ids) - cut < length + 1:
        raise UserError(
            f"num_frames={length} is too long for a text of {len(ids)} characters."
        )
    rng = np.random.default_rng(config.seed)
    starts = (
        rng.integers(0, cut - length, config.num_train),
        rng.integers(cut, len(ids) - length, config.num_test),
    )
    train, test = (
        np.float32(ids[part[:, None] + np.arange(length)][..., None]) for part in starts
    )
    return Sequences(
        train,
        test,
        "symbol",
        ALPHABET,
        characters=characters + "\N{REPLACEMENT CHARACTER}",
    )
