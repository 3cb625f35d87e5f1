"""`check`, `hint` and `solution` of one exercise, as a practice notebook has them."""

import atexit
import sys

from lessons.grading.trusted import intake, syntax
from lessons.practice import judge
from lessons.practice.material import Material
from lessons.toolkit import diary
from lessons.toolkit.errors import UserError

_OWN = ("practice", "check", "hint", "solution")


def practice(slug, *, course=None):
    """Begin to practise an exercise in a notebook.

    Args:
        slug: the exercise, such as "vae".
        course: the course's directory; by default that of this checkout.

    Returns:
        The functions (check, hint, solution), each of a question's name.

    Raises:
        UserError: there is no such exercise.
    """
    session = Session(Material(slug, course))
    atexit.register(session.close)
    return session.check, session.hint, session.solution


class Session:
    """One exercise being practised.

    Args:
        material: its `Material`, kept under this name.
        cells: function that gives the learner's cells, a list of `intake.Cell`; by
            default those that this notebook has run.
        isolated: see `judge.Judge`.
    """

    def __init__(self, material, cells=None, isolated=None):
        self.material = material
        self._cells = cells or (lambda: executed(material))
        self._isolated, self._judge = isolated, None

    def close(self):
        """End the processes that run answers."""
        if self._judge is not None:
            self._judge.close()
            self._judge = None

    def check(self, question):
        """Run the visible and the hidden tests of a question, and say what they find.

        Args:
            question: its name.

        Raises:
            UserError: there is no such question, or a person would mark it.
        """
        print("\n".join(self.verdict(question).lines()))

    def verdict(self, question):
        """As `check`, but returns the `judge.Verdict`; progress is kept."""
        if self.material.question(question).written:
            raise UserError(
                f"{question} is answered in words, which no test can judge. Allowed: "
                f'solution("{question}"), the guide that a marker has.'
            )
        if self._judge is None:
            self._judge = judge.Judge(self.material, self._isolated)
            if not self._judge.isolated:
                print("This machine cannot isolate: your answer runs with your rights.")
        found = self._judge.judge(self._cells(), question)
        if found.state != judge.OPEN:
            passed = found.state == judge.PASSED
            diary.tried(self.material.slug, question, passed)
        return found

    def hint(self, question):
        """Show the next hint of a question; after the last one, all of them."""
        text, number, total = self.next_hint(question)
        _show(f"**Hint {number} of {total}.** {text}")

    def next_hint(self, question):
        """The next hint as (text, its number, how many there are)."""
        self.material.question(question)
        hints = self.material.hints.get(question, ())
        if not hints:
            raise UserError(f"{question} has no hints.")
        number = diary.hinted(self.material.slug, question, len(hints))
        return hints[number - 1], number, len(hints)

    def solution(self, question):
        """Show the model answer, once an answer of one's own was checked.

        Raises:
            UserError: there was none yet.
        """
        _show(self.model_answer(question))

    def model_answer(self, question):
        """The model answer or the marking guide, as Markdown."""
        asked = self.material.question(question)
        text = self.material.model_answer(question)
        if asked.written:
            return text
        if not diary.of(self.material.slug).get(question, {}).get("tries"):
            raise UserError(
                f"the solution of {question} is shown once you have checked an answer "
                f'of your own. Allowed before: hint("{question}").'
            )
        diary.shown(self.material.slug, question)
        return f"```python\n{text}\n```"


def executed(material):
    """What the notebook has run, as cells: the last text of each definition.

    Args:
        material: the `Material`; its own cells are left out.
    """
    from IPython import get_ipython

    shell = get_ipython()
    if shell is None:
        raise UserError(
            "check runs in a notebook. Allowed elsewhere: lessons check FILE."
        )
    history = shell.history_manager.input_hist_raw[1:]
    return [intake.Cell("code", text, None, None) for text in last(history, material)]


def last(history, material):
    """Of all texts that were run those that still count, in order.

    Args:
        history: texts of cells, in the order in which they ran.
        material: the `Material`.
    """
    known = {" ".join(c.source.split()) for c in material.for_practice().cells}
    kept, later = [], set()
    for text in reversed(history):
        names = set(syntax.defined(text)) | syntax.imported([text])
        own = " ".join(text.split()) in known  # tests, set-up, a stub
        if own or not names or names <= later or set(_OWN) & names:
            continue
        later |= names
        kept.append(text)
    return kept[::-1]


def _show(text):
    """Show Markdown in a notebook, plain text elsewhere."""
    if "IPython" in sys.modules:
        from IPython import display, get_ipython

        if get_ipython() is not None:
            display.display(display.Markdown(text))
            return
    print(text)
