"""`lessons results`: the generated texts and picture of the front page."""

import pathlib
import sys

from lessons import catalog
from lessons.toolkit import contact_sheet, front_page, results
from lessons.toolkit.errors import UserError
from lessons.toolkit.notebook import files

RESULTS_PAGE = "docs/results.md"  # in a checkout


def add_to(commands):
    """Add the command to the parser."""
    parser = commands.add_parser(
        "results",
        help="write the generated parts of README.md and docs/",
        allow_abbrev=False,
    )
    parser.add_argument(
        "--check",
        action="store_true",
        help="write nothing; exit with 1 if something is out of date",
    )
    parser.add_argument(
        "--root",
        metavar="FOLDER",
        help="the checkout to change (default: the one of this package)",
    )
    parser.set_defaults(do=_results)


def _results(arguments):
    root = pathlib.Path(arguments.root) if arguments.root else results.checkout()
    cards = contact_sheet.covers(catalog.LESSONS)
    texts = {
        root / "README.md": _readme(root, cards),
        root / RESULTS_PAGE: front_page.results_page(
            catalog.LESSONS, lambda lesson: f"../{lesson.notebook}"
        ),
    }
    picture = root / contact_sheet.PATH
    stale = [path for path, text in texts.items() if _read(path) != text]
    if contact_sheet.is_stale(picture, cards):
        stale.append(picture)
    if arguments.check and stale:
        names = ", ".join(str(path.relative_to(root)) for path in stale)
        print(
            f"lessons: out of date: {names}; `lessons results` writes them again",
            file=sys.stderr,
        )
        return 1
    if not arguments.check:
        for path, text in texts.items():
            files.write(path, text)
        files.write(picture, contact_sheet.draw(cards))
    print(f"{'up to date' if arguments.check else 'wrote'}: {_names(texts, picture)}")
    return 0


def _names(texts, picture):
    return ", ".join(map(str, [*texts, picture]))


def _readme(root, cards):
    """The README with its generated parts as they should be."""
    path = root / "README.md"
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"cannot read {str(path)!r}: {error}.") from None
    covers = f"![{contact_sheet.alt_text(cards)}]({contact_sheet.PATH})"
    for name, content in (
        ("covers", covers),
        ("lessons", front_page.lessons_table(catalog.LESSONS, root)),
        ("planned", front_page.planned(catalog.LESSONS)),
    ):
        text = results.replace_section(text, name, content)
    return text


def _read(path):
    """The text of a file, or None where there is none."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return None
