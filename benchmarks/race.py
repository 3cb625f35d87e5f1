"""Runs the workers of one row in turns and collects their times."""

import contextlib
import dataclasses
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

from benchmarks import peers, settings
from lessons.toolkit.errors import UserError

ROOT = pathlib.Path(__file__).resolve().parents[1]


@dataclasses.dataclass
class Entry:
    """What was measured of one peer.

    Attributes:
        title: of the peer.
        seconds: of each epoch but the first.
        first: seconds until the first step was done; None if not measured.
        missing: why it was not measured, or None.
    """

    title: str
    seconds: list[float] = dataclasses.field(default_factory=list)
    first: float | None = None
    missing: str | None = None

    def step(self):
        """Median seconds of a step."""
        return statistics.median(self.seconds) / settings.NUM_STEPS


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


def race(row, num_rounds, num_threads, report=lambda text: None):
    """Measure one row: all peers take turns, one epoch each, `num_rounds` times.

    Args:
        row: one of `rows.ROWS`.
        num_rounds: epochs per peer that count; one before them does not.
        num_threads: of every peer.
        report: called with a line of text now and then.

    Returns:
        A `Result`.

    Raises:
        UserError: a worker failed, or its model is another than the row's.
    """
    entries = {
        name: Entry(peer[2], missing=row.left_out.get(name))
        for name, peer in peers.PEERS.items()
    }
    with contextlib.ExitStack() as stack:
        workers = {}
        for name in ("peak", *entries):
            if name in row.left_out:
                continue
            worker = Worker(name, row.name, num_threads)
            stack.callback(worker.close)
            if _is_ready(worker, row, entries.get(name)):
                workers[name] = worker
                first = worker.epoch()  # compiles
                if name in entries:
                    entries[name].first = first["first"]
                    report(f"{row.title}: {entries[name].title} is ready")
            else:
                report(f"{row.title}: {entries[name].missing}")
        peak = 0.0
        for number in range(num_rounds):
            for name, worker in workers.items():
                answer = worker.epoch()
                if name == "peak":
                    peak = max(peak, answer["flops"] / answer["seconds"])
                else:
                    entries[name].seconds.append(answer["seconds"])
            report(f"{row.title}: round {number + 1} of {num_rounds}")
    return Result(row, entries, peak)


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
