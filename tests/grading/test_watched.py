"""What every question promises is held for all calls: `watched`, where it stands."""

import copy

import nbformat
import numpy as np
import pytest

from lessons.grading import check, exercise, setup_cell
from lessons.grading.feedback import HideTests
from lessons.grading.watched import watched
from tests.grading import small_course
from tests.grading.doubling import SOURCE, WRONG


def add_one(x):
    x += 1
    return x


def spoil_list(layers):
    layers[0][...] = 0
    return 1.0


def drop_last(layers):
    layers.pop()
    return 1.0


def spoil_dictionary(grads):
    grads["a"] = grads["a"] * 2
    return 1.0


@pytest.mark.parametrize(
    ("function", "argument"),
    [
        (add_one, np.ones(3)),
        (add_one, np.array([np.nan, 1.0])),
        (spoil_list, [np.ones(2), np.ones(3)]),
        (spoil_list, (np.ones(2), np.ones(3))),
        (drop_last, [np.ones(2), np.ones(3)]),
        (spoil_dictionary, {"a": np.ones(2)}),
    ],
)
@pytest.mark.parametrize("by_name", [False, True])
def test_a_changed_argument_is_an_error_at_once(function, argument, by_name):
    name, argument = function.__code__.co_varnames[0], copy.deepcopy(argument)
    with pytest.raises(AssertionError, match="do not change the arrays") as caught:
        if by_name:
            watched(function)(**{name: argument})
        else:
            watched(function)(argument)
    assert f"argument {name if by_name else 1}" in str(caught.value)


def test_arguments_that_stay_and_generators_that_move_are_no_error():
    def draw(rng, x, layers, flag):
        return rng.random(3) + x + layers[0] if flag else None

    rng, x = np.random.default_rng(0), np.array([np.nan, 0.0, -0.0])
    seen = watched(draw, axes=1)
    seen(rng, x, [np.ones(3), draw], True)
    seen.held()


@pytest.mark.parametrize(
    ("result", "axes", "words"),
    [
        (
            np.ones((1, 3)),
            1,
            r"promised: the result has the shape \(1, 3\), not 1 axis",
        ),
        (np.float64(1), 1, r"the shape \(\), not 1 axis"),
        (np.ones(1), 0, r"the shape \(1,\), not a number"),
        (np.ones(2), 3, r"the shape \(2,\), not 3 axes"),
        ((np.ones(2), np.ones((1, 2))), [1, 1], r"part 1 of the result has the shape"),
        (np.ones(2), [1, 1], "part 0 of the result"),
        (
            (np.ones(2),),
            [1, 1],
            "other parts than promised: the result has 1 parts, not 2",
        ),
        ((0.0, (np.ones(2), 0.0)), [0, [1, 1]], "part 1 of part 1 of the result"),
        ({"W": np.ones(2)}, {"W": 2}, "part W of the result has the shape"),
        ({}, {"W": 2}, "another form than promised: it is a dict"),
        ([np.ones(2), 1.0], "each 1", "part 1 of the result has the shape"),
        (np.ones((2, 3)), "like 1", r"the shape \(2, 3\), not 1 axis"),
        (None, [1, 1], "another form than promised: it is a NoneType"),
        (np.ones(2, np.float32), 1, "the result must be float64"),
        ((0.0, {"a": np.ones(2, np.float16)}), None, "the result must be float64"),
    ],
)
def test_a_result_of_another_form_is_held_at_the_end(result, axes, words):
    function = watched(lambda x: result, axes)
    assert function(np.ones(4)) is result
    with pytest.raises(AssertionError, match=words):
        function.held()


@pytest.mark.parametrize(
    ("result", "axes"),
    [
        ([1.0, 2.0], 1),
        (3, 0),
        (np.array(3.0), 0),
        (np.ones((2, 3)), [1, 1]),
        ([np.ones(2), np.ones(3)], "each 1"),
        ([], "each 1"),
        (np.zeros(4), "like 1"),
        ({"a": 1.0}, None),
        (np.ones(2, int), 1),
    ],
)
def test_a_result_of_the_form_promised_is_held(result, axes):
    function = watched(lambda x: result, axes)
    function(np.ones(4))
    function.held()


def test_float32_may_come_back_where_it_was_given():
    function = watched(lambda x: 2 * x, 1)
    function(np.ones(2, np.float32))
    function.held()
    function(np.ones(2))
    function.held()


def test_what_is_no_function_stays_and_nothing_is_watched_twice():
    assert watched(3) == 3
    inner = watched(len)
    assert watched(inner).watches is len
    with pytest.raises(KeyError):
        watched({}.__getitem__)("missing")


def test_every_cell_of_tests_watches_its_question_from_first_to_last_line(small):
    path = small / "exercises" / "doubling.py"
    path.write_text(SOURCE.replace('"points": 2', '"points": 2, "axes": 0'))
    cell = small_course.named(exercise.read(path), "double_tests")
    visible, hidden = exercise.split_tests(cell.source)
    assert visible.splitlines()[1] == "double = watched(double, axes=0)"
    assert visible.rstrip().endswith("double.held()")
    assert hidden.rstrip().endswith("double.held()")
    (outcome,) = check.check(small, "doubling", only=["right_1"])
    assert outcome.points == {"double": 2}
    wrong = small / "answers" / "doubling" / "wrong_row.py"
    wrong.write_text(WRONG.format("__import__('numpy').array([2 * x])"))
    (outcome,) = check.check(small, "doubling", only=["wrong_row"])
    assert outcome.as_expected
    assert "other axes than promised" in outcome.messages["double"]


def test_a_cell_that_says_nothing_of_axes_may_end_with_points():
    notebook = small_course.source()
    cell = small_course.named(notebook, "total_tests")
    assert exercise.split_tests(cell.source)[1].rstrip().endswith("\npoints()")
    assert "total = watched(total)\n" in cell.source
    first = next(cell for cell in notebook.cells if cell.cell_type == "code")
    assert "def watched(function, axes=None):" in first.source


def test_watching_keeps_the_comment_before_the_hidden_tests_last():
    text = "check()\n\n\n# Hidden tests follow.\n### BEGIN HIDDEN TESTS\nmore()\n"
    cell = setup_cell.watch(text + "### END HIDDEN TESTS", "f", [1, 0])
    assert cell.split("\n\n\n")[-1].startswith("# Hidden tests follow.\n### BEGIN")
    assert "f = watched(f, axes=[1, 0])" in cell


def test_feedback_shows_what_was_said_for_all_exercises_and_nothing_of_the_call():
    notebook = small_course.source()
    cell = small_course.named(notebook, "double_tests")
    text = "do not change the arrays and lists that you are given"
    message = f"{text} (argument 1) secret"
    cell.outputs = [
        nbformat.v4.new_output("error", ename="AssertionError", evalue=message)
    ]
    cell, _ = HideTests().preprocess_cell(cell, {}, 0)
    assert cell.outputs[0].traceback == [f"AssertionError: {text}"]
