"""`python -m benchmarks`: measure, print the tables, write benchmarks/results.md."""

import argparse
import importlib.metadata
import os
import pathlib
import platform
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

from benchmarks import fixed, peers, race, rows, table  # noqa: E402
from lessons.toolkit import files  # noqa: E402
from lessons.toolkit.errors import UserError, unknown  # noqa: E402


def _arguments(argv):
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    names = ",".join(rows.ROWS)
    parser.add_argument("--rows", default=names, help=f"some of {names}, or none")
    parser.add_argument("--quick", action="store_true", help="few rounds: a first look")
    parser.add_argument("--threads", type=int, default=len(_cores()), help="per peer")
    parser.add_argument("--notebook", metavar="SLUG", help="also time a whole notebook")
    parser.add_argument("--out", default=ROOT / "benchmarks" / "results.md")
    return parser.parse_args(argv)


def _cores():
    if hasattr(os, "sched_getaffinity"):
        return sorted(os.sched_getaffinity(0))
    return list(range(os.cpu_count()))


def _limit_threads(num_threads):
    """Leave this process and its workers only so many cores."""
    if not 1 <= num_threads <= len(_cores()):
        raise UserError(
            f"threads={num_threads} does not fit. Allowed: 1 to {len(_cores())}."
        )
    if hasattr(os, "sched_setaffinity"):  # the one limit that JAX obeys
        os.sched_setaffinity(0, _cores()[:num_threads])


def _chosen_rows(text):
    names = [] if text == "none" else text.split(",")
    for name in names:
        if name not in rows.ROWS:
            raise unknown("row", name, [*rows.ROWS, "none"])
    return [rows.ROWS[name] for name in names]


def machine(num_threads):
    """What is measured on: processor, threads, versions."""
    from lessons.toolkit import results, runtime

    packages = sorted({name for peer in peers.PEERS.values() for name in peer[3]})
    versions = []
    for name in packages:
        try:
            versions.append(f"{name} {importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            versions.append(f"{name} not installed")
    return {
        "processor": f"{runtime.environment()['processor']}, {num_threads} threads",
        "system": platform.platform(terse=True),
        "versions": ", ".join((f"Python {platform.python_version()}", *versions)),
        "commit": results.commit(),
    }


def main(argv=None):
    """Measure what the arguments ask for; returns the exit status."""
    arguments = _arguments(argv)
    try:
        chosen = _chosen_rows(arguments.rows)
        files.check_file(arguments.out)
        _limit_threads(arguments.threads)
        options = arguments.threads, lambda text: print(text, file=sys.stderr)
        num_rounds = 3 if arguments.quick else 15
        measured = []
        for row in chosen:
            measured.append(race.race(row, num_rounds, *options))
            print("\n".join(table.row_table(measured[-1])), end="\n\n", flush=True)
        options = 1 if arguments.quick else 5, arguments.threads, arguments.notebook
        costs = fixed.measure(*options)
        print("\n".join(table.fixed_table(costs)))
        page = table.page(measured, costs, machine(arguments.threads))
        files.write_text(arguments.out, page)
    except UserError as error:
        print(f"benchmarks: {error}", file=sys.stderr)
        return 2
    print(f"\nwritten to {arguments.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
