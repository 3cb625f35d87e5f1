"""Grade all submissions of an assignment: isolated, in parallel, resumable.

`run` reads what was handed in, lets slots or a cluster run it, and writes one result
after another: to the journal, to nbgrader's gradebook, to the graded notebook. Killed
at any moment, the next call does what is not done.
"""

import contextlib
import os
import pathlib
import time

from lessons.grading import coursedir, plain, regrade, rehearsal
from lessons.grading.records import (
    gradebook,
    journal,
    master,
    notebook,
    results,
    tables,
)
from lessons.grading.trusted import pool, probe, submissions
from lessons.toolkit import files
from lessons.toolkit.errors import UserError


def run(
    course,
    assignment,
    students=None,
    workers=1,
    scheduler=None,
    options=None,
    restart=False,
    isolated=True,
    question=None,
    report=lambda result, done, count: None,
):
    """Grade an assignment.

    Args:
        course: the course's directory, in nbgrader's layout.
        assignment: its name.
        students: ids; all who handed in by default.
        workers: submissions that run at once on this machine.
        scheduler: address of a Dask scheduler that runs them instead, or None.
        options: a `submissions.Options`.
        restart: grade again what was graded before.
        isolated: False runs students' code with the caller's rights.
        question: run only this question again, for all; see `regrade`.
        report: called with each result, how many are done, and how many there are.

    Returns:
        List of results (`results.of_submission`), one per student, in their order. Each
        has "book" besides, what the gradebook says in the end (`tables.standing`).

    Raises:
        UserError: no such assignment or student, nobody has handed in, another run is
            at work, this machine cannot isolate, or the assignment fails its rehearsal.
    """
    course = pathlib.Path(course).resolve()
    options = options or submissions.Options()
    folder = course / coursedir.FOLDER / assignment
    with contextlib.ExitStack() as stack:
        masters = master.load(course, assignment)
        question = question and regrade.full_name(masters, question)
        chosen = submissions.students(course, assignment, students)
        if not chosen:
            raise UserError(
                f"nobody has handed in {assignment!r}: looked for "
                f"{course / 'submitted'}/STUDENT/{assignment}. Allowed: a course with "
                "submissions (--course DIR)."
            )
        if isolated and scheduler is None:
            probe.require()
        folder.mkdir(parents=True, exist_ok=True)
        stack.enter_context(coursedir.lock(folder))
        stack.enter_context(plain.environment(folder / "ipython"))
        config, db_url, course_id = coursedir.configuration(course)
        with coursedir.temporary(
            folder / "temporary"
        ):  # where nbgrader makes a gradebook
            master.save(masters, assignment, db_url)
        log = _journal(folder, restart and not students)
        stack.callback(log.close)
        writer = gradebook.Writer(db_url, course_id, config)
        stack.callback(writer.close)
        waiting = [
            submissions.load(course, assignment, name, masters, options)
            for name in chosen
        ]
        again = _Again(log, question)
        if restart or question:
            log.forget([submission.key for submission in waiting])
        keep = _Keeper(course, assignment, log, writer)
        done = {}

        def finished(submission, result):
            keep(submission, result)
            result = result | {
                "book": _standing(writer, assignment, submission, result)
            }
            done[submission.student] = result
            report(result, len(done), len(waiting))

        missing = []
        for submission in waiting:
            known = log.graded.get(submission.key)
            if known is None:
                missing.append(submission)
            else:
                finished(submission, known)
        modules = submissions.modules(masters, missing)
        with pool.make(modules, workers, scheduler, isolated) as runner:
            if missing and rehearsal.needed(folder, masters):
                rehearsal.rehearse(folder, masters, runner, options)
            for submission, outcomes in runner.run(again.narrowed(missing)):
                finished(submission, again.result(submission, outcomes))
        writer.penalties(assignment)
        tables.write(folder, assignment, writer.totals(assignment))
    return [done[name] for name in chosen]


def _standing(writer, assignment, submission, result):
    """What the gradebook says; nothing is in it of a student whose id is unfit."""
    if submission.fit:
        return writer.standing(assignment, submission.student)
    scores = [s for n in result["notebooks"].values() for s in n["scores"].items()]
    questions = {
        name: {"score": 0.0, "points": score["points"], "waiting": False}
        for name, score in scores
    }
    return {
        "score": 0.0,
        "penalty": 0.0,
        "waiting": 0.0,
        "late": 0,
        "questions": questions,
    }


class _Again:
    """What is known from before, where only one question is asked for."""

    def __init__(self, log, question):
        self._question, self._narrowed = question, set()
        self._before = {r["student"]: r for r in log.graded.values()}

    def narrowed(self, missing):
        """What to run."""
        return [self._one(submission) for submission in missing]

    def _one(self, submission):
        before = self._question and self._before.get(submission.student)
        made = before and regrade.narrowed(submission, before, self._question)
        if made:
            self._narrowed.add(submission.key)
        return made or submission

    def result(self, submission, outcomes):
        """The result of what was run, with what was not."""
        result = results.of_submission(submission, outcomes)
        if submission.key in self._narrowed:
            before = self._before[submission.student]
            return regrade.merged(before, result, self._question)
        return result


class _Keeper:
    """Writes results down, each step so that it can be done twice."""

    def __init__(self, course, assignment, log, writer):
        self._course, self._assignment = course, assignment
        self._log, self._writer = log, writer

    def __call__(self, submission, result):
        key = submission.key
        if key not in self._log.graded:
            self._log.add_result(key, result)
        # Also what was kept before is looked at: a gradebook may have been lost or
        # put back, a notebook deleted, a due date moved. What is right is not written.
        if submission.fit:
            self._keep(submission, result)
        if key not in self._log.kept:
            self._log.add_kept(key)

    def _keep(self, submission, result):
        student = submission.student
        folder = self._course / "autograded" / student / self._assignment
        paths = {name: folder / f"{name}.ipynb" for name in result["notebooks"]}
        shown = {name: notebook.shown(path) for name, path in paths.items()}
        when = gradebook.when(submission.timestamp)
        self._writer.write(self._assignment, student, result, when, shown)
        self._write_notebooks(submission, result, paths)
        if submission.timestamp:
            _write(folder / "timestamp.txt", submission.timestamp + "\n")
        if submission.secret:  # as it is: feedback is found by a hash of it
            _write(folder / "submission_secret.txt", submission.secret)

    @staticmethod
    def _write_notebooks(submission, result, paths):
        import nbformat

        for part in submission.notebooks:
            given = result["notebooks"][part.master.name]
            made = notebook.build(
                part.master,
                part.planned,
                given["cells"],
                given["reason"],
                given["digests"],
                given["pictures"],
            )
            path = paths[part.master.name]
            path.parent.mkdir(parents=True, exist_ok=True)
            _write(path, nbformat.writes(made) + "\n")


def _write(path, text):
    """Write a file unless it holds the text; what a killed run left there goes.

    nbgrader hands on to students every file of the folder.
    """
    for left in path.parent.glob(f".{path.name}.*"):
        left.unlink(missing_ok=True)
    try:
        if path.read_text(encoding="utf-8") == text:
            return
    except (OSError, ValueError):
        pass
    files.write_text(path, text)


def _journal(folder, aside):
    path = folder / "journal.jsonl"
    if aside and path.exists():
        stamp = time.strftime("%Y%m%d-%H%M%S")
        os.replace(path, folder / f"journal-{stamp}.jsonl")
    return journal.Journal(path)
