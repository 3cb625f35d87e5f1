"""Processes of a sandbox, seen from outside: which there are, and ending them."""

import contextlib
import os
import pathlib
import signal
import time

_MOMENT = 0.1  # seconds to end in good order
_PROC = pathlib.Path("/proc")


def family(pid):
    """A process and all below it."""
    found, waiting = [], [pid]
    while waiting and len(found) < 5000:
        found.append(waiting.pop())
        with contextlib.suppress(OSError):
            for task in (_PROC / str(found[-1]) / "task").iterdir():
                waiting += map(int, (task / "children").read_text().split())
    return found


def end(first):
    """End a process of the zygote's and all below it, and wait until they are gone."""
    _, *others = family(first)
    # The first of the others watches over the rest: given a moment, it sees them
    # end and ends by itself, and what they cost is counted.
    for pid in reversed(others[1:]):
        kill(pid)
    if len(others) < 2 or not _ends(first, _MOMENT):
        for pid in others:
            kill(pid)
        kill(first, signal.SIGTERM)
        if not _ends(first, 2):
            kill(first)


def kill(pid, number=signal.SIGKILL):
    """Send a signal to a process, unless it has gone."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, number)


def _ends(pid, seconds):
    """Whether a process is gone within a number of seconds."""
    end = time.monotonic() + seconds
    while pathlib.Path(f"/proc/{pid}").exists():
        if time.monotonic() > end:
            return False
        time.sleep(0.001)
    return True
