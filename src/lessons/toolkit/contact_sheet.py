"""The covers of all lessons in one picture, for the front page."""

import hashlib
import io
import json

from lessons.toolkit.errors import UserError
from lessons.toolkit.notebook import overview

PATH = "docs/covers.png"  # in a checkout
_WIDTH, _GAP, _TEXT = 960, 10, 34  # pixels
_COLORS = 128
_MADE_OF = "Lessons"  # key of the PNG's text that names what the picture shows


def covers(lessons):
    """(lesson, `Overview`) of every lesson that has a stored notebook with a cover."""
    found = []
    for lesson in lessons:
        if lesson.ready:
            try:
                found.append((lesson, overview.of(lesson)))
            except UserError:  # begun, not yet executed
                continue
    return found


def alt_text(cards):
    """What the sheet shows, for who cannot see it."""
    titles = "; ".join(lesson.title for lesson, _ in cards)
    return f"One picture from each lesson that is written: {titles}."


def made_of(cards):
    """What a sheet shows, as a text that tells a stale one: the lessons in order."""
    shown = [(lesson.slug, lesson.title) for lesson, _ in cards]
    return hashlib.sha256(json.dumps(shown).encode()).hexdigest()


def is_stale(path, cards):
    """Whether a stored sheet shows other lessons than these.

    A cover that was drawn again does not make it stale: pictures of training differ a
    little from machine to machine.

    Args:
        path: of the PNG.
        cards: as from `covers`.
    """
    from PIL import Image

    try:
        with Image.open(path) as stored:
            return stored.info.get(_MADE_OF) != made_of(cards)
    except OSError:
        return True


def draw(cards):
    """The sheet as the bytes of a PNG.

    Args:
        cards: as from `covers`.
    """
    from PIL import Image, ImageDraw
    from PIL.PngImagePlugin import PngInfo

    columns = 4 if len(cards) <= 16 else 6
    width = (_WIDTH - _GAP * (columns + 1)) // columns
    height = round(0.6 * width)
    step = height + _TEXT + _GAP
    rows = max(1, -(-len(cards) // columns))
    sheet = Image.new("RGB", (_WIDTH, rows * step + _GAP), "white")
    pen, font = ImageDraw.Draw(sheet), _font(13 if columns == 4 else 11)
    for index, (lesson, card) in enumerate(cards):
        row, column = divmod(index, columns)
        left, top = _GAP + column * (width + _GAP), _GAP + row * step
        sheet.paste(_fitted(card.picture, width, height), (left, top))
        pen.rectangle((left, top, left + width, top + height), outline="#c8c8c8")
        for line, text in enumerate(_lines(lesson.title, font, width)[:2]):
            pen.text((left, top + height + 2 + 15 * line), text, "#202020", font)
    information = PngInfo()
    information.add_text(_MADE_OF, made_of(cards))
    stream = io.BytesIO()
    picture = sheet.quantize(_COLORS, dither=Image.Dither.NONE)
    picture.save(stream, format="PNG", optimize=True, pnginfo=information)
    return stream.getvalue()


def _fitted(data, width, height):
    """A cover on white that fills most of its place; little of it is cut off."""
    from PIL import Image

    with Image.open(io.BytesIO(data)) as picture:
        drawn = picture.convert("RGBA")
    across, down = width / drawn.width, height / drawn.height
    # A wide picture may lose its sides, a tall one its lower end.
    scale = min(down, 1.6 * across) if across < down else min(across, 1.25 * down)
    size = round(drawn.width * scale), round(drawn.height * scale)
    small = drawn.resize(size, Image.Resampling.LANCZOS)
    place = Image.new("RGB", (width, height), "white")
    left = (width - size[0]) // 2
    top = max(0, (height - size[1]) // 2)
    place.paste(small, (left, top), small.getchannel("A"))
    return place


def _font(size):
    """Matplotlib's own sans serif, which every installation has."""
    import matplotlib
    from PIL import ImageFont

    folder = f"{matplotlib.get_data_path()}/fonts/ttf"
    return ImageFont.truetype(f"{folder}/DejaVuSans.ttf", size)


def _lines(text, font, width):
    """A title broken at spaces so that each line fits a width in pixels."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and font.getlength(longer) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines
