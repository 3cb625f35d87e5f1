"""The first screen of a lesson's notebook: what a reader wants before reading.

The first cell holds title, promise, the cover picture, a small box and what one will be
able to do; the second the table of symbols, folded until it is wanted:

    # Title

    **The promise.**

    ![The picture that stands for this lesson](attachment:cover.png)

    > **Time.** To read, and to run.
    >
    > **Prerequisites.** What is assumed.
    >
    > **Source.** The paper.

    **You will be able to**

    * do something.

The text source names the picture only; the stored notebook carries it, as an attachment
made from the figure that is tagged `cover`.
"""

import base64
import dataclasses
import re

from lessons.toolkit.errors import UserError

COVER_FILE = "cover.png"
PICTURE = f"![The picture that stands for this lesson](attachment:{COVER_FILE})"
BOXED = ("Time", "Prerequisites", "Source")
ABLE = "**You will be able to**"
FOLDED = "<details><summary>Symbols</summary>\n\n"
_TITLE = re.compile(r"# (.+)")
_PROMISE = re.compile(r"^\*\*(.+?)\*\*$", re.MULTILINE | re.DOTALL)
_QUOTED = re.compile(r"^>.*(?:\n>.*)*", re.MULTILINE)
_IN_BOX = re.compile(r"\*\*(\w+)\.\*\* ")
_TABLE = re.compile(r"^\|.+\|\s*\n\|[\s:|-]+\|\s*$", re.MULTILINE)


@dataclasses.dataclass(frozen=True)
class Opening:
    """The parts of a first screen.

    Attributes:
        title: the notebook's heading.
        promise: what the reader will know, Markdown on one line.
        box: texts of the box by their names, in order.
        able: the list of what one will be able to do, Markdown.
    """

    title: str
    promise: str
    box: dict
    able: str


def read(notebook):
    """The `Opening` of a notebook.

    Raises:
        UserError: a part is missing or stands elsewhere.
    """
    texts = [
        cell.source if cell.cell_type == "markdown" else ""
        for cell in notebook.cells[:2]
    ]
    first, second = (*texts, "", "")[:2]
    head, _, after = first.partition(f"\n{PICTURE}\n")
    title, promise = _TITLE.match(head), _PROMISE.search(head)
    quoted = _QUOTED.match(after.lstrip("\n"))
    box = _box(quoted[0]) if quoted else {}
    able = after.partition(f"\n{ABLE}\n")[2].strip()
    for name, found in (
        ("title", title),
        ("bold promise before the picture", promise),
        (f"cover, the line {PICTURE!r}", after),
        *((f"{name!r} in its box", box.get(name)) for name in BOXED),
        (f"list of objectives after {ABLE!r}", able.startswith("* ")),
        (f"folded symbols in its second cell, {FOLDED!r}", second.startswith(FOLDED)),
        ("table of symbols", _TABLE.search(second.partition("</details>")[0])),
    ):
        if not found:
            raise UserError(f"the notebook's first screen has no {name}.")
    return Opening(title[1].strip(), _one_line(promise[1]), box, able)


def put_cover(notebook, picture):
    """Give the first cell of a notebook the picture that it names.

    Args:
        notebook: changed in place.
        picture: a PNG.
    """
    encoded = base64.b64encode(picture).decode("ascii")
    notebook.cells[0]["attachments"] = {COVER_FILE: {"image/png": encoded}}


def _box(quoted):
    """The texts of a quoted block by their bold names."""
    text = "\n".join(line.removeprefix(">").strip() for line in quoted.splitlines())
    _, *parts = _IN_BOX.split(text)
    return {
        name: _one_line(part)
        for name, part in zip(parts[::2], parts[1::2], strict=True)
    }


def _one_line(text):
    return " ".join(text.split())
