"""The graded notebook, as nbgrader's formgrader and feedback read it."""

import base64
import copy
import json

from lessons.grading.records import neutral, prose
from lessons.grading.records import results as judged

REASON = "This submission could not be graded"
_KEY = "lessons_text"  # in a cell's metadata: digest of the answer that is shown


def shown(path):
    """Digests of the answers that a graded notebook shows, by grade id.

    Args:
        path: of the notebook; a missing or a strange one shows nothing.
    """
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        found = [(cell, cell["metadata"]) for cell in cells]
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    digests = {}
    for cell, meta in found:
        name = (meta.get("nbgrader") or {}).get("grade_id")
        source = cell.get("source", "")
        text = source if isinstance(source, str) else "".join(source)
        if name:  # plain nbgrader shows the text as it was handed in
            digests[name] = meta.get(_KEY) or judged.digest([text])
    return digests


def build(master, planned, results, reason=None, digests=None):
    """The instructor's notebook with answers and results.

    Args:
        master: a `master.Master`.
        planned: list of `plan.Planned`.
        results: for each of them a result of the host, or None.
        reason: why it could not be graded, or None.
        digests: of the answers, by grade id; see `results.digests`.

    Returns:
        A notebook. A cell of tests holds an error, a number or nothing, from which
        nbgrader reads the points. Nothing of the student's is active in it.
    """
    from nbformat import v4

    notebook = v4.new_notebook(metadata=copy.deepcopy(master.graded.metadata))
    notebook.nbformat_minor = 5
    if reason:
        text = prose.markdown(f"**{REASON}:** {neutral.words(reason)}")
        notebook.cells.append(v4.new_markdown_cell(text, id="reason"))
    for number, (cell, result) in enumerate(zip(planned, results, strict=True)):
        if cell.kind == "extra":
            made = v4.new_code_cell(neutral.plain(cell.source))
        else:
            made = copy.deepcopy(master.by_name.get(cell.name, cell.cell))
        made["id"] = f"cell-{number}"
        if digests and cell.name in digests:
            made.metadata[_KEY] = digests[cell.name]
        if cell.kind == "answer" and not cell.missing:
            made.source = neutral.plain(cell.source)
        elif cell.kind == "written" and not cell.missing:
            # An untouched answer keeps its checksum: nbgrader then says "No response."
            if made.source != cell.source:
                made.source = prose.markdown(cell.source)
        if made.cell_type == "code":
            made.outputs = _outputs(cell, result) if result else []
            made.execution_count = None
        notebook.cells.append(made)
    return notebook


def _outputs(cell, result):
    from nbformat import v4

    outputs = []
    text = neutral.plain(result.get("text", ""))
    if text and cell.kind in ("answer", "extra"):
        outputs.append(v4.new_output("stream", name="stdout", text=text))
    for picture in result.get("pictures", ()):
        data = base64.b64encode(bytes.fromhex(picture)).decode()
        outputs.append(v4.new_output("display_data", {"image/png": data}))
    if result.get("error"):
        outputs.append(_error(result["error"]))
    elif cell.kind == "tests" and 0 < result["score"] < cell.points:
        data = {"text/plain": repr(result["score"])}
        outputs.append(v4.new_output("execute_result", data))
    elif cell.kind == "tests" and result["score"] == 0:
        outputs.append(_error("Error: no points"))
    return outputs


def _error(text):
    from nbformat import v4

    text = neutral.plain(text)
    name, _, message = text.partition(": ")
    if not name.isidentifier():
        name, message = "Error", text
    return v4.new_output("error", ename=name, evalue=message, traceback=[text])
