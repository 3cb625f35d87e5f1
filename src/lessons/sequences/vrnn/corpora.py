"""Readers of a user's corpora; nothing is downloaded. Text has a stand-in offline."""

import fnmatch
import pathlib
import xml.etree.ElementTree as xml

import numpy as np

from lessons.toolkit import audio
from lessons.toolkit.data import strokes
from lessons.toolkit.errors import UserError

_SOUNDS = (
    "Allowed: data_path=FOLDER with .wav files, RIFF or NIST SPHERE, such as a copy of "
    "Blizzard or TIMIT. Without one: source=frames."
)
_DIGITS = (
    "Allowed: data_path=FOLDER of the MNIST digits as pen strokes (de Jong 2016), with "
    "files such as trainimg-0-inputdata.txt. Without one: source=strokes."
)
_HANDWRITING = (
    "Allowed: data_path=FOLDER of IAM-OnDB's lineStrokes, with .xml files. Without "
    "one: source=strokes."
)


def _files(folder, pattern, how_to):
    """Sorted files below a folder, or an error that says what is needed."""
    if folder is None:
        raise UserError(f"this source needs data_path. {how_to}")
    if not pathlib.Path(folder).is_dir():
        raise UserError(f"no folder {str(folder)!r}. {how_to}")
    found = sorted(
        path
        for path in pathlib.Path(folder).rglob("*")
        if fnmatch.fnmatch(path.name.lower(), pattern)
    )
    if not found:
        raise UserError(f"no {pattern} in {str(folder)!r}. {how_to}")
    return found


def sounds(folder, num_samples):
    """Samples of a folder's sounds in a row, in the order of their names.

    Args:
        folder: with .wav files, at any depth.
        num_samples: how many are needed.

    Returns:
        float array, at least `num_samples` long; full scale is 1.

    Raises:
        UserError: no such folder, too little sound, or different sample rates.
    """
    parts, rates, total = [], set(), 0
    for path in _files(folder, "*.wav", _SOUNDS):
        samples, rate = audio.read(path)
        rates.add(rate)
        parts.append(samples)
        total += len(samples)
        if total >= num_samples:
            break
    if len(rates) > 1:
        raise UserError(
            f"{str(folder)!r} has sounds at {sorted(rates)} Hz. Allowed: one rate."
        )
    if total < num_samples:
        raise UserError(
            f"{str(folder)!r} has {total} samples, and {num_samples} are needed. "
            "Allowed: smaller num_train, num_test, num_frames or frame_size."
        )
    return np.concatenate(parts)


def pen_digits(folder, count, rng):
    """MNIST digits as pen strokes, each a text file with rows dx, dy, lifted, ended.

    Args:
        folder: with files such as trainimg-0-inputdata.txt.
        count: how many; which ones, `rng` says.
        rng: a NumPy generator.

    Returns:
        A list of stroke-3, at most `count`.

    Raises:
        UserError: no such folder, or a file that holds something else.
    """
    paths = _files(folder, "*-inputdata.txt", _DIGITS)
    return [_digit(paths[i]) for i in rng.permutation(len(paths))[:count]]


def _digit(path):
    try:
        rows = np.loadtxt(path, ndmin=2)
    except (OSError, ValueError) as error:
        raise UserError(f"cannot read {str(path)!r}: {error}.") from None
    if rows.ndim != 2 or rows.shape[1] != 4 or not len(rows):
        raise UserError(
            f"{str(path)!r} holds rows of shape {rows.shape}. {_DIGITS} Each row: dx, "
            "dy, whether the pen is lifted, whether the digit ends."
        )
    return strokes.check(rows[:, :3], f"the file {str(path)!r}")


def handwriting(folder, count, rng):
    """Lines of handwriting from IAM-OnDB, one from each XML file with strokes.

    Args:
        folder, count, rng: as for `pen_digits`.

    Returns:
        A list of stroke-3, at most `count`; y points upwards.

    Raises:
        UserError: no such folder, or a file that holds no strokes.
    """
    paths = _files(folder, "*.xml", _HANDWRITING)
    return [_line(paths[i]) for i in rng.permutation(len(paths))[:count]]


def _line(path):
    try:
        found = [
            [(float(p.get("x")), -float(p.get("y"))) for p in stroke.iter("Point")]
            for stroke in xml.parse(path).iter("Stroke")
        ]
    except (OSError, xml.ParseError, TypeError, ValueError) as error:
        raise UserError(f"cannot read {str(path)!r}: {error}.") from None
    lines = [np.array(points) for points in found if points]
    if not lines:
        raise UserError(f"{str(path)!r} holds no <Stroke> with a <Point>.")
    return strokes.from_lines(lines)


def text(path):
    """Characters of a file, or of CPython's own documentation.

    Args:
        path: a text file in UTF-8, such as "tiny Shakespeare"; None for the text that
            comes with Python (`pydoc_data.topics`).

    Raises:
        UserError: it cannot be read.
    """
    if path is None:
        from pydoc_data import topics

        return "\n".join(words for _, words in sorted(topics.topics.items())).lower()
    try:
        return pathlib.Path(path).read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise UserError(
            f"cannot read the text {str(path)!r}: {error}. Allowed: data_path=FILE in "
            "UTF-8, or none for Python's own documentation."
        ) from None
