"""NSynth from a folder or TFRecord file that the user names; nothing is downloaded.

The data set (Engel et al. 2017) comes in two forms: folders such as nsynth-train with
examples.json and audio/NAME.wav, and files such as nsynth-train.tfrecord. Either holds
notes of 4 s at 16,000 samples a second.
"""

import functools
import json
import struct
from pathlib import Path

import numpy as np

from lessons.toolkit import audio
from lessons.toolkit.errors import UserError

SAMPLE_RATE = 16_000
FAMILIES = (
    *("bass", "brass", "flute", "guitar", "keyboard", "mallet", "organ", "reed"),
    *("string", "synth_lead", "vocal"),
)
_FIELDS = {"pitch": 127, "velocity": 127, "instrument_family": len(FAMILIES) - 1}
_FIELDS["instrument"] = 2**31 - 1
_EVERY = 5  # every fifth instrument is kept for the test
_HOW_TO = (
    "Allowed: data_path=PATH, a folder with examples.json and audio/, or a .tfrecord "
    "file of NSynth (magenta.tensorflow.org/datasets/nsynth). Without it: source=notes."
)


def load(path, num_train, num_test, num_samples, seed=0):
    """Notes of NSynth; no instrument is both in training and in the test.

    Args:
        path: the folder or the file.
        num_train, num_test: how many notes, of four fifths of the instruments and of
            the others.
        num_samples: taken from the beginning of each.
        seed: which instruments are for the test, and which notes of a folder are taken;
            of a file the first ones are.

    Returns:
        (audio, pitch, family, velocity, onset): as the fields of `data.Notes`, training
        notes first.

    Raises:
        UserError: it is not what it says it is, or holds too few notes.
    """
    if path is None:
        raise UserError(f"source='nsynth' needs data_path. {_HOW_TO}")
    path = Path(path)
    if path.is_dir():
        notes = _folder(path, num_samples, seed)
    elif path.is_file():
        notes = _records(path, num_samples)
    else:
        raise UserError(f"no folder or file {str(path)!r}. {_HOW_TO}")
    found = _chosen(notes, (num_train, num_test), seed)
    if len(found[0]) < num_train or len(found[1]) < num_test:
        raise UserError(
            f"{str(path)!r} holds {len(found[0])} notes for training and "
            f"{len(found[1])} of other instruments, {num_train} and {num_test} are "
            "needed. Allowed: a smaller num_train or num_test, another seed."
        )
    sounds, facts = zip(*found[0], *found[1], strict=True)
    columns = {name: np.array([each[name] for each in facts]) for name in _FIELDS}
    return (
        np.stack(sounds).astype("float32"),
        columns["pitch"],
        columns["instrument_family"],
        columns["velocity"] / 127,
        np.zeros(num_train + num_test, int),
    )


def _chosen(notes, counts, seed):
    """The first notes of both sides, as two lists of (samples, facts).

    Args:
        notes: pairs (facts, function that gives the samples).
        counts: how many for training, and for the test.
        seed: see `load`.
    """
    found = [], []
    for facts, samples in notes:
        side = int((facts["instrument"] + seed) % _EVERY == 0)
        if len(found[side]) < counts[side]:
            found[side].append((samples(), facts))
        if (len(found[0]), len(found[1])) == tuple(counts):
            break
    return found


def _folder(path, num_samples, seed):
    """Notes of a folder in random order, as `_chosen` takes them."""
    listed = path / "examples.json"
    try:
        examples = json.loads(listed.read_text(encoding="utf-8"))
        names = sorted(examples)
    except (OSError, ValueError, TypeError) as error:
        raise UserError(
            f"cannot read {str(listed)!r}: {type(error).__name__}. {_HOW_TO}"
        ) from None
    for name in (names[i] for i in np.random.default_rng(seed).permutation(len(names))):
        file = path / "audio" / f"{name}.wav"
        facts = examples[name] if isinstance(examples, dict) else None
        read = functools.partial(_wave, file, num_samples)
        yield _facts(facts, file), read


def _wave(file, num_samples):
    samples, rate = audio.read(file)
    if rate != SAMPLE_RATE:
        raise UserError(
            f"{str(file)!r} has {rate} samples a second. Allowed: {SAMPLE_RATE}."
        )
    return _long_enough(samples, num_samples, file)


def _facts(facts, file):
    """The numbers of a note, checked."""
    for name, highest in _FIELDS.items():
        value = facts.get(name) if isinstance(facts, dict) else None
        if type(value) is not int or not 0 <= value <= highest:
            raise UserError(
                f"the note {file.name!r} has {name}={value!r}. Allowed: a whole number "
                f"from 0 to {highest}."
            )
    return facts


def _long_enough(samples, num_samples, file):
    if len(samples) < num_samples:
        raise UserError(
            f"{str(file)!r} has {len(samples)} samples. Allowed: at least "
            f"note_samples={num_samples}."
        )
    return samples[:num_samples]


def _records(path, num_samples):
    """Notes of a TFRecord file: each a length, a checksum, an `Example`, a checksum."""
    import tensorflow as tf

    try:
        with path.open("rb") as file:
            while head := file.read(12):
                (length,) = struct.unpack("<Q", head[:8])
                data = file.read(length) if length < 2**31 else b""
                if len(data) < length or length >= 2**31 or len(file.read(4)) < 4:
                    raise ValueError("a record is cut off")
                feature = tf.train.Example.FromString(data).features.feature
                samples = np.array(feature["audio"].float_list.value)
                facts = {
                    name: (list(feature[name].int64_list.value) or [None])[0]
                    for name in _FIELDS
                }
                read = functools.partial(_long_enough, samples, num_samples, path)
                yield _facts(facts, path), read
    except UserError:
        raise
    except Exception as error:  # protobuf raises its own kinds
        text = str(error) or type(error).__name__
        raise UserError(
            f"{str(path)!r} is no TFRecord file of NSynth: {text}. {_HOW_TO}"
        ) from None
