"""The authoring check: each answer in a process of its own, the tests in two halves."""

import contextlib
import os
import pathlib

import pytest

from lessons.grading import answers, check, course, exercise
from lessons.toolkit.errors import UserError
from tests.grading.doubling import SOURCE, WRONG


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
    assert results["wrong_late"] == {"late": "it took longer than 2 seconds"}
    late = next(answer for answer in known if answer.name == "wrong_late")
    outcome = check.outcome(late, exercise.questions(notebook), results[late.name])
    assert outcome.messages == {"double": "it took longer than 2 seconds"}
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


def test_a_test_of_nothing_fails_in_the_check_as_it_does_in_the_grader(small):
    source = small / "exercises" / "doubling.py"
    text = source.read_text().replace("import math", "import numpy as np")
    line = 'assert double(21) == 42, "a hidden sentence about doubling"'
    for several in ("[1:]", "[3:]"):  # two numbers are left to compare, or none
        tested = f"assert np.allclose(double(np.zeros(3)){several}, 0)"
        source.write_text(text.replace(line, tested))
        (outcome,) = check.check(small, "doubling", only=["right_1"])
        assert outcome.points["double"] == (2 if several == "[1:]" else 0)
    assert "AssertionError" in outcome.messages["double"]


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


def test_a_runner_whose_process_is_gone_says_so(small):
    notebook = exercise.read(small / "exercises" / "doubling.py")
    with check.Runner() as runner:
        assert runner.run({"mine": notebook})["mine"]["double_tests"] is None
        runner.close()
        assert runner.run({"mine": notebook})["mine"]["double_tests"] is None
        runner._process.kill()
        runner._process.wait()
        with pytest.raises(UserError, match="cannot be run: the process ended"):
            runner.run({"mine": notebook})
