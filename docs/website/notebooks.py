"""Stored notebooks as pages, with the links of the site."""

import re

import nbformat

from lessons.toolkit.errors import UserError

_LINK = re.compile(r"(\]\(|href=\")((?!https?:|mailto:|#)[^)\"\s]+)")
_OWN = re.compile(
    r"^(?:\.\./)*(?:(?:notebooks/)?(?:\w+/)?(?P<notebook>\w+)\.ipynb"
    r"|course/exercises/(?P<exercise>\w+)\.py"
    r"|course/(?P<guide>instructor|syllabus)\.md"
    r"|(?P<top>README|CONTRIBUTING)\.md)(?P<anchor>#.*)?$"
)
_PRACTICE = re.compile(r"`lessons practice (\w+)`")
_GUIDES = {
    "instructor": "instructor",
    "syllabus": "course_plan",
    "README": "index",
    "CONTRIBUTING": "contributing",
}


def read(path):
    """A stored notebook.

    Raises:
        UserError: it is missing.
    """
    try:
        return nbformat.read(path, as_version=4)
    except OSError as error:
        raise UserError(f"cannot read {path}: {error.strerror}.") from None


def page(notebook, depth, before=""):
    """The text of a page made of an executed notebook.

    Args:
        notebook: changed in place.
        depth: how many folders below the site's root the page lies.
        before: Markdown that follows the title.

    Returns:
        The notebook's JSON.
    """
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = with_exercises(relinked(cell.source, depth), depth)
            continue
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if "text/html" in data:
                data["text/html"] = relinked(data["text/html"], depth, ".html")
    first = notebook.cells[0]
    title, _, rest = first.source.partition("\n")
    first.source = "\n".join(part for part in (title, before, rest) if part)
    notebook.metadata.pop("widgets", None)
    return nbformat.writes(notebook)


def with_exercises(text, depth):
    """Markdown in which the command that writes an exercise links to its page."""
    up = "../" * depth
    return _PRACTICE.sub(
        lambda match: f"[{match[0]}]({up}exercises/{match[1]}.ipynb)", text
    )


def relinked(text, depth, ending=""):
    """Links to files of the checkout as links to the site's pages.

    Args:
        text: Markdown, or HTML with `ending=".html"`.
        depth: folders between the site's root and the page.
        ending: of the pages' addresses; Sphinx finds pages without one.

    Raises:
        UserError: a file is linked to that the site does not have.
    """
    up = "../" * depth

    def replaced(match):
        own = _OWN.match(match[2])
        if not own:
            raise UserError(
                f"the link to {match[2]!r} leads nowhere on the site. Allowed: "
                "notebooks, exercises, guides, README.md."
            )
        if own["notebook"]:
            name = own["notebook"]
            target = name if name == "start_here" else f"lessons/{name}"
            suffix = ending or ".ipynb"
        elif own["exercise"]:
            target, suffix = f"exercises/{own['exercise']}", ending or ".ipynb"
        else:
            target = _GUIDES[own["guide"] or own["top"]]
            suffix = ending or ".md"
        return f"{match[1]}{up}{target}{suffix}{own['anchor'] or ''}"

    return _LINK.sub(replaced, text)


def start_here(root):
    """The page of the tour."""
    return page(read(root / "notebooks" / "start_here.ipynb"), depth=0)
