"""QuickDraw drawings in the stroke-3 files of the paper, read without running anything.

"Quick, Draw!" files such as cat.npz hold three arrays of arrays: 70,000 training, 2,500
validation and 2,500 test drawings, int16 stroke-3. NumPy stores arrays of arrays as a
pickle, which may run any program while it is read. Here only the few functions that
make an array are let through.
"""

import io
import pickle
import zipfile
from pathlib import Path

import numpy as np

from lessons.toolkit.data import strokes
from lessons.toolkit.errors import UserError

PARTS = ("train", "valid", "test")
HOW_TO = (
    "Allowed: data_path=FILE.npz[,FILE.npz], a file for each class with arrays `train`,"
    " `valid` and `test` of stroke-3 drawings, such as cat.npz of the QuickDraw dataset"
    " in its sketchrnn format (CC BY 4.0). Where there is no network, copy it from"
    " another machine, or use source=faces or source=letters, which need no file."
)
_HARMLESS = {
    ("numpy", "ndarray"),
    ("numpy", "dtype"),
    ("numpy.core.multiarray", "_reconstruct"),
    ("numpy._core.multiarray", "_reconstruct"),
    ("numpy.core.numeric", "_frombuffer"),
    ("numpy._core.numeric", "_frombuffer"),
    ("_codecs", "encode"),
}


class _Careful(pickle.Unpickler):
    """Reads arrays and nothing else."""

    def find_class(self, module, name):
        if (module, name) not in _HARMLESS:
            raise pickle.UnpicklingError(f"it asks for {module}.{name}, no array")
        return super().find_class(module.replace("numpy.core", "numpy._core"), name)


def load(path):
    """The drawings of one file.

    Args:
        path: an .npz file.

    Returns:
        Dictionary of lists of stroke-3 by `PARTS`.

    Raises:
        UserError: no file, not such a file, a part that is empty, or a broken drawing;
            the message says which.
    """
    if not path:
        raise UserError(f"source='quickdraw' needs data_path. {HOW_TO}")
    if not Path(path).is_file():
        raise UserError(f"no file {str(path)!r}. {HOW_TO}")
    found = {}
    for part in PARTS:
        try:
            drawings = _member(path, part)
        except (OSError, ValueError, KeyError, EOFError, IndexError) as error:
            raise UserError(f"cannot read {str(path)!r}: {error}. {HOW_TO}") from None
        except (zipfile.BadZipFile, pickle.UnpicklingError, AttributeError) as error:
            raise UserError(f"cannot read {str(path)!r}: {error}. {HOW_TO}") from None
        if not len(drawings):
            raise UserError(f"`{part}` of {str(path)!r} holds no drawing. {HOW_TO}")
        found[part] = [
            strokes.check(each, f"drawing {i} of `{part}` in {str(path)!r}")
            for i, each in enumerate(drawings)
        ]
    return found


def _member(path, name):
    """One array of an .npz file, as a list of arrays."""
    with zipfile.ZipFile(path) as archive:
        content = io.BytesIO(archive.read(f"{name}.npy"))
    version = np.lib.format.read_magic(content)
    if version == (1, 0):
        shape, _, dtype = np.lib.format.read_array_header_1_0(content)
    else:
        shape, _, dtype = np.lib.format.read_array_header_2_0(content)
    if not dtype.hasobject:
        content.seek(0)
        return list(np.lib.format.read_array(content, allow_pickle=False))
    array = _Careful(content, encoding="latin1").load()
    if not isinstance(array, np.ndarray) or array.shape != shape:
        raise ValueError(f"`{name}` is not the array that its header promises")
    return list(array.ravel())
