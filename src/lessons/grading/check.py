"""The authoring check: do the tests accept what is right and reject what is wrong?

This is not the grader. Each answer's cells run as plain Python in a process of their
own, which takes about a second; `roundtrip` runs nbgrader itself. Answers here are
written by the course's authors and are trusted.

The visible and the hidden part of each cell of tests run one after the other whatever
happens, because the hidden part must reject a wrong answer by itself.
"""

import concurrent.futures
import dataclasses
import json
import os
import pathlib
import subprocess
import sys
import tempfile

from lessons.grading import answers, exercise

TIMEOUT = 120  # seconds for one answer
_HIDDEN = " (hidden)"


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What one answer got.

    Attributes:
        answer: the answer's name.
        points: points by question.
        expected: points it had to get, by question.
        messages: what the tests said, by question, where points were lost.
        unseen: the question whose hidden tests alone would accept a wrong answer.
    """

    answer: str
    points: dict[str, int]
    expected: dict[str, int]
    messages: dict[str, str]
    unseen: str | None = None

    @property
    def as_expected(self):
        """Whether the points are right and the hidden tests alone suffice for them."""
        return self.points == self.expected and self.unseen is None


def check(course, slug, only=None):
    """Run every answer of an exercise against its tests.

    Args:
        course: the course's directory.
        slug: the exercise.
        only: names of the answers to run; all by default.

    Returns:
        A tuple of outcomes: the stub, the right answers, the wrong ones.
    """
    notebook = exercise.read(exercise.source_path(course, slug))
    questions = exercise.questions(notebook)
    chosen = [
        answer
        for answer in answers.load(course, slug, questions)
        if only is None or answer.name in only
    ]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        jobs = [pool.submit(run_answer, notebook, a, questions) for a in chosen]
        return tuple(job.result() for job in jobs)


def run_answer(notebook, answer, questions):
    """Run one answer in a process of its own.

    Returns:
        Its `Outcome`. An answer that takes too long or ends its process gets nothing.
    """
    filled = answers.fill(notebook, answer)
    results = _run(filled)
    expected = answer.expected(questions)
    points, messages, unseen = {}, {}, None
    for question in questions:
        if question.written:
            continue
        visible, hidden = (
            results.get((question.name + suffix), "the process ended early")
            for suffix in (exercise.TESTS, exercise.TESTS + _HIDDEN)
        )
        points[question.name] = 0 if visible or hidden else question.points
        if visible or hidden:
            messages[question.name] = visible or hidden
        if question.name == answer.loses and not hidden:
            unseen = question.name
    return Outcome(answer.name, points, expected, messages, unseen)


def _cells(notebook):
    """The code cells to run; a cell of tests becomes two."""
    for cell in notebook.cells:
        meta = cell.metadata.get("nbgrader", {})
        name = meta.get("grade_id")
        if cell.cell_type != "code":
            continue
        if not meta.get("grade"):
            yield {"name": name, "source": cell.source, "graded": False}
            continue
        parts = exercise.split_tests(cell.source)
        for suffix, part in zip(("", _HIDDEN), parts, strict=True):
            yield {"name": name + suffix, "source": part, "graded": True}


def _run(notebook):
    """Results of all named code cells of a notebook."""
    threads = {"OMP_NUM_THREADS": "1", "TF_NUM_INTRAOP_THREADS": "1"}
    with tempfile.TemporaryDirectory() as directory:
        given, result = (pathlib.Path(directory, name) for name in ("in", "out"))
        given.write_text(json.dumps(list(_cells(notebook))), encoding="utf-8")
        command = [sys.executable, "-m", "lessons.grading.run_cells", given, result]
        try:
            subprocess.run(
                command,
                cwd=directory,
                env=os.environ | threads,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=TIMEOUT,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return {}
        return json.loads(result.read_text(encoding="utf-8")) if result.exists() else {}


def table(outcomes):
    """The outcomes as lines of text: one row per answer, one column per question."""
    names = list(outcomes[0].points)
    width = max(len(outcome.answer) for outcome in outcomes)
    lines = ["  ".join(["answer".ljust(width), *names, "verdict"])]
    for outcome in outcomes:
        cells = [str(outcome.points[name]).rjust(len(name)) for name in names]
        verdict = "as expected" if outcome.as_expected else "NOT AS EXPECTED"
        lines.append("  ".join([outcome.answer.ljust(width), *cells, verdict]))
        if not outcome.as_expected:
            lines += [f"    {n}: {text}" for n, text in outcome.messages.items()]
        if outcome.unseen:
            lines.append(f"    {outcome.unseen}: the hidden tests alone accept this")
    return "\n".join(lines)
