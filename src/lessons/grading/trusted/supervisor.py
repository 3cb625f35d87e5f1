"""One place at which submissions are graded, one after another.

A `Slot` owns a zygote with what an exercise imports. For each submission it asks for a
host and for as many workers as that needs, watches their memory and time from outside,
and ends them all. It may live in a thread of the grader or in a worker of a cluster.
"""

import json
import os
import pathlib
import select
import shutil
import socket
import subprocess
import sys
import time

from lessons.grading.isolated import cgroups, namespaces
from lessons.grading.trusted import leftovers, memory, processes

_PREFIX = "lessons-slot-"
_TO_END = 5.0  # seconds in which a zygote that is asked to end does so
_POLL = 0.05  # seconds between two looks at the memory
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
    # Nothing of this machine's users is read, whatever the interpreter is.
    "PYTHONNOUSERSITE": "1",
}
WITH_GROUP = "a control group of the kernel"
WITHOUT_GROUP = "a filter of system calls and a watch"


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
        tier: what holds the limit of memory, in words.
        folder: one that goes when the slot ends or the grader is killed.
    """

    def __init__(self, modules=(), isolated=True):
        self._before = "" if isolated else "open "
        self._claim, self.user = _claim_user()
        leftovers.sweep(_PREFIX)
        self.folder = leftovers.new_path(_PREFIX)  # made by the zygote itself
        self.group = cgroups.make(self.user) if isolated else None
        self.tier = WITH_GROUP if self.group else WITHOUT_GROUP
        home = {"HOME": self.folder, "MPLCONFIGDIR": f"{self.folder}/matplotlib"}
        home["IPYTHONDIR"] = f"{self.folder}/ipython"
        members = self.group.members if self.group else ""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        package = str(pathlib.Path(namespaces.__file__).resolve().parents[3])
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-s", "-m", "lessons.grading.isolated.zygote"),
                *(str(theirs.fileno()), str(os.getpid()), self.folder, members),
                *modules,
            ],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env=_ENVIRONMENT | home | {"PATH": os.defpath, "PYTHONPATH": package},
            start_new_session=True,
        )
        theirs.close()
        self._control = ours
        answer = self._control.recv(65536)
        if not answer:
            self.close()
            raise SlotError("the grader's process ended while it started")
        self.meter = memory.Meter(self._process.pid)
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
        # Asked to end, it removes its folder, also if this process is killed now.
        self._process.terminate()
        try:
            self._process.wait(_TO_END)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)
        if self.group:
            self.group.end()
        self._claim.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def spawn(self, kind, limits=None, masked=()):
        """Fork a "host" or a "worker": (process number, socket, output descriptor)."""
        request = {
            "kind": self._before + kind,
            # The tests' process is another user: an answer could not even signal it.
            "user": self.user + (namespaces.NUM_USERS if kind == "host" else 0),
            "limits": limits or {},
            "masked": list(masked),
            "group": self.group.members if self.group and kind == "worker" else None,
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
            {"steps": results by number, "pictures": PNG files in hexadecimal digits or
            None, "restarts", "seconds", "memory" (most bytes), "tier": what held the
            limit of memory, "problem": None, or why it is not complete}.
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
        self._pictures = [None] * len(job.get("pictures", ()))
        self._killed = 0  # by the kernel in the slot's group, before

    def run(self):
        if self._slot.group:
            self._slot.group.limit(self._job.get("total_memory") or 1 << 40)
        pid, self._host, output = self._slot.spawn("host", self._job.get("sandbox"))
        self._host_pid = pid
        os.close(output)
        problem = None
        try:
            data = json.dumps(self._job).encode()
            self._host.sendall(len(data).to_bytes(8, "little") + data)
            while True:
                message = self._message()
                if "worker" in message:
                    self._give_worker()
                elif "ended" in message:
                    self._host.sendall(b"m" if self._was_heavy() else b"-")
                elif "picture" in message:
                    self._pictures[message["picture"]] = message["data"]
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
            processes.end(pid)
            self._end_worker()
            self._host.close()
        return {
            "steps": [self._steps.get(n) for n in range(len(self._job["steps"]))],
            "pictures": self._pictures,
            "tier": self._slot.tier,
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
        self._heavy = False
        self._killed = self._slot.group.kills() if self._slot.group else 0
        pid, connection, output = self._slot.spawn(
            "worker", job.get("sandbox"), job.get("masked", ())
        )
        self._worker = pid
        with connection:
            socket.send_fds(self._host, [b"w"], [connection.fileno(), output])
        os.close(output)

    def _end_worker(self):
        if self._worker is not None:
            processes.end(self._worker)
            self._worker = None

    def _was_heavy(self):
        """Whether the worker ended because it held too much memory."""
        group = self._slot.group
        return self._heavy or bool(group and group.kills() > self._killed)

    def _watch_memory(self):
        """End a worker whose processes hold too much together, and so the host."""
        most = self._job.get("total_memory")
        # The first two only keep the wall up.
        if (
            most
            and self._slot.meter.held(processes.family(self._host_pid)[2:], most) > most
        ):
            processes.kill(self._host_pid)
        if self._worker is None:
            return
        family = processes.family(self._worker)
        held = self._slot.meter.held(family[2:] or family, most)
        self._memory = max(self._memory, held)
        if most and held > most:
            self._heavy = True
            for pid in family[1:]:
                processes.kill(pid)
