"""Files that are whole or absent."""

import contextlib
import os
import secrets
from pathlib import Path

from lessons.toolkit.errors import UserError


def write(path, content):
    """Write text or bytes under a temporary name, then rename.

    Args:
        path: the file to make or replace; its folder is made too.
        content: `str` (written as UTF-8) or `bytes`.

    Raises:
        UserError: the file cannot be written.
    """
    path = Path(path)
    if isinstance(content, str):
        content = content.encode("utf-8")
    partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.write_bytes(content)
        os.replace(partial, path)
    except OSError as error:
        raise UserError(f"cannot write {path}: {error.strerror}.") from error
    finally:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)


def check_folder(folder):
    """Make `folder`, or refuse it before any work is done.

    Raises:
        UserError: it is a file or cannot be written.
    """
    folder = Path(folder)
    probe = folder / f".{secrets.token_hex(4)}.partial"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise UserError(f"cannot write to {folder}: {error.strerror}.") from error
