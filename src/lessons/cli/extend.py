"""`lessons extend ASSIGNMENT STUDENT`: more time for one student."""

from lessons.cli import grade
from lessons.toolkit.errors import UserError, unknown

_MOST = 8760  # hours in a year


def add_to(commands):
    """Add the command to the parser."""
    parser = commands.add_parser(
        "extend",
        help="give one student more time than the due date",
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("assignment", metavar="ASSIGNMENT", help="a folder of DIR/source")
    add("student", metavar="STUDENT", help="the student's id")
    add(
        "--hours",
        metavar="H",
        required=True,
        help="after the due date; 0 takes it back",
    )
    add("--course", metavar="DIR", help="the course (default: this folder or ./course)")
    parser.set_defaults(do=_extend)


def _extend(arguments):
    from lessons.grading import coursedir

    hours = grade.number("hours", arguments.hours, 0, _MOST)
    course = grade.course_of(arguments.course)
    name, student = arguments.assignment, arguments.student
    with coursedir.opened(course, name) as book:
        due = book.find_assignment(name).duedate
        if due is None:
            raise UserError(
                f"{name!r} has no due date, so there is nothing to extend. Allowed: "
                f"first `nbgrader db assignment add {name} --duedate TIME` in {course}."
            )
        known = [one.id for one in book.students]
        if student not in known and not (course / "submitted" / student).is_dir():
            raise unknown("student", student, known)
        book.update_or_create_student(student)
        _make_room(book, name, student)
        book.grant_extension(name, student, hours=hours)
    print(
        f"{student}: {hours:g} hours after {due:%Y-%m-%d %H:%M} UTC; give "
        f"`lessons grade {name} --course {course}` to bring marks up to date"
    )
    return 0


def _make_room(book, assignment, student):
    """An entry for the extension, where nothing has been handed in yet."""
    from nbgrader.api import MissingEntry

    try:
        book.find_submission(assignment, student)
    except MissingEntry:
        made = book.add_submission(assignment, student)
        for notebook in made.notebooks:
            for grade in notebook.grades:
                grade.needs_manual_grade = False  # there is nothing to mark
        book.db.commit()
