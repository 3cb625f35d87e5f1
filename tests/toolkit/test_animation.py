"""Animations as animated PNGs."""

import io

import numpy as np
import pytest
from PIL import Image

from lessons.toolkit import animation, figures
from lessons.toolkit.errors import UserError


def frames(count=3):
    pictures = np.zeros((count, 20, 30, 3), np.uint8)
    for index, picture in enumerate(pictures):
        picture[:, 5 * index : 5 * index + 5] = (0, 114, 178)
    return list(pictures)


def test_animation_plays_its_frames_over_a_default_picture():
    made = animation.animate(frames(), "Three blue bars move right.", "See them move.")
    image = Image.open(io.BytesIO(made.data))
    assert image.format == "PNG"
    assert image.n_frames == 4  # with the default picture, the last frame
    for index, expected in enumerate([frames()[-1], *frames()]):
        image.seek(index)
        np.testing.assert_array_equal(np.asarray(image.convert("RGB")), expected)


def test_figure_becomes_a_frame():
    figure, axis = figures.new(size=(2.0, 1.0))
    axis.plot([0, 1])
    frame = animation.frame_of(figure, dpi=50)
    assert frame.shape == (50, 100, 3)
    assert frame.min() < 255


def test_saved_animation_is_its_data(tmp_path):
    made = animation.animate(frames(), "Three blue bars move right.", "See them move.")
    made.save(tmp_path / "film.png")
    assert (tmp_path / "film.png").read_bytes() == made.data


@pytest.mark.parametrize("wrong", [frames(1), [frames()[0], frames()[0][:5]]])
def test_frames_that_make_no_animation_are_refused(wrong):
    with pytest.raises(UserError, match="two frames"):
        animation.animate(wrong, "Nothing moves here at all.", "Nothing to see.")


def test_a_shown_animation_says_in_words_what_it_shows(monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda data, **_: shown.append(data))
    made = animation.animate(frames(), "Three blue bars move right.", "See them move.")
    animation.show(made)
    assert shown[0]["text/plain"] == made.alt
