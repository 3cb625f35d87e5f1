"""Feedback pages that do not show the hidden tests.

nbgrader's feedback page is the graded notebook, hidden tests included. `HideTests` is a
preprocessor for `GenerateFeedback`: it takes the hidden regions out of every cell of
tests, and of what such a cell printed it keeps only hints, that is, sentences that the
instructor wrote into the cell as text.
"""

import ast
import builtins
import functools
import inspect

from nbconvert.preprocessors import Preprocessor
from traitlets import Bool

from lessons.grading import exercise
from lessons.grading.watched import watched

_SHORTEST_HINT = 15  # characters: shorter texts in a test are names, not sentences


class HideTests(Preprocessor):
    """Remove hidden tests, and every output of theirs but the hints."""

    enabled = Bool(True).tag(config=True)  # nbconvert's default is False

    def preprocess_cell(self, cell, resources, index):
        """Clean one cell; others than cells of tests stay as they are."""
        meta = cell.metadata.get("nbgrader", {})
        if cell.cell_type != "code" or not meta.get("grade"):
            return cell, resources
        hints = _hints(cell.source)
        cell.outputs = [
            _hint_only(output, hints)
            for output in cell.outputs
            if output.output_type == "error"
        ]
        cell.source = _without_hidden(cell.source)
        return cell, resources


def _without_hidden(source):
    lines, inside = [], False
    for line in source.splitlines():
        inside = inside or exercise.BEGIN_HIDDEN in line
        if not inside:
            lines.append(line)
        inside = inside and exercise.END_HIDDEN not in line
    return "\n".join(lines)


def _hints(source):
    """The sentences of a cell of tests, longest first."""
    texts = _texts(source) | _texts_of_watched()
    return sorted((t for t in texts if len(t) >= _SHORTEST_HINT), key=len, reverse=True)


def _texts(source):
    return {
        node.value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


@functools.cache
def _texts_of_watched():
    """What is said for every exercise; see `watched`."""
    return _texts(inspect.getsource(watched))


def _hint_only(output, hints):
    """The error with its message replaced by the hint that it contains, if any.

    The rest of a message or traceback may hold hidden inputs, put there by the answer.
    """
    known = isinstance(getattr(builtins, output.ename, None), type)
    output.ename = output.ename if known else "Error"
    output.evalue = next((hint for hint in hints if hint in output.evalue), "")
    output.traceback = [f"{output.ename}: {output.evalue}".removesuffix(": ")]
    return output
