"""What practice knows of an exercise: its questions, hints, answers and mistakes."""

import copy
import dataclasses
import functools
import pathlib
import re

import lessons
from lessons.grading import answers, exercise
from lessons.grading.trusted import plan
from lessons.toolkit.errors import UserError, unknown

WRITTEN_STUB = "YOUR ANSWER HERE"
KEY = "lessons"  # metadata of a practice notebook
_FIRST = """\
# Practice: check, hint, solution

Write an answer, run its cell, then run the cell with `check`. It runs the visible tests
and the hidden ones, in a process of its own, and says in words what holds and the first
thing that does not. `hint("NAME")` gives the next hint of a question;
`solution("NAME")` shows the model answer once you have checked an answer of your own.
`lessons progress` shows how far you are."""
_BEGIN = """\
from lessons.practice import practice

check, hint, solution = practice("{slug}")"""
_CHECK = """\
check("{name}")
# hint("{name}")
# solution("{name}")"""
_JUDGE = """\
# When your text is written: what a marker would look for, to judge it yourself.
# solution("{name}")"""


@dataclasses.dataclass(frozen=True)
class Wrong:
    """A mistake that is known.

    Attributes:
        name: of its file, such as "wrong_kl_log_variance".
        source: text of the function.
        does: what it does, after "one that", without a full stop.
    """

    name: str
    source: str
    does: str


def course_directory(path=None):
    """The course whose exercises are practised: `path`, or that of this checkout.

    Raises:
        UserError: there is none.
    """
    if path is not None:
        return exercise.course_directory(path)
    checkout = pathlib.Path(lessons.__file__).resolve().parents[2]
    for folder in (checkout, pathlib.Path.cwd().parent):  # the second: a release
        if (folder / "course" / "exercises").is_dir():
            return folder / "course"
    try:
        return exercise.course_directory()
    except UserError:
        raise UserError(
            "no exercises here: they are in the project's folder and not in the "
            "installed package. Allowed: install the package from a checkout, or "
            "--course DIR with a folder that holds exercises/SLUG.py."
        ) from None


class Material:
    """One exercise.

    Args:
        slug: its name.
        course: the course's directory; by default that of this checkout.

    Attributes:
        notebook: the instructor's, with solutions and hidden tests.
        questions: dictionary from names to `exercise.Question`, in order.
    """

    def __init__(self, slug, course=None):
        self.slug, self._course = slug, course_directory(course)
        self._path = exercise.source_path(self._course, slug)
        self.notebook = exercise.read(self._path)
        found = exercise.questions(self.notebook)
        self.questions = {question.name: question for question in found}

    def question(self, name):
        """A question by its name; an unknown one is a `UserError`."""
        if name not in self.questions:
            raise unknown("question", name, self.questions)
        return self.questions[name]

    @functools.cached_property
    def hints(self):
        """Hints by question, see `exercise.hints`."""
        return exercise.hints(self._path)

    def modules(self):
        """What the exercise and its answers import."""
        sources = [
            answer.source for name in self.questions for answer in self.wrong(name)
        ]
        names = plan.imported(sources)
        own = {name for name in names if name.partition(".")[0] != "lessons"}
        return sorted({*plan.imports(self.notebook), *own})

    def cell(self, name):
        """The cell of a grade id."""
        return next(c for c in self.notebook.cells if c.id == name)

    def model_answer(self, name):
        """The text between the marks of a solution: code, or a marking guide."""
        source = self.cell(name).source
        if not self.question(name).written:
            marks = (exercise.BEGIN_SOLUTION, exercise.END_SOLUTION)
            lines = [line for line in source.splitlines() if line.strip() not in marks]
            return "\n".join(lines).strip("\n")
        _, _, rest = source.partition(exercise.BEGIN_SOLUTION)
        return rest.partition(exercise.END_SOLUTION)[0].strip("\n")

    def tests(self, name):
        """The visible and the hidden tests of a question, each a whole cell."""
        visible, hidden = exercise.split_tests(self.cell(name + exercise.TESTS).source)
        watch = re.findall(rf"^{name} = watched\(.*\)$", visible, re.MULTILINE)
        return visible, "\n".join([*watch, hidden])

    def right(self, name):
        """The text of the first right answer of `course/answers`, else the solution."""
        for answer in self._answers:
            if answer.loses is None and name in answer.sources:
                return answer.sources[name]
        return self.model_answer(name)

    def wrong(self, name):
        """The known mistakes of a question, a list of `Wrong`."""
        found = [answer for answer in self._answers if answer.loses == name]
        return [
            Wrong(each.name, each.sources[name], each.does[:1].lower() + each.does[1:])
            for each in found
        ]

    @functools.cached_property
    def _answers(self):
        if not (self._course / "answers" / self.slug).is_dir():
            return ()
        asked = tuple(self.questions.values())
        found = answers.load(self._course, self.slug, asked)
        return tuple(answer for answer in found if answer.sources)

    def stub(self, name):
        """The cell of an answer as a learner gets it."""
        if self.question(name).written:
            return WRITTEN_STUB
        return answers.stub(self.cell(name).source)

    def for_practice(self):
        """The learner's notebook: no solution, no hidden test, a check per question."""
        import nbformat

        made = copy.deepcopy(self.notebook)
        made.metadata[KEY] = {"practice": self.slug}
        make = nbformat.v4
        cells = [
            made.cells[0],
            make.new_markdown_cell(_FIRST, id="practice"),
            make.new_code_cell(_BEGIN.format(slug=self.slug), id="begin"),
        ]
        for cell in made.cells[1:]:
            name = (cell.metadata.get("nbgrader") or {}).get("grade_id", "")
            asked = name.removesuffix(exercise.TESTS)
            if name in self.questions:
                cell.source = self.stub(name)
            elif asked in self.questions:
                cell.source = shown(cell.source)
            cells.append(cell)
            if asked in self.questions and (
                name != asked or self.questions[name].written
            ):
                text = _JUDGE if name == asked else _CHECK
                source = text.format(name=asked)
                cells.append(make.new_code_cell(source, id=f"check-{asked}"[:64]))
        made.cells = cells
        return made


def shown(source):
    """A cell of tests without the hidden ones."""
    visible, _ = exercise.split_tests(source)
    comment = "# Hidden tests are added here when the notebook is handed in."
    return visible.replace(comment, "").rstrip("\n")
