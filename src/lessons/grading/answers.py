"""Answers the tests must accept or reject, and how they are put into a notebook.

`course/answers/SLUG/right_*.py` solves every question. `wrong_*.py` holds only what is
wrong and says in a comment line which question it must lose:

    # loses: gaussian_kl

Every other function then comes from the first right answer. An answer may give its text
for the written question as a string named WRITTEN.
"""

import ast
import copy
import dataclasses
import re

from lessons.grading import exercise
from lessons.toolkit.errors import UserError

_LOSES = re.compile(r"^# loses: (\w+)$", re.MULTILINE)
STUB = "stub"


@dataclasses.dataclass(frozen=True)
class Answer:
    """One answer file.

    Attributes:
        name: the file's stem, such as "wrong_kl_log_variance".
        loses: the question it must lose; None for a right answer.
        sources: text of each question it answers, by question.
        written: text for the written question, or None.
        does: the first sentence of its text, what it does; empty if there is none.
    """

    name: str
    loses: str | None
    sources: dict[str, str]
    written: str | None = None
    does: str = ""

    def expected(self, questions):
        """Points this answer must get, by question; the written one is left out."""
        return {
            question.name: 0
            if self.name == STUB or question.name == self.loses
            else question.points
            for question in questions
            if not question.written
        }


def load(course, slug, questions):
    """All answers of an exercise: the untouched stub, the right, the wrong ones.

    Raises:
        UserError: there are fewer than two right answers, or a file does not say what
            it loses, or leaves out what it must hold.
    """
    names = [question.name for question in questions if not question.written]
    directory = course / "answers" / slug
    right = [_read(path, names) for path in sorted(directory.glob("right_*.py"))]
    wrong = [_read(path, names) for path in sorted(directory.glob("wrong_*.py"))]
    if len(right) < 2:
        raise UserError(
            f"answers/{slug}: {len(right)} right answers, at least 2 needed."
        )
    base = right[0]
    wrong = [
        dataclasses.replace(answer, sources=base.sources | answer.sources)
        for answer in wrong
    ]
    return (Answer(STUB, None, {}), *right, *wrong)


def _read(path, names):
    return read(path.read_text(encoding="utf-8"), path.stem, names)


def read(text, stem, names):
    """One answer from its text.

    Args:
        text: Python source.
        stem: the answer's name; one that begins with "right" must solve everything.
        names: the questions' names, without the written one.

    Returns:
        An `Answer`.

    Raises:
        UserError: it does not say what it loses, or leaves out what it must hold.
    """
    tree = ast.parse(text)
    shared, functions, written = [], {}, None
    about = ast.get_docstring(tree) or ""
    does = " ".join(about.partition("\n\n")[0].split()).removesuffix(".")
    for node in tree.body[1 if about else 0 :]:
        segment = ast.get_source_segment(text, node)
        target = node.targets[0] if isinstance(node, ast.Assign) else None
        if isinstance(node, ast.FunctionDef) and node.name in names:
            functions[node.name] = segment
        elif isinstance(target, ast.Name) and target.id == "WRITTEN":
            written = ast.literal_eval(node.value)
        else:
            shared.append(segment)
    # Each cell gets the file's imports and helpers, so that each can stand alone.
    sources = {
        name: "\n\n\n".join(["\n".join(shared), segment] if shared else [segment])
        for name, segment in functions.items()
    }
    loses = _LOSES.findall(text)
    if stem.startswith("right"):
        missing = [name for name in names if name not in sources]
        if missing or loses:
            raise UserError(
                f"{stem}.py must answer every question; missing: {missing}."
            )
        return Answer(stem, None, sources, written, does)
    if len(loses) != 1 or loses[0] not in sources:
        raise UserError(
            f"{stem}.py must hold one line '# loses: QUESTION' and that function. "
            f"Allowed: {', '.join(names)}."
        )
    return Answer(stem, loses[0], sources, written, does)


def fill(notebook, answer):
    """A copy of `notebook` in which the solution cells hold the answer.

    Args:
        notebook: the released notebook (to submit) or the instructor's (to check).
        answer: what to write; a question it does not answer keeps the stub.
    """
    filled = copy.deepcopy(notebook)
    for cell in filled.cells:
        meta = cell.metadata.get("nbgrader", {})
        if not meta.get("solution"):
            continue
        if cell.cell_type == "markdown":
            cell.source = answer.written or cell.source
        elif meta["grade_id"] in answer.sources:
            cell.source = answer.sources[meta["grade_id"]]
        else:
            cell.source = stub(cell.source)
    return filled


def stub(source):
    """The cell as it is released: nbgrader's stub in place of the solution."""

    def replace(match):
        return "\n".join(match["indent"] + line for line in exercise.STUB.splitlines())

    region = rf"^(?P<indent> *){exercise.BEGIN_SOLUTION}.*?{exercise.END_SOLUTION}"
    return re.sub(region, replace, source, flags=re.DOTALL | re.MULTILINE)
