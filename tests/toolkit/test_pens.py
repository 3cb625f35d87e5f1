"""Pictures of drawings show what they are given."""

import numpy as np
import pytest

from lessons.toolkit import figures, pens
from lessons.toolkit.data import strokes
from lessons.toolkit.errors import UserError

LINES = [np.array([(0.0, 0), (1, 0), (1, 2)]), np.array([(3.0, 3)])]
DRAWING = strokes.from_lines(LINES)
ALT = "A drawing of a corner and a point."


def test_every_line_is_drawn_where_it_is():
    figure, axis = figures.new()
    pens.draw(axis, DRAWING, by_stroke=True)
    drawn = [line.get_xydata() for line in axis.lines]
    for line, expected in zip(drawn, LINES, strict=True):
        np.testing.assert_allclose(line, expected)
    assert axis.lines[0].get_color() != axis.lines[1].get_color()
    assert axis.lines[1].get_marker() == "."  # a point alone would not be seen
    assert axis.get_aspect() == 1


def test_a_grid_has_a_place_for_every_drawing():
    found = pens.grid([[DRAWING, None], [DRAWING]], ALT, ALT, row_labels="ab")
    counts = [len(axis.lines) for axis in found.figure.axes]
    assert counts == [2, 0, 2, 0]
    with pytest.raises(UserError, match="at least one drawing"):
        pens.grid([], ALT, ALT)


def test_an_animation_ends_with_the_whole_drawing():
    point = np.array([(0, 0, 1)], np.float32)
    found = pens.animate([DRAWING, point], ALT, ALT, num_frames=3, size=(2, 1))
    assert found.data.startswith(b"\x89PNG") and found.alt == ALT
