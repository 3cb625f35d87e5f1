"""Write files so that a reader sees the old ones or the new ones, never half.

Everything is written under a temporary name beside its target and then renamed.
`check_folder` finds out before hours of training whether that will be possible.
"""

import contextlib
import os
import pathlib
import secrets
import shutil
import tempfile

from lessons.toolkit.errors import UserError


def write_text(path, text):
    """Replace the text file `path` in one step; see `write_bytes`."""
    write_bytes(path, text.encode("utf-8"))


def write_bytes(path, data):
    """Replace the file `path` in one step.

    Raises:
        UserError: the file cannot be written.
    """
    path = pathlib.Path(path).resolve()  # of a symbolic link, what it points to
    temporary = _beside(path)
    try:
        temporary.write_bytes(data)
        os.replace(temporary, path)
    except OSError as error:
        raise _cannot_write(path, error) from None
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()


def check_file(path):
    """Raise `UserError` unless the file `path` could be written now."""
    path = pathlib.Path(path)
    if path.is_dir():
        raise UserError(f"cannot write the file {str(path)!r}: it is a folder.")
    _try_to_write_below(path)


def check_folder(path, *, overwrite=False, marker=""):
    """Raise `UserError` unless the folder `path` could be written now.

    A folder that holds files is refused. With `overwrite` it is accepted, but only if
    it also holds a file called `marker`: a slip of the finger must not delete
    somebody's thesis.

    Args:
        path: the folder to be made.
        overwrite: whether an earlier result may be replaced.
        marker: name of a file that every earlier result has.
    """
    path = pathlib.Path(path)
    if os.path.lexists(path) and not path.is_dir():
        raise UserError(f"cannot write to {str(path)!r}: it is a file, not a folder.")
    try:
        holds_files = path.is_dir() and any(path.iterdir())
    except OSError as error:
        raise _cannot_write(path, error) from None
    if holds_files and not overwrite:
        raise UserError(
            f"the folder {str(path)!r} exists and is not empty. "
            "Allowed: a new or empty folder, or --overwrite."
        )
    if holds_files and not (path / marker).is_file():
        raise UserError(
            f"the folder {str(path)!r} holds no {marker}, so it is not an earlier "
            "result and is left alone. Allowed: a new or empty folder."
        )
    if os.path.ismount(path):
        raise UserError(
            f"the folder {str(path)!r} is a mount point, which cannot be replaced in "
            "one step. Allowed: a folder below it."
        )
    _try_to_write_below(path)


@contextlib.contextmanager
def new_folder(path):
    """Make a folder in one step: yields a temporary one, renamed at the end.

    What was at `path` is replaced. If the body raises, it stays as it was.
    """
    path = pathlib.Path(path).resolve()
    temporary, old = _beside(path), _beside(path)
    missing = [parent for parent in path.parents if not parent.exists()]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.mkdir()
        yield temporary
        if path.exists():
            os.rename(path, old)
        os.rename(temporary, path)
    except OSError as error:
        raise _cannot_write(path, error) from None
    finally:
        if old.exists() and not path.exists():
            os.rename(old, path)
        for leftover in (temporary, old):
            shutil.rmtree(leftover, ignore_errors=True)
        if not path.exists():
            for parent in missing:  # made above for nothing, innermost first
                with contextlib.suppress(OSError):
                    parent.rmdir()


def _beside(path):
    """A name in the same folder, so that renaming never crosses a file system."""
    return path.parent / f".{path.name}.{secrets.token_hex(4)}"


def _try_to_write_below(path):
    """Write and remove something in the nearest folder above that exists.

    Asking for permissions is not enough: the administrator has them all, and a file
    system may be full or read-only.
    """
    nearest = path.resolve().parent
    while not os.path.lexists(nearest):
        nearest = nearest.parent
    try:
        with tempfile.TemporaryDirectory(dir=nearest):
            pass
    except OSError as error:
        raise _cannot_write(path, error) from None


def _cannot_write(path, error):
    return UserError(f"cannot write to {str(path)!r}: {error.strerror or error}.")
