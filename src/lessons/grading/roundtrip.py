"""The whole way with plain nbgrader: release, submit, grade, feedback, export.

Everything happens in a temporary course directory; the answers of
`course/answers/SLUG` are the students.
"""

import contextlib
import csv
import pathlib
import shutil
import tempfile

from lessons.grading import answers, exercise, plain
from lessons.toolkit import progress


def roundtrip(course, slug, only=None, keep=None):
    """Send the stub, the right and the wrong answers through nbgrader.

    Args:
        course: the course's directory.
        slug: the exercise.
        only: names of the answers to submit; all by default.
        keep: a directory to work in and leave; a temporary one by default.

    Returns:
        A dictionary: "students" maps each answer to its points by question, what was
        expected, its total in the exported table and the text of its feedback page;
        "leaks" lists what the release gives away; "written" gives the written
        question, the mark given by hand and the total exported after it.
    """
    with contextlib.ExitStack() as stack:
        work = stack.enter_context(tempfile.TemporaryDirectory())
        root = pathlib.Path(keep or work).resolve()
        root.mkdir(parents=True, exist_ok=True)
        stack.enter_context(plain.environment(work))
        return _roundtrip(course, slug, only, root)


def _roundtrip(course, slug, only, root):
    import nbformat

    notebook = exercise.read(exercise.source_path(course, slug))
    questions = exercise.questions(notebook)
    source = root / "source" / slug
    exercise.write(notebook, source / f"{slug}.ipynb")
    # What must not reach students: nbgrader would copy this file without our settings.
    shutil.copy(exercise.source_path(course, slug), source)
    grader = plain.Nbgrader(root, course / "nbgrader_config.py")
    released = grader.release(slug)
    stub = nbformat.read(released / f"{slug}.ipynb", as_version=4)
    chosen = [
        answer
        for answer in answers.load(course, slug, questions)
        if only is None or answer.name in only
    ]
    students = {}
    for answer in progress.track(chosen, "grading with nbgrader"):
        submitted = root / "submitted" / answer.name / slug
        exercise.write(answers.fill(stub, answer), submitted / f"{slug}.ipynb")
        grader.autograde(slug, answer.name)
        given = grader.points(slug, answer.name)
        page = grader.feedback(slug, answer.name)
        students[answer.name] = {
            "points": {
                q.name: given[f"{q.name}_tests"] for q in questions if not q.written
            },
            "expected": answer.expected(questions),
            "feedback": page.read_text(encoding="utf-8"),
        }
    for student, total in _totals(grader.export(root / "grades.csv")).items():
        students[student]["total"] = total
    return {
        "students": students,
        "leaks": exercise.leaks(notebook, released),
        "written": _mark_written(grader, slug, questions, chosen, root),
    }


def _totals(path):
    with open(path, encoding="utf-8", newline="") as file:
        return {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}


def _mark_written(grader, slug, questions, chosen, root):
    """Mark the written question of one answer by hand; None if no answer has a text."""
    names = [question.name for question in questions if question.written]
    students = [answer.name for answer in chosen if answer.written]
    if not names or not students:
        return None
    name, student = names[0], students[0]
    waiting = grader.points(slug, student)[name] is None
    mark = questions[[q.name for q in questions].index(name)].points - 1
    grader.mark(slug, student, name, mark)
    total = _totals(grader.export(root / "grades_marked.csv"))[student]
    return {"student": student, "waiting": waiting, "mark": mark, "total": total}


def as_expected(result):
    """Whether every student got what was expected, in the gradebook and the table."""
    return not result["leaks"] and all(
        student["points"] == student["expected"]
        and student["total"] == sum(student["expected"].values())
        for student in result["students"].values()
    )


def table(result):
    """The result as lines of text."""
    lines = []
    for name, student in result["students"].items():
        points = "  ".join(f"{q} {p:g}" for q, p in student["points"].items())
        good = student["points"] == student["expected"]
        verdict = "as expected" if good else "NOT AS EXPECTED"
        lines.append(f"{name}: {points}; exported {student['total']:g}; {verdict}")
    lines += [f"LEAK {leak}" for leak in result["leaks"]]
    return "\n".join(lines)
