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
FIELDS = "unit", "slug", "title", "paper"
PLANNED = catalog.Lesson("vision", "not_yet", "A planned lesson", "Nobody 1900")


@pytest.fixture(autouse=True)
def _planned(monkeypatch):
    """A lesson that the catalog names and nobody has written."""
    monkeypatch.setattr(catalog, "LESSONS", (*catalog.LESSONS, PLANNED))


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """A copy of what a new lesson needs, with a new lesson in it."""
    root = tmp_path_factory.mktemp("checkout")
    leave = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "src", root / "src", ignore=leave)
    shutil.copytree(ROOT / "tests" / "contract", root / "tests" / "contract")
    shutil.copytree(ROOT / "scripts", root / "scripts", ignore=leave)
    for path in (ROOT / "tests").glob("*.py"):
        if not path.name.startswith("test_"):
            shutil.copy(path, root / "tests")
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, root)
    table = root / "src" / "lessons" / "catalog.py"
    row = ", ".join(f'"{getattr(PLANNED, name)}"' for name in FIELDS)
    text = table.read_text(encoding="utf-8")
    text = text.replace("LESSONS = (\n", f"LESSONS = (\n    Lesson({row}),\n", 1)
    table.write_text(text, encoding="utf-8")
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
    roles = "config paper variants theory model evaluation experiment figures".split()
    assert {f"{role}.py" for role in roles} <= names
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


def test_the_tables_hold_it_before_and_after_runs_are_recorded(checkout):
    for unrecorded in (True, False):
        done = run(checkout, "-m", "lessons", "results")
        assert done.returncode == 0, done.stderr
        lines = (checkout / "README.md").read_text().splitlines()
        (row,) = [line for line in lines if PLANNED.title in line and "|" in line]
        assert ("not recorded" in row) == unrecorded
        done = run(checkout, "-m", "lessons", "results", "--check")
        assert done.returncode == 0, done.stderr
        if unrecorded:
            sweep = ["sweep", PLANNED.slug, "--seeds", "0", "--record"]
            done = run(checkout, "-m", "lessons", *sweep)
            assert done.returncode == 0, done.stderr


def test_its_facts_have_a_page_on_the_site(checkout):
    code = (
        "from docs.website import lesson_pages; from lessons import catalog; "
        f"print(lesson_pages._facts(catalog.find({PLANNED.slug!r}), 'no claims yet'))"
    )
    shutil.copytree(ROOT / "docs", checkout / "docs", dirs_exist_ok=True)
    done = run(checkout, "-c", code)
    assert done.returncode == 0, done.stderr
    assert "Test accuracy on digits" in done.stdout


def test_its_notebook_runs_and_its_figures_say_what_they_show(checkout):
    """Only rules are broken that a template cannot keep, such as four figures."""
    done = run(checkout, "-m", "lessons.toolkit.notebook", "refresh", PLANNED.slug)
    (checkout / PLANNED.notebook).unlink(missing_ok=True)  # the next tests miss it
    said = [line for line in done.stdout.splitlines() if line.startswith(PLANNED.slug)]
    assert len(said) == 2, done.stdout + done.stderr
    assert "wrote" in said[0] and "2 figures, expected 4 to 9" in said[1]


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
