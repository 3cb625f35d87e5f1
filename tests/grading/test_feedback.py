"""Feedback pages show what was wrong and nothing of the hidden tests."""

from nbformat import v4

from lessons.grading import exercise
from lessons.grading.feedback import HideTests

SOURCE = f"""assert f(1) == 1, "f of one must be one"
{exercise.BEGIN_HIDDEN}
assert f(123456) == 7, "f of a large number must be seven"
{exercise.END_HIDDEN}"""


def clean(outputs, grade=True):
    cell = v4.new_code_cell(SOURCE, outputs=outputs)
    cell.metadata["nbgrader"] = {"grade": grade, "grade_id": "f_tests"}
    cell, _ = HideTests().preprocess_cell(cell, {}, 0)
    return cell


def error(name, message):
    return v4.new_output(
        "error", ename=name, evalue=message, traceback=["f(123456)", message]
    )


def test_hidden_tests_and_printed_text_are_removed():
    printed = v4.new_output("stream", name="stdout", text="called with 123456")
    cell = clean([printed, v4.new_output("execute_result", {"text/plain": "123456"})])
    assert cell.outputs == []
    assert "123456" not in cell.source
    assert "f(1) == 1" in cell.source


def test_the_hint_of_a_failed_test_is_kept():
    message = "f of a large number must be seven"
    (output,) = clean([error("AssertionError", message)]).outputs
    assert output.traceback == [f"AssertionError: {message}"]


def test_a_message_written_by_the_answer_is_dropped():
    (output,) = clean([error("ValueError", "I was called with 123456")]).outputs
    assert (output.evalue, output.traceback) == ("", ["ValueError"])


def test_an_error_type_made_by_the_answer_is_not_named():
    (output,) = clean([error("Called_with_123456", "")]).outputs
    assert output.ename == "Error" and output.traceback == ["Error"]


def test_other_cells_are_left_alone():
    (output,) = clean([error("ValueError", "mine: 123456")], grade=False).outputs
    assert output.evalue == "mine: 123456"
