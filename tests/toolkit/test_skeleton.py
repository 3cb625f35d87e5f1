"""The skeleton of a lesson runs, and does not pass for a lesson."""

import os
import pathlib
import shutil
import subprocess
import sys

import pytest

from lessons import catalog
from lessons.toolkit import skeleton
from lessons.toolkit.errors import UserError

ROOT = pathlib.Path(__file__).parents[2]
PLANNED = next(lesson for lesson in catalog.LESSONS if not lesson.ready)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """A copy of what a new lesson needs, with a new lesson in it."""
    root = tmp_path_factory.mktemp("checkout")
    leave = shutil.ignore_patterns("__pycache__", "results.json")
    shutil.copytree(ROOT / "src", root / "src", ignore=leave)
    for name in ("contract", "conftest.py"):
        kind = shutil.copytree if name == "contract" else shutil.copy
        (root / "tests").mkdir(exist_ok=True)
        kind(ROOT / "tests" / name, root / "tests" / name)
    shutil.copy(ROOT / "pyproject.toml", root)
    done = run(root, "-m", "lessons", "new", PLANNED.unit, PLANNED.slug)
    assert done.returncode == 0, done.stderr
    assert f"lessons run {PLANNED.slug}" in done.stdout
    return root


def run(root, *arguments):
    """Python in the copy, with the copy's package."""
    return subprocess.run(
        [sys.executable, *map(str, arguments)],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root / "src")},
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_file_of_a_lesson_is_there(checkout):
    package = checkout / "src" / "lessons" / PLANNED.unit / PLANNED.slug
    names = {path.name for path in package.glob("*.*")}
    assert {"config.py", "paper.py", "theory.py", "model.py", "experiment.py"} <= names
    assert "results.json" in names
    assert (checkout / PLANNED.notebook).with_suffix(".py").is_file()
    assert (checkout / PLANNED.exercise).is_file()
    for path in checkout.rglob(f"*{PLANNED.slug}*"):
        if path.is_file():
            assert "@slug@" not in path.read_text()


def test_it_runs_and_its_own_tests_pass(checkout):
    done = run(checkout, "-m", "lessons", "run", PLANNED.slug, "--preset", "smoke")
    assert done.returncode == 0, done.stderr
    folder = pathlib.Path("tests", PLANNED.unit, PLANNED.slug)
    done = run(checkout, "-m", "pytest", "-q", folder)
    assert done.returncode == 0, done.stdout


def test_the_contract_says_what_is_missing(checkout):
    done = run(checkout, "-m", "pytest", "-q", "tests/contract", "-k", PLANNED.slug)
    assert done.returncode == 1
    for name in ("everything_beside_the_package", "recorded_runs_feed"):
        assert f"FAILED tests/contract/test_lessons.py::test_{name}" in done.stdout
    assert (
        "test_public_things_are_documented" not in done.stdout.partition("=== short")[2]
    )


def test_its_code_keeps_the_style(checkout):
    for what in (["check"], ["format", "--check"]):
        done = run(checkout, "-m", "ruff", *what, "src", "tests", "notebooks", "course")
        assert done.returncode == 0, done.stdout


def test_its_exercise_is_sound(checkout):
    from lessons.grading import exercise

    notebook = exercise.read(checkout / PLANNED.exercise)
    assert [q.points for q in exercise.questions(notebook)] == [2, 1]


def test_nothing_is_written_over(checkout):
    with pytest.raises(UserError, match="is there already"):
        skeleton.write(checkout, PLANNED.unit, PLANNED.slug)


@pytest.mark.parametrize(
    ("unit", "slug", "message"),
    [
        ("poetry", PLANNED.slug, "unit"),
        (PLANNED.unit, "sonnets", "the catalog has no row 'sonnets'"),
        ("control", PLANNED.slug, "has no row"),
    ],
)
def test_what_the_catalog_does_not_name_is_refused(checkout, unit, slug, message):
    with pytest.raises(UserError, match=message):
        skeleton.write(checkout, unit, slug)


def test_another_folder_is_refused(tmp_path):
    with pytest.raises(UserError, match="is no checkout"):
        skeleton.write(tmp_path, PLANNED.unit, PLANNED.slug)
    assert not list(tmp_path.iterdir())
