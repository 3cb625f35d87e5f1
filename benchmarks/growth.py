"""How cost grows: a step's time against its size, submissions against workers.

    python -m benchmarks.growth [--rounds N] [--picture FILE]

The rows of `rows.GROWTH` raced like all others, with fewer rounds, and the grader with
one, two and four workers. What is compared is processor time, which a busy machine
disturbs least, except for the grader, where only the clock tells what workers are for.
"""

import argparse
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

from benchmarks import grading, peers, plan, race, rows, settings  # noqa: E402
from lessons.toolkit import machine  # noqa: E402

PEERS = ("lessons", "keras", "torch", "jax_scan")
WORKERS = (1, 2, 4)
SUBMISSIONS, PLAIN_SUBMISSIONS = 60, 10
_TEXT = (
    "How the cost of a training step grows with width, batch and sequence length, and "
    "how many submissions are graded in a minute by 1, 2 and 4 workers; the tables "
    "hold the same numbers."
)


def steps(axis, num_rounds, num_threads, report=lambda text: None):
    """Least processor milliseconds of a step, by peer and size.

    Args:
        axis: a key of `rows.GROWTH`.
        num_rounds, num_threads, report: as for `race.race`.
    """
    found = {name: {} for name in PEERS}
    for size, row in rows.GROWTH[axis][1].items():
        report(f"{axis} {size}")
        result = race.race(row, num_rounds, num_threads, names=PEERS)
        for name, entry in result.entries.items():
            if entry.missing is None:
                found[name][size] = 1e3 * min(entry.cpu) / settings.NUM_STEPS
    return {name: times for name, times in found.items() if times}


def speeds(submissions=SUBMISSIONS, plain=PLAIN_SUBMISSIONS):
    """Submissions per minute: those of plain nbgrader, and ours by workers."""
    reference, _ = grading.measure("numpy", plain, grading.plain_nbgrader)
    by_workers = {
        workers: grading.measure("numpy", submissions, grading.ours(workers))[0]
        for workers in WORKERS
    }
    return reference, by_workers


def draw(times, graded, path):
    """Write the picture.

    Args:
        times: what `steps` gives, by axis.
        graded: what `speeds` gives.
        path: of a PNG file.
    """
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    from lessons.toolkit import figures

    figure, axes = plt.subplots(1, len(times) + 1, figsize=(13, 3.6))
    for axis, (name, by_peer) in zip(axes, times.items(), strict=False):
        for number, (peer, values) in enumerate(by_peer.items()):
            style = {"color": figures.PALETTE[number], "marker": "os^D"[number]}
            style["label"] = peers.PEERS[peer][2]
            axis.loglog(list(values), list(values.values()), **style)
        sizes = list(rows.GROWTH[name][1])
        axis.set_xticks(sizes, [str(size) for size in sizes])
        axis.minorticks_off()
        axis.set_xlabel(rows.GROWTH[name][0])
    axes[0].set_ylabel("processor time of a step (ms)")
    axes[0].legend(fontsize="small")
    reference, by_workers = graded
    axes[-1].plot(list(by_workers), list(by_workers.values()), "o-", label="Lessons")
    axes[-1].axhline(reference, color="0.4", linestyle="--", label="plain nbgrader")
    axes[-1].set(xlabel="workers", ylabel="submissions per minute", ylim=(0, None))
    axes[-1].set_xticks(WORKERS)
    axes[-1].legend(fontsize="small")
    figure.tight_layout()
    figure.savefig(path, dpi=110)
    plt.close(figure)


def lines(times, graded, picture):
    """Lines of Markdown: the picture and its numbers."""
    found = [f"![{_TEXT}]({picture})"]
    for axis, by_peer in times.items():
        label, sizes = rows.GROWTH[axis]
        found += ["", f"CPU ms of a step, by {label}:", ""]
        found += [f"| | {' | '.join(map(str, sizes))} |", "|---" + "|--:" * len(sizes)]
        found[-1] += "|"
        for peer, values in by_peer.items():
            cells = " | ".join(f"{values[size]:.2f}" for size in sizes)
            found.append(f"| {peers.PEERS[peer][2]} | {cells} |")
    reference, by_workers = graded
    heads = " | ".join(f"{n} worker{'s' * (n > 1)}" for n in by_workers)
    cells = " | ".join(f"{speed:.0f}" for speed in by_workers.values())
    found += [
        "",
        "Submissions per minute (NumPy):",
        "",
        f"| plain nbgrader | {heads} |",
    ]
    found += ["|--:" * (len(by_workers) + 1) + "|", f"| {reference:.0f} | {cells} |"]
    return found


def main(argv=None):
    """Measure, draw and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth")
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--axes", default=",".join(rows.GROWTH))
    parser.add_argument("--submissions", type=int, default=SUBMISSIONS)
    parser.add_argument("--picture", default=plan.PICTURE)
    arguments = parser.parse_args(argv)
    threads = machine.usable_cores()

    def report(text):
        print(text, file=sys.stderr, flush=True)

    times = {
        axis: steps(axis, arguments.rounds, threads, report)
        for axis in arguments.axes.split(",")
    }
    graded = speeds(
        arguments.submissions, min(PLAIN_SUBMISSIONS, arguments.submissions)
    )
    picture = pathlib.Path(arguments.picture)
    picture.parent.mkdir(parents=True, exist_ok=True)
    draw(times, graded, picture)
    print("\n".join(lines(times, graded, picture.name)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
