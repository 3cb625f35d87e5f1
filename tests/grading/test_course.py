"""Building, releasing and checking exercises, on a small course made here."""

import contextlib
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys
import textwrap

import pytest

from lessons.grading import answers, check, course, exercise, setup_cell
from lessons.toolkit.errors import UserError

CONFIG = pathlib.Path(__file__).parents[2] / "course" / "nbgrader_config.py"
SOURCE = textwrap.dedent(
    """
    # %% [markdown]
    # # Doubling

    # %% nbgrader={"grade_id": "setup", "locked": true}
    import math

    # %% [markdown]
    # ## Question 1: `double` (2 points)

    # %% nbgrader={"grade_id": "double", "solution": true}
    def double(x):
        ### BEGIN SOLUTION
        secret_sum = x + x
        return secret_sum
        ### END SOLUTION

    # %% nbgrader={"grade_id": "double_tests", "grade": true, "points": 2}
    assert double(1) == 2, "one and one are two"
    ### BEGIN HIDDEN TESTS
    assert double(21) == 42, "a hidden sentence about doubling"
    ### END HIDDEN TESTS

    # %% [markdown]
    # ## Question 2: why? (1 point)

    # %% [markdown] nbgrader={"grade_id": "why", "grade": true, "solution": true, "points": 1}
    # ### BEGIN SOLUTION
    # Because the marking guide says so.
    # ### END SOLUTION
    """  # noqa: E501
).lstrip()
RIGHT = '"""Right."""\n\n\ndef double(x):\n    return {}\n'
WRONG = '"""Wrong."""\n\n# loses: double\n\n\ndef double(x):\n    return {}\n'


@pytest.fixture
def small(tmp_path):
    """A course with one exercise, `doubling`, and its answers."""
    root = tmp_path / "course"
    (root / "exercises").mkdir(parents=True)
    (root / "exercises" / "doubling.py").write_text(SOURCE)
    folder = root / "answers" / "doubling"
    folder.mkdir(parents=True)
    (folder / "right_1.py").write_text(RIGHT.format("2 * x"))
    (folder / "right_2.py").write_text(RIGHT.format("x + x"))
    (folder / "wrong_square.py").write_text(WRONG.format("x * x"))
    shutil.copy(CONFIG, root)
    return root


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


def test_check_tells_right_answers_from_wrong_ones(small):
    outcomes = {outcome.answer: outcome for outcome in check.check(small, "doubling")}
    points = {name: outcome.points["double"] for name, outcome in outcomes.items()}
    assert points == {"stub": 0, "right_1": 2, "right_2": 2, "wrong_square": 0}
    assert all(outcome.as_expected for outcome in outcomes.values())
    assert "one and one" in outcomes["wrong_square"].messages["double"]


def test_check_reports_a_wrong_answer_that_is_accepted(small, capsys):
    wrong = small / "answers" / "doubling" / "wrong_lucky.py"
    wrong.write_text(WRONG.format("x + x"))
    assert course.main(["--course", str(small), "check"]) == 1
    printed = capsys.readouterr().out
    assert "wrong_lucky" in printed and "NOT AS EXPECTED" in printed


def test_check_reports_a_wrong_answer_that_only_the_visible_tests_reject(small):
    wrong = small / "answers" / "doubling" / "wrong_small.py"
    wrong.write_text(WRONG.format("42 if x == 21 else 0"))
    (outcome,) = check.check(small, "doubling", only=["wrong_small"])
    assert outcome.points == outcome.expected
    assert outcome.unseen == "double"
    assert not outcome.as_expected


def test_an_answer_that_ends_its_process_gets_nothing(small):
    wrong = small / "answers" / "doubling" / "wrong_exit.py"
    wrong.write_text(WRONG.format("__import__('os')._exit(0)"))
    (outcome,) = check.check(small, "doubling", only=["wrong_exit"])
    assert outcome.points == {"double": 0}
    assert "ended early" in outcome.messages["double"]


def test_an_answer_that_does_not_end_is_stopped_with_all_it_started(small):
    mark = f"60.{os.getpid()}"  # seconds, and how to find the process again
    wrong = small / "answers" / "doubling" / "wrong_late.py"
    wrong.write_text(WRONG.format(f"__import__('os').system('sleep {mark}')"))
    notebook = exercise.read(small / "exercises" / "doubling.py")
    known = answers.load(small, "doubling", exercise.questions(notebook))
    with check.Runner() as runner:
        filled = {each.name: answers.fill(notebook, each) for each in known}
        results = runner.run(filled, timeout=2)
    assert results["wrong_late"] == {}
    assert results["right_1"]["double_tests"] is None
    assert not [words for words in command_lines() if mark.encode() in words]


def command_lines():
    """The words of all processes, where there is a /proc."""
    for path in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):  # it has just ended
            yield path.read_bytes()


def test_an_answer_sees_nothing_of_what_another_one_did(small):
    text = """import math

assert not hasattr(math, "used"), "another answer's process"
math.used = open("used", "x")  # fails in another answer's folder


def double(x):
    return 2 * x
"""
    for name in ("right_3", "right_4"):
        (small / "answers" / "doubling" / f"{name}.py").write_text(text)
    outcomes = check.check(small, "doubling", only=["right_3", "right_4"])
    assert [outcome.points["double"] for outcome in outcomes] == [2, 2]
    assert not list(small.rglob("used")) and not os.path.exists("used")


def test_a_module_that_starts_threads_is_refused(small, monkeypatch):
    module = small / "threads_at_once.py"
    module.write_text(
        "import threading, time\n"
        "threading.Thread(target=time.sleep, args=(60,), daemon=True).start()\n"
    )
    path = small / "exercises" / "doubling.py"
    path.write_text(
        SOURCE.replace("import math", "import math\nimport threads_at_once")
    )
    monkeypatch.setenv("PYTHONPATH", str(small))
    with pytest.raises(UserError, match="threads_at_once.* starts threads"):
        check.check(small, "doubling")


def test_a_test_cell_that_leaves_a_number_fails_the_check(small):
    path = small / "exercises" / "doubling.py"
    path.write_text(SOURCE.replace("### END HIDDEN", "double(1)\n### END HIDDEN"))
    (outcome,) = check.check(small, "doubling", only=["right_1"])
    assert "PartialCreditError" in outcome.messages["double"]


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("wrong_mute.py", "def double(x):\n    return 0\n", "# loses: QUESTION"),
        ("wrong_other.py", "# loses: triple\n", "Allowed: double"),
        ("right_3.py", "x = 1\n", "missing: ['double']"),
    ],
)
def test_an_unsound_answer_file_is_refused(small, name, text, message):
    (small / "answers" / "doubling" / name).write_text(text)
    notebook = exercise.read(small / "exercises" / "doubling.py")
    with pytest.raises(UserError) as caught:
        answers.load(small, "doubling", exercise.questions(notebook))
    assert name in str(caught.value) and message in str(caught.value)


def test_one_right_answer_is_not_enough(small):
    (small / "answers" / "doubling" / "right_2.py").unlink()
    with pytest.raises(UserError, match="at least 2 needed"):
        check.check(small, "doubling")


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
