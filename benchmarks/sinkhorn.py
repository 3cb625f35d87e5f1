"""Sinkhorn: this project's solver against POT's, for the same marginal error.

    python -m benchmarks.sinkhorn [--sizes 256,1024] [--rounds 9]

Both solve the same problems in turns until the largest error of a row or column sum
is below the tolerance; POT's method, dtype and how often it looks at the error are
varied, and its fastest row of the same dtype counts. Needs POT (the extra `dev`).
"""

import argparse
import os
import statistics
import sys
import time

import numpy as np

TOLERANCE = 1e-6  # sum over rows of |row sum - weight|: within reach of float32
EPSILONS = (0.05, 0.01)  # of costs between 0 and 1
MOST_ITERATIONS = 20_000


def problem(size, seed=0):
    """Squared distances of two Gaussian clouds, scaled to at most 1, float64."""
    random = np.random.default_rng(seed)
    x, y = random.normal(size=(size, 2)), random.normal(size=(size, 2)) + 0.5
    cost = np.sum((x[:, None] - y) ** 2, axis=-1)
    return cost / cost.max()


def ours(cost, epsilon):
    """(label, function that gives a plan) of each way to call our solver."""
    import tensorflow as tf

    from lessons.adversarial.ot_gan import sinkhorn

    def way(dtype, form):
        tensor = tf.constant(cost, dtype)

        @tf.function(jit_compile=True)
        def plan():
            solved = sinkhorn.solve(
                tensor, epsilon, MOST_ITERATIONS, form=form, tolerance=TOLERANCE
            )
            return sinkhorn.plan(tensor, epsilon, solved)

        return f"lessons {form} {dtype}", lambda: plan().numpy()

    ways = [(d, f) for f in sinkhorn.FORMS for d in ("float32", "float64")]
    return [way(dtype, form) for dtype, form in ways]


def pots(cost, epsilon):
    """The same for POT; it stops by the Euclidean norm of one marginal's error."""
    for backend in ("TENSORFLOW", "JAX", "PYTORCH"):
        os.environ.setdefault(f"POT_BACKEND_DISABLE_{backend}", "1")
    import ot

    size = len(cost)

    def way(method, dtype):
        typed = cost.astype(dtype)
        weights = np.full(size, 1 / size, dtype)

        def run():
            return ot.sinkhorn(
                weights,
                weights,
                typed,
                epsilon,
                method=method,
                numItermax=MOST_ITERATIONS,
                # No worse than ours: |e|_1 <= sqrt(n) |e|_2.
                stopThr=TOLERANCE / size**0.5,
                warn=False,
            )

        return f"POT {method} {dtype}", run

    methods = ("sinkhorn", "sinkhorn_log", "sinkhorn_stabilized")
    return [way(m, d) for m in methods for d in ("float32", "float64")]


def error_of(plan):
    """The larger of the two marginal errors, in the sum of absolute values."""
    plan = np.asarray(plan, dtype=np.float64)
    size = len(plan)
    return max(np.abs(plan.sum(axis) - 1 / size).sum() for axis in (0, 1))


def measure(ways, rounds):
    """Times and errors by way; rounds are interleaved.

    Returns:
        (seconds, errors): by label a list of (wall, CPU) seconds of each round, and
        the error of the plan.
    """
    errors = {label: error_of(run()) for label, run in ways}  # compiles, warms up
    times = {label: [] for label, _ in ways}
    for _ in range(rounds):
        for label, run in ways:
            run()  # wakes threads and caches, as in `benchmarks.race`
            start, cpu = time.perf_counter(), time.process_time()
            run()
            spent = time.perf_counter() - start, time.process_time() - cpu
            times[label].append(spent)
    return times, errors


def table(size, epsilon, rounds):
    """Lines of Markdown for one problem; ratios are to the fastest way of POT."""
    cost = problem(size)
    times, errors = measure(ours(cost, epsilon) + pots(cost, epsilon), rounds)
    cells = {}
    for label, pairs in times.items():
        wall, cpu = (
            [1000 * value for value in each] for each in zip(*pairs, strict=True)
        )
        cells[label] = min(wall), statistics.median(wall), min(cpu)
    reached = [label for label in cells if errors[label] <= 2 * TOLERANCE]
    lines = [
        f"\n## {size} x {size}, epsilon {epsilon:g}, error below {TOLERANCE:g}",
        "",
        "| | wall ms, least | median | CPU ms, least | to POT, same dtype | error |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    for label, values in cells.items():
        dtype = label.split()[-1]
        peers = [
            cells[each][2]
            for each in reached
            if each.startswith("POT") and each.endswith(dtype)
        ]
        ratio = f"{values[2] / min(peers):.2f}" if peers else "no peer"
        ratio = ratio if label in reached else "does not reach it"
        times_of = " | ".join(f"{value:.2f}" for value in values)
        lines.append(f"| {label} | {times_of} | {ratio} | {errors[label]:.0e} |")
    return lines


def main(argv=None):
    """Measure and print one table for each size and regularisation."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", default="256,1024", help="such as 256,1024")
    parser.add_argument("--rounds", type=int, default=9, help="times each is run")
    arguments = parser.parse_args(argv)
    for size in map(int, arguments.sizes.split(",")):
        for epsilon in EPSILONS:
            print("\n".join(table(size, epsilon, arguments.rounds)), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
