"""Letter shapes as signed distance fields, from the fonts that matplotlib ships.

A distance field stores at each point how far away the outline is (positive inside).
It stays sharp when it is scaled and rotated, and adding a constant makes the strokes
bolder: both are what `glyphs` needs.
"""

import dataclasses
import functools

import numpy as np

from lessons.toolkit.errors import UserError, unknown

SIZE = 28  # pixels of an image's side
OVERSAMPLING = 2  # distances per pixel, along each axis
_FINE = 8  # drawn pixels per pixel, along each axis
_CAPITAL = 18.0  # height of a capital letter in pixels, where the glyph fits
_LARGEST = 20.0  # largest height or width of a glyph in pixels
_EM_PER_CAPITAL = 1 / 0.729  # DejaVu: capitals are 1493 of 2048 units high

FONTS = (
    "Sans",
    "Sans-Bold",
    "Sans-Oblique",
    "Sans-BoldOblique",
    "SansMono",
    "SansMono-Bold",
    "SansMono-Oblique",
    "SansMono-BoldOblique",
    "Serif",
    "Serif-Bold",
    "Serif-Italic",
    "Serif-BoldItalic",
)
CHARACTER_SETS = {
    "digits": "0123456789",
    "letters": "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "digits+letters": "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
}


def check_characters(characters):
    """The characters of a named set, or of the string itself, one per class.

    Raises:
        UserError: no string, an empty one, or a character twice.
    """
    if not isinstance(characters, str) or not characters:
        raise UserError(
            f"characters must be one of {', '.join(CHARACTER_SETS)} or a string with "
            f"one character per class, got {characters!r}."
        )
    characters = CHARACTER_SETS.get(characters, characters)
    repeated = sorted({c for c in characters if characters.count(c) > 1})
    if repeated:
        raise UserError(
            f"characters must differ, got {''.join(repeated)!r} more than once in "
            f"{characters!r}. Sets with a name: {', '.join(CHARACTER_SETS)}."
        )
    return characters


def check_fonts(names, kind="font"):
    """The names of fonts as a tuple.

    Raises:
        UserError: none is given, or one is not in `FONTS`.
    """
    names = (names,) if isinstance(names, str) else tuple(names)
    if not names:
        raise UserError(f"{kind}s must name at least one of {', '.join(FONTS)}.")
    for name in names:
        if name not in FONTS:
            raise unknown(kind, name, FONTS)
    return names


@dataclasses.dataclass(frozen=True, eq=False)
class Glyph:
    """One character of one font.

    Attributes:
        field: signed distance to the outline in pixels, positive inside, float32,
            shape (56, 56): two samples per pixel, the glyph's box centred.
        half_size: half the width and height of that box in pixels.
    """

    field: np.ndarray
    half_size: tuple[float, float]


@functools.cache
def face_of(font):
    """The font as FreeType sees it."""
    from matplotlib import ft2font, get_data_path

    if font not in FONTS:
        raise unknown("font", font, FONTS)
    return ft2font.FT2Font(f"{get_data_path()}/fonts/ttf/DejaVu{font}.ttf")


@functools.cache
def glyph(font, character):
    """The shape of a character.

    Args:
        font: one of `FONTS`.
        character: one character.

    Returns:
        A `Glyph`.

    Raises:
        UserError: no such font, or the font does not draw this character.
    """
    from scipy import ndimage

    face = face_of(font)
    ink = None
    if face.get_char_index(ord(character)):
        ink = _draw(face, character, _em_size(face, character))
    if ink is None:
        raise UserError(
            f"the font {font!r} draws nothing for the character {character!r}. "
            "Allowed: characters that DejaVu has and that leave ink."
        )
    inside = ndimage.distance_transform_edt(ink)
    outside = ndimage.distance_transform_edt(~ink)
    # Both count from pixel centre to pixel centre; the outline lies half-way.
    distance = inside - outside - np.where(ink, 0.5, -0.5)
    step = _FINE // OVERSAMPLING
    side = SIZE * OVERSAMPLING
    field = distance.reshape(side, step, side, step).mean(axis=(1, 3)) / _FINE
    rows, columns = np.nonzero(ink.any(axis=1))[0], np.nonzero(ink.any(axis=0))[0]
    half = (np.ptp(columns) + 1) / 2 / _FINE, (np.ptp(rows) + 1) / 2 / _FINE
    return Glyph(field.astype(np.float32), half)


def _em_size(face, character):
    """Font size in fine pixels: the usual one, or less for a large glyph."""
    from matplotlib import ft2font

    usual = _CAPITAL * _EM_PER_CAPITAL * _FINE
    face.set_size(usual, 72)
    box = face.load_char(ord(character), flags=ft2font.LoadFlags.NO_HINTING).bbox
    extent = max(box[2] - box[0], box[3] - box[1]) / 64  # FreeType's 26.6 numbers
    return usual * min(1.0, _LARGEST * _FINE / max(extent, 1))


def _draw(face, character, size):
    """The glyph at `size`, centred; bool, shape (224, 224), or None if blank."""
    from matplotlib import ft2font

    face.clear()
    face.set_size(size, 72)
    face.set_text(character, 0.0, flags=ft2font.LoadFlags.NO_HINTING)
    face.draw_glyphs_to_bitmap(antialiased=True)
    drawn = np.asarray(face.get_image()) > 127
    if not drawn.any():
        return None
    rows, columns = np.nonzero(drawn.any(axis=1))[0], np.nonzero(drawn.any(axis=0))[0]
    drawn = drawn[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    canvas = np.zeros((SIZE * _FINE, SIZE * _FINE), dtype=bool)
    top, left = ((SIZE * _FINE - extent) // 2 for extent in drawn.shape)
    canvas[top : top + drawn.shape[0], left : left + drawn.shape[1]] = drawn
    return canvas


class Shapes:
    """Distance fields of some characters in some fonts, in one array."""

    def __init__(self, characters):
        self.characters = characters
        self.first = {}  # index in FONTS -> row of its first character
        side = SIZE * OVERSAMPLING
        self.fields = np.empty((0, side, side), np.float32)
        self.half_sizes = np.empty((0, 2), np.float32)

    def add(self, font):
        """Draw the characters in one more font."""
        if FONTS.index(font) in self.first:
            return
        drawn = [glyph(font, character) for character in self.characters]
        self.first[FONTS.index(font)] = len(self.fields)
        self.fields = np.concatenate([self.fields, [g.field for g in drawn]])
        halves = np.array([g.half_size for g in drawn], np.float32)
        self.half_sizes = np.concatenate([self.half_sizes, halves])

    def rows(self, labels, fonts):
        """Row of `fields` for each pair of a label and an index into `FONTS`."""
        start = np.zeros(len(FONTS), np.int64)
        start[list(self.first)] = list(self.first.values())
        return start[fonts] + labels
