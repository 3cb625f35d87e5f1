"""What a lesson promises, for those who choose one: read off its stored notebook."""

import base64
import dataclasses
import html
import io

from lessons.toolkit.display import display
from lessons.toolkit.errors import UserError
from lessons.toolkit.notebook import opening, source

COVER = "cover"  # tag of the cell whose picture stands for the lesson


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
        return thumbnail(self.picture, lambda *_: width)


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
    first = opening.read(notebook)
    covers = list(_covers(notebook))
    if len(covers) != 1:
        raise UserError(
            f"{path.name} has {len(covers)} pictures tagged {COVER!r}. Allowed: one."
        )
    ((alt, picture),) = covers
    return Overview(first.title, first.promise, first.box["Time"], picture, alt)


def put_cover(notebook):
    """Give the first screen of an executed notebook its cover, small and still.

    Args:
        notebook: changed in place; one without a cover stays as it is.
    """
    for _, picture in _covers(notebook):
        if opening.PICTURE in notebook.cells[0].source:
            opening.put_cover(notebook, thumbnail(picture, _fitting))


def thumbnail(picture, width):
    """A PNG made small, still and opaque, on white.

    Args:
        picture: a PNG, possibly animated.
        width: a function from its width and height to the new width, in pixels.
    """
    from PIL import Image

    with Image.open(io.BytesIO(picture)) as moving:
        still = Image.new("RGB", moving.size, "white")
        drawn = moving.convert("RGBA")
        still.paste(drawn, mask=drawn.getchannel("A"))
    size = width(*still.size)
    height = round(still.height * size / still.width)
    still = still.resize((size, height), Image.Resampling.LANCZOS)
    stream = io.BytesIO()
    still.quantize(96).save(stream, format="PNG", optimize=True)
    return stream.getvalue()


def _fitting(width, height, most=(560, 300)):
    """The width of a picture that leaves room for the rest of a first screen."""
    return min(width, most[0], round(most[1] * width / height))


def _covers(notebook):
    """(alternative text, PNG) of each picture that is tagged as the cover."""
    for cell, output, kind in source.images(notebook):
        if COVER in source.tags(cell) and kind == "image/png":
            yield source.alt_text(output), base64.b64decode(output.data[kind])


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
