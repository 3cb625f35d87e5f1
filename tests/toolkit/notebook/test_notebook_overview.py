"""What a lesson's card says is read off its notebook."""

import base64
import html
import io

import nbformat
import pytest
from PIL import Image

from lessons import catalog
from lessons.toolkit.errors import UserError
from lessons.toolkit.notebook import overview, source

from .conftest import ALT, PNG


@pytest.fixture
def stored(sample, pretend_executed):
    def store(**changes):
        lesson = catalog.find("sample")
        notebook = pretend_executed(sample.path)
        nbformat.write(notebook, sample.stored)
        return lesson

    return store


def test_a_card_has_title_promise_time_and_picture(stored):
    card = overview.of(stored())
    assert card.title == "A sample lesson"
    assert card.promise == "In a minute you will know a bound."
    assert card.time == "One minute."
    assert card.picture == base64.b64decode(PNG)
    assert card.alt == ALT


def test_a_thumbnail_is_small_still_and_opaque(stored):
    card = overview.of(stored())
    with Image.open(io.BytesIO(card.thumbnail(32))) as picture:
        assert picture.size == (32, 32)
        assert picture.convert("RGB").getpixel((5, 5)) == (128, 128, 128)
        assert getattr(picture, "n_frames", 1) == 1


def test_the_first_screen_carries_the_cover_and_leaves_room(sample, pretend_executed):
    notebook = pretend_executed(sample.path)
    (cover,) = (c for c in notebook.cells if overview.COVER in source.tags(c))
    stream = io.BytesIO()
    Image.new("RGB", (1200, 900), "red").save(stream, format="PNG")
    cover.outputs[0].data["image/png"] = base64.b64encode(stream.getvalue()).decode()
    overview.put_cover(notebook)
    (kinds,) = notebook.cells[0]["attachments"].values()
    with Image.open(io.BytesIO(base64.b64decode(kinds["image/png"]))) as picture:
        assert picture.size == (400, 300)
    assert f"](data:image/png;base64,{kinds['image/png']})" in source.prose(
        notebook.cells[0]
    )


def test_a_notebook_without_a_cover_is_refused(sample, stored):
    sample.replaced('tags=["cover"]', "")
    with pytest.raises(UserError, match="0 pictures tagged 'cover'"):
        overview.of(stored())


@pytest.mark.parametrize(
    ("old", "missing"),
    [("**", "bold promise"), ("> **Time.**", "'Time'"), ("# # A", "title")],
)
def test_a_notebook_that_says_nothing_is_refused(sample, stored, old, missing):
    sample.replaced(old, "# A" if old.startswith("# #") else "Some")
    with pytest.raises(UserError, match=f"no {missing}"):
        overview.of(stored())


def test_a_missing_notebook_is_refused(sample):
    with pytest.raises(UserError, match=r"sample\.ipynb"):
        overview.of(catalog.find("sample"))


def test_the_gallery_links_and_describes_what_is_written():
    cards = [(lesson, overview.of(lesson)) for lesson in catalog.ready()]
    markup = overview.gallery_html(cards)
    for lesson, card in cards:
        assert f'href="{lesson.unit}/{lesson.slug}.ipynb"' in markup
        assert html.escape(card.alt) in markup
    assert markup.count("<img") == len(cards)
