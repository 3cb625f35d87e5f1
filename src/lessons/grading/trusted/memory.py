"""How much memory a sandbox holds, counted from outside, of every kind.

Counted are private pages, files in memory with their inodes, page tables, swap and the
buffers of sockets; the filter of system calls refuses the kinds that cannot be counted.
What a process shares with the zygote it was forked from is not charged.
"""

import contextlib
import os
import pathlib

from lessons.grading.isolated import namespaces

_INODE = 1024  # bytes the kernel holds for a file, at least
_SOCKET = 212_992  # bytes a socket may hold unread
_PROC = pathlib.Path("/proc")


class Meter:
    """Counts what forks of one zygote hold.

    Args:
        zygote: number of its process.
    """

    def __init__(self, zygote):
        self._shared = _anonymous(zygote)[0]

    def held(self, pids, most=None):
        """Bytes that processes hold together.

        Args:
            pids: their numbers; the first lives in the sandbox.
            most: where a quick upper bound is below this, nothing is looked at closely.
        """
        if not pids:
            return 0
        counts = [_anonymous(pid) for pid in pids]
        other = sum(rest for _, rest in counts) + _files(pids[0]) + _sockets(pids[0])
        if most is not None and sum(own for own, _ in counts) + other <= most:
            return sum(max(0, own - self._shared) for own, _ in counts) + other
        private, shares = 0, 0
        for pid in pids:
            exact = _exact(pid)
            if exact is None:  # it has just ended, or cannot be looked at
                exact = (max(0, _anonymous(pid)[0] - self._shared),) * 2
            private, shares = private + exact[0], shares + exact[1]
        # Of what is shared among these processes the zygote's part is not theirs.
        return max(private, shares - self._shared) + other


def _anonymous(pid):
    """(bytes of anonymous pages in memory, bytes in page tables and swap)."""
    fields = {"RssAnon": 0, "VmPTE": 0, "VmSwap": 0}
    with contextlib.suppress(OSError, ValueError):
        for line in (_PROC / str(pid) / "status").read_text().splitlines():
            name, _, rest = line.partition(":")
            if name in fields:
                fields[name] = int(rest.split()[0]) << 10
    return fields["RssAnon"], fields["VmPTE"] + fields["VmSwap"]


def _exact(pid):
    """(pages of its own, its share of all anonymous pages) in bytes, or None."""
    fields = {}
    try:
        text = (_PROC / str(pid) / "smaps_rollup").read_text()
        for line in text.splitlines()[1:]:
            name, _, rest = line.partition(":")
            fields[name] = int(rest.split()[0]) << 10
        return fields["Private_Dirty"], fields["Pss_Anon"]
    except (OSError, ValueError, KeyError, IndexError):
        return None


def _files(pid):
    """Bytes of the files that a sandbox has written, all of which lie in memory."""
    with contextlib.suppress(OSError):
        found = os.statvfs(f"/proc/{pid}/root{namespaces.OWN}")
        blocks = (found.f_blocks - found.f_bfree) * found.f_frsize
        return blocks + (found.f_files - found.f_ffree) * _INODE
    return 0


def _sockets(pid):
    """Bytes that the sockets of a sandbox may hold."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        line = (_PROC / str(pid) / "net" / "sockstat").read_text().split("\n")[0]
        return int(line.split()[2]) * _SOCKET
    return 0
