"""`lessons sweep SLUG`: many seeds and settings, in parallel."""

import pathlib
import sys

from lessons import catalog
from lessons.cli import tables
from lessons.cli.run import add_common, base_config
from lessons.toolkit import files, parallel, results, sweep
from lessons.toolkit.errors import UserError


def add_to(commands):
    """Add the command to the parser."""
    parser = commands.add_parser(
        "sweep", help="many seeds and settings, in parallel", allow_abbrev=False
    )
    add_common(parser)
    parser.add_argument(
        "--seeds",
        default="0-4",
        metavar="LIST",
        help="such as 0-4 or 0,3,7 (default: 0-4); each setting runs with every seed",
    )
    where = parser.add_mutually_exclusive_group()
    where.add_argument(
        "--workers",
        type=int,
        metavar="N",
        help="number of local processes, one core each (default: one per core)",
    )
    where.add_argument(
        "--scheduler",
        metavar="ADDRESS",
        help="use a Dask scheduler instead, such as tcp://host:8786",
    )
    parser.add_argument(
        "--record",
        action="store_true",
        help="write the runs into the lesson's results.json",
    )
    parser.epilog = (
        "Several values of a field make a grid: --set 'latent_dim=2|8|32'. "
        "With --record and no --out, only results.json is written."
    )
    parser.set_defaults(do=_sweep)


def _sweep(arguments):
    lesson = catalog.find(arguments.slug)
    if arguments.workers is not None and arguments.workers < 1:
        raise UserError(f"--workers must be at least 1, got {arguments.workers}.")
    base = base_config(lesson, arguments)
    jobs = sweep.plan(base, sweep.parse_seeds(arguments.seeds), arguments.set)
    folder = arguments.out
    if folder is None and not arguments.record:
        folder = pathlib.Path("runs", lesson.slug, f"{base.preset}-sweep")
    if folder:
        files.check_folder(folder, overwrite=arguments.overwrite, marker="sweep.json")
    recorded = lesson.folder / "results.json"
    if arguments.record:
        results.checkout()  # nothing is written into an installed package
        files.check_file(recorded)
        results.load(recorded)  # an unreadable file is refused now, not after hours

    outcomes = parallel.run(
        lesson.package,
        jobs,
        workers=arguments.workers,
        scheduler=arguments.scheduler,
        on_outcome=_recorder(recorded) if arguments.record else None,
    )

    _show(outcomes)
    if folder:
        with files.new_folder(folder) as temporary:
            text = sweep.to_json(lesson.slug, outcomes)
            (temporary / "sweep.json").write_text(text, encoding="utf-8")
            text = sweep.to_csv(outcomes)
            (temporary / "sweep.csv").write_text(text, encoding="utf-8")
        print(f"\nWritten to {folder}: sweep.csv, sweep.json")
    if arguments.record:
        good = sum(not outcome.error for outcome in outcomes)
        print(f"\nRecorded {good} runs in {recorded}")
    return 1 if any(outcome.error for outcome in outcomes) else 0


def _recorder(path):
    """A function that writes an outcome into results.json as soon as it is there."""
    commit = results.commit()  # of the code that runs, whatever is changed meanwhile

    def record(outcome):
        if outcome.error:
            return
        entry = results.entry(
            outcome.job.config.to_dict(),
            outcome.metrics,
            outcome.seconds,
            outcome.environment,
            commit,
        )
        results.record(path, [entry])

    return record


def _show(outcomes):
    rows = [
        (
            setting,
            metric,
            tables.number(mean),
            "" if deviation is None else tables.number(deviation),
            str(n),
        )
        for setting, metric, mean, deviation, n in sweep.summarise(outcomes)
    ]
    columns = ("setting", "metric", "mean", "sd", "n")
    if rows:
        tables.show(columns, rows, right=("mean", "sd", "n"))
    for outcome in outcomes:
        if outcome.error:
            config = outcome.job.config
            print(
                f"lessons: failed: {outcome.job.setting}, seed {config.seed}: "
                f"{outcome.error}",
                file=sys.stderr,
            )
