"""Scores as tables: for Canvas, for Moodle, and in full."""

import csv
import io

from lessons.toolkit import files

# A cell that starts with one of these would be read as a formula by a spreadsheet.
_FORMULA = "=+-@\t\r"


def totals(book, assignment):
    """Scores of all students who handed in, marks given by hand and penalties included.

    Args:
        book: an nbgrader `Gradebook`.
        assignment: its name.

    Returns:
        List of dictionaries: student, first_name, last_name, email, lms_user_id, score,
        max_score, penalty, waiting (whether a person has to mark something).
    """
    found = book.find_assignment(assignment)
    rows = []
    for submission in sorted(found.submissions, key=lambda one: one.student.id):
        student = submission.student
        penalty = submission.late_submission_penalty or 0.0
        rows.append(
            {
                "student": student.id,
                "first_name": student.first_name or "",
                "last_name": student.last_name or "",
                "email": student.email or "",
                "lms_user_id": student.lms_user_id or "",
                "score": max(0.0, submission.score - penalty),
                "max_score": submission.max_score,
                "penalty": penalty,
                "waiting": submission.needs_manual_grade,
            }
        )
    return rows


def write(folder, assignment, rows):
    """Write scores.csv, canvas.csv and moodle.csv.

    Args:
        folder: where to.
        assignment: its name; the column's title.
        rows: from `totals`.

    Returns:
        The paths.
    """
    tables = {
        "scores.csv": [list(rows[0] if rows else ["student"]), *map(_values, rows)],
        "canvas.csv": _canvas(assignment, rows),
        "moodle.csv": _moodle(assignment, rows),
    }
    paths = []
    for name, table in tables.items():
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(
            [[_safe(value) for value in row] for row in table]
        )
        paths.append(folder / name)
        files.write_text(paths[-1], text.getvalue())
    return paths


def _values(row):
    return list(row.values())


def _canvas(assignment, rows):
    """Canvas's gradebook: it finds students by ID or login."""
    head = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", assignment]
    most = rows[0]["max_score"] if rows else 0
    table = [head, ["    Points Possible", "", "", "", "", most]]
    for row in rows:
        name = ", ".join(filter(None, (row["last_name"], row["first_name"])))
        name = name or row["student"]
        own = [name, row["lms_user_id"], "", row["student"], "", row["score"]]
        table.append(own)
    return table


def _moodle(assignment, rows):
    """Moodle's grade import: students are found by one of the first columns."""
    head = ["Username", "ID number", "Email address", "First name", "Surname"]
    table = [[*head, assignment]]
    for row in rows:
        names = row["first_name"], row["last_name"]
        own = [row["student"], row["lms_user_id"], row["email"], *names, row["score"]]
        table.append(own)
    return table


def _safe(value):
    text = f"{value:g}" if isinstance(value, float) else str(value)
    number = isinstance(value, (int, float))
    return "'" + text if text.startswith(tuple(_FORMULA)) and not number else text
