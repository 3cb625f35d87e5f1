"""All that `make bench` measures, part by part; what is done is kept."""

import dataclasses
import hashlib
import json
import time
from collections.abc import Callable

from benchmarks import fixed, race, table
from lessons.toolkit import files

FOLDER = race.ROOT / "build" / "bench"
# Tables of modules with a command line of their own: heading, module, arguments of a
# whole run and of a quick one, seconds of a whole run.
MODULES = (
    ("Loops over time", "loops", (), ("--rounds", "1", "--lengths", "10"), 400),
    ("Sinkhorn", "sinkhorn", (), ("--sizes", "64", "--rounds", "2"), 200),
    ("Optimizer of the amsgrad lesson", "amsgrad_step", (), ("--rounds", "2"), 100),
    ("Grading", "grading", (), ("--counts", "2", "--plain", "2"), 700),
    (
        "How cost grows",
        "growth",
        (),
        ("--rounds", "1", "--axes", "length", "--submissions", "2"),
        800,
    ),
    ("Sweeps", "sweeps", (), ("--seeds", "2", "--workers", "1,2"), 250),
    ("Tracing and compiling in notebooks", "tracing", (), ("amsgrad",), 700),
)
PICTURE = FOLDER / "growth.png"  # drawn by "growth"


@dataclasses.dataclass(frozen=True)
class Part:
    """One table of the page.

    Attributes:
        name: on the command line and of the file that keeps its lines.
        lines: a function that measures and gives lines of Markdown.
        guess: seconds that it takes, before anything is known.
    """

    name: str
    lines: Callable[[], list[str]]
    guess: float


def parts(rows, others, num_rounds, num_threads, quick, notebook, report):
    """All parts, in the order of the page.

    Args:
        rows: of `rows.ROWS`, those to measure.
        others: names of other tables: "paid" and modules of `MODULES`.
        num_rounds, num_threads, report: as for `race.race`.
        quick: whether a first look will do.
        notebook: slug of a lesson whose notebook is timed too, or None.
    """
    found = []
    for row in rows:

        def lines(row=row):
            return table.row_table(race.race(row, num_rounds, num_threads, report))

        found.append(Part(row.name, lines, 60 if quick else 150))
    if "paid" in others:

        def paid():
            costs = fixed.measure(1 if quick else 5, num_threads, notebook)
            return table.fixed_table(costs)

        found.append(Part("paid", paid, 30 if quick else 60))
    for heading, module, whole, short, guess in MODULES:
        if module in others:
            arguments = short if quick else whole

            def output(heading=heading, module=module, arguments=arguments):
                return _output(heading, module, arguments, num_threads)

            found.append(Part(module, output, 60 if quick else guess))
    return found


def _output(heading, module, arguments, num_threads):
    """What a module of this package prints, below a heading."""
    name = f"benchmarks.{module}"
    printed = fixed.run_module([name, *arguments], num_threads, name)
    text = printed.strip().replace("\n## ", "\n### ").removeprefix("## ")
    return [f"## {heading} (`python -m benchmarks.{module}`)", "", *text.splitlines()]


def measure(wanted, key, report):
    """Measure parts, or read what an earlier call with the same key has measured.

    Args:
        wanted: list of `Part`.
        key: JSON values that say under which circumstances: machine, commit, rounds.
        report: called with a line of text before each part.

    Returns:
        The lines of each part.
    """
    kept = {part.name: _kept(part, key) for part in wanted}
    left = [part for part in wanted if kept[part.name] is None]
    if len(left) < len(wanted):
        report(f"{len(wanted) - len(left)} of {len(wanted)} parts are kept from before")
    factor, spent = 1.0, 0.0
    for number, part in enumerate(left):
        seconds = factor * sum(other.guess for other in left[number:])
        report(f"{part.name}: about {seconds / 60:.0f} minutes left in all")
        start = time.perf_counter()
        kept[part.name] = part.lines()
        spent += time.perf_counter() - start
        factor = spent / sum(other.guess for other in left[: number + 1])
        FOLDER.mkdir(parents=True, exist_ok=True)
        files.write_text(_path(part, key), json.dumps(kept[part.name]))
    return [kept[part.name] for part in wanted]


def _path(part, key):
    digest = hashlib.sha256(json.dumps(key, sort_keys=True).encode()).hexdigest()
    return FOLDER / f"{part.name}-{digest[:16]}.json"


def _kept(part, key):
    try:
        return json.loads(_path(part, key).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
