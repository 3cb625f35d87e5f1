"""NSynth from a folder or TFRecord file that the user names; nothing is downloaded.

The data set (Engel et al. 2017) comes in two forms: folders such as nsynth-train with
examples.json and audio/NAME.wav, and files such as nsynth-train.tfrecord. Either holds
notes of 4 s at 16,000 samples a second.
"""

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
_HOW_TO = (
    "Allowed: data_path=PATH, a folder with examples.json and audio/, or a .tfrecord "
    "file of NSynth (magenta.tensorflow.org/datasets/nsynth). Without it: source=notes."
)


def load(path, count, num_samples, seed=0):
    """Notes of NSynth.

    Args:
        path: the folder or the file.
        count: how many notes.
        num_samples: taken from the beginning of each.
        seed: which ones, of a folder; of a file the first ones are taken.

    Returns:
        (audio, pitch, family, velocity, onset): as the fields of `data.Notes`.

    Raises:
        UserError: it is not what it says it is, or holds too few notes.
    """
    if path is None:
        raise UserError(f"source='nsynth' needs data_path. {_HOW_TO}")
    path = Path(path)
    if path.is_dir():
        found = _folder(path, count, num_samples, seed)
    elif path.is_file():
        found = _records(path, count, num_samples)
    else:
        raise UserError(f"no folder or file {str(path)!r}. {_HOW_TO}")
    if len(found) < count:
        raise UserError(
            f"{str(path)!r} holds {len(found)} notes, and {count} are needed. Allowed: "
            "a smaller num_train or num_test."
        )
    sounds, facts = zip(*found, strict=True)
    columns = {name: np.array([each[name] for each in facts]) for name in _FIELDS}
    return (
        np.stack(sounds).astype("float32"),
        columns["pitch"],
        columns["instrument_family"],
        columns["velocity"] / 127,
        np.zeros(count, int),
    )


def _folder(path, count, num_samples, seed):
    listed = path / "examples.json"
    try:
        examples = json.loads(listed.read_text(encoding="utf-8"))
        names = sorted(examples)
    except (OSError, ValueError, TypeError) as error:
        raise UserError(
            f"cannot read {str(listed)!r}: {type(error).__name__}. {_HOW_TO}"
        ) from None
    order = np.random.default_rng(seed).permutation(len(names))[:count]
    found = []
    for name in (names[i] for i in order):
        file = path / "audio" / f"{name}.wav"
        samples, rate = audio.read(file)
        if rate != SAMPLE_RATE:
            raise UserError(
                f"{str(file)!r} has {rate} samples a second. Allowed: {SAMPLE_RATE}."
            )
        facts = examples[name] if isinstance(examples, dict) else None
        found.append((_long_enough(samples, num_samples, file), _facts(facts, file)))
    return found


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


def _records(path, count, num_samples):
    """Notes of a TFRecord file: each a length, a checksum, an `Example`, a checksum."""
    import tensorflow as tf

    found = []
    try:
        with path.open("rb") as file:
            while len(found) < count and (head := file.read(12)):
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
                found.append(
                    (_long_enough(samples, num_samples, path), _facts(facts, path))
                )
    except UserError:
        raise
    except Exception as error:  # protobuf raises its own kinds
        text = str(error) or type(error).__name__
        raise UserError(
            f"{str(path)!r} is no TFRecord file of NSynth: {text}. {_HOW_TO}"
        ) from None
    return found
