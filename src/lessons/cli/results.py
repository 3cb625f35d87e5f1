"""`lessons results`: the generated tables of the README."""

import pathlib
import sys

from lessons import catalog
from lessons.toolkit import files, results
from lessons.toolkit.errors import UserError


def add_to(commands):
    """Add the command to the parser."""
    parser = commands.add_parser(
        "results", help="write the README's generated tables", allow_abbrev=False
    )
    parser.add_argument(
        "--check",
        action="store_true",
        help="write nothing; exit with 1 if the tables are out of date",
    )
    parser.add_argument(
        "--readme",
        metavar="FILE",
        help="the file to change (default: README.md of the checkout)",
    )
    parser.set_defaults(do=_results)


def _results(arguments):
    root = results.checkout()
    path = pathlib.Path(arguments.readme or root / "README.md")
    try:
        old = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"cannot read {str(path)!r}: {error}.") from None
    new = results.replace_section(
        old, "results", results.results_table(catalog.ready())
    )
    new = results.replace_section(
        new, "lessons", results.lessons_table(catalog.LESSONS, catalog.UNITS, root)
    )
    if new == old:
        print(f"{path} is up to date")
        return 0
    if arguments.check:
        print(
            f"lessons: the tables of {path} are out of date; "
            "`lessons results` writes them again",
            file=sys.stderr,
        )
        return 1
    files.write_text(path, new)
    print(f"wrote the tables of {path}")
    return 0
