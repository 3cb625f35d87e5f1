"""Readers of the two file layouts of MNIST: Keras's .npz and gzipped IDX."""

import gzip
import math
import struct
import zipfile
import zlib

import numpy as np

from lessons.toolkit.errors import UserError

_KEYS = ("x_train", "y_train", "x_test", "y_test")
_UINT8 = 8  # the IDX code of unsigned bytes


def read_npz(path):
    """The arrays x_train, y_train, x_test, y_test of an .npz file.

    Raises:
        UserError: it is no .npz file, or lacks one of them.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            missing = [key for key in _KEYS if key not in file]
            if missing:
                raise UserError(
                    f"{str(path)!r} lacks the arrays {', '.join(missing)}. "
                    f"It must hold {', '.join(_KEYS)}."
                )
            return [file[key] for key in _KEYS]
    except UserError:
        raise
    except (OSError, ValueError, TypeError, EOFError, zipfile.BadZipFile, zlib.error):
        # np.load gives a bare array, without `with`, for a .npy file: TypeError
        raise UserError(
            f"{str(path)!r} is not a readable .npz file with {', '.join(_KEYS)}."
        ) from None


def read_idx(paths):
    """One array per gzipped IDX file.

    An IDX file is two zero bytes, a code of the type, the number of axes, their
    lengths as big-endian 32-bit numbers, and the values.

    Raises:
        UserError: a file is not gzipped, not IDX with unsigned bytes, or cut short.
    """
    return [_read_one(path) for path in paths]


def _read_one(path):
    try:
        with gzip.open(path) as file:
            data = file.read()
    except (OSError, EOFError, zlib.error) as error:
        raise UserError(f"cannot unpack {str(path)!r}: {error}.") from None
    num_axes = data[3] if len(data) > 3 else 0
    header = 4 + 4 * num_axes
    if data[:3] != bytes([0, 0, _UINT8]) or len(data) < header:
        raise UserError(f"{str(path)!r} is not an IDX file of unsigned bytes.")
    shape = struct.unpack(f">{num_axes}I", data[4:header])
    if len(data) - header != math.prod(shape):
        raise UserError(
            f"{str(path)!r} must hold {math.prod(shape)} values for its shape {shape}, "
            f"got {len(data) - header}."
        )
    return np.frombuffer(data, np.uint8, offset=header).reshape(shape)


def check_array(path, array, shape, most):
    """Raise `UserError` unless an array of a file is as it should be.

    Args:
        path: the file, for the message.
        array: what was read.
        shape: the shape it must have.
        most: the largest value allowed; the least is 0.
    """
    if array.shape != shape or array.dtype.kind not in "iu":
        raise UserError(
            f"{str(path)!r} must hold whole numbers of shape {shape}, got "
            f"{array.dtype} of shape {array.shape}."
        )
    if array.min() < 0 or array.max() > most:
        raise UserError(
            f"{str(path)!r} must hold values from 0 to {most}, got "
            f"{array.min()} to {array.max()}."
        )
