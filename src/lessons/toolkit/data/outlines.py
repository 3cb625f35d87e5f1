"""Outlines of letters as lines for a pen, from the fonts that matplotlib ships."""

import functools

import numpy as np

from lessons.toolkit.data import fonts
from lessons.toolkit.errors import UserError

_EM = 64.0  # size that a font's outlines are read at


def resampled(line, step):
    """A line with points at equal distances along it; its ends stay.

    Args:
        line: shape (points, 2).
        step: about the distance of two points, above 0.

    Returns:
        float64, shape (n, 2), at least two points.
    """
    line = np.asarray(line, float)
    lengths = np.hypot(*np.diff(line, axis=0).T)
    places = np.concatenate([[0.0], np.cumsum(lengths)])
    count = max(2, int(round(places[-1] / step)) + 1)
    wanted = np.linspace(0, places[-1], count)
    return np.stack([np.interp(wanted, places, axis) for axis in line.T], axis=1)


@functools.cache
def _character(font, character):
    """Outlines of a character at the size `_EM`, and how far the pen moves on."""
    from matplotlib import ft2font, path

    face = fonts.face_of(font)
    if not face.get_char_index(ord(character)):
        raise UserError(f"the font {font!r} has no character {character!r}.")
    face.clear()
    face.set_size(_EM, 72)
    glyph = face.load_char(ord(character), flags=ft2font.LoadFlags.NO_HINTING)
    vertices, codes = face.get_path()
    curves = path.Path(vertices, codes)
    polygons = curves.to_polygons(closed_only=False) if len(vertices) else []
    advance = glyph.linearHoriAdvance / 65536
    return tuple(p / _EM for p in polygons if len(p) > 1), advance / _EM


def outlines(text, font="Sans", *, step=None):
    """Closed outlines of a text, from the fonts that matplotlib ships.

    Args:
        text: characters that the font has; a space moves the pen on.
        font: one of `lessons.toolkit.data.fonts.FONTS`.
        step: distance of the points along the outlines; None keeps those of the font.

    Returns:
        Lines, float64 of shape (points, 2), in em, y upwards; each ends where it began.

    Raises:
        UserError: no such font or character, or a text that leaves no ink.
    """
    lines, place = [], 0.0
    for character in text:
        found, advance = _character(font, character)
        lines += [line + (place, 0.0) for line in found]
        place += advance
    if not lines:
        raise UserError(f"text must leave ink, got {text!r}.")
    return lines if step is None else [resampled(line, step) for line in lines]
