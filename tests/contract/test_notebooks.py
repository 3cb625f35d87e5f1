"""Every lesson's stored notebook follows the rules a program can check."""

import ast
import pathlib
import re

from lessons import catalog
from lessons.toolkit.notebook import check, source

ROOT = pathlib.Path(__file__).parents[2]


def test_the_stored_notebook_follows_the_rules(lesson):
    assert check.problems(source.text_path(lesson)) == []


def test_lessons_is_imported_first_so_that_tensorflow_starts_in_silence(lesson):
    tree = ast.parse(source.text_path(lesson).read_text(encoding="utf-8"))
    first = next(n for n in tree.body if isinstance(n, (ast.Import, ast.ImportFrom)))
    names = [getattr(first, "module", None), *(alias.name for alias in first.names)]
    assert names[0] and names[0].startswith("lessons")


def test_title_and_prerequisites_are_those_of_the_catalog(lesson):
    path = source.text_path(lesson)
    text = path.read_text(encoding="utf-8")
    assert f"\n# # {lesson.title}\n" in text
    box = text.partition("**Prerequisites.**")[2].partition("\n# >\n")[0]
    links = dict(re.findall(r"\[`(\w+)`\]\(([^)]*\.ipynb)\)", box))
    assert set(lesson.prerequisites) <= set(links)
    for slug, link in links.items():
        target = (path.parent / link).resolve()
        assert target == (ROOT / catalog.find(slug).notebook).resolve()


def test_the_tour_follows_the_rules_and_shows_every_written_lesson():
    path = source.text_path(catalog.START_HERE)
    assert check.problems(path) == []
    stored = path.with_suffix(".ipynb").read_text(encoding="utf-8")
    missing = [x.slug for x in catalog.ready() if f"{x.slug}.ipynb" not in stored]
    assert not missing, "run `make notebooks LESSON=start_here`"


def test_what_a_notebook_shows_is_public(lesson):
    tree = ast.parse(source.text_path(lesson).read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        called = node.func if isinstance(node, ast.Call) else None
        if isinstance(called, ast.Name) and called.id == "show_source":
            shown = " ".join(ast.unparse(argument) for argument in node.args)
            assert not re.search(r"\._(?!_)", shown), shown
