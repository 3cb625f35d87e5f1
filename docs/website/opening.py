"""The first screen of a lesson's page: what a reader wants before reading."""

import html
import re

_SECTION = re.compile(r"^## (.+)\n", re.MULTILINE)
_BOXED = ("Time", "Prerequisites", "Source")
_OBJECTIVES, _SYMBOLS = "Objectives", "Symbols"


def first_screen(notebook, slug, alt):
    """Put promise, picture, a box and the objectives into the first cell.

    The headings of the stored notebook, a screen of their own, become a box; the table
    of symbols is folded.

    Args:
        notebook: of a lesson, changed in place.
        slug: the lesson.
        alt: what its cover picture shows.
    """
    first = notebook.cells[0]
    head, *rest = _SECTION.split(first.source)
    sections = dict(zip(rest[::2], rest[1::2], strict=True))
    box = [f"**{name}.** {sections.pop(name).strip()}" for name in _BOXED]
    objectives = sections.pop(_OBJECTIVES).strip()
    picture = (
        f'<img class="lesson-cover" src="../_static/covers/{slug}_whole.png" '
        f'alt="{html.escape(alt)}">'
    )
    parts = [
        head.strip(),
        picture,
        ":::{admonition} Before you begin\n" + "\n\n".join(box) + "\n:::",
        f"**You will be able to**\n\n{objectives}",
        *(f"## {name}\n{text}".strip() for name, text in sections.items()),
    ]
    first.source = "\n\n".join(parts)
    for cell in notebook.cells:
        heading = f"## {_SYMBOLS}\n"
        if cell.cell_type == "markdown" and cell.source.startswith(heading):
            table = cell.source.removeprefix(heading).strip()
            cell.source = (
                f"<details><summary>{_SYMBOLS}</summary>\n\n{table}\n\n</details>"
            )
            return
