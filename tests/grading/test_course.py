"""Building, releasing and checking exercises, on a small course made here."""

import hashlib
import os
import shutil
import subprocess
import sys

import pytest

from lessons.grading import course, exercise, setup_cell
from lessons.toolkit.errors import UserError
from tests.grading.doubling import SOURCE


def run(root, *arguments):
    """The command line in a process of its own; nbgrader's warnings stay there."""
    command = [sys.executable, "-m", "lessons.grading.course", "--course", root]
    return subprocess.run(
        [*map(str, command), *arguments], capture_output=True, text=True, check=False
    )


def digests(root):
    return {
        path.relative_to(root): hashlib.sha256(path.read_bytes()).hexdigest()
        for folder in ("source", "release")
        for path in (root / folder).rglob("*.*")
    }


def test_building_twice_gives_identical_bytes_and_leaves_no_other_file(small):
    assert run(small, "build").returncode == 0
    first = digests(small)
    shutil.rmtree(small / "release")
    os.remove(small / "gradebook.db")
    course.build(small, "doubling")
    assert digests(small) == first
    assert set(map(str, first)) == {
        f"{folder}/doubling/doubling.ipynb" for folder in ("source", "release")
    }


def test_cell_ids_do_not_move_when_another_cell_is_added(small):
    path = small / "exercises" / "doubling.py"
    before = [cell["id"] for cell in exercise.read(path).cells]
    path.write_text("# %% [markdown]\n# New first cell\n" + SOURCE)
    assert [cell["id"] for cell in exercise.read(path).cells][1:] == before


def test_metadata_left_out_is_completed_and_accepted_by_nbgrader(small):
    notebook = exercise.read(small / "exercises" / "doubling.py")
    found = {
        cell.metadata["nbgrader"]["grade_id"]: cell.metadata["nbgrader"]
        for cell in notebook.cells
        if "nbgrader" in cell.metadata
    }
    assert found["double_tests"] == {
        "grade": True,
        "grade_id": "double_tests",
        "locked": True,
        "points": 2,
        "schema_version": 3,
        "solution": False,
        "task": False,
    }
    assert (found["double"]["locked"], found["setup"]["locked"]) == (False, True)
    assert exercise.questions(notebook) == (
        exercise.Question("double", 2, False),
        exercise.Question("why", 1, True),
    )


def test_the_first_cell_refuses_the_lesson_and_nothing_else():
    code = setup_cell.complete("import math", "vae")
    assert code.index("import math") < code.index("sys.meta_path")
    script = (
        code
        + """
for name in ("lessons.autoencoders.vae.theory", "lessons.autoencoders", "colorsys"):
    try:
        __import__(name)
    except ModuleNotFoundError as error:
        print(error)
"""
    )
    answer = subprocess.run([sys.executable, "-c", script], capture_output=True)
    refused = "lessons.autoencoders.vae cannot be imported in its own exercise."
    assert answer.stdout.decode().splitlines() == [refused]
    assert "meta_path" not in setup_cell.complete("import math", "no_lesson")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"points": 2', '"points": 3', "gives 2 points, its metadata 3"),
        ('"points": 2', '"points": 0', "positive whole number of points, got 0"),
        ('"points": 2', '"points": 2, "locked": false', "must be locked"),
        ('"points": 2', '"points": 2, "pionts": 2', "unknown nbgrader fields"),
        ('"double_tests"', '"double"', "'double' is used 2 times"),
        ('"double_tests"', '"other_tests"', "no cell of tests named 'double_tests'"),
        ('"grade_id": "why", ', "", "no grade_id"),
        ('"setup", "locked": true', '"setup"', "first code cell must be locked"),
        ("    ### END SOLUTION", "", "without '### END SOLUTION'"),
        ("### BEGIN HIDDEN TESTS\n", "", "without"),
        ("    ### BEGIN SOLUTION", "    ### BEGIN", "has no '### BEGIN SOLUTION'"),
        ("### END HIDDEN", "0.5\n### END HIDDEN", "which nbgrader reads as points"),
        (
            '"double", "solution": true',
            '"double", "locked": true',
            "which is not a solution cell",
        ),
    ],
)
def test_an_unsound_source_is_refused_with_the_reason(small, old, new, message):
    path = small / "exercises" / "doubling.py"
    assert old in SOURCE
    path.write_text(SOURCE.replace(old, new))
    with pytest.raises(UserError, match="doubling.py") as caught:
        exercise.read(path)
    assert message in str(caught.value)


def test_secrets_are_the_lines_that_stand_nowhere_else(small):
    notebook = exercise.read(small / "exercises" / "doubling.py")
    lines = {line for line in exercise.secrets(notebook) if not line.startswith("###")}
    assert lines == {
        "secret_sum = x + x",
        "return secret_sum",
        'assert double(21) == 42, "a hidden sentence about doubling"',
        "Because the marking guide says so.",
    }


def test_a_release_that_shows_a_secret_or_holds_another_file_is_found(small, tmp_path):
    notebook = exercise.read(small / "exercises" / "doubling.py")
    released = tmp_path / "released"
    exercise.write(notebook, released / "doubling.ipynb")
    (released / "doubling.py").write_text("")
    found = exercise.leaks(notebook, released)
    assert "file doubling.py" in found
    assert "doubling.ipynb: secret_sum = x + x" in found
    assert any("a hidden sentence" in leak for leak in found)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["build", "doublin"], "Did you mean 'doubling'?"),
        (["--course", "nowhere", "build"], "no course in nowhere"),
    ],
)
def test_bad_input_is_one_line_and_status_2(small, arguments, message, capsys):
    options = [] if "--course" in arguments else ["--course", str(small)]
    assert course.main([*options, *arguments]) == 2
    error = capsys.readouterr().err
    assert message in error and error.count("\n") == 1
