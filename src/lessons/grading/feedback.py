"""Feedback pages that do not show the hidden tests.

nbgrader's feedback page is the graded notebook, hidden tests included. `HideTests` is a
preprocessor for `GenerateFeedback`: it takes the hidden regions out of every cell of
tests, and of what such a cell printed it keeps only sentences that the instructor wrote
into the cell as text.
"""

import builtins

from nbconvert.preprocessors import Preprocessor
from traitlets import Bool

from lessons.grading import exercise, sentences


class HideTests(Preprocessor):
    """Remove hidden tests, and of their output all but the instructor's sentences."""

    enabled = Bool(True).tag(config=True)  # nbconvert's default is False

    def preprocess_cell(self, cell, resources, index):
        """Clean one cell; others than cells of tests stay as they are."""
        meta = cell.metadata.get("nbgrader", {})
        if cell.cell_type != "code" or not meta.get("grade"):
            return cell, resources
        known = sentences.of(cell.source)
        cell.outputs = [
            _sentence_only(output, known)
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


def _sentence_only(output, known):
    """The error with its message replaced by the sentence that it contains, if any.

    The rest of a message or traceback may hold hidden inputs, put there by the answer.
    """
    builtin = isinstance(getattr(builtins, output.ename, None), type)
    output.ename = output.ename if builtin else "Error"
    output.evalue = sentences.found(output.evalue, known)
    output.traceback = [f"{output.ename}: {output.evalue}".removesuffix(": ")]
    return output
