"""One place at which submissions are graded, one after another.

A `Slot` owns a zygote with what an exercise imports. For each submission it asks for a
host and for as many workers as that needs, watches their memory and time from outside,
and ends them all. It may live in a thread of the grader or in a worker of a cluster.
"""

import contextlib
import json
import os
import pathlib
import select
import signal
import socket
import subprocess
import sys
import time

from lessons.grading.isolated import namespaces

_POLL = 0.05  # seconds between two looks at the memory
_MOMENT = 0.1  # seconds to end in good order
_ENVIRONMENT = {
    "LANG": "C.UTF-8",
    "LC_ALL": "C.UTF-8",
    "PYTHONHASHSEED": "0",
    "PYTHONDONTWRITEBYTECODE": "1",
    # One thread each: forking needs it, and several slots share the machine.
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "CUDA_VISIBLE_DEVICES": "",
    "MPLBACKEND": "Agg",
    "MPLCONFIGDIR": "/tmp",
    "IPYTHONDIR": "/tmp/ipython",
    "HOME": namespaces.HOME,
}


class SlotError(Exception):
    """The grader itself failed; nothing is known of the submission."""


class Slot:
    """A zygote and what it forks.

    Args:
        modules: names to import before forking.
        isolated: False lets students' code run with the grader's own rights.

    Attributes:
        user: number of the user that students' code runs as, if root started it; no
            two slots on this machine have the same, since a user's processes are
            counted together.
    """

    def __init__(self, modules=(), isolated=True):
        self._kind = "worker" if isolated else "open worker"
        self._claim, self.user = _claim_user()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        package = str(pathlib.Path(namespaces.__file__).resolve().parents[3])
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-m", "lessons.grading.isolated.zygote"),
                *(str(theirs.fileno()), *modules),
            ],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env=_ENVIRONMENT | {"PATH": os.defpath, "PYTHONPATH": package},
            start_new_session=True,
        )
        theirs.close()
        self._control = ours
        answer = self._control.recv(65536)
        if not answer:
            raise SlotError("the grader's process ended while it started")
        ready = json.loads(answer)
        if ready["threads"] > 1:
            self.close()
            raise SlotError(
                f"after its imports the process has {ready['threads']} threads; "
                "only a process with one thread can be forked"
            )

    def close(self):
        """End the zygote and all it forked."""
        self._control.close()
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        self._process.wait()
        self._claim.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def spawn(self, kind, limits=None, masked=()):
        """Fork a "host" or a "worker": (process number, socket, output descriptor)."""
        request = {
            "kind": self._kind if kind == "worker" else kind,
            "user": self.user,
            "limits": limits or {},
            "masked": list(masked),
        }
        try:
            self._control.send(json.dumps(request).encode())
            data, descriptors, *_ = socket.recv_fds(self._control, 65536, 2)
        except OSError as error:
            raise SlotError(f"the grader's process ended: {error}") from error
        if len(descriptors) < 2:
            raise SlotError("the grader's process ended")
        connection = socket.socket(fileno=descriptors[0])
        return json.loads(data)["pid"], connection, descriptors[1]

    def grade(self, job, most_seconds):
        """Run one job.

        Args:
            job: see `host.Host`; its "sandbox" goes to `namespaces.Limits`, its
                "total_memory" (bytes) limits all processes of a worker together, its
                "masked" are folders that are empty behind the wall.
            most_seconds: for the whole job.

        Returns:
            {"steps": results by number, "restarts", "seconds", "memory" (most bytes),
            "problem": None, or why it is not complete}.
        """
        return _Job(self, job, most_seconds).run()


def _claim_user():
    """A user number that no other slot on this machine has, and what holds it.

    Names of sockets that are not files can be taken once, and are free again when
    their owner ends, however it ends.
    """
    for number in range(namespaces.NUM_USERS):
        claim = socket.socket(socket.AF_UNIX)
        try:
            claim.bind(f"\0lessons-slot-{number}")
        except OSError:
            claim.close()
            continue
        return claim, namespaces.FIRST_USER + number
    raise SlotError(f"{namespaces.NUM_USERS} slots are at work on this machine already")


class _Job:
    """One job while it runs."""

    def __init__(self, slot, job, most_seconds):
        self._slot, self._job = slot, job
        self._start = time.monotonic()
        self._end = self._start + most_seconds
        self._worker, self._memory, self._heavy = None, 0, False
        self._steps, self._restarts = {}, 0

    def run(self):
        pid, self._host, output = self._slot.spawn("host")
        os.close(output)
        problem = None
        try:
            data = json.dumps(self._job).encode()
            self._host.sendall(len(data).to_bytes(8, "little") + data)
            while True:
                message = self._message()
                if "worker" in message:
                    self._give_worker()
                elif "finished" in message:
                    self._restarts = message["restarts"]
                    break
                else:
                    self._steps[message.pop("step")] = message
        except TimeoutError:
            problem = "stopped: the submission took too long as a whole"
        except (EOFError, OSError):
            problem = "the process with the tests ended"
        finally:
            _kill(pid)
            self._end_worker()
            self._host.close()
        return {
            "steps": [self._steps.get(n) for n in range(len(self._job["steps"]))],
            "restarts": self._restarts,
            "seconds": round(time.monotonic() - self._start, 3),
            "memory": self._memory,
            "problem": problem,
        }

    def _message(self):
        size = int.from_bytes(self._exactly(8), "little")
        return json.loads(self._exactly(size))

    def _exactly(self, count):
        data = bytearray()
        while len(data) < count:
            while not select.select([self._host], [], [], _POLL)[0]:
                if time.monotonic() > self._end:
                    raise TimeoutError
                self._watch_memory()
            part = self._host.recv(min(count - len(data), 1 << 20))
            if not part:
                raise EOFError
            data += part
        return bytes(data)

    def _give_worker(self):
        self._end_worker()
        job = self._job
        pid, connection, output = self._slot.spawn(
            "worker", job.get("sandbox"), job.get("masked", ())
        )
        self._worker = pid
        with connection:
            socket.send_fds(self._host, [b"w"], [connection.fileno(), output])
        os.close(output)

    def _end_worker(self):
        """End a worker and all it started, and wait until they are gone."""
        if self._worker is None:
            return
        _, *others = _family(self._worker)
        # The first of the others watches over the rest: given a moment, it sees them
        # end and ends by itself, and what they cost is counted.
        for pid in reversed(others[1:]):
            _kill(pid)
        if len(others) < 2 or not _ends(self._worker, _MOMENT):
            for pid in others:
                _kill(pid)
            _kill(self._worker, signal.SIGTERM)
            if not _ends(self._worker, 2):
                _kill(self._worker)
        self._worker = None

    def _watch_memory(self):
        """End a worker whose processes hold too much together."""
        if self._worker is None:
            return
        family = _family(self._worker)
        held = sum(map(_private_memory, family))
        self._memory = max(self._memory, held)
        most = self._job.get("total_memory")
        if most and held > most:
            for pid in family[1:]:
                _kill(pid)


def _kill(pid, number=signal.SIGKILL):
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


def _family(pid):
    """A process and all below it."""
    found, waiting = [], [pid]
    while waiting and len(found) < 5000:
        found.append(waiting.pop())
        with contextlib.suppress(OSError):
            for task in pathlib.Path(f"/proc/{found[-1]}/task").iterdir():
                waiting += map(int, (task / "children").read_text().split())
    return found


def _private_memory(pid):
    """Bytes that a process alone holds: what it shares with the zygote is free."""
    with contextlib.suppress(OSError, ValueError):
        fields = pathlib.Path(f"/proc/{pid}/statm").read_text().split()
        return (int(fields[1]) - int(fields[2])) * os.sysconf("SC_PAGE_SIZE")
    return 0
