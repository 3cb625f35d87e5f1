"""Build, release, check and try the course's exercises.

    python -m lessons.grading.course build [SLUG ...]
    python -m lessons.grading.course check [SLUG ...]
    python -m lessons.grading.course mutate SLUG [--question Q] [--sample N --seed S]
    python -m lessons.grading.course roundtrip SLUG

`build` writes course/source and course/release; `check` runs every right and wrong
answer against the tests (the authoring check); `mutate` makes mistakes in the right
answers and lists those that the hidden tests accept; `roundtrip` sends answers through
nbgrader in a temporary course.
"""

import argparse
import json
import pathlib
import shutil
import sys
import tempfile
import time

from lessons.grading import check as authoring
from lessons.grading import exercise, mutation, mutation_report, plain
from lessons.grading import roundtrip as trip
from lessons.toolkit.errors import UserError, unknown


def build(course, slug):
    """Write the instructor's notebook and the students' version of one exercise.

    Args:
        course: the course's directory.
        slug: the exercise.

    Returns:
        The paths of course/source/SLUG/SLUG.ipynb and course/release/SLUG/SLUG.ipynb.
        The same text source gives the same bytes.

    Raises:
        UserError: the source is not sound, or the release would give something away.
    """
    notebook = exercise.read(exercise.source_path(course, slug))
    source = course / "source" / slug / f"{slug}.ipynb"
    exercise.write(notebook, source)
    with tempfile.TemporaryDirectory() as directory:
        with plain.environment(directory):
            grader = plain.Nbgrader(course, course / "nbgrader_config.py")
            released = grader.release(slug)
    leaks = exercise.leaks(notebook, released)
    if leaks:
        shutil.rmtree(released)
        raise UserError(f"the release of {slug} was removed, it shows {leaks[0]}.")
    return source, released / f"{slug}.ipynb"


def main(argv=None):
    """Run the command line; returns the exit status."""
    arguments = _parser().parse_args(argv)
    try:
        course = exercise.course_directory(arguments.course)
        return _COMMANDS[arguments.command](course, arguments)
    except UserError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2


def _build(course, arguments):
    for slug in arguments.slug or exercise.slugs(course):
        for path in build(course, slug):
            print(f"wrote {path.relative_to(course)}")
    return 0


def _check(course, arguments):
    status = 0
    with authoring.Runner() as runner:
        for slug in arguments.slug or exercise.slugs(course):
            started = time.monotonic()
            outcomes = authoring.check(course, slug, runner=runner)
            print(f"{slug} (authoring check, {time.monotonic() - started:.0f} s)")
            print(authoring.table(outcomes))
            if not all(outcome.as_expected for outcome in outcomes):
                status = 1
    return status


def _mutate(course, arguments):
    status = 0
    with authoring.Runner() as runner:
        for slug in arguments.slug or exercise.slugs(course):
            subject = mutation.Exercise(course, slug)
            chosen, whole = _chosen(subject, arguments)

            outcome = mutation.run(subject, chosen, runner, _progress)
            print(file=sys.stderr)
            print(mutation_report.table(subject, outcome), flush=True)
            if not outcome.clean:
                status = 1
            elif whole:
                mutation_report.record(subject, outcome)
    return status


def _progress(done, count):
    print(f"\r{done} of {count} mutants", end="", file=sys.stderr, flush=True)


def _chosen(subject, arguments):
    """The mutants that are meant, and whether these are all."""
    question = arguments.question
    if question and question not in subject.questions:
        raise unknown("question", question, subject.questions)
    if arguments.sample is not None:
        count = min(arguments.sample, len(subject.mutants))
        return subject.sample(count, arguments.seed), False
    if question is None:
        return subject.mutants, True
    return [m for m in subject.mutants if question in m.questions], False


def _roundtrip(course, arguments):
    result = trip.roundtrip(course, arguments.slug, arguments.answer, arguments.keep)
    if arguments.json:
        arguments.json.write_text(json.dumps(result), encoding="utf-8")
    print(trip.table(result))
    return 0 if trip.as_expected(result) else 1


_COMMANDS = {
    "build": _build,
    "check": _check,
    "mutate": _mutate,
    "roundtrip": _roundtrip,
}


def _parser():
    parser = argparse.ArgumentParser(
        prog="python -m lessons.grading.course",
        description="Build, release, check and try the course's exercises.",
    )
    parser.add_argument("--course", help="the course's directory (default: ./course)")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, help in [
        ("build", "write course/source and course/release"),
        ("check", "run the right and wrong answers against the tests"),
        ("mutate", "run mutants of the right answers against the hidden tests"),
    ]:
        command = commands.add_parser(name, help=help)
        command.add_argument("slug", nargs="*", help="exercises (default: all)")
    command.add_argument("--question", help="only the mutants of this question")
    command.add_argument("--sample", type=int, help="only so many, chosen by chance")
    command.add_argument(
        "--seed", type=int, default=0, help="of the choice (default 0)"
    )
    command = commands.add_parser("roundtrip", help="send the answers through nbgrader")
    command.add_argument("slug", help="the exercise")
    command.add_argument("--answer", nargs="+", help="only these answers")
    command.add_argument("--keep", help="work in this directory and leave it")
    command.add_argument("--json", type=pathlib.Path, help="write the result here")
    return parser


if __name__ == "__main__":
    sys.exit(main())
