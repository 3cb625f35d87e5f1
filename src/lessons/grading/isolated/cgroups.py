"""A control group for one sandbox: the kernel counts all of its memory.

Where a group can be made (by root, or below a group that was delegated to the user) it
bounds memory of every kind: private, shared, files in memory, buffers, page tables.
Where none can be made, `make` gives None, and the filter of system calls and a watch
from outside have to do.
"""

import contextlib
import os
import pathlib
import signal
import time

_PREFIX = "lessons-"
_MOUNTS, _OWN = pathlib.Path("/proc/self/mountinfo"), pathlib.Path("/proc/self/cgroup")


class Group:
    """A group that was made for one slot; workers join it by themselves.

    Args:
        path: its folder.
        version: 1 or 2, of the kernel's interface.

    Attributes:
        members: path of the file into which a process writes 0 to join.
    """

    def __init__(self, path, version):
        self._path, self._version = pathlib.Path(path), version
        self.members = str(self._path / "cgroup.procs")

    def limit(self, memory):
        """Set the most bytes that all members may hold together, without swap."""
        if self._version == 2:
            (self._path / "memory.max").write_text(str(memory))
            with contextlib.suppress(OSError):
                (self._path / "memory.swap.max").write_text("0")
            with contextlib.suppress(OSError):
                (self._path / "memory.oom.group").write_text("1")
            return
        both = self._path / "memory.memsw.limit_in_bytes"
        with contextlib.suppress(OSError):
            both.write_text("-1")  # it may never be below the other one
        (self._path / "memory.limit_in_bytes").write_text(str(memory))
        with contextlib.suppress(OSError):
            both.write_text(str(memory))

    def kills(self):
        """How many processes the kernel has ended for want of memory, so far."""
        name = "memory.events" if self._version == 2 else "memory.oom_control"
        with contextlib.suppress(OSError, ValueError):
            for line in (self._path / name).read_text().splitlines():
                word, _, count = line.partition(" ")
                if word == "oom_kill":
                    return int(count)
        return 0

    def end(self, seconds=2.0):
        """Kill the members that are left and remove the group.

        Args:
            seconds: to wait for it at most; members take a moment to go.
        """
        end = time.monotonic() + seconds
        while not _removed(self._path) and time.monotonic() < end:
            with contextlib.suppress(OSError, ValueError):
                for pid in map(int, pathlib.Path(self.members).read_text().split()):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(0.01)


def _removed(path):
    try:
        path.rmdir()
    except OSError:
        return not path.exists()
    return True


def _sweep(folder):
    """Remove groups of graders that have been killed."""
    for path in folder.glob(f"{_PREFIX}*-*"):
        pid = path.name.removeprefix(_PREFIX).partition("-")[0]
        if not os.path.exists(f"/proc/{pid}"):
            _removed(path)


def make(number):
    """A `Group` below the one this process is in, or None.

    Args:
        number: a number that tells it from the others of this process.
    """
    for version, folder in _candidates():
        _sweep(folder)
        path = folder / f"{_PREFIX}{os.getpid()}-{number}"
        try:
            path.mkdir()
        except OSError:
            continue
        group = Group(path, version)
        try:
            group.limit(1 << 30)
        except OSError:  # the parent does not hand on control of memory
            group.end()
            continue
        return group
    return None


def _candidates():
    """(version, folder) of this process's group in each interface there is."""
    try:
        own = [line.split(":", 2) for line in _OWN.read_text().splitlines()]
        mounts = [line.split() for line in _MOUNTS.read_text().splitlines()]
    except OSError:
        return
    for words in mounts:
        root, point = words[3], words[4]
        kind, options = words[words.index("-") + 1], words[-1].split(",")
        for _, controllers, path in own:
            second = kind == "cgroup2" and controllers == ""
            first = kind == "cgroup" and "memory" in controllers.split(",")
            if second or (first and "memory" in options):
                below = os.path.relpath(path, root) if path.startswith(root) else "."
                yield (2 if second else 1), pathlib.Path(point, below)
