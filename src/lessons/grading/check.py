"""The authoring check: do the tests accept what is right and reject what is wrong?

This is not the grader. Each answer's cells run as plain Python in a process of their
own, forked from one that has imported what they need (`run_cells`), which takes about
a tenth of a second; `roundtrip` runs nbgrader itself. Answers here are written by the
course's authors and are trusted.

The visible and the hidden part of each cell of tests run one after the other whatever
happens, because the hidden part must reject a wrong answer by itself.
"""

import contextlib
import dataclasses
import json
import os
import subprocess
import sys

from lessons.grading import answers, exercise
from lessons.grading.run_cells import LATE
from lessons.grading.trusted import plan
from lessons.toolkit.errors import UserError

TIMEOUT = 300  # seconds for one answer; a loaded machine is slow
HIDDEN = " (hidden)"
_ENVIRONMENT = {
    # One thread: forking needs it, and several answers share the machine.
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "CUDA_VISIBLE_DEVICES": "",  # a GPU in use does not survive a fork
    "MPLBACKEND": "Agg",
}


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


class Runner:
    """The process that runs answers; used as a context manager.

    It starts with the first request and keeps what it has imported for the next ones,
    so that several exercises share the seconds that importing TensorFlow takes.
    """

    def __init__(self):
        self._process = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        """End the process and all it forked."""
        if self._process is not None:
            self._process.terminate()
            self._process.communicate()
            self._process = None

    def run(self, notebooks, timeout=TIMEOUT):
        """Run the code cells of notebooks, each in a process of its own.

        Args:
            notebooks: instructor's notebooks with answers, by name.
            timeout: seconds for each of them.

        Returns:
            For each name a dictionary from names of cells to None or an error in words;
            empty where the process ended early, and with `run_cells.LATE` alone where
            it took too long.

        Raises:
            UserError: one of the modules that the notebooks import starts threads, or
                the process ended.
        """
        modules = sorted(set().union(*map(plan.imports, notebooks.values())))
        cells = {name: [*code_cells(each)] for name, each in notebooks.items()}
        return self.run_cells(cells, modules, timeout)["results"]

    def run_cells(self, cells, modules, timeout=TIMEOUT, limits=None):
        """Run lists of cells, each in a process of its own; see `run_cells.run`.

        Args:
            cells: lists of cells, by name.
            modules: names of modules to import before.
            timeout: seconds for each list.
            limits: of CPU time and memory of each; see `run_cells`.

        Returns:
            A dictionary with "results" and "seconds" of CPU time, both by name.

        Raises:
            UserError: one of the modules starts threads, or the process ended.
        """
        request = {"modules": modules, "timeout": timeout, "answers": cells}
        request["limits"] = limits
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "lessons.grading.run_cells"],
                env=os.environ | _ENVIRONMENT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        with contextlib.suppress(BrokenPipeError):  # then there is no answer either
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            self._process.stdin.flush()
        line = self._process.stdout.readline()
        answer = json.loads(line) if line else {"error": "the process ended"}
        if "error" in answer:
            raise UserError(f"the answers cannot be run: {answer['error']}.")
        return answer


def check(course, slug, only=None, runner=None):
    """Run every answer of an exercise against its tests.

    Args:
        course: the course's directory.
        slug: the exercise.
        only: names of the answers to run; all by default.
        runner: the `Runner` that runs them; one of its own by default.

    Returns:
        A tuple of outcomes: the stub, the right answers, the wrong ones.

    Raises:
        UserError: the exercise or its answers are not sound, or cannot be run.
    """
    if runner is None:
        with Runner() as runner:
            return check(course, slug, only, runner)
    notebook = exercise.read(exercise.source_path(course, slug))
    questions = exercise.questions(notebook)
    chosen = [
        answer
        for answer in answers.load(course, slug, questions)
        if only is None or answer.name in only
    ]
    filled = {answer.name: answers.fill(notebook, answer) for answer in chosen}
    results = runner.run(filled)
    return tuple(outcome(a, questions, results[a.name]) for a in chosen)


def outcome(answer, questions, results):
    """What one answer got.

    Args:
        answer: an `answers.Answer`.
        questions: of the exercise.
        results: None or an error by cell, as `Runner.run` gives them. An answer that
            took too long or ended its process gets nothing.

    Returns:
        Its `Outcome`.
    """
    expected = answer.expected(questions)
    points, messages, unseen = {}, {}, None
    missing = results.get(LATE, "the process ended early")
    for question in questions:
        if question.written:
            continue
        visible, hidden = (
            results.get(question.name + suffix, missing)
            for suffix in (exercise.TESTS, exercise.TESTS + HIDDEN)
        )
        points[question.name] = 0 if visible or hidden else question.points
        if visible or hidden:
            messages[question.name] = visible or hidden
        if question.name == answer.loses and not hidden:
            unseen = question.name
    return Outcome(answer.name, points, expected, messages, unseen)


def code_cells(notebook):
    """The code cells to run, as `run_cells` wants them; a cell of tests becomes two."""
    for cell in notebook.cells:
        meta = cell.metadata.get("nbgrader", {})
        name = meta.get("grade_id")
        if cell.cell_type != "code":
            continue
        if not meta.get("grade"):
            yield {"name": name, "source": cell.source, "graded": False}
            continue
        parts = exercise.split_tests(cell.source)
        for suffix, part in zip(("", HIDDEN), parts, strict=True):
            yield {"name": name + suffix, "source": part, "graded": True}


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
