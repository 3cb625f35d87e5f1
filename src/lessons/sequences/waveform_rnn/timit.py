"""One phone of TIMIT, from a folder that the user names: nothing is downloaded.

TIMIT is sold by the Linguistic Data Consortium (LDC93S1). Its sentences lie in files
such as TRAIN/DR1/FCJF0/SA1.WAV, each beside a SA1.PHN that says from which sample to
which every phone lasts. The .WAV files are NIST SPHERE; copies of TIMIT whose sounds
were converted to ordinary RIFF WAV are read as well.
"""

from pathlib import Path

import numpy as np

from lessons.toolkit import audio
from lessons.toolkit.errors import UserError

SAMPLE_RATE = 16_000
_HOW_TO = (
    "Allowed: data_path=FOLDER, a copy of TIMIT (LDC93S1), in which every sound such "
    "as SA1.WAV lies beside its labels SA1.PHN. Without TIMIT: source=voices."
)


def load(folder, phone, count, least, seed=0):
    """Sounds of one phone.

    Args:
        folder: the user's copy of TIMIT.
        phone: its label, such as "aa".
        count: how many.
        least: samples that each must have.
        seed: which ones are taken, at most one of each sentence first.

    Returns:
        A list of float64 arrays, full scale at 1; 16,000 samples a second.

    Raises:
        UserError: no such folder, a file that is not what its name says, or too few
            sounds of this length.
    """
    if folder is None:
        raise UserError(f"source='timit' needs data_path. {_HOW_TO}")
    if not Path(folder).is_dir():
        raise UserError(f"no folder {str(folder)!r}. {_HOW_TO}")
    labels = sorted(p for p in Path(folder).rglob("*") if p.suffix.lower() == ".phn")
    if not labels:
        raise UserError(f"no .PHN file in {str(folder)!r}. {_HOW_TO}")
    rng = np.random.default_rng(seed)
    found, segments = [], 0
    for path in (labels[i] for i in rng.permutation(len(labels))):
        wanted = [
            (start, stop)
            for start, stop, label in read_labels(path)
            if label == phone and stop - start >= least
        ]
        segments += len(wanted)
        if wanted:
            start, stop = wanted[0]
            found.append(_sound_beside(path, stop)[start:stop])
        if len(found) == count:
            return found
    raise UserError(
        f"{str(folder)!r} has {len(found)} sentences with an {phone!r} of at least "
        f"{least} samples, and {count} are needed. Allowed: fewer num_voices or "
        "num_test, a smaller length, or another phone."
    )


def read_labels(path):
    """Phones of a sentence.

    Args:
        path: a .PHN file, with a line "FIRST LAST PHONE" for every phone.

    Returns:
        A list of (start, stop, label), in samples.

    Raises:
        UserError: a line is something else.
    """
    found = []
    for number, line in enumerate(_text(path).splitlines(), 1):
        parts = line.split()
        numbers = len(parts) == 3 and all(part.isdigit() for part in parts[:2])
        if not numbers or int(parts[0]) >= int(parts[1]):
            raise UserError(
                f"line {number} of {str(path)!r} is {line[:40]!r}. Allowed: two rising "
                "sample numbers and a phone, such as '2260 4149 aa'."
            )
        found.append((int(parts[0]), int(parts[1]), parts[2]))
    return found


def _text(path):
    try:
        return path.read_text(encoding="ascii")
    except (OSError, ValueError) as error:
        raise UserError(f"cannot read the labels {str(path)!r}: {error}.") from None


def _sound_beside(labels, stop):
    """The sound of a sentence, from the file beside its labels."""
    stem = labels.with_suffix("").name.lower()
    names = (f"{stem}.wav", f"{stem}.wav.wav")
    beside = [p for p in labels.parent.iterdir() if p.name.lower() in names]
    if not beside:
        raise UserError(f"no sound beside the labels {str(labels)!r}. {_HOW_TO}")
    # Where a converted copy lies beside the original, either will do.
    samples, rate = audio.read(min(beside))
    if rate != SAMPLE_RATE or len(samples) < stop:
        raise UserError(
            f"{str(min(beside))!r} has {len(samples)} samples at {rate} Hz, which does "
            f"not fit its labels. Allowed: {SAMPLE_RATE} Hz, at least {stop} samples."
        )
    return samples
