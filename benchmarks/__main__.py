"""`python -m benchmarks`: measure, print the tables, write benchmarks/results.md.

Each finished table is kept in build/bench: called again after an interruption, at the
same commit and on the same machine, the command goes on where it was.
"""

import argparse
import importlib.metadata
import os
import pathlib
import platform
import shutil
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

from benchmarks import peers, plan, rows, table  # noqa: E402
from lessons.toolkit import files  # noqa: E402
from lessons.toolkit.errors import UserError, unknown  # noqa: E402

_OTHERS = ("paid", *(module for _, module, *_ in plan.MODULES))


def _arguments(argv):
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    names = ",".join(rows.PATTERNS)
    parser.add_argument(
        "--rows", default=names, help=f"some of {','.join(rows.ROWS)}, or none"
    )
    others = ",".join(_OTHERS)
    parser.add_argument("--others", default=others, help=f"some of {others}, or none")
    parser.add_argument("--quick", action="store_true", help="few rounds: a first look")
    parser.add_argument("--fresh", action="store_true", help="keep nothing from before")
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


def _chosen(text, allowed, what):
    names = [] if text == "none" else text.split(",")
    for name in names:
        if name not in allowed:
            raise unknown(what, name, [*allowed, "none"])
    return names


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
        chosen = _chosen(arguments.rows, rows.ROWS, "row")
        others = _chosen(arguments.others, _OTHERS, "table")
        files.check_file(arguments.out)
        _limit_threads(arguments.threads)
        num_rounds = 3 if arguments.quick else 12
        where = machine(arguments.threads)
        if arguments.fresh:
            shutil.rmtree(plan.FOLDER, ignore_errors=True)
        wanted = plan.parts(
            [rows.ROWS[name] for name in chosen],
            others,
            num_rounds,
            arguments.threads,
            arguments.quick,
            arguments.notebook,
            _report,
        )
        key = [where, num_rounds, arguments.notebook]
        if where["commit"].endswith("-dirty"):  # who knows what it was
            key.append(time.time())
        lines = plan.measure(wanted, key, _report)
        page = table.page(lines, where)
        files.write_text(arguments.out, page)
        if "growth" in others:
            picture = pathlib.Path(arguments.out).with_name(plan.PICTURE.name)
            shutil.copyfile(plan.PICTURE, picture)
    except UserError as error:
        print(f"benchmarks: {error}", file=sys.stderr)
        return 2
    print(page)
    print(f"written to {arguments.out}")
    return 0


def _report(text):
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
