"""`lessons run SLUG`: one run of a lesson, and its report on disk."""

import pathlib

from lessons import catalog
from lessons.cli import needs, tables
from lessons.toolkit import files
from lessons.toolkit.config import PRESET_NAMES, RunConfig, preset
from lessons.toolkit.errors import UserError

# Fields of every configuration that have an option of their own.
_OPTIONS = ("seed", "device", "precision", "strategy")


def add_to(commands):
    """Add the command to the parser."""
    parser = commands.add_parser(
        "run", help="train and evaluate once, write a report", allow_abbrev=False
    )
    add_common(parser)
    for name, kind, text in RunConfig.describe():
        if name in _OPTIONS:
            parser.add_argument(
                f"--{name}", metavar=kind.upper(), help=f"{text}; default: the preset's"
            )
    parser.set_defaults(do=_run)


def add_common(parser):
    """Add what `run` and `sweep` have in common."""
    parser.add_argument("slug", metavar="SLUG", help="a lesson of `lessons list`")
    parser.add_argument(
        "--preset",
        default="laptop",
        metavar="NAME",
        help=f"{', '.join(PRESET_NAMES)} (default: laptop)",
    )
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="FIELD=VALUE",
        help="change one field of the preset (see `lessons show SLUG`); repeatable",
    )
    parser.add_argument(
        "--out",
        metavar="DIR",
        help="folder to write (default: a folder below runs/SLUG)",
    )
    parser.add_argument(
        "--overwrite",
        action="store_true",
        help="replace the result that is in DIR",
    )


def base_config(lesson, arguments):
    """The preset asked for; `--set preset=...` would only rename it."""
    if any(text.partition("=")[0] == "preset" for text in arguments.set):
        raise UserError("field 'preset' cannot be set. Allowed: --preset NAME.")
    return preset(lesson.module("config").PRESETS, arguments.preset)


def _run(arguments):
    lesson = catalog.find(arguments.slug)
    config = base_config(lesson, arguments).override(arguments.set)
    given = {name: getattr(arguments, name) for name in _OPTIONS}
    config = config.override(f"{k}={v}" for k, v in given.items() if v is not None)
    default = pathlib.Path("runs", lesson.slug, f"{config.preset}-seed{config.seed}")
    folder = pathlib.Path(arguments.out or default)
    files.check_folder(folder, overwrite=arguments.overwrite, marker="metrics.json")

    needs.announce(config)
    report = lesson.module("experiment").run(config)
    report.save(folder, overwrite=arguments.overwrite)

    rows = [(name, tables.number(value)) for name, value in report.metrics.items()]
    tables.show(("metric", "value"), rows, right=("value",))
    print(f"\n{report.seconds:.1f} seconds. Written to {folder}:")
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            print(f"  {path.relative_to(folder)}")
