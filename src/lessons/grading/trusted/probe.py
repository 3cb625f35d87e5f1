"""Does the wall hold on this machine? Tried once, before any student's code runs."""

import functools
import os
import pathlib
import time

from lessons.grading.isolated import codec
from lessons.grading.isolated.channel import Channel, ClosedError, LateError
from lessons.grading.trusted.supervisor import Slot, SlotError
from lessons.toolkit.errors import UserError

_SECONDS = 30
_CODE = r"""
import os, socket, subprocess

def tried(action):
    try:
        action()
    except Exception:
        return False
    return True

def fork_many():
    made = []
    try:
        for _ in range(400):
            made.append(os.fork())
            if made[-1] == 0:
                import time
                time.sleep(20)
                os._exit(0)
    finally:
        for child in made:
            os.kill(child, 9)

def connect(family, address):
    with socket.socket(family) as one:
        one.settimeout(2)
        one.connect(address)

holes = [name for name, action in {
    "a file of the grader can be read": lambda: open(CANARY).read(),
    "the grader's files can be seen": lambda: os.stat(CANARY),
    "a connection can be made": lambda: connect(socket.AF_INET, ("127.0.0.1", PORT)),
    "sockets of the network can be made": lambda: socket.socket(socket.AF_INET),
    "the grader's process can be seen": lambda: os.stat(f"/proc/{GRADER}/exe"),
    "the grader's process can be signalled": lambda: os.kill(GRADER, 0),
    "files can be written outside": lambda: open("/usr/probe", "w"),
    "the root directory can be written": lambda: os.mkdir("/probe"),
    "processes are not limited": fork_many,
    "rights can be won": lambda: os.setuid(0),
}.items() if tried(action)]
with open("/proc/self/status") as status:
    fields = dict(line.split(":", 1) for line in status)
if int(fields["CapEff"], 16) or fields["NoNewPrivs"].strip() != "1":
    holes.append("the process has kept rights")
if fields["Seccomp"].strip() != "2":
    holes.append("no filter of system calls")
"""


def require():
    """Refuse to go on where students' code cannot be isolated.

    Raises:
        UserError: says what is missing.
    """
    reason = missing()
    if reason:
        raise UserError(
            f"this machine cannot isolate students' code: {reason}. Allowed: a Linux "
            "machine with user namespaces (or root), or --unsafe, which runs "
            "submissions with your own rights: only for people you trust."
        )


@functools.cache
def missing():
    """What this machine lacks, in words, or None."""
    if not pathlib.Path("/proc/self/ns/user").exists():
        return "it has no namespaces"
    try:
        with Slot() as slot:
            return _probe(slot)
    except SlotError as error:
        return str(error)


def _probe(slot):
    import socket

    canary = pathlib.Path(slot.folder, "canary")
    canary.write_text("secret")
    with socket.create_server(("127.0.0.1", 0)) as server:
        _, connection, output = slot.spawn("worker", {"processes": 100})
        channel = Channel(
            connection, codec.Encoder, codec.Decoder(), output, lambda part: None
        )
        end = time.monotonic() + _SECONDS
        names = f"CANARY, PORT, GRADER = {str(canary)!r}, {server.getsockname()[1]}, "
        try:
            head, _ = channel.receive(end)
            if "refused" in head:
                return str(head["refused"])
            channel.send({"do": "cell"}, f"{names}{os.getpid()}\n{_CODE}")
            channel.receive(end)
            channel.send({"do": "get"}, "holes")
            head, values = channel.receive(end)
        except (ClosedError, LateError) as error:
            return f"the probe did not end: {error}"
        finally:
            connection.close()
            os.close(output)
    if not values or not isinstance(values[0], list):
        return "the probe failed"
    return "; ".join(map(str, values[0])) or None
