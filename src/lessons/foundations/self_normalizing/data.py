"""Tables to compare variants on, and standardised images for the depth study."""

import dataclasses
import typing
from pathlib import Path

import numpy as np
from sklearn import datasets, model_selection

from lessons.toolkit import data
from lessons.toolkit.errors import UserError, unknown

_LOADERS = {
    "iris": datasets.load_iris,
    "wine": datasets.load_wine,
    "breast_cancer": datasets.load_breast_cancer,
    "digits": datasets.load_digits,
}
TABLES = (*_LOADERS, "csv")
LARGEST = 5.0  # standard deviations


def standardise(train, *others):
    """Give features mean 0 and variance 1, by the statistics of `train`.

    Features that are constant in `train` become 0 everywhere. What lies more than
    `LARGEST` deviations out is cut off: pixels at the rim of the digits, nearly always
    0, would otherwise reach 38 deviations, on which networks without any normalisation
    can diverge.

    Args:
        train: shape (rows, features).
        *others: arrays to treat alike.

    Returns:
        The arrays, float32.
    """
    mean, deviation = train.mean(axis=0), train.std(axis=0)
    varies = deviation > 0
    scale = np.where(varies, 1.0 / np.where(varies, deviation, 1.0), 0.0)
    return tuple(
        np.clip((part - mean) * scale, -LARGEST, LARGEST).astype("float32")
        for part in (train, *others)
    )


class Features(typing.NamedTuple):
    """Standardised flat images: float32 features and integer labels."""

    train_features: np.ndarray  # (rows, features)
    train_labels: np.ndarray  # (rows,)
    test_features: np.ndarray
    test_labels: np.ndarray


def load(config):
    """The depth study's data: the configuration's images as `Features`."""
    split = data.load_for(config)
    train, test = standardise(
        *(
            images.reshape(len(images), -1).astype("float64")
            for images in (split.train_images, split.test_images)
        )
    )
    return Features(train, split.train_labels, test, split.test_labels)


def image_shape(source):
    """(height, width, channels) of a data set's images."""
    return data.find(source).shape


def load_table(name, path=None):
    """One table: features (rows, features) float64 and labels 0, 1, ... (rows,).

    Args:
        name: one of `TABLES`. "csv" reads any table whose last column is the class,
            such as HTRU2 (the file `HTRU_2.csv`) or one task of Tox21.
        path: the file, for "csv": numbers, one row a line, a header is allowed.

    Raises:
        UserError: no such table, or the file is missing or not such a table.
    """
    if name not in TABLES:
        raise unknown("table", name, TABLES)
    if name == "csv":
        return _read_csv(path)
    features, labels = _LOADERS[name](return_X_y=True)
    return features.astype("float64"), labels.astype("int64")


def _read_csv(path):
    if path is None or not Path(path).is_file():
        raise UserError(
            f"the table 'csv' needs a file, got table_path={str(path)!r}. Allowed: a "
            "CSV file of numbers with the class in its last column, such as HTRU_2.csv."
        )
    lines = Path(path).read_text(encoding="utf-8-sig").splitlines()
    rows = [line.split(",") for line in lines if line.strip()]
    try:
        [float(cell) for cell in rows[0]]
    except (ValueError, IndexError):
        rows = rows[1:]  # a header
    try:
        values = np.array(rows, dtype="float64")
    except ValueError as error:
        raise UserError(f"cannot read {str(path)!r} as a table: {error}.") from None
    if values.ndim != 2 or values.shape[1] < 2 or not np.all(np.isfinite(values)):
        raise UserError(
            f"{str(path)!r} must hold rows of at least two finite numbers each."
        )
    return values[:, :-1], np.unique(values[:, -1], return_inverse=True)[1]


@dataclasses.dataclass(frozen=True)
class Folds:
    """Folds of several tables as members that train side by side.

    Shorter inputs are padded with zeros, shorter folds by repeating their first row;
    `counts` say what is real.

    Attributes:
        names: table of each member, `members` strings.
        fan_in, classes: features and classes of each member.
        train, validation, test: (features (rows, members, features), labels (rows,
            members), counts (members,)).
    """

    names: tuple[str, ...]
    fan_in: tuple[int, ...]
    classes: tuple[int, ...]
    train: tuple
    validation: tuple
    test: tuple


def make_folds(tables, num_folds, seed, path=None, validation=0.2):
    """Stratified folds of every table, standardised by their training rows.

    Args:
        tables: names for `load_table`.
        num_folds: k; each row is tested once.
        seed: of the shuffles.
        path: the file of the table "csv".
        validation: fraction of a fold's training rows kept apart to choose the depth.

    Returns:
        `Folds`, with len(tables) * num_folds members.

    Raises:
        UserError: a table has a class with fewer rows than folds.
    """
    parts, names, fan_in, classes = [], [], [], []
    for name in tables:
        features, labels = load_table(name, path)
        if np.bincount(labels).min() < num_folds:
            raise UserError(
                f"num_folds={num_folds} is more than the rows of the smallest class "
                f"of {name!r}, {np.bincount(labels).min()}."
            )
        splitter = model_selection.StratifiedKFold(num_folds, shuffle=True)
        splitter.random_state = seed
        for rest, test in splitter.split(features, labels):
            train, held = model_selection.train_test_split(
                rest, test_size=validation, random_state=seed, stratify=labels[rest]
            )
            sets = (train, held, test)
            scaled = standardise(*(features[rows] for rows in sets))
            parts.append([(x, labels[r]) for x, r in zip(scaled, sets, strict=True)])
            names.append(name)
            fan_in.append(features.shape[1])
            classes.append(int(labels.max()) + 1)
    stacked = (_stack([member[i] for member in parts], max(fan_in)) for i in range(3))
    return Folds(tuple(names), tuple(fan_in), tuple(classes), *stacked)


def _stack(members, num_features):
    counts = np.array([len(labels) for _, labels in members])
    x = np.zeros((counts.max(), len(members), num_features), "float32")
    y = np.zeros((counts.max(), len(members)), "int64")
    for index, (features, labels) in enumerate(members):
        rows = np.arange(counts.max())
        rows[rows >= counts[index]] = 0
        x[:, index, : features.shape[1]] = features[rows]
        y[:, index] = labels[rows]
    return x, y, counts


def draw_batches(part, num_rows, seed):
    """Rows for a fixed number of steps: every member walks through its own rows.

    Each member's rows are shuffled anew whenever they are used up, so that every
    member sees `num_rows` rows however many it has.

    Args:
        part: features, labels and counts, as in `Folds.train`.
        num_rows: rows to give back.
        seed: of the shuffles.

    Returns:
        (features (num_rows, members, features), labels (num_rows, members)).
    """
    rng = np.random.default_rng(seed)
    x, y, counts = part
    order = np.empty((num_rows, len(counts)), int)
    for member, count in enumerate(counts):
        rounds = -(-num_rows // count)
        walk = np.concatenate([rng.permutation(count) for _ in range(rounds)])
        order[:, member] = walk[:num_rows]
    members = np.arange(len(counts))
    return x[order, members], y[order, members]
