"""Exercises without a teacher: `practice`, `check` and `progress`."""

import pathlib
import time

from lessons.cli import tables
from lessons.toolkit.errors import UserError


def add_to(commands):
    """Add the commands to the parser."""
    _add_practice(commands)
    _add_check(commands)
    progress = commands.add_parser(
        "progress", help="how far you are with the exercises", allow_abbrev=False
    )
    progress.set_defaults(do=_progress)


def _add_practice(commands):
    parser = commands.add_parser(
        "practice",
        help="write an exercise as a notebook that checks your answers at once",
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("slug", metavar="LESSON", help="whose exercise")
    add("--out", metavar="DIR", default="practice", help="folder (default: practice)")
    add("--course", metavar="DIR", help="the course (default: this project's)")
    add("--reset", action="store_true", help="begin anew; the old file is set aside")
    parser.set_defaults(do=_practice)


def _add_check(commands):
    parser = commands.add_parser(
        "check",
        help="check the answers in a practice notebook",
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("file", metavar="FILE", help="a notebook that `lessons practice` wrote")
    add("--question", metavar="Q", help="only this one (default: all)")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--watch", action="store_true", help="again when it is saved")
    what.add_argument("--hint", action="store_true", help="the next hint")
    what.add_argument(
        "--solution", action="store_true", help="the model answer instead"
    )
    add("--course", metavar="DIR", help="the course (default: this project's)")
    parser.set_defaults(do=_check)


def _practice(arguments):
    from lessons.grading import exercise
    from lessons.practice.material import Material

    material = Material(arguments.slug, arguments.course)
    path = pathlib.Path(arguments.out) / f"{material.slug}.ipynb"
    if path.exists():
        if not arguments.reset:
            raise UserError(
                f"{path} is there already, with what you have written. Allowed: go on "
                "with it, another --out, or --reset, which sets it aside."
            )
        aside = path.with_name(f"{path.stem}-{time.strftime('%Y%m%d-%H%M%S')}.ipynb")
        path.rename(aside)
        print(f"set aside: {aside}")
    exercise.write(material.for_practice(), path)
    print(f"wrote {path}")
    print(f"open it:  jupyter lab {path}")
    print(f"or check: lessons check {path} --watch")


def _check(arguments):
    from lessons.practice import file

    session = file.session(arguments.file, arguments.course)
    material = session.material
    names = [name for name, asked in material.questions.items() if not asked.written]
    if arguments.question:
        material.question(arguments.question)
        names = [arguments.question]
    if arguments.hint or arguments.solution:
        if len(names) > 1:
            allowed = ", ".join(material.questions)
            raise UserError(f"of which question? Allowed: --question {allowed}.")
        return _help(session, names[0], arguments.hint)
    try:
        passed = _round(session, names)
        while arguments.watch:
            file.wait_for_change(arguments.file)
            print(flush=True)
            passed = _round(session, names)
    finally:
        session.close()
    return 0 if passed else 1


def _help(session, name, hint):
    if hint:
        text, number, total = session.next_hint(name)
        print(f"Hint {number} of {total}. {text}")
    else:
        print(session.model_answer(name))
    return 0


def _round(session, names):
    """Check the questions one after another; whether all of them pass."""
    from lessons.practice.judge import PASSED

    good = 0
    for name in names:
        verdict = session.verdict(name)
        print("\n".join(verdict.lines()), flush=True)
        good += verdict.state == PASSED
    if len(names) > 1:
        print(f"{good} of {len(names)} questions pass")
    return good == len(names)


def _progress(arguments):
    from lessons.toolkit import diary

    kept, read = diary.load(), diary.lessons_read()
    if read:
        print("read to the end:", ", ".join(sorted(read)))
    if not kept:
        print("nothing checked yet; begin with: lessons practice vae")
        return
    rows = [
        (slug, name, _state(entry), str(entry["tries"]), str(entry["hints"]))
        for slug, questions in sorted(kept.items())
        for name, entry in questions.items()
    ]
    counts = ("checks", "hints")
    tables.show(("exercise", "question", "state", *counts), rows, right=counts)


def _state(entry):
    if entry["passed"]:
        seen = ", after the solution" if entry["shown"] else ""
        return f"passed {entry['passed']}{seen}"
    return "not right yet" if entry["tries"] else "not attempted"
