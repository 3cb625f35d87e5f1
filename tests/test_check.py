"""`make test` runs the right commands, in order, and stops at the first failure."""

import importlib
import os
import pathlib
import subprocess
import sys

import pytest

from lessons import catalog
from lessons.toolkit.errors import UserError

ROOT = pathlib.Path(__file__).resolve().parents[1]
CONTRACT, CURRENT = "tests/contract", "--nbval-current-env"


@pytest.fixture
def check(monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "scripts")
    for name in ("check", "costs"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    return importlib.import_module("check")


@pytest.fixture
def course(check, tmp_path, monkeypatch):
    """A checkout with one written lesson, its tests and its notebook."""
    lesson = catalog.LESSONS[0]
    monkeypatch.setattr(check, "ROOT", tmp_path)
    monkeypatch.setattr(check.catalog, "ready", lambda: (lesson,))
    for folder in (f"tests/{lesson.unit}/{lesson.slug}", "tests/contract"):
        (tmp_path / folder).mkdir(parents=True)
    notebook = tmp_path / lesson.notebook
    notebook.parent.mkdir(parents=True)
    notebook.touch()
    return lesson


def test_first_failure_ends_the_run_with_its_status(check):
    script = "import sys; sys.exit({})"
    commands = [["-c", script.format(status)] for status in (0, 3, 4)]
    assert check.run(commands) == 3


def test_commands_see_the_environment_that_stored_outputs_need(check):
    code = "import os; assert os.environ['LESSONS_PROGRESS'] == 'off'"
    assert check.run([["-c", code]]) == 0


def test_every_run_has_its_own_list_of_fonts(check, tmp_path, monkeypatch):
    monkeypatch.setenv("MPLCONFIGDIR", str(tmp_path))
    code = """import os, pathlib
folder = pathlib.Path(os.environ["MPLCONFIGDIR"])
assert folder != pathlib.Path(%r)
assert any(folder.glob("fontlist*.json")), "not made before the first command"
import matplotlib.font_manager as fonts
fonts.findfont("STIXGeneral", fallback_to_default=False)"""
    assert check.run([["-c", code % str(tmp_path)]]) == 0


@pytest.mark.parametrize("status", [0, 5])
def test_what_the_tests_cost_is_printed_also_after_a_failure(
    check, capsys, monkeypatch, status
):
    monkeypatch.setenv("PYTHONPATH", "elsewhere")
    code = f"""import json, os, sys
assert os.environ["PYTHONPATH"].endswith("scripts" + os.pathsep + "elsewhere")
with open(os.environ["LESSONS_COSTS"], "a") as file:
    print(json.dumps(["tests/autoencoders/vae/test_vae.py::test_it", 61.6]), file=file)
sys.exit({status})"""
    assert check.run([["-c", code], ["-c", code]]) == status
    last = capsys.readouterr().out.splitlines()[-4:]
    seconds = "62" if status else "123"
    assert [line.split() for line in last[1:3]] == [
        ["vae", seconds, "0", "0", seconds + "*"],
        ["total", seconds, "0", "0", seconds],
    ]


def test_without_tests_there_is_no_table(check, capsys):
    check.run([["-c", ""]])
    assert capsys.readouterr().out.splitlines() == ["$ python -c "]


def test_one_lesson_means_its_tests_and_its_notebook(check, course):
    *lint, command = check.commands(course, 2)
    assert [each[1:3] for each in lint] == [["ruff", "check"], ["ruff", "format"]]
    own = f"tests/{course.unit}/{course.slug}"
    assert command[-5:] == ["--lesson", course.slug, course.notebook, own, CONTRACT]
    assert check.commands(course, 2, "notebooks")[0][-2:] == [CURRENT, course.notebook]
    assert course.notebook not in check.commands(course, 2, "tests")[0]
    assert check.commands(course, 2, "lint") == lint


def test_everything_means_all_tests_and_all_notebooks(check, course):
    (check.ROOT / "notebooks" / "start_here.ipynb").touch()
    copies = check.ROOT / "notebooks" / ".ipynb_checkpoints"
    copies.mkdir()
    (copies / "start_here-checkpoint.ipynb").touch()
    command = check.commands(None, 3)[-1]
    both = [course.notebook, "notebooks/start_here.ipynb"]
    assert command[-4:] == [CURRENT, *both, "tests"]
    assert command[command.index("-n") + 1] == "3"


def test_written_lesson_without_a_notebook_is_a_failure(check, course):
    (check.ROOT / course.notebook).unlink()
    with pytest.raises(UserError, match=f"make notebooks LESSON={course.slug}"):
        check.commands(None, 2)


def test_unknown_lesson_is_refused_before_anything_runs(check, capsys, monkeypatch):
    monkeypatch.setattr(check.subprocess, "call", pytest.fail)
    assert check.main(["no_such_lesson"]) == 2
    assert "unknown lesson 'no_such_lesson'" in capsys.readouterr().err


SUITE = {
    "tests/conftest.py": (ROOT / "tests" / "conftest.py").read_text(),
    "tests/contract/test_contract.py": """
def test_contract(lesson): assert lesson.ready
def test_of_no_lesson(): pass
""",
    "tests/{unit}/{slug}/test_own.py": "def test_own(): pass",
    "tests/toolkit/test_toolkit.py": "def test_toolkit(): pass",
}


@pytest.mark.parametrize(("option", "passed"), [([], 4), (["--lesson", "{slug}"], 2)])
def test_lesson_option_leaves_that_lessons_tests(tmp_path, option, passed):
    (lesson, *others) = catalog.ready()
    names = {"unit": lesson.unit, "slug": lesson.slug}
    for name, text in SUITE.items():
        path = tmp_path / name.format(**names)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    result = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"]
        + [part.format(**names) for part in option],
        cwd=tmp_path,
        env=os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},  # they take seconds
        capture_output=True,
        text=True,
    )
    expected = passed if option else passed + len(others)
    assert f"{expected} passed" in result.stdout, result.stdout
