"""affNIST, MNIST under random affine maps, from a file that the user names.

Tieleman's file `test.mat` holds one MATLAB structure, `affNISTdata`, with the fields
`image` (1600 pixels by n images, 0 to 255) and `label_int` (1 by n).
"""

from pathlib import Path

import numpy as np

from lessons.toolkit.errors import UserError

SIDE, STRUCTURE = 40, "affNISTdata"


def absent(path=None):
    """The error for a file that is not there or was not named."""
    given = "no file was named" if path is None else f"no file at {str(path)!r}"
    return UserError(
        f"the task affnist needs affNIST's test.mat, but {given}. Allowed: "
        "affnist_path=FILE, the file from affNIST's page (transformed test cases)."
    )


def load(path, size=None, canvas=SIDE):
    """Read the images and labels of an affNIST file.

    Args:
        path: the .mat file.
        size: keep only the first `size` images.
        canvas: the height and width they must have.

    Returns:
        (images, labels): float32 in [0, 1] of shape (n, 40, 40, 1), and int64 of
        shape (n,).

    Raises:
        UserError: the file is absent, unreadable or holds something else.
    """
    if canvas != SIDE:
        raise UserError(
            f"affNIST has images of {SIDE}x{SIDE}, got canvas={canvas}. "
            f"Allowed: {SIDE}."
        )
    path = Path(path).expanduser()
    if not path.is_file():
        raise absent(path)
    record = _read(path)
    pixels = _field(path, record, "image")
    labels = _field(path, record, "label_int").ravel()
    if (
        pixels.ndim != 2
        or pixels.shape != (SIDE * SIDE, len(labels))
        or not len(labels)
    ):
        raise UserError(
            f"{str(path)!r} must hold images of shape ({SIDE * SIDE}, n) and n labels, "
            f"got {pixels.shape} and {len(labels)}."
        )
    if pixels.min() < 0 or pixels.max() > 255 or not set(labels) <= set(range(10)):
        raise UserError(
            f"{str(path)!r} must hold pixels from 0 to 255 and labels from 0 to 9, got "
            f"{pixels.min()} to {pixels.max()} and {labels.min()} to {labels.max()}."
        )
    images = np.ascontiguousarray(pixels.T[:size], np.float32) / np.float32(255)
    return images.reshape(-1, SIDE, SIDE, 1), labels[:size].astype(np.int64)


def _read(path):
    from scipy import io

    try:
        contents = io.loadmat(path)
    except Exception as error:  # loadmat raises many types for a non-.mat file
        raise UserError(
            f"{str(path)!r} is not a readable .mat file: {error}."
        ) from None
    if STRUCTURE not in contents:
        names = sorted(name for name in contents if not name.startswith("__"))
        raise UserError(
            f"{str(path)!r} lacks the structure {STRUCTURE}; it holds {names}."
        )
    return contents[STRUCTURE]


def _field(path, record, name):
    """A field of a 1x1 MATLAB structure, an array of numbers."""
    if record.dtype.names is None or name not in record.dtype.names or not record.size:
        raise UserError(
            f"{str(path)!r} must hold {STRUCTURE} with the fields image and label_int, "
            f"got {record.dtype.names or 'no fields'}."
        )
    values = np.asarray(record[name].flat[0])
    if values.dtype.kind not in "uif":
        raise UserError(
            f"{name} in {str(path)!r} must hold numbers, got {values.dtype}."
        )
    return values
