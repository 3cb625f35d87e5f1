"""Features with classes and stimuli: flat images, or frames of speech from a file."""

from typing import NamedTuple

import numpy as np

from lessons.toolkit import data
from lessons.toolkit.data import files
from lessons.toolkit.errors import UserError

FRAME_FEATURES = 440  # 11 frames of 40 speaker-adapted features
_HOW_TO = (
    "Allowed: an .npz file with the arrays `features`, real numbers of shape (frames, "
    f"{FRAME_FEATURES}), and `states`, `phones` and `utterances`, whole numbers of "
    "shape (frames,)."
)


class Features(NamedTuple):
    """Training and held-out examples.

    Stimuli are the classes whose places are stimulated, first the example's own, then
    those of its neighbours if there is context; -1 for none.
    """

    train_features: np.ndarray  # (train, features), float32
    train_labels: np.ndarray  # (train,)
    train_stimuli: np.ndarray  # (train, m)
    test_features: np.ndarray
    test_labels: np.ndarray
    test_stimuli: np.ndarray
    num_classes: int
    num_stimuli: int


def load(config):
    """The data of a configuration; the mean of the training features is subtracted.

    Args:
        config: a `Config`. `source="frames"` needs `data_path`.

    Raises:
        UserError: the data are absent or not what they should be.
    """
    if config.source == "frames":
        found = _frames(config)
    else:
        found = _images(config)
    mean = found.train_features.mean(axis=0)
    return found._replace(
        train_features=(found.train_features - mean).astype(np.float32),
        test_features=(found.test_features - mean).astype(np.float32),
    )


def sizes(config):
    """(features, classes, stimuli) of a configuration, without loading anything."""
    if config.source == "frames":
        return FRAME_FEATURES, config.num_states, config.num_phones
    source = data.find(config.source)
    return int(np.prod(source.shape)), source.classes, source.classes


def thinned(found, most):
    """Every second, third, ... example, so that each part has at most `most`.

    Maps and damage of a large network for a million frames would not fit into memory.

    Args:
        found: `Features`.
        most: examples of a part.
    """
    parts = []
    for part in found[:6]:
        parts.append(part[:: -(-len(part) // most)])
    return Features(*parts, *found[6:])


def _images(config):
    split = data.load_for(config)
    parts = []
    for images, labels in (
        (split.train_images, split.train_labels),
        (split.test_images, split.test_labels),
    ):
        stimuli = labels[:, None]
        if config.context:  # the images as they come are a sequence
            stimuli = with_neighbours(labels, np.zeros_like(labels))
        parts += [images.reshape(len(images), -1), labels, stimuli]
    count = len(split.class_names)
    return Features(*parts, count, count)


def with_neighbours(labels, sequences, merge=False):
    """Stimuli of sequences: current, previous and next class.

    Args:
        labels: classes in their order, shape (n,).
        sequences: number of the sequence each belongs to, shape (n,), such as the
            utterance; neighbours never come from another one.
        merge: whether a run of equal labels is one segment (a phone of several
            frames), whose neighbours are the segments before and after.

    Returns:
        Shape (n, 3): current, previous, next; -1 where there is none.
    """
    starts = np.diff(sequences, prepend=sequences[0] - 1) != 0
    if merge:
        starts |= np.diff(labels, prepend=labels[0]) != 0
    else:
        starts[:] = True
    segment = np.cumsum(starts) - 1
    label, sequence = labels[starts], sequences[starts]
    same = sequence[1:] == sequence[:-1]
    before = np.append(-1, np.where(same, label[:-1], -1))
    after = np.append(np.where(same, label[1:], -1), -1)
    return np.stack([labels, before[segment], after[segment]], axis=1)


def _frames(config):
    """Frames of speech of a file; its last tenth of utterances is held out."""
    features, states, phones, utterances = _read(config.data_path)
    for name, values, most in (
        ("states", states, config.num_states),
        ("phones", phones, config.num_phones),
    ):
        if values.min() < 0 or values.max() >= most:
            raise UserError(
                f"{name} must be whole numbers from 0 to {most - 1}, got "
                f"{values.min()} to {values.max()} in {config.data_path!r}. Allowed: "
                f"another num_{name}."
            )
    stimuli = phones[:, None]
    if config.context:
        stimuli = with_neighbours(phones, utterances, merge=True)
    names = np.unique(utterances)
    if len(names) < 2:
        raise UserError(f"{config.data_path!r} holds fewer than 2 utterances.")
    held = np.isin(utterances, names[-max(1, len(names) // 10) :])
    parts = []
    for rows in (~held, held):
        parts += [features[rows], states[rows], stimuli[rows]]
    if config.num_train is not None:
        parts[:3] = [part[: config.num_train] for part in parts[:3]]
    return Features(*parts, config.num_states, config.num_phones)


def _read(path):
    """The four arrays of a file of frames.

    Raises:
        UserError: no file was named, or it is not such a file.
    """
    with files.arrays(path, "frames", _HOW_TO) as file:
        features = file["features"]
        rest = [file[name] for name in ("states", "phones", "utterances")]
    whole = all(
        part.shape == features.shape[:1] and part.dtype.kind in "iu" for part in rest
    )
    if (
        not whole
        or features.shape[1:] != (FRAME_FEATURES,)
        or features.dtype.kind != "f"
        or not np.isfinite(features).all()
    ):
        shapes = [f"{part.dtype} {part.shape}" for part in (features, *rest)]
        raise UserError(f"{str(path)!r} holds {', '.join(shapes)}. {_HOW_TO}")
    return features.astype(np.float32), *(part.astype(np.int64) for part in rest)
