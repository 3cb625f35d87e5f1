"""The one writer of nbgrader's gradebook."""

import contextlib
import dataclasses
import time

from lessons.grading.records import marks, tables

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
        self._marks = marks.Table(self._book.db)

    def close(self):
        """Close the database."""
        self._book.close()

    def totals(self, assignment):
        """Everybody's scores; see `tables.totals`."""
        return tables.totals(self._book, assignment)

    def standing(self, assignment, student):
        """One student's points as they stand; see `tables.standing`."""
        return tables.standing(self._book.find_submission(assignment, student))

    def write(self, assignment, student, result, timestamp=None, shown=None):
        """Write the points of one submission, all of them or none.

        What is there already is not written again, and nothing is lost: a mark given
        by hand stays with the text it was given for (`marks`), and penalties follow
        what the course says today.

        Args:
            assignment: its name.
            student: id of the student; made if missing.
            result: see `results.of_submission`.
            timestamp: when it was handed in, text or None.
            shown: for each notebook, digests of the answers by grade id, as the graded
                notebook shows them that a person sees; None where there is none.
        """
        self._try(self._write, assignment, student, result, timestamp, shown or {})

    def penalties(self, assignment):
        """Bring everybody's late penalties up to date."""
        self._try(self._penalties, assignment)

    def _try(self, action, *arguments):
        from sqlalchemy.exc import OperationalError

        for attempt in range(_TRIES):
            try:
                return action(*arguments)
            except OperationalError:  # another program holds the database
                self._book.db.rollback()
                if attempt == _TRIES - 1:
                    raise
                time.sleep(0.2 * 2**attempt)

    def _write(self, assignment, student, result, timestamp, shown):
        from nbgrader.api import MissingEntry

        book = self._book
        try:
            book.find_student(student)
        except MissingEntry:
            book.add_student(student)
        extra = {} if timestamp is None else {"timestamp": timestamp}
        submission = book.update_or_create_submission(assignment, student, **extra)
        for name, given in result["notebooks"].items():
            notebook = book.find_submission_notebook(name, assignment, student)
            names = self._names(name, assignment)
            known = self._marks.read(notebook.grades)
            for grade in notebook.grades:
                self._grade(grade, names[grade.cell_id], given, shown.get(name), known)
            for comment in notebook.comments:
                text = given["comments"].get(names[comment.cell_id])
                if comment.auto_comment != text:
                    comment.auto_comment = text
        self._charge(submission)
        book.db.commit()

    def _grade(self, grade, name, given, shown, known):
        before = known.get(grade.id)
        mark = dataclasses.replace(before) if before else marks.Mark()
        mark.shown = (shown or {}).get(name) or mark.shown
        score = given["scores"].get(name)
        mark.settle(grade, score["auto"] if score else 0, given["digests"].get(name))
        self._marks.write(grade, mark, before)

    def _names(self, notebook, assignment):
        """Grade ids by the database's own numbers: asked for once, not per student."""
        key = notebook, assignment
        if key not in self._known:
            found = self._book.find_notebook(notebook, assignment)
            cells = *found.grade_cells, *found.solution_cells, *found.task_cells
            self._known[key] = {cell.id: cell.name for cell in cells}
        return self._known[key]

    def _penalties(self, assignment):
        for submission in self._book.assignment_submissions(assignment):
            self._charge(submission)
        self._book.db.commit()

    def _charge(self, submission):
        """Set the late penalty of each notebook."""
        self._book.db.flush()
        for notebook in submission.notebooks:
            self._book.db.refresh(notebook)
            penalty = self._penalty(notebook, submission)
            if notebook.late_submission_penalty != penalty:
                notebook.late_submission_penalty = penalty

    def _penalty(self, notebook, submission):
        # To no due date at all nbgrader would add an extension, which fails.
        due = submission.assignment.duedate is not None
        late = submission.total_seconds_late if due else 0
        if late <= 0:
            return None
        penalty = self._late.plugin_inst.late_submission_penalty(
            submission.student.id, notebook.score, late
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
