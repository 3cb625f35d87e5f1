"""Runs the tests of a question on a learner's answer, and says what was found.

The way is the grader's: the tests run in a process of their own, the answer in another
one behind a wall, with limits of time and memory. Where a machine cannot build the wall
the answer runs with the learner's own rights: it is the learner's own code.
"""

import dataclasses
import json

from lessons.grading import exercise
from lessons.grading.trusted import intake, plan, probe, submissions
from lessons.grading.trusted.supervisor import Slot
from lessons.practice.compare import Found

PASSED, WRONG, OPEN = "passed", "not right yet", "not attempted"
SECONDS = 20.0  # for one cell
MEMORY = 2 << 30
_FOUND = f"{Found.__name__}: "
_ASSERTED = "AssertionError: "
_STUB = "NotImplementedError"


@dataclasses.dataclass(frozen=True)
class Verdict:
    """What was found of one answer.

    Attributes:
        question: its name.
        points: of the question.
        state: PASSED, WRONG or OPEN.
        problem: in words, the first thing that does not hold; empty if all does.
        hidden: whether the visible tests hold and a hidden one does not.
        example: the smallest input on which the answer is not right: {"arguments",
            "expected", "found"} as texts, or None.
        like: what a known mistake does that gives the same outputs, or None.
        printed: what the answer's cell printed.
    """

    question: str
    points: int
    state: str
    problem: str = ""
    hidden: bool = False
    example: dict | None = None
    like: str | None = None
    printed: str = ""

    def lines(self):
        """The verdict as lines of text."""
        title = f"{self.question}: {self.state}"
        if self.state == PASSED:
            points = f"{self.points} point" + "s" * (self.points != 1)
            return [f"{title}. The visible and the hidden tests hold ({points})."]
        if self.state == OPEN:
            return [f"{title}. {self.problem}".rstrip()]
        where = "The visible tests hold, a hidden one does not" if self.hidden else ""
        found = [title + (f". {where}:" if where else ":"), f"  {self.problem}"]
        if self.example:
            found.append("The smallest input of the tests that shows it:")
            pairs = [*self.example["arguments"]]
            pairs += [[key, self.example[key]] for key in ("expected", "found")]
            for name, text in pairs:
                head = f"  {name:9}" + ("" if name in ("expected", "found") else "= ")
                found.append(head + text.replace("\n", "\n" + " " * 13))
        if self.like:
            found.append(f"Your answer behaves like one that {self.like}.")
        return found


class Judge:
    """Judges answers to one exercise; used as a context manager, or closed.

    Args:
        material: its `Material`.
        isolated: whether answers run behind a wall; None asks this machine.

    Attributes:
        isolated: whether they do.
    """

    def __init__(self, material, isolated=None):
        self._material = material
        self.isolated = probe.missing() is None if isolated is None else isolated
        self._slot = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        """End the processes."""
        if self._slot is not None:
            self._slot.close()
            self._slot = None

    def judge(self, cells, name):
        """Run the tests of a question.

        Args:
            cells: the learner's cells, a list of `intake.Cell`; what does not belong to
                the exercise runs before the answer if it stands before its tests.
            name: of a question that tests decide.

        Returns:
            A `Verdict`.
        """
        question = self._material.question(name)
        planned = self._planned(cells)
        own = next(cell for cell in planned if cell.name == name)
        stub = self._material.stub(name)
        if own.missing or own.source.split() == stub.split():
            text = "Write the answer, run its cell, and check again."
            return Verdict(name, question.points, OPEN, text)
        kept = self._before(planned, name)
        steps = [*plan.steps(kept)[0], *self._tests(name)]
        results = self._run(steps, kept)
        return self._verdict(question, steps, results)

    def _planned(self, cells):
        material = self._material
        released = {name: material.stub(name) for name in material.questions}
        handed_in = intake.Submission(tuple(cells), "")
        return plan.build(material.notebook, handed_in, released)[0]

    @staticmethod
    def _before(planned, name):
        """What runs before the tests of a question: no other answers."""
        tests = name + exercise.TESTS
        end = next(n for n, cell in enumerate(planned) if cell.name == tests)
        return [
            cell
            for cell in planned[:end]
            if cell.kind in ("locked", "extra") or cell.name == name
        ]

    def _tests(self, name):
        """The visible tests, the hidden ones, the comparison."""
        material = self._material
        visible, hidden = material.tests(name)
        request = {
            "name": name,
            "right": material.right(name),
            "tests": [visible, hidden],
            "wrong": {wrong.name: wrong.source for wrong in material.wrong(name)},
        }
        compare = (
            "from lessons.practice.compare import compare\n"
            f"compare({request!r}, globals())\n"
        )
        # No points: what is lost is not tried a second time.
        tests = {"kind": "tests", "name": name, "points": 0, "defines": ()}
        return [tests | {"source": text} for text in (visible, hidden, compare)]

    def _run(self, steps, planned):
        if self._slot is None:
            self._slot = Slot(self._material.modules(), self.isolated)
        options = submissions.Options(SECONDS, MEMORY)
        job = submissions.job(steps, planned, options)
        try:
            outcome = self._slot.grade(job, job["seconds"])
        except BaseException:
            self.close()
            raise
        return [result or {"error": outcome["problem"]} for result in outcome["steps"]]

    def _verdict(self, question, steps, results):
        own = [r for s, r in zip(steps, results, strict=True) if s["kind"] != "tests"]
        visible, hidden, compared = results[-3:]
        printed = "".join(result.get("text") or "" for result in own)
        broken = next((r["error"] for r in own if r.get("error")), None)
        problem = broken or visible.get("error") or hidden.get("error")
        if not problem:
            return Verdict(question.name, question.points, PASSED, printed=printed)
        if _STUB in problem.partition(":")[0]:
            return Verdict(question.name, question.points, OPEN, _words(problem))
        example, like = self._comparison(question.name, compared.get("error") or "")
        return Verdict(
            question.name,
            question.points,
            WRONG,
            _words(problem),
            not broken and not visible.get("error"),
            example,
            like,
            printed,
        )

    def _comparison(self, name, text):
        if not text.startswith(_FOUND):
            return None, None
        found = json.loads(text.removeprefix(_FOUND))
        known = {wrong.name: wrong.does for wrong in self._material.wrong(name)}
        return found["example"], next((known[title] for title in found["like"]), None)


def _words(problem):
    """An error of a test without its kind, if that says nothing."""
    return problem.removeprefix(_ASSERTED).strip()
