"""Scores as tables: for Canvas, for Moodle, and in full."""

import csv
import io
import re

from lessons.toolkit import files

# A cell that starts with one of these would be read as a formula by a spreadsheet.
_FORMULA = "=+-@\t\r"
_ID = re.compile(r"-[A-Za-z][\w.]*")


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
        if not any(map(_is_graded, submission.notebooks)):
            continue  # nothing was handed in: there is only an extension
        student = submission.student
        now = standing(submission)
        rows.append(
            {
                "student": student.id,
                "first_name": student.first_name or "",
                "last_name": student.last_name or "",
                "email": student.email or "",
                "lms_user_id": student.lms_user_id or "",
                "score": now["score"],
                "max_score": submission.max_score,
                "penalty": now["penalty"],
                "waiting": now["waiting"] > 0,
                "waiting_points": now["waiting"],
                "hours_late": round(now["late"] / 3600, 2),
            }
        )
    return rows


def _is_graded(notebook):
    return any(
        grade.needs_manual_grade
        or grade.auto_score is not None
        or grade.manual_score is not None
        for grade in notebook.grades
    )


def standing(submission):
    """What the gradebook says of one submission: the one source of points.

    Args:
        submission: an nbgrader `SubmittedAssignment`.

    Returns:
        {"score" (marks by hand, extra credit and penalty included), "penalty",
        "waiting" (points that a person still gives), "late" (seconds), "questions":
        {name: {"score", "points", "waiting"}} over all notebooks}.
    """
    questions = {}
    for notebook in submission.notebooks:
        for grade in notebook.grades:
            questions[grade.name] = {
                "score": grade.score,
                "points": grade.max_score,
                "waiting": grade.needs_manual_grade,
            }
    penalty = submission.late_submission_penalty or 0.0
    known = submission.assignment.duedate is not None
    return {
        "score": max(0.0, submission.score - penalty),
        "penalty": penalty,
        "waiting": sum(q["points"] for q in questions.values() if q["waiting"]),
        "late": submission.total_seconds_late if known else 0,
        "questions": questions,
    }


def write(folder, assignment, rows):
    """Write scores.csv, canvas.csv and moodle.csv.

    Where something waits for a person, the two for learning platforms leave the score
    empty: a platform keeps what it has, and nobody takes half a score for the whole.

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
        own = [name, row["lms_user_id"], "", row["student"], "", _final(row)]
        table.append(own)
    return table


def _moodle(assignment, rows):
    """Moodle's grade import: students are found by one of the first columns."""
    head = ["Username", "ID number", "Email address", "First name", "Surname"]
    table = [[*head, assignment]]
    for row in rows:
        names = row["first_name"], row["last_name"]
        own = [row["student"], row["lms_user_id"], row["email"], *names, _final(row)]
        table.append(own)
    return table


def _final(row):
    return "" if row["waiting"] else row["score"]


def _safe(value):
    """A cell that a spreadsheet reads as text; an id that cannot be a formula stays."""
    if isinstance(value, (int, float)):
        return f"{value:g}" if isinstance(value, float) else str(value)
    text = str(value)
    harmless = not text.startswith(tuple(_FORMULA)) or _ID.fullmatch(text)
    return text if harmless else "'" + text
