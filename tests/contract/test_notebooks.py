"""Every lesson's stored notebook follows the rules a program can check."""

import ast

from lessons.toolkit.notebook import check, source


def test_the_stored_notebook_follows_the_rules(lesson):
    assert check.problems(source.text_path(lesson)) == []


def test_lessons_is_imported_first_so_that_tensorflow_starts_in_silence(lesson):
    tree = ast.parse(source.text_path(lesson).read_text(encoding="utf-8"))
    first = next(n for n in tree.body if isinstance(n, (ast.Import, ast.ImportFrom)))
    names = [getattr(first, "module", None), *(alias.name for alias in first.names)]
    assert names[0] and names[0].startswith("lessons")
