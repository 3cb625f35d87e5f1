"""Hints help, and say nothing that would answer a question."""

import re

import pytest

from lessons.grading import exercise
from lessons.practice.material import Material, course_directory
from lessons.toolkit.errors import UserError

SLUGS = exercise.slugs(course_directory())
_LEAST = 9  # letters and signs of a line of code that tells something


def _code(text):
    return "".join(text.split())


@pytest.mark.parametrize("slug", SLUGS)
def test_every_question_has_hints_that_hold_no_line_of_the_solution(slug):
    material = Material(slug)
    for name, question in material.questions.items():
        if question.written:
            assert name not in material.hints
            continue
        hints = material.hints[name]
        solution = material.model_answer(name)
        _, _, body = solution.rpartition('"""')
        lines = {_code(line) for line in body.splitlines()}
        lines = {line for line in lines if len(line) >= _LEAST}
        assert lines, name
        for hint in hints:
            assert len(hint.split()) >= 5, f"{name}: {hint}"
            assert re.match("[A-Z`$]", hint), f"{name}: {hint}"
            shown = [line for line in lines if line in _code(hint)]
            assert not shown, f"{name}: a hint holds {shown}"


def _with(tmp_path, hints):
    source = (course_directory() / "exercises" / "vae.py").read_text(encoding="utf-8")
    source = re.sub(r"# %% \[markdown\] hints=.*?(?=\n# %%)", "", source, flags=re.S)
    path = tmp_path / "vae.py"
    path.write_text(source + hints, encoding="utf-8")
    return path


def test_hints_of_an_unknown_question_or_too_few_are_refused(tmp_path):
    path = _with(tmp_path, '\n# %% [markdown] hints="nothing"\n# 1. One.\n# 2. Two.\n')
    with pytest.raises(UserError, match="hints for 'nothing'. Allowed: one cell each"):
        exercise.hints(path)
    path = _with(tmp_path, '\n# %% [markdown] hints="rescale"\n# 1. Only one.\n')
    with pytest.raises(UserError, match="1 hints for 'rescale'. Allowed: a numbered"):
        exercise.hints(path)


def test_no_notebook_of_a_course_has_hints(tmp_path):
    path = _with(tmp_path, '\n# %% [markdown] hints="rescale"\n# 1. One.\n# 2. Two.\n')
    assert exercise.hints(path) == {"rescale": ("One.", "Two.")}
    text = "\n".join(cell.source for cell in exercise.read(path).cells)
    assert "1. One." not in text
