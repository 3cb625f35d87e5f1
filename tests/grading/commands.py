"""Starts the command line again and again, in processes that are forked.

A fresh Python takes two seconds of processor time to import what the grader needs; a
fork of one that has imported it takes none, and is a process like any other: it can be
killed at any moment. Run as a program, this file is the process that forks.
"""

import contextlib
import importlib
import json
import os
import signal
import socket
import subprocess
import sys

_MODULES = (  # of the grader; forking needs a process with one thread
    "lessons.cli",
    "lessons.cli.grade",
    "lessons.grading.grade",
    "nbgrader.api",
    "nbgrader.plugins",
    "nbgrader.preprocessors",
)


class Commands:
    """The process that forks; used as a context manager."""

    def __enter__(self):
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, __file__, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                env=os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
            )
        assert self._receive() == {"threads": 1}
        return self

    def __exit__(self, *_):
        self._socket.close()
        self._process.wait(30)

    def start(self, *arguments):
        """Start `lessons ARGUMENTS`; returns a `Command`. One at a time."""
        readable, writable = os.pipe()
        data = json.dumps(list(map(str, arguments))).encode()
        socket.send_fds(self._socket, [data], [writable])
        os.close(writable)
        return Command(self._receive()["pid"], os.fdopen(readable), self._receive)

    def _receive(self):
        return json.loads(self._socket.recv(65536))


class Command:
    """A command that runs.

    Attributes:
        pid: of its process.
        stdout: a file, what it prints.
    """

    def __init__(self, pid, stdout, receive):
        self.pid, self.stdout, self._receive = pid, stdout, receive

    def kill(self):
        """Kill it, unless it has ended."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)

    def wait(self):
        """(exit status, what it has printed and nobody read); -9 if it was killed."""
        with self.stdout:
            text = self.stdout.read()
        return self._receive()["status"], text


def serve(descriptor):
    """Fork for each request that comes through a socket."""
    for name in _MODULES:
        importlib.import_module(name)
    control = socket.socket(fileno=descriptor)
    threads = len(os.listdir("/proc/self/task"))
    control.send(json.dumps({"threads": threads}).encode())
    while True:
        data, descriptors, *_ = socket.recv_fds(control, 65536, 1)
        if not data:
            return
        pid = os.fork()
        if pid == 0:
            control.close()
            _run(json.loads(data), *descriptors)
        os.close(*descriptors)
        control.send(json.dumps({"pid": pid}).encode())
        _, status = os.waitpid(pid, 0)
        told = {"status": os.waitstatus_to_exitcode(status)}
        control.send(json.dumps(told).encode())


def _run(arguments, output):
    """Become the command; never returns."""
    status = 1
    with contextlib.suppress(BaseException):
        os.dup2(output, 1)
        os.dup2(output, 2)
        os.close(output)
        for number in (1, 2):
            stream = open(number, "w", buffering=1, closefd=False)
            setattr(sys, "stdout" if number == 1 else "stderr", stream)
        from lessons import cli

        status = cli.main(arguments)
        sys.stdout.flush()
    os._exit(status)


if __name__ == "__main__":
    serve(int(sys.argv[1]))
