"""Figures that turn: what they store, and that they turn in a browser."""

import io

import numpy as np
import pytest
from PIL import Image

from lessons.toolkit import figures, turning
from lessons.toolkit.errors import UserError
from lessons.toolkit.notebook import page

ALT = "A blue bar that moves right with the knob."
CAPTION = "The bar moves as the knob is turned."
LABELS = ("ε = 0", "ε = 1", "ε = <2>")


def frames(count=3):
    pictures = np.full((count, 20, 30, 3), 255, np.uint8)
    for index, picture in enumerate(pictures):
        picture[:, 5 * index : 5 * index + 5] = (0, 114, 178)
    return list(pictures)


@pytest.fixture
def made():
    return turning.turn(frames(), LABELS, "the knob & more", ALT, CAPTION, start=1)


def test_frames_are_kept_exactly_where_colours_suffice(made):
    for data, expected in zip(made.frames, frames(), strict=True):
        found = np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))
        np.testing.assert_array_equal(found, expected)


def test_matplotlib_figures_become_frames_of_equal_size():
    drawn = []
    for height in (0.5, 1.0):
        figure, axis = figures.new(size=(2.0, 1.0))
        axis.plot([0, height])
        axis.set_ylim(0, 1)
        drawn.append(figure)
    made = turning.turn(drawn, ("half", "one"), "height", ALT, CAPTION)
    sizes = {Image.open(io.BytesIO(data)).size for data in made.frames}
    assert sizes == {(220, 110)}
    assert made.frames[0] != made.frames[1]


def test_only_the_first_frame_is_seen_where_styles_are_taken_away(made):
    text = made.html()
    assert text.count(' hidden style="display:none"') == 2
    assert '<img class="f1" alt=' in text
    assert "ε = &lt;2&gt;" in text and "the knob &amp; more" in text
    assert "<script" not in text and "http" not in text


def test_two_figures_on_one_page_do_not_turn_each_other(made):
    other = turning.turn(frames(), LABELS, "the knob & more", ALT + " Too.", CAPTION)
    name = made.html().partition('name="')[2].partition('"')[0]
    assert name and name not in other.html()


def test_it_is_saved_as_the_picture_of_its_start(made, tmp_path):
    made.save(tmp_path / "frame.png")
    assert (tmp_path / "frame.png").read_bytes() == made.frames[1]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"frames": frames(1), "labels": LABELS[:1]}, "2 to 40 frames"),
        ({"frames": [*frames(2), np.zeros((3, 3, 3))]}, "of equal shape"),
        ({"labels": LABELS[:2]}, "one text per frame"),
        ({"labels": ("a", "a", "b")}, "each different"),
        ({"start": 3}, "start must be 0 to 2, got 3"),
        ({"alt": "short"}, "alt must be a sentence"),
        ({"alts": ["one"]}, "alts must be one text per frame"),
    ],
)
def test_mistakes_are_named(changes, message):
    arguments = {
        "frames": frames(),
        "labels": LABELS,
        "knob": "knob",
        "alt": ALT,
        "caption": CAPTION,
    }
    with pytest.raises(UserError, match=message):
        turning.turn(**arguments | changes)


def test_the_offline_page_shows_the_figure_that_turns_and_asks_for_nothing(made):
    import nbformat

    output = nbformat.v4.new_output(
        "display_data", data={"text/html": made.html(), "image/png": "AAAA"}
    )
    cell = nbformat.v4.new_code_cell("turning.show(made)", outputs=[output])
    document = page.page(nbformat.v4.new_notebook(cells=[cell]))
    assert made.html() in document and "AAAA" not in document.replace(made.html(), "")
    assert not list(page.outside_requests(document))
