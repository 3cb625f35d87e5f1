"""`lessons new UNIT SLUG`: the skeleton of a lesson, for those who write one."""

import pathlib


def add_to(commands):
    """Add the command to the parser."""
    parser = commands.add_parser(
        "new", help="write the skeleton of a lesson", allow_abbrev=False
    )
    parser.add_argument("unit", metavar="UNIT", help="a unit of `lessons list`")
    parser.add_argument("slug", metavar="SLUG", help="a row of src/lessons/catalog.py")
    parser.add_argument(
        "--root", metavar="DIR", help="the checkout (default: the one in use)"
    )
    parser.set_defaults(do=_new)


def _new(arguments):
    from lessons.toolkit import skeleton

    beside = pathlib.Path(__file__).resolve().parents[3]
    root = pathlib.Path(arguments.root) if arguments.root else beside
    for path in skeleton.write(root, arguments.unit, arguments.slug):
        print(path)
    print(
        f"\nIt runs: lessons run {arguments.slug} --preset smoke\n"
        f"What is missing: make test LESSON={arguments.slug}\n"
        "What to do, step by step: CONTRIBUTING.md"
    )
