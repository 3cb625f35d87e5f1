"""From the text source of a notebook to a notebook without outputs, and cell facts."""

import ast
import hashlib
import re
from pathlib import Path

import lessons
from lessons import catalog
from lessons.toolkit.errors import UserError

# What an author writes for programs in a text source, and no learner needs to see.
_NBVAL = re.compile(r"^# (NBVAL_\w+)[^\n]*\n?", re.MULTILINE)
_ISORT = re.compile(r"^# isort: split\n", re.MULTILINE)
_ATTACHED = re.compile(r"!\[([^\]]*)\]\(attachment:([^)\s]+)\)")
_HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*\s*$", re.MULTILINE)

METADATA = {
    "kernelspec": {
        "display_name": "Python 3 (ipykernel)",
        "language": "python",
        "name": "python3",
    },
    # The kernel reports its Python's patch version here too; it would make the file
    # differ from machine to machine.
    "language_info": {
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "name": "python",
        "pygments_lexer": "ipython3",
    },
}


def root():
    """The root of the checkout: the folder that holds `notebooks`.

    Raises:
        UserError: neither the package's checkout nor the current folder has one.
    """
    checkout = Path(lessons.__file__).parents[2]
    for folder in (checkout, Path.cwd()):
        if (folder / "notebooks").is_dir():
            return folder
    raise UserError(
        "no folder 'notebooks' here. Allowed: run this in a checkout of Lessons."
    )


def text_path(lesson):
    """Path of the text source of a lesson, or of the tour."""
    return root() / Path(lesson.notebook).with_suffix(".py")


def select(slugs):
    """The notebooks called `slugs`, or all: the tour and every lesson that is written.

    Raises:
        UserError: a slug is unknown or planned.
    """
    tour = catalog.START_HERE
    chosen = [tour if slug == tour.slug else catalog.find(slug) for slug in slugs]
    first = (tour,) if text_path(tour).is_file() else ()
    return tuple(chosen) or (*first, *catalog.ready())


def build(path):
    """The notebook of a text source in jupytext's py:percent format.

    Args:
        path: the text source.

    Returns:
        An `nbformat` notebook without outputs. Its cell ids depend on the cells'
        content only, so that building twice gives equal files and inserting a cell
        leaves the other ids alone.

    Raises:
        UserError: the file cannot be read.
    """
    import jupytext
    import nbformat

    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"cannot read the text source {path}: {error}.") from error
    notebook = jupytext.reads(text, fmt="py:percent")
    notebook.metadata = nbformat.from_dict(METADATA)
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    seen = {}
    for cell in notebook.cells:
        _mark(cell)
        content = f"{cell.cell_type}\n{cell.source}"
        seen[content] = seen.get(content, 0) + 1
        digest = hashlib.sha256(f"{content}\n{seen[content]}".encode())
        cell.id = digest.hexdigest()[:12]
    return notebook


def _mark(cell):
    """Turn comments for programs into tags, where no reader meets them.

    nbval reads `nbval-ignore-output` as it reads `# NBVAL_IGNORE_OUTPUT`; where imports
    may not be sorted concerns the text source alone.
    """
    if cell.cell_type != "code":
        return
    marks = [name.lower().replace("_", "-") for name in _NBVAL.findall(cell.source)]
    if marks:
        cell.metadata["tags"] = [*tags(cell), *marks]
    cell.source = _ISORT.sub("", _NBVAL.sub("", cell.source)).strip("\n")


def tags(cell):
    """The tags of a cell."""
    return cell.metadata.get("tags", [])


def prose(cell):
    """The Markdown of a cell, with the pictures that are attached to it inside."""
    attached = cell.get("attachments", {})

    def embedded(match):
        kinds = attached.get(match[2], {})
        for kind, data in kinds.items():
            return f"![{match[1]}](data:{kind};base64,{data})"
        return ""  # a notebook that has not been executed

    return _ATTACHED.sub(embedded, cell.source)


def tree(cell):
    """The syntax tree of a cell; magics become ordinary calls."""
    from IPython.core.inputtransformer2 import TransformerManager

    try:
        return ast.parse(TransformerManager().transform_cell(cell.source))
    except SyntaxError:  # the cell cannot have been executed: another rule tells
        return ast.Module(body=[], type_ignores=[])


def alt_text(output):
    """What an output says its picture shows, or "" if it says nothing.

    `lessons.toolkit.figures.show` gives a picture its `Figure.alt` as plain text. A
    text in angle brackets is Python's own description of an object: it says nothing.
    """
    text = output.data.get("text/plain", "").strip()
    return "" if text.startswith("<") else text


def describe(notebook):
    """Give each cell the alternative text of its picture, where the website reads it.

    Args:
        notebook: an executed notebook; changed in place.
    """
    for cell in notebook.cells:
        cell.metadata.pop("mystnb", None)
    for cell, output, _ in images(notebook):
        cell.metadata["mystnb"] = {"image": {"alt": alt_text(output)}}


def headings(cell):
    """The headings of a markdown cell, without their marks."""
    if cell.cell_type != "markdown":
        return []
    prose = re.sub(r"^```.*?^```", "", cell.source, flags=re.MULTILINE | re.DOTALL)
    return _HEADING.findall(prose)


def titles(notebook):
    """A short name for every cell: its section, or its first line of code."""
    section, fresh, result = "", False, []
    for cell in notebook.cells:
        found = headings(cell)
        if found:
            section, fresh = found[-1], True
        if cell.cell_type == "code":
            line = _first_line(cell.source)
            result.append(section if fresh and section else line)
            fresh = False
        else:
            result.append(section)
    return result


def _first_line(code):
    for line in code.splitlines():
        line = line.strip()
        if line and not line.startswith("%"):
            return line.lstrip("# ")
    return "(empty)"


def outputs(cell, *kinds):
    """The outputs of a cell whose type is one of `kinds` (all without kinds)."""
    if cell.cell_type != "code":
        return []
    return [o for o in cell.outputs if not kinds or o.output_type in kinds]


def images(notebook):
    """Every picture of a notebook as (cell, output, type), in reading order."""
    for cell in notebook.cells:
        for output in outputs(cell, "display_data", "execute_result"):
            for kind in ("image/svg+xml", "image/png", "image/jpeg"):
                if kind in output.data:
                    yield cell, output, kind
                    break


def printed(cell):
    """The text a cell printed or displayed."""
    parts = []
    for output in outputs(cell):
        if output.output_type == "stream":
            parts.append(output.text)
        elif "text/plain" in output.get("data", {}):
            parts.append(output.data["text/plain"] + "\n")
    return "".join(parts).strip("\n")
