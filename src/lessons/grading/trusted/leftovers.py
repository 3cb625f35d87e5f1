"""Folders in the temporary folder: named before they are made, swept when forgotten.

Whoever makes one holds a lock on it, which the kernel takes back when the process ends,
however it ends. So a folder without a lock belongs to nobody, and goes.
"""

import contextlib
import fcntl
import os
import pathlib
import secrets
import shutil
import stat
import tempfile
import time

_YOUNG = 60  # seconds: it may have been made just now, and not be locked yet


def new_path(prefix):
    """A path in the temporary folder, of nothing yet."""
    return os.path.join(tempfile.gettempdir(), prefix + secrets.token_hex(8))


def sweep(prefix):
    """Remove folders of this user that a killed process has left."""
    for path in pathlib.Path(tempfile.gettempdir()).glob(f"{prefix}*"):
        with contextlib.suppress(OSError):
            known = path.lstat()
            own = stat.S_ISDIR(known.st_mode) and known.st_uid == os.geteuid()
            if not own or time.time() - known.st_mtime < _YOUNG:
                continue
            place = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            try:
                fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(path, ignore_errors=True)
            finally:
                os.close(place)
