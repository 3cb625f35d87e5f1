"""Running the instructor's cells of tests, and what their outcome is worth."""

import ast
import contextlib
import io

from lessons.grading.trusted import syntax
from lessons.grading.trusted.comparisons import strict_comparisons


def execute(step, space):
    """Run an instructor's cell; returns the value of its last line."""
    name = f"<{step['kind']}>"
    tree = ast.parse(step["source"], name)
    last = tree.body[-1] if tree.body else None
    with contextlib.redirect_stdout(io.StringIO()), strict_comparisons():
        if not isinstance(last, ast.Expr):
            exec(compile(tree, name, "exec"), space)
            return None
        tree.body.pop()
        exec(compile(tree, name, "exec"), space)
        return eval(compile(ast.Expression(last.value), name, "eval"), space)


def described(error, source):
    """An error of a cell of tests in words.

    Of an assertion without a sentence the text is given, if students can see it.
    """
    text = str(error)
    if not text and isinstance(error, NotImplementedError):
        text = "not answered"
    if not text and isinstance(error, AssertionError):
        lines = [frame.tb_lineno for frame in _frames(error) if _is_test(frame)]
        text = syntax.visible_assertions(source).get(lines[-1] if lines else 0, "")
    return f"{type(error).__name__}: {text}"


def _frames(error):
    frame = error.__traceback__
    while frame is not None:
        yield frame
        frame = frame.tb_next


def _is_test(frame):
    return frame.tb_frame.f_code.co_filename == "<tests>"


def points(value, most):
    """(points, problem) of the value a cell of tests leaves, as nbgrader reads it."""
    if value is None or isinstance(value, (bool, str)):
        return most, None
    try:
        value = float(value)
    except (TypeError, ValueError):
        return most, None
    if not 0 <= value <= most:
        return 0, f"the test gives {value:g} of {most:g} points"
    return value, None


def take_lower(result, other):
    """Of two runs of a cell of tests the lower score counts, and is marked."""
    if "score" not in result or result["score"] == other["score"]:
        return
    higher = max(result["score"], other["score"])
    if other["score"] < result["score"]:
        result.update(other)
    said = f"two runs gave {result['score']:g} and {higher:g} points: the lower counts"
    result["twice"] = said
