"""The covers of the lessons in one small picture."""

import io

import pytest
from PIL import Image

from lessons import catalog
from lessons.toolkit import contact_sheet
from lessons.toolkit.notebook.overview import Overview


def cover(size, color):
    stream = io.BytesIO()
    Image.new("RGB", size, color).save(stream, format="PNG")
    return Overview("title", "promise", "time", stream.getvalue(), "alt")


def cards(count, size=(400, 300), color="#0072B2"):
    rows = catalog.LESSONS[:count]
    return [(row, cover(size, color)) for row in rows]


@pytest.mark.parametrize("count", [1, 12, 34])
def test_any_number_of_covers_is_one_small_picture(count):
    data = contact_sheet.draw(cards(count))
    assert len(data) < 300_000
    with Image.open(io.BytesIO(data)) as sheet:
        assert sheet.width == 960 and sheet.height <= 960
        colors = sheet.convert("RGB").getcolors(1 << 20)
    assert any(color == (0, 114, 178) for _, color in colors)


@pytest.mark.parametrize("size", [(300, 60), (150, 300), (300, 180)])
def test_covers_of_every_shape_fill_most_of_their_place(size):
    with Image.open(io.BytesIO(contact_sheet.draw(cards(1, size)))) as sheet:
        found = dict(map(reversed, sheet.convert("RGB").getcolors(1 << 20)))
    blue, place = found[0, 114, 178], 227 * 136
    assert 0.2 * place < blue <= place


def test_a_sheet_is_stale_when_the_lessons_have_changed(tmp_path):
    path = tmp_path / "covers.png"
    assert contact_sheet.is_stale(path, cards(3))  # not there
    path.write_bytes(contact_sheet.draw(cards(3)))
    assert not contact_sheet.is_stale(path, cards(3, color="#D55E00"))  # drawn again
    assert contact_sheet.is_stale(path, cards(4))
    path.write_bytes(b"no picture")
    assert contact_sheet.is_stale(path, cards(3))


def test_the_alt_text_names_every_lesson():
    text = contact_sheet.alt_text(cards(5))
    assert all(row.title in text for row in catalog.LESSONS[:5])


def test_a_lesson_without_a_stored_notebook_is_left_out(monkeypatch):
    monkeypatch.setattr(catalog.Lesson, "ready", True)
    shown = {lesson.slug for lesson, _ in contact_sheet.covers(catalog.LESSONS)}
    assert "vae" in shown and "msdnet" not in shown
