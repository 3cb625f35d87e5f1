"""What a lesson promises, for those who choose one: read off its stored notebook."""

import base64
import dataclasses
import html
import io
import re

from lessons.toolkit.display import display
from lessons.toolkit.errors import UserError
from lessons.toolkit.notebook import source

COVER = "cover"  # tag of the cell whose picture stands for the lesson
_BOLD = re.compile(r"\*\*(.+?)\*\*(?!\*)", re.DOTALL)
_TIME = re.compile(r"^## Time\s*\n+(.+?)(?:\n\s*\n|\n#|\Z)", re.MULTILINE | re.DOTALL)


@dataclasses.dataclass(frozen=True)
class Overview:
    """A lesson on a card.

    Attributes:
        title: the notebook's heading.
        promise: what the reader will be able to do, Markdown.
        time: to read and to run, a sentence.
        picture: the cover, a PNG (possibly animated).
        alt: what the cover shows.
    """

    title: str
    promise: str
    time: str
    picture: bytes
    alt: str

    def thumbnail(self, width=480):
        """The cover as a small still PNG on white.

        Args:
            width: of the picture, in pixels; the proportions stay.
        """
        from PIL import Image

        with Image.open(io.BytesIO(self.picture)) as picture:
            still = Image.new("RGB", picture.size, "white")
            drawn = picture.convert("RGBA")
            still.paste(drawn, mask=drawn.getchannel("A"))
        height = round(still.height * width / still.width)
        still = still.resize((width, height), Image.Resampling.LANCZOS)
        stream = io.BytesIO()
        still.quantize(96).save(stream, format="PNG", optimize=True)
        return stream.getvalue()


def of(lesson):
    """The `Overview` of a written lesson.

    Args:
        lesson: a row of the catalog.

    Raises:
        UserError: the stored notebook is missing or says none of it.
    """
    import nbformat

    path = source.root() / lesson.notebook
    try:
        notebook = nbformat.read(path, as_version=4)
    except OSError as error:
        raise UserError(f"cannot read {path}: {error.strerror}.") from None
    title, promise, time = opening(notebook)
    covers = [
        (source.alt_text(output), output.data["image/png"])
        for cell, output, kind in source.images(notebook)
        if COVER in source.tags(cell) and kind == "image/png"
    ]
    if len(covers) != 1:
        raise UserError(
            f"{path.name} has {len(covers)} pictures tagged {COVER!r}. Allowed: one."
        )
    ((alt, data),) = covers
    return Overview(title, promise, time, base64.b64decode(data), alt)


def opening(notebook):
    """(title, promise, time) as the first cells of a notebook say them.

    Raises:
        UserError: one of them is missing.
    """
    prose = []
    for cell in notebook.cells:
        if cell.cell_type != "markdown":
            break
        prose.append(cell.source)
    text = "\n\n".join(prose)
    title = re.match(r"# (.+)", text)
    promise, time = _BOLD.search(text), _TIME.search(text)
    for name, found in (("title", title), ("bold promise", promise), ("Time", time)):
        if not found:
            raise UserError(f"the notebook's first cells have no {name}.")
    return title[1].strip(), _one_line(promise[1]), _one_line(time[1])


def gallery(lessons):
    """Display a card with a picture for each of some lessons, in a notebook.

    Args:
        lessons: rows of the catalog; the planned ones are left out.

    Returns:
        The slugs shown.
    """
    shown = [(lesson, of(lesson)) for lesson in lessons if lesson.ready]
    text = "\n".join(f"{x.slug}: {card.title}. {card.time}" for x, card in shown)
    display({"text/html": gallery_html(shown), "text/plain": text})
    return [lesson.slug for lesson, _ in shown]


def gallery_html(cards):
    """The cards as HTML; links are relative to the folder of the tour.

    Args:
        cards: pairs of a lesson and its `Overview`.
    """
    style = "display: grid; gap: 1.5rem; grid-template-columns: "
    style += "repeat(auto-fill, minmax(15rem, 1fr))"
    body = "\n".join(_card(lesson, card) for lesson, card in cards)
    return f'<div style="{style}">\n{body}\n</div>'


def _card(lesson, card):
    from lessons.toolkit.notebook.markdown import Renderer

    picture = base64.b64encode(card.thumbnail(320)).decode("ascii")
    address = lesson.notebook.removeprefix("notebooks/")
    return (
        "<div>"
        f'<img src="data:image/png;base64,{picture}" alt="{html.escape(card.alt)}" '
        'style="width: 100%; height: 9rem; object-fit: cover; object-position: top">'
        f'<p><strong><a href="{address}">{html.escape(card.title)}</a></strong><br>'
        f"{html.escape(lesson.paper)}</p>{Renderer().render(card.promise)}"
        f"<p><em>{html.escape(card.time)}</em></p></div>"
    )


def _one_line(text):
    return " ".join(text.split())
