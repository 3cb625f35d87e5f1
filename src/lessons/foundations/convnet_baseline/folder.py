"""Reads a folder of real cats and dogs: `cat.0.jpg`, `dog.0.jpg` and so on.

These are the names of the training set of Kaggle's competition "Dogs vs. Cats" (2013),
which the projects used. Files are only read: nothing is copied, moved or changed.
"""

import re
from pathlib import Path

import numpy as np

from lessons.toolkit.errors import UserError

CLASSES = ("cat", "dog")
RESIZED, CROPPED = 64, 48
ORDER_SEED = 123522  # of the one permutation
LEAST = 10  # images, for three parts of 8, 1 and 1 tenths
_NAME = re.compile(r"(cat|dog)\.(\d+)\.jpe?g", re.IGNORECASE)
_HOW_TO = (
    "Allowed: a folder that holds the pictures cat.0.jpg, dog.0.jpg and so on, and no "
    "other files, such as `train` of Kaggle's Dogs vs. Cats."
)


def read(path, limit=None, side=CROPPED):
    """All pictures of a folder, in an order that is always the same.

    Each is resized to a square by the nearest neighbour, 64x64 for a side of 48, and
    its middle is cut out. EXIF rotations are not applied.

    Args:
        path: the folder.
        limit: how many to read at most; None for all.
        side: height and width of the result, pixels.

    Returns:
        (images, labels): float32 (n, side, side, 3) in [0, 1], int64 (n,), 0 for a cat
        and 1 for a dog.

    Raises:
        UserError: there is no folder, a file has another name or is no picture, or a
            class is missing.
    """
    files = _listed(path)
    order = np.random.default_rng(ORDER_SEED).permutation(len(files))[:limit]
    chosen = [files[place] for place in order]
    labels = np.array([label for label, _, _ in chosen], np.int64)
    if len(np.unique(labels)) < 2:
        raise UserError(
            f"the first {len(chosen)} pictures of {str(path)!r} are of one class. "
            "Allowed: a greater num_train, or none."
        )
    images = np.empty((len(chosen), side, side, 3), np.float32)
    for row, (_, _, file) in enumerate(chosen):
        images[row] = _picture(file, side)
    return images, labels


def _listed(path):
    """(label, number, file) of every picture, in the order of classes and numbers."""
    if path is None:
        raise UserError(f"source='folder' needs data_path. {_HOW_TO}")
    folder = Path(path)
    if not folder.is_dir():
        raise UserError(f"no folder {str(path)!r}. {_HOW_TO}")
    found, others = [], []
    for file in sorted(folder.iterdir()):
        if file.name.startswith("."):
            continue
        match = _NAME.fullmatch(file.name)
        if match and file.is_file():
            label = CLASSES.index(match.group(1).lower())
            found.append((label, int(match.group(2)), file))
        else:
            others.append(file.name)
    if others:
        raise UserError(
            f"{str(path)!r} holds {len(others)} other files, such as {others[0]!r}. "
            f"{_HOW_TO}"
        )
    for label, name in enumerate(CLASSES):
        if not any(row[0] == label for row in found):
            raise UserError(
                f"{str(path)!r} holds {len(found)} pictures, none of a {name}. "
                f"{_HOW_TO}"
            )
    if len(found) < LEAST:
        raise UserError(
            f"{str(path)!r} holds {len(found)} pictures. Allowed: at least {LEAST}."
        )
    return sorted(found)


def _picture(file, side):
    from PIL import Image

    resized = round(side * RESIZED / CROPPED)
    try:
        with Image.open(file) as picture:
            picture = picture.convert("RGB")
    except (OSError, ValueError, SyntaxError) as error:
        raise UserError(
            f"cannot read the picture {str(file)!r}: {error}. "
            "Allowed: whole JPEG files; delete or replace this one."
        ) from None
    picture = picture.resize((resized, resized), Image.Resampling.NEAREST)
    start = (resized - side) // 2
    cut = np.asarray(picture, np.float32)[start : start + side, start : start + side]
    return cut / 255
