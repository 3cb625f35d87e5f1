"""`lessons sweep` on a Dask cluster: what workers gain, and what 64 runs would cost.

    python -m benchmarks.sweeps [--seeds N] [--workers 1,2,4]

The command itself is timed, from the start of Python to the files it writes, with local
worker processes of one core each. A model with two constants, seconds before the first
run and seconds of a run, is fitted to what one worker takes; it says what a sweep of 64
runs takes on a cluster with more workers than this machine has cores.
"""

import argparse
import os
import pathlib
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
SLUG = "amsgrad"
RUNS, ON_CLUSTER = 64, (1, 4, 16, 64)


def seconds(num_seeds, workers):
    """Wall-clock seconds of a sweep."""
    with tempfile.TemporaryDirectory() as folder:
        words = ["sweep", SLUG, "--preset", "smoke", "--seeds", f"0-{num_seeds - 1}"]
        words += ["--workers", str(workers), "--out", str(pathlib.Path(folder, "out"))]
        environment = os.environ | {"PYTHONPATH": str(ROOT / "src")}
        start = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-m", "lessons", *words],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(done.stderr[-2000:])
        return time.perf_counter() - start


def constants(few, many, num_few, num_many):
    """(start, run): seconds before the first run, and of a run, of one worker."""
    run = (many - few) / (num_many - num_few)
    return few - num_few * run, run


def predicted(start, run, num_runs, workers):
    """Seconds of a sweep: every worker has its share of the runs, rounded up."""
    return start + -(-num_runs // workers) * run


def main(argv=None):
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sweeps")
    parser.add_argument("--seeds", type=int, default=8)
    parser.add_argument("--workers", default="1,2,4")
    arguments = parser.parse_args(argv)
    num_runs = arguments.seeds
    counts = sorted({1, *map(int, arguments.workers.split(","))})
    alone = seconds(1, 1)
    taken = {workers: seconds(num_runs, workers) for workers in counts}
    print(f"{num_runs} smoke runs of {SLUG}, a process each, {os.cpu_count()} cores:\n")
    print("| workers | seconds | times as fast as one |")
    print("|--:|--:|--:|")
    for workers, value in taken.items():
        print(f"| {workers} | {value:.1f} | {taken[1] / value:.2f} |")
    start, run = constants(alone, taken[1], 1, num_runs)
    print(
        f"\nOne worker: {start:.1f} s before the first run, {run:.1f} s a run. On a "
        f"cluster (`--scheduler`, one core a worker) {RUNS} such runs would take, if "
        "nothing but the runs grew:\n"
    )
    print("| workers | seconds |")
    print("|--:|--:|")
    for workers in ON_CLUSTER:
        print(f"| {workers} | {predicted(start, run, RUNS, workers):.0f} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
