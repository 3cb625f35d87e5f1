"""Duels between the workers of one row, and their times."""

import contextlib
import dataclasses
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

from benchmarks import peers, settings
from lessons.toolkit.errors import UserError

ROOT = pathlib.Path(__file__).resolve().parents[1]


MOST_REPEATS = 2  # of a duel in which somebody waited
LEAST_ROUNDS, MOST_SECONDS = 3, 60  # slow rows get fewer rounds


@dataclasses.dataclass
class Entry:
    """What was measured of one peer.

    Attributes:
        title: of the peer.
        seconds, cpu: wall-clock and processor seconds of each epoch that counts.
        base_seconds, base_cpu: the same of `peers.BASE`, in the same round.
        first: seconds until the first step was done; None if not measured.
        missing: why it was not measured, or None.
    """

    title: str
    seconds: list[float] = dataclasses.field(default_factory=list)
    cpu: list[float] = dataclasses.field(default_factory=list)
    base_seconds: list[float] = dataclasses.field(default_factory=list)
    base_cpu: list[float] = dataclasses.field(default_factory=list)
    first: float | None = None
    missing: str | None = None

    def step(self):
        """Median seconds of a step."""
        return statistics.median(self.seconds) / settings.NUM_STEPS

    def waited(self):
        """Whether it mostly waited: less processor time than time on the wall."""
        pairs = (self.seconds, self.cpu), (self.base_seconds, self.base_cpu)
        return any(
            statistics.median(wall) > statistics.median(cpu) for wall, cpu in pairs
        )

    def ratios(self):
        """Times relative to `peers.BASE`, round by round: (wall, processor)."""
        return tuple(
            [one / other for one, other in zip(*pair, strict=True)]
            for pair in ((self.seconds, self.base_seconds), (self.cpu, self.base_cpu))
        )


@dataclasses.dataclass
class Result:
    """One row of the benchmark: entries by peer, and the machine's peak (FLOP/s)."""

    row: object
    entries: dict[str, Entry]
    peak: float


def environment(num_threads):
    """The environment of workers: the same number of threads for all."""
    source = str(ROOT / "src")
    path = os.pathsep.join(filter(None, (source, os.environ.get("PYTHONPATH"))))
    threads = dict.fromkeys(
        (
            "MKL_NUM_THREADS",
            "OMP_NUM_THREADS",
            "OPENBLAS_NUM_THREADS",
            "TF_NUM_INTEROP_THREADS",
            "TF_NUM_INTRAOP_THREADS",
        ),
        str(num_threads),
    )
    return {
        **os.environ,
        **threads,
        "CUDA_VISIBLE_DEVICES": "",
        "JAX_PLATFORMS": "cpu",
        "LESSONS_PROGRESS": "off",
        "PYTHONPATH": path,
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }


class Worker:
    """The other end of `benchmarks.worker`."""

    def __init__(self, peer, row, num_threads):
        self.peer = peer
        self._errors = tempfile.TemporaryFile()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.worker", peer, row],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
            cwd=ROOT,
            env=environment(num_threads),
        )

    def answer(self):
        """The worker's next object.

        Raises:
            UserError: it ended; with the last lines it wrote.
        """
        line = self._process.stdout.readline()
        if line:
            return json.loads(line)
        self._errors.seek(0)
        text = self._errors.read().decode(errors="replace").strip()
        tail = "\n".join(text.splitlines()[-15:])
        raise UserError(f"the worker of {self.peer} ended:\n{tail}")

    def epoch(self):
        """Let it work for one epoch."""
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        return self.answer()

    def awake_epoch(self):
        """An epoch that counts, after one that does not.

        A process that slept while others worked finds its threads asleep and its data
        out of the caches; on a virtual machine that costs milliseconds a step.
        """
        self.epoch()
        return self.epoch()

    def close(self):
        """End the process."""
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.close()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()
        self._errors.close()


def race(row, num_rounds, num_threads, report=lambda text: None, names=None):
    """Measure one row: each peer in a duel with `peers.BASE`, one after the other.

    No more than two processes are alive at a time. They take turns, and who begins
    changes from round to round. A duel in which a process mostly waited for the machine
    is fought again, up to `MOST_REPEATS` times.

    Args:
        row: one of `rows.ROWS`.
        num_rounds: rounds of a duel; in each, one epoch of either counts.
        num_threads: of every peer.
        report: called with a line of text now and then.
        names: of the peers that take part; None for all of them.

    Returns:
        A `Result`.

    Raises:
        UserError: a worker failed, or its model is another than the row's.
    """
    entries = {
        name: Entry(peer[2], missing=row.left_out.get(name))
        for name, peer in peers.PEERS.items()
        if names is None or name in {*names, peers.BASE}
    }
    peak = _peak(row, num_threads)
    with _started(peers.BASE, row, num_threads, entries) as base:
        if base is None:
            raise UserError(f"{peers.BASE}: {entries[peers.BASE].missing}")
        for name, entry in entries.items():
            if name == peers.BASE:
                continue
            if entry.missing is None:
                with _started(name, row, num_threads, entries) as worker:
                    if worker is not None:
                        _duel(base, worker, entry, num_rounds)
            report(f"{row.title}: {entry.title}: {entry.missing or 'measured'}")
    own = entries[peers.BASE]
    for entry in entries.values():
        own.seconds += entry.base_seconds
        own.cpu += entry.base_cpu
    own.base_seconds, own.base_cpu = own.seconds, own.cpu
    return Result(row, entries, peak)


def _peak(row, num_threads, num_rounds=5):
    worker = Worker("peak", row.name, num_threads)
    with contextlib.closing(worker):
        worker.answer()
        answers = [worker.epoch() for _ in range(num_rounds)]
    return max(answer["flops"] / answer["seconds"] for answer in answers)


@contextlib.contextmanager
def _started(name, row, num_threads, entries):
    """A worker that has made its first epoch; None where something is missing."""
    worker = Worker(name, row.name, num_threads)
    with contextlib.closing(worker):
        if not _is_ready(worker, row, entries[name]):
            yield None
            return
        entries[name].first = worker.epoch()["first"]  # compiles
        yield worker


def _duel(base, worker, entry, num_rounds):
    """Let two workers take turns and note their times."""
    for _ in range(1 + MOST_REPEATS):
        start = time.perf_counter()
        for number in range(num_rounds):
            late = time.perf_counter() - start > MOST_SECONDS
            if late and number >= LEAST_ROUNDS:
                break
            if number % 2:
                answer, other = worker.awake_epoch(), base.awake_epoch()
            else:
                other, answer = base.awake_epoch(), worker.awake_epoch()
            entry.seconds.append(answer["seconds"])
            entry.cpu.append(answer["cpu"])
            entry.base_seconds.append(other["seconds"])
            entry.base_cpu.append(other["cpu"])
        if not entry.waited():
            return


def _is_ready(worker, row, entry):
    answer = worker.answer()
    if "missing" in answer:
        entry.missing = f"{answer['missing']} is not installed"
        return False
    if entry is not None and answer["parameters"] != row.num_parameters():
        raise UserError(
            f"the model of {worker.peer} has {answer['parameters']} parameters; "
            f"the row {row.name!r} has {row.num_parameters()}."
        )
    return True
