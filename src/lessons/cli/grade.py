"""`lessons grade ASSIGNMENT`: grade what was handed in, isolated and in parallel."""

import pathlib
import sys

from lessons.cli import tables
from lessons.toolkit.errors import UserError

_EPILOGUE = """\
exit status:
  0    every submission was graded
  2    wrong arguments, or this machine cannot isolate: nothing was graded
  3    some submissions could not be graded or need a person: see the report
  4    the grader itself failed for some submissions: grade again
  130  interrupted; the same command goes on
"""


def add_to(commands):
    """Add the command to the parser."""
    import argparse

    parser = commands.add_parser(
        "grade",
        help="grade all submissions of an assignment in sandboxes",
        epilog=_EPILOGUE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("assignment", metavar="ASSIGNMENT", help="a folder of DIR/source")
    add("--course", metavar="DIR", help="the course (default: this folder or ./course)")
    add("--students", metavar="A,B", help="only these (default: all who handed in)")
    where = parser.add_mutually_exclusive_group()
    where.add_argument(
        "--workers", metavar="N", help="submissions at once (default: 1 per core)"
    )
    where.add_argument(
        "--scheduler", metavar="ADDRESS", help="let a Dask cluster run them"
    )
    add("--question", metavar="NAME", help="run only this question again, for all")
    add("--timeout", metavar="S", default="60", help="seconds per cell (default: 60)")
    add("--memory", metavar="MB", default="2048", help="per submission (default: 2048)")
    again = parser.add_mutually_exclusive_group()
    again.add_argument(
        "--resume", action="store_true", help="go on where the last run ended (default)"
    )
    again.add_argument(
        "--restart", action="store_true", help="grade again what was graded before"
    )
    add(
        "--unsafe",
        action="store_true",
        help="run submissions with your own rights: only for people you trust",
    )
    parser.set_defaults(do=_grade)


def _grade(arguments):
    from lessons.grading import coursedir, grade
    from lessons.grading.records import master, similar
    from lessons.grading.records import report as page
    from lessons.grading.trusted.submissions import Options

    options = Options(
        timeout=number("timeout", arguments.timeout, 0.1, 86_400),
        memory=int(number("memory", arguments.memory, 128, 1_048_576)) << 20,
    )
    workers = int(number("workers", arguments.workers or _cores(), 1, 256))
    course = course_of(arguments.course)
    if arguments.unsafe:
        text = "NOT ISOLATED: submissions run with your own rights (--unsafe)"
        print(text, file=sys.stderr)
    try:
        rows = grade.run(
            course,
            arguments.assignment,
            students=_names(arguments.students),
            workers=workers,
            scheduler=arguments.scheduler,
            options=options,
            restart=arguments.restart,
            isolated=not arguments.unsafe,
            question=arguments.question,
            report=_tell,
        )
    except KeyboardInterrupt:
        print("lessons: interrupted; the same command goes on", file=sys.stderr)
        return 130
    folder = course / coursedir.FOLDER / arguments.assignment
    name, walled = arguments.assignment, not arguments.unsafe
    models = similar.models(course, name, master.load(course, name))
    page.write(folder / "report.html", name, rows, walled, models)
    _summary(rows)
    print(f"\nreport, journal and tables: {folder}")
    if not coursedir.feedback_hides_tests(course):
        print(
            "careful: with this course's nbgrader_config.py feedback pages show the "
            "hidden tests; `lessons new-course` writes one with which they do not",
            file=sys.stderr,
        )
    states = {row["state"] for row in rows}
    return 4 if "error" in states else 3 if states - {"graded"} else 0


def course_of(path):
    """The course that is meant: `path`, or the one that one stands in.

    Raises:
        UserError: there is none; another folder's course is never taken unseen.
    """
    if path:
        course = pathlib.Path(path).resolve()
        if not course.is_dir():
            raise UserError(f"there is no folder {course}. Allowed: --course DIR.")
        return course
    here = pathlib.Path.cwd()
    for course in (here, here / "course"):
        if (course / "source").is_dir() or (course / "nbgrader_config.py").is_file():
            return course.resolve()
    raise UserError(
        f"there is no course in {here} or {here / 'course'}. Allowed: a folder with "
        "source/ASSIGNMENT/NAME.ipynb or nbgrader_config.py; or --course DIR."
    )


def _cores():
    import os

    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1


def number(name, text, least, most):
    """A number that was given as text, within limits.

    Raises:
        UserError: it is none, or outside.
    """
    try:
        value = float(text)
    except ValueError:
        value = None
    if value is None or not least <= value <= most:
        raise UserError(
            f"{name} must be a number, got {text!r}. Allowed: {least:g} to {most:g}."
        )
    return value


def _names(text):
    return [name for name in text.split(",") if name] if text else None


def _tell(result, done, count):
    from lessons.grading.records import neutral

    said = result["reason"] or "; ".join(result["notes"])
    said = f"  {neutral.line(said)[:150]}" if said else ""
    book = result["book"]
    parts = [f"{book['score']:g} of {result['max_score']:g} points"]
    if book["waiting"]:
        parts.append(f"{book['waiting']:g} to be marked by hand")
    if book["penalty"]:
        parts.append(f"{book['penalty']:g} taken off for lateness")
    print(
        f"[{done}/{count}] {neutral.line(result['student'])}: {result['state']}, "
        f"{', '.join(parts)}, {result['seconds']:.1f} s{said}",
        flush=True,
    )


def _summary(rows):
    from lessons.grading.records import neutral

    names = list(dict.fromkeys(_questions(rows)))
    lines = []
    for row in rows:
        book = row["book"]
        points = [_points(book["questions"].get(name)) for name in names]
        student = neutral.line(row["student"])
        late = f"-{book['penalty']:g}" if book["penalty"] else ""
        lines.append([student, row["state"], f"{book['score']:g}", *points, late])
    titles = [name.removesuffix("_tests") for name in names]
    print()
    tables.show(["student", "state", "points", *titles, "late"], lines)


def _points(question):
    if question is None:
        return "0"
    return "to mark" if question["waiting"] else f"{question['score']:g}"


def _questions(rows):
    for row in rows:
        for notebook in row["notebooks"].values():
            yield from notebook["scores"]
