"""Where data files are kept, how they are checked, and how they get there."""

import hashlib
import os
import sys
import tempfile
from pathlib import Path

from lessons.toolkit.errors import UserError

VARIABLE = "LESSONS_DATA"


def folder():
    """The user's data folder: `$LESSONS_DATA`, or the platform's usual place."""
    if os.environ.get(VARIABLE):
        return Path(os.environ[VARIABLE]).expanduser()
    home = Path.home()
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local"
    elif sys.platform == "darwin":
        base = home / "Library" / "Application Support"
    else:
        base = os.environ.get("XDG_DATA_HOME") or home / ".local" / "share"
    return Path(base) / "lessons"


def keras_folder():
    """Where `keras.datasets` keeps its files."""
    home = os.environ.get("KERAS_HOME") or Path.home() / ".keras"
    return Path(home) / "datasets"


def checksum(path, algorithm):
    """The hexadecimal digest of a file; `algorithm` is "sha256" or "md5"."""
    with open(path, "rb") as file:
        # Not for security: systems that forbid MD5 then still compute it.
        digest = hashlib.new(algorithm, usedforsecurity=False)
        return hashlib.file_digest(file, lambda: digest).hexdigest()


def algorithm_of(digest):
    """The algorithm a hexadecimal digest comes from, known by its length."""
    return {64: "sha256", 32: "md5"}[len(digest)]


def matches(path, digest):
    """Whether a file has this checksum."""
    return checksum(path, algorithm_of(digest)) == digest


def download(target, base, files):
    """Download files into a folder: all of them, or none.

    They go to a temporary folder first, are checked, and are then renamed.

    Args:
        target: the folder, made if needed.
        base: address of the folder they are in, with a slash at the end.
        files: checksum by file name.

    Raises:
        UserError: no network, a broken download, or a folder that cannot be written.
    """
    target = Path(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(
            dir=target.parent, prefix=".download-"
        ) as partial:
            for name, digest in files.items():
                _fetch(base + name, Path(partial) / name, digest)
            target.mkdir(exist_ok=True)
            for name in files:
                os.replace(Path(partial) / name, target / name)
    except OSError as error:
        raise UserError(
            f"cannot write to the data folder {str(target)!r}: "
            f"{error.strerror or error}. Set {VARIABLE} to a folder that you own."
        ) from None


def _fetch(address, path, digest):
    """Download one file with Keras's own downloader and check it."""
    try:
        retrieve(address, path)
    except Exception as error:  # Keras raises plain `Exception` without a network
        raise UserError(
            f"cannot download {address} ({error}). Nothing was changed. Check the "
            "network, or copy the file from another machine."
        ) from None
    if not matches(path, digest):
        raise UserError(
            f"the download of {address} is damaged: its "
            f"{algorithm_of(digest).upper()} is not {digest}. Nothing was changed. "
            "Try again."
        )


def retrieve(address, path):
    """Write what is at an address to a new file, showing progress."""
    import keras

    keras.utils.get_file(
        path.name, origin=address, cache_dir=str(path.parent), cache_subdir="."
    )
