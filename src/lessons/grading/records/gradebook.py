"""The one writer of nbgrader's gradebook."""

import contextlib
import time

from lessons.grading.records import tables

_TRIES = 8


class Writer:
    """An open gradebook.

    Args:
        db_url: of the gradebook.
        course_id: of the course.
        config: nbgrader's configuration (traitlets), for late penalties.
    """

    def __init__(self, db_url, course_id, config):
        from nbgrader.api import Gradebook
        from nbgrader.preprocessors import AssignLatePenalties

        self._book = Gradebook(db_url, course_id)
        self._late = AssignLatePenalties(config=config)
        self._late.init_plugin()
        self._known = {}

    def close(self):
        """Close the database."""
        self._book.close()

    def totals(self, assignment):
        """Everybody's scores; see `tables.totals`."""
        return tables.totals(self._book, assignment)

    def write(self, assignment, student, result, timestamp=None):
        """Write the points of one submission, all of them or none.

        Points given by hand stay. A question whose answer is another than when it was
        marked by hand is shown for marking again.

        Args:
            assignment: its name.
            student: id of the student; made if missing.
            result: see `results.of_submission`.
            timestamp: when it was handed in, text or None.
        """
        from sqlalchemy.exc import OperationalError

        for attempt in range(_TRIES):
            try:
                return self._write(assignment, student, result, timestamp)
            except OperationalError:  # another program holds the database
                self._book.db.rollback()
                if attempt == _TRIES - 1:
                    raise
                time.sleep(0.2 * 2**attempt)

    def _write(self, assignment, student, result, timestamp):
        book = self._book
        book.update_or_create_student(student)
        extra = {} if timestamp is None else {"timestamp": timestamp}
        submission = book.update_or_create_submission(assignment, student, **extra)
        for name, given in result["notebooks"].items():
            notebook = book.find_submission_notebook(name, assignment, student)
            names = self._names(name, assignment)
            for grade in notebook.grades:
                self._grade(grade, given["scores"].get(names[grade.cell_id]), given)
            for comment in notebook.comments:
                comment.auto_comment = given["comments"].get(names[comment.cell_id])
        book.db.flush()
        for name in result["notebooks"]:
            notebook = book.find_submission_notebook(name, assignment, student)
            book.db.refresh(notebook)
            notebook.late_submission_penalty = self._penalty(notebook, submission)
        book.db.commit()

    def _names(self, notebook, assignment):
        """Grade ids by the database's own numbers: asked for once, not per student."""
        key = notebook, assignment
        if key not in self._known:
            found = self._book.find_notebook(notebook, assignment)
            cells = *found.grade_cells, *found.solution_cells, *found.task_cells
            self._known[key] = {cell.id: cell.name for cell in cells}
        return self._known[key]

    @staticmethod
    def _grade(grade, given, notebook):
        auto = given["auto"] if given else 0
        grade.auto_score = auto
        if grade.manual_score is not None:
            grade.needs_manual_grade = notebook["changed"]
        else:
            grade.needs_manual_grade = auto is None

    def _penalty(self, notebook, submission):
        if submission.total_seconds_late <= 0:
            return None
        penalty = self._late.plugin_inst.late_submission_penalty(
            submission.student.id, notebook.score, submission.total_seconds_late
        )
        if penalty is None:
            return None
        return min(max(penalty, 0), notebook.score)


def when(text):
    """A time as nbgrader writes it into timestamp.txt, or None if it is none."""
    with contextlib.suppress(ValueError, TypeError, OverflowError, AttributeError):
        from nbgrader.utils import parse_utc

        return parse_utc(text.strip()).isoformat()
    return None
