r"""Digits with an easy class, folds of a known difficulty, or frames of speech.

* `digits`: pixels of scikit-learn's digits with normal noise of deviation 0.15, and as
  many vectors of one easy class (`EASY`): "silence", $|N(0, 1)| / 10$ in each pixel, or
  "pattern", one loud pattern with noise of deviation 0.15. Kind 0 is the easy class,
  kind 1 the digits.
* `folds`: a number u in [0, 1) is folded k times, $u \leftarrow 1 - |1 - 2u|$; the
  label says whether the result is above 1/2. Inputs are $4u - 2$ and k, one-hot. On the
  line the label changes $2^k$ times: the kind is k.
* `frames`: an .npz file of spliced frames with their tied states.
"""

import typing

import numpy as np

from lessons.toolkit import data
from lessons.toolkit.data import files
from lessons.toolkit.errors import UserError

EASY = ("silence", "pattern")
NUM_DIGITS = 10
PIXELS = 64
NOISE = 0.15
FRAME_FEATURES = 440  # 11 frames of 40 features
_HOW_TO = (
    "Allowed: an .npz file with the arrays `features`, real numbers of shape (frames, "
    f"{FRAME_FEATURES}), and `states`, whole numbers of shape (frames,)."
)


class Features(typing.NamedTuple):
    """Training and test examples with their kinds; kind 0 is the easiest."""

    train_features: np.ndarray  # (train, features), float32, their mean subtracted
    train_labels: np.ndarray  # (train,)
    train_kinds: np.ndarray  # (train,)
    test_features: np.ndarray
    test_labels: np.ndarray
    test_kinds: np.ndarray
    kind_names: tuple[str, ...]
    mean: np.ndarray  # of the training features, before it was subtracted


def load(config, variant=None):
    """The examples of a configuration; a variant may have others of its own.

    Args:
        config: a `Config`. `source="frames"` needs `data_path`.
        variant: a `Variant`, or None for the usual examples.

    Raises:
        UserError: the data are absent or not what they should be.
    """
    if config.source == "frames":
        parts, names = _frames(config), ("frames",)
    elif config.source == "folds":
        parts, names = _folds(config), tuple(map(str, range(config.kinds)))
    else:
        easy = variant.easy if variant else EASY[0]
        parts, names = digits(config, easy), (easy, "digits")
    train, test = parts
    labels = train[1]
    if variant is not None and variant.shuffled:
        labels = _permuted(train[1], train[2] > 0, config.seed)
    mean = train[0].mean(axis=0)
    return Features(
        (train[0] - mean).astype(np.float32),
        labels,
        train[2],
        (test[0] - mean).astype(np.float32),
        test[1],
        test[2],
        names,
        mean,
    )


def sizes(config):
    """(features, classes) of a configuration, without loading anything."""
    if config.source == "frames":
        return FRAME_FEATURES, config.num_states
    if config.source == "folds":
        return 1 + config.kinds, 2
    return PIXELS, NUM_DIGITS + 1


def digits(config, easy):
    """Noisy digits and as many examples of an easy class, each part shuffled.

    Args:
        config: a `Config`; `num_train` counts digits.
        easy: one of `EASY`.

    Returns:
        (train, test): triples of features, labels and kinds.
    """
    split = data.load("digits", seed=config.seed, size=config.num_train or 1280)
    rng = np.random.default_rng((config.seed, 5))
    pattern = 1.5 * rng.random(PIXELS)
    parts = []
    for images, labels in (
        (split.train_images, split.train_labels),
        (split.test_images, split.test_labels),
    ):
        count = len(images)
        noise = rng.standard_normal((2, count, PIXELS))
        loud = images.reshape(count, -1) + NOISE * noise[0]
        quiet = np.abs(noise[1]) / 10
        other = quiet if easy == "silence" else pattern + NOISE * noise[1]
        order = rng.permutation(2 * count)
        features = np.concatenate([loud, other])
        labels = np.append(labels, np.full(count, NUM_DIGITS))
        kinds = np.repeat([1, 0], count)
        parts.append((features[order], labels[order], kinds[order]))
    return parts


def folded(numbers, times):
    r"""Numbers in [0, 1] after folds $u \leftarrow 1 - |1 - 2u|$.

    Args:
        numbers, times: arrays of one shape; how often each is folded.
    """
    found = np.array(numbers, np.float64)
    for fold in range(int(np.max(times, initial=0))):
        found = np.where(times > fold, 1 - np.abs(1 - 2 * found), found)
    return found


def _folds(config):
    rng = np.random.default_rng((config.seed, 6))
    count = config.num_train or 5120
    parts = []
    for size in (count, max(count // 2, 8)):
        numbers, kinds = rng.random(size), rng.integers(config.kinds, size=size)
        labels = (folded(numbers, kinds) > 0.5).astype(np.int64)
        shown = np.eye(config.kinds)[kinds]
        features = np.column_stack([4 * numbers - 2, shown])
        parts.append((features, labels, kinds))
    return parts


def _permuted(labels, rows, seed):
    found = labels.copy()
    found[rows] = np.random.default_rng((seed, 7)).permutation(labels[rows])
    return found


def _frames(config):
    """Frames of a file; its last tenth is held out."""
    with files.arrays(config.data_path, "frames", _HOW_TO) as file:
        features, states = file["features"], file["states"]
    if (
        features.ndim != 2
        or features.shape[1] != FRAME_FEATURES
        or features.dtype.kind != "f"
        or states.shape != features.shape[:1]
        or states.dtype.kind not in "iu"
        or len(states) < 2
        or not np.isfinite(features).all()
    ):
        raise UserError(
            f"{str(config.data_path)!r} holds {features.dtype} {features.shape} and "
            f"{states.dtype} {states.shape}. {_HOW_TO}"
        )
    if states.min() < 0 or states.max() >= config.num_states:
        raise UserError(
            f"states must be whole numbers from 0 to {config.num_states - 1}, got "
            f"{states.min()} to {states.max()}. Allowed: another num_states."
        )
    held = len(states) - max(1, len(states) // 10)
    kinds = np.zeros(len(states), np.int64)
    every = features.astype(np.float32), states.astype(np.int64), kinds
    train = tuple(part[:held][: config.num_train] for part in every)
    return train, tuple(part[held:] for part in every)
