"""Mutants of the right answers: do the hidden tests of an exercise notice mistakes?

`check` runs the wrong answers that somebody thought of. Here a program makes some: each
right answer is changed in one place (`mutation_operators`), and the hidden tests alone
must reject the result. A mutant that they accept is either right after all, then it is
listed with the reason in course/answers/SLUG/equivalent.toml,

    [[equivalent]]
    question = "sharpen"
    reason = "..."
    changes = [["right_1", "the line before", "the line after"]]

or a test is missing. `course/answers/mutation.json` holds the counts of the last whole
run and a digest of what ran.
"""

import dataclasses
import hashlib
import json
import random
import tomllib

from lessons.grading import answers, check, exercise
from lessons.grading.mutation_make import Mutant, mutants
from lessons.grading.run_cells import LATE
from lessons.grading.trusted import plan
from lessons.toolkit.errors import UserError

BATCH = 32  # mutants between two lines of progress
MEMORY = 6 << 30  # bytes for one mutant, with what it shares with all others
TIMES = 10  # CPU time a mutant may take, relative to the right answer


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What happened to the mutants of one exercise.

    Attributes:
        mutants: how many ran.
        killed: how many the hidden tests reject; `late` of them by the limit on time.
        equivalent: how many survive and are listed with a reason.
        survivors: the other ones.
        stale: keys that are listed, but are no survivors.
    """

    mutants: int
    killed: int
    late: int
    equivalent: int
    survivors: tuple[Mutant, ...]
    stale: tuple[tuple[str, str, str], ...]

    @property
    def clean(self):
        """Whether there is nothing to do."""
        return not self.survivors and not self.stale


class Exercise:
    """One exercise with the mutants of its right answers.

    Args:
        course: the course's directory.
        slug: the exercise.
    """

    def __init__(self, course, slug):
        self.course, self.slug = course, slug
        notebook = exercise.read(exercise.source_path(course, slug))
        questions = exercise.questions(notebook)
        self.questions = tuple(q.name for q in questions if not q.written)
        paths = sorted((course / "answers" / slug).glob("right_*.py"))
        self.texts = {path.stem: path.read_text(encoding="utf-8") for path in paths}
        self.modules = sorted({*plan.imports(notebook), *self._imported()})
        self._cells = [*check.code_cells(notebook)]
        self.mutants = tuple(
            mutant
            for stem, text in self.texts.items()
            for mutant in mutants(stem, text, self.questions)
        )

    def _imported(self):
        names = plan.imported(self.texts.values())
        return {name for name in names if name.partition(".")[0] != "lessons"}

    def cells(self, answer, text, questions):
        """What runs: locked cells, answers to some questions, and their tests."""
        sources = answers.read(text, answer, self.questions).sources
        for cell in self._cells:
            question = (cell["name"] or "").removesuffix(check.HIDDEN)
            question = question.removesuffix(exercise.TESTS)
            if question in questions:
                answering = question == cell["name"]
                yield cell | {"source": sources[question]} if answering else cell
            elif question not in self.questions:
                yield cell

    def digest(self):
        """A digest of all that decides about the mutants but the first cell."""
        seen = [mutant.key for mutant in self.mutants]
        seen += [c["source"] for c in self._cells if c["name"] != "setup"]
        seen += [sorted(self.listed())]
        return hashlib.sha256(json.dumps(seen).encode()).hexdigest()[:16]

    def listed(self):
        """Keys of the mutants that are said to be right, with the reasons.

        Raises:
            UserError: the file is not as it should be.
        """
        path = self.course / "answers" / self.slug / "equivalent.toml"
        if not path.exists():
            return {}
        found = {}
        for entry in tomllib.loads(path.read_text(encoding="utf-8"))["equivalent"]:
            if set(entry) != {"question", "reason", "changes"} or not entry["reason"]:
                raise UserError(
                    f"{self.slug}/equivalent.toml: an entry has {sorted(entry)}. "
                    "Allowed: question, reason, changes."
                )
            for change in entry["changes"]:
                found[tuple(change)] = entry["reason"]
        return found

    def sample(self, count, seed):
        """`count` of the mutants, chosen by chance; `seed` is a number or a text."""
        chosen = random.Random(seed).sample(range(len(self.mutants)), count)
        return [self.mutants[index] for index in sorted(chosen)]


def run(subject, chosen, runner, progress=None):
    """Run mutants against the hidden tests of their questions.

    Args:
        subject: an `Exercise`.
        chosen: those of its mutants that are to run.
        runner: a `check.Runner`.
        progress: function of how many mutants have run, and of how many.

    Returns:
        An `Outcome`.

    Raises:
        UserError: a right answer is not accepted as it is.
    """
    limits = _limits(subject, chosen, runner)
    killed, late, survivors = 0, 0, []
    for start in range(0, len(chosen), BATCH):
        batch = chosen[start : start + BATCH]
        # Mutants with the same limit run together.
        for most in sorted({limits[m.answer, m.questions] for m in batch}):
            alike = [m for m in batch if limits[m.answer, m.questions] == most]
            alive, stopped = _run(subject, alike, runner, most)
            survivors += alive
            late += stopped
            killed += len(alike) - len(alive)
        if progress:
            progress(start + len(batch), len(chosen))
    return _outcome(subject, chosen, killed, late, survivors)


def _run(subject, chosen, runner, most):
    """(survivors, how many were stopped) of mutants with one limit of CPU seconds."""
    cells = {
        str(number): [*subject.cells(mutant.answer, mutant.text, mutant.questions)]
        for number, mutant in enumerate(chosen)
    }
    answer = runner.run_cells(
        cells, subject.modules, 60 + 20 * most, {"cpu": most, "memory": MEMORY}
    )
    alive, stopped = [], 0
    for number, mutant in enumerate(chosen):
        results = answer["results"][str(number)]
        if _accepted(results, mutant.questions):
            alive.append(mutant)
        used = answer["seconds"][str(number)]
        stopped += LATE in results or (not results and used > most - 1)
    return alive, stopped


def _limits(subject, chosen, runner):
    """CPU seconds that the mutants of an answer and its questions may take."""
    kinds = sorted({(mutant.answer, mutant.questions) for mutant in chosen})
    cells = {
        str(number): [*subject.cells(stem, subject.texts[stem], questions)]
        for number, (stem, questions) in enumerate(kinds)
    }
    answer = runner.run_cells(cells, subject.modules)
    limits = {}
    for number, (stem, questions) in enumerate(kinds):
        results = answer["results"][str(number)]
        if not _accepted(results, questions):
            raise UserError(
                f"{subject.slug}: {stem} is not accepted as it is: {results}. "
                "Run `check` first."
            )
        limits[stem, questions] = int(2 + TIMES * answer["seconds"][str(number)])
    return limits


def _accepted(results, questions):
    """Whether the hidden tests alone accept the answers to these questions."""
    cells = [f"{question}{exercise.TESTS}{check.HIDDEN}" for question in questions]
    return all(results.get(cell, "no result") is None for cell in cells)


def _outcome(subject, chosen, killed, late, survivors):
    listed = subject.listed()
    keys = {mutant.key for mutant in survivors}
    made = {mutant.key for mutant in chosen}
    whole = len(chosen) == len(subject.mutants)
    stale = [key for key in listed if (key in made or whole) and key not in keys]
    left = tuple(mutant for mutant in survivors if mutant.key not in listed)
    return Outcome(
        len(chosen), killed, late, len(survivors) - len(left), left, tuple(stale)
    )
