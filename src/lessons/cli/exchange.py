"""`lessons collect` and `lessons return`: archives of learning platforms."""

import pathlib

from lessons.cli import grade
from lessons.toolkit.errors import UserError


def add_to(commands):
    """Add the commands to the parser."""
    collect = commands.add_parser(
        "collect",
        help="take submissions from the ZIP file of Moodle or Canvas",
        allow_abbrev=False,
    )
    give = commands.add_parser(
        "return",
        help="write feedback as a ZIP file that Moodle or Canvas takes",
        allow_abbrev=False,
    )
    for parser, do in ((collect, _collect), (give, _return)):
        add = parser.add_argument
        add("assignment", metavar="ASSIGNMENT", help="a folder of DIR/source")
        add("--course", metavar="DIR", help="the course (default: here or ./course)")
        parser.set_defaults(do=do)
    collect.add_argument(
        "archive", metavar="ZIP", help="all submissions, as downloaded"
    )


def _collect(arguments):
    from lessons.grading import archives, coursedir
    from lessons.grading.records import master, neutral

    course, name = grade.course_of(arguments.course), arguments.assignment
    notebooks = [one.name for one in master.load(course, name)]
    with coursedir.opened(course, name) as book:
        students = [
            (one.id, one.first_name, one.last_name, one.lms_user_id)
            for one in book.students
        ]
        taken, left = archives.collect(
            pathlib.Path(arguments.archive),
            course / coursedir.FOLDER / name,
            course / "submitted",
            name,
            notebooks,
            students,
        )
    for student, path, word in taken:
        print(f"{neutral.line(student)}: {word}, {path}")
    for what, why in left:
        print(f"left out: {neutral.line(what)}: {why}")
    print(f"{len(taken)} notebooks taken, {len(left)} files left out")
    return 3 if left else 0


def _return(arguments):
    from lessons.grading import archives, coursedir, plain
    from lessons.grading.records import tables

    course, name = grade.course_of(arguments.course), arguments.assignment
    folder = course / coursedir.FOLDER / name
    with coursedir.opened(course, name) as book:
        rows = tables.totals(book, name)
    config = course / "nbgrader_config.py"
    if not rows or not config.is_file():
        raise UserError(
            f"nothing of {name!r} has been graded in {course}, or it has no "
            f"{config.name}. Allowed: first `lessons grade {name} --course {course}`."
        )
    _, db_url, _ = coursedir.configuration(course)
    pages, waiting = {}, []
    with plain.environment(folder / "ipython"):
        grader = plain.Nbgrader(course, config, db_url)
        for row in rows:
            student = row["student"]
            if row["waiting"]:
                waiting.append(student)
                continue
            made = grader.feedback(name, student).parent
            pages[student] = sorted(made.glob("*.html"))
            print(f"{student}: {row['score']:g} of {row['max_score']:g} points")
    for student in waiting:
        print(f"left out: {student}: an answer waits to be marked by hand")
    if pages:
        print(f"{len(pages)} students: {archives.give_back(pages, folder)}")
    return 3 if waiting else 0
