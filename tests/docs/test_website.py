"""The parts of the website: links, docstrings, switches of the sidebar, sound."""

import base64
import io
import re
import subprocess
import sys
import wave
from pathlib import Path

import nbformat
import numpy as np
import pytest

from docs.website import (
    docstrings,
    finish,
    guides,
    lesson_pages,
    notebooks,
    reference,
)
from lessons import catalog, further
from lessons.toolkit.errors import UserError

from .conftest import serving

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("../autoencoders/vae.ipynb", "../lessons/vae.ipynb"),
        ("vae.ipynb#time", "../lessons/vae.ipynb#time"),
        ("../../course/exercises/vae.py", "../exercises/vae.ipynb"),
        ("../start_here.ipynb", "../start_here.ipynb"),
        ("../../CONTRIBUTING.md", "../contributing.md"),
        ("https://example.org/x.ipynb", "https://example.org/x.ipynb"),
        ("#time", "#time"),
    ],
)
def test_links_between_files_become_links_between_pages(link, expected):
    assert notebooks.relinked(f"[a]({link})", 1) == f"[a]({expected})"


def test_the_command_of_an_exercise_links_to_its_page():
    text = notebooks.with_exercises("See `lessons practice vae`.", 1)
    assert text == "See [`lessons practice vae`](../exercises/vae.ipynb)."


def test_links_in_html_name_pages():
    text = notebooks.relinked('<a href="vision/capsules.ipynb">c</a>', 0, ".html")
    assert text == '<a href="lessons/capsules.html">c</a>'


def test_a_link_to_a_file_without_a_page_is_refused():
    with pytest.raises(UserError, match="secret.txt"):
        notebooks.relinked("[a](../../secret.txt)", 1)


def test_links_of_a_page_follow_its_title():
    title = nbformat.v4.new_markdown_cell("# Title\n\nText")
    notebook = nbformat.v4.new_notebook(cells=[title])
    notebooks.page(notebook, 1, "links")
    assert notebook.cells[0].source == "# Title\nlinks\n\nText"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The norm $|x|$ of `x`.", "The norm :math:`|x|` of ``x``."),
        ("a | b, f_ and *args", r"a \| b, f\_ and \*args"),
        ("* one\n* two", "* one\n* two"),
        ("$n$-th", r":math:`n`\ -th"),
        ("Sum:\n\n$$\\sum_i\n  x_i$$", "Sum:\n\n\n\n.. math:: \\sum_i x_i\n"),
    ],
)
def test_docstrings_become_restructured_text(text, expected):
    assert docstrings.converted(text) == expected


def test_examples_in_docstrings_become_code():
    text = docstrings.converted("Do.\n\nExample:\n    a = 1\n    b = a\n\nMore.")
    assert "    .. code-block:: python\n\n        a = 1\n        b = a\n" in text
    assert text.endswith("\nMore.")


def test_switches_of_the_sidebar_have_names():
    link = '<a class="reference internal" href="x.html">Exercises</a>'
    page = finish.named(f"{link}<details><summary><span></span></summary></details>")
    assert '<summary aria-label="Pages below Exercises">' in page


def test_names_of_tests_become_sentences():
    import ast

    tree = ast.parse("def test_a_bound_holds(): pass\ndef helper(): pass")
    assert list(lesson_pages.claimed(tree)) == ["A bound holds."]


def test_the_reference_lists_public_modules_of_packages_below():
    names = list(reference.modules("docs", ROOT / "docs"))
    assert "docs.website.finish" in names
    assert all("._" not in name for name in names)


def sounding(seconds=0.5, rate=8000):
    """A notebook whose only output is a tone, as IPython's Audio stores it."""
    stream = io.BytesIO()
    tone = np.sin(np.arange(int(seconds * rate)) * 2 * np.pi * 440 / rate)
    with wave.open(stream, "wb") as file:
        file.setparams((1, 2, rate, 0, "NONE", "not compressed"))
        file.writeframes((tone * 20000).astype("<i2").tobytes())
    encoded = base64.b64encode(stream.getvalue()).decode()
    player = f'<audio controls src="data:audio/wav;base64,{encoded}"></audio>'
    output = nbformat.v4.new_output("display_data", {"text/html": player})
    cell = nbformat.v4.new_code_cell("Audio(tone)", outputs=[output], execution_count=1)
    title = nbformat.v4.new_markdown_cell("# Tone")
    metadata = {"language_info": {"name": "python", "pygments_lexer": "ipython3"}}
    return nbformat.v4.new_notebook(cells=[title, cell], metadata=metadata)


@pytest.mark.slow
def test_sound_plays(tmp_path, browser):
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "index.ipynb").write_text(notebooks.page(sounding(), 0), encoding="utf-8")
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "-c", str(ROOT / "docs")]
    subprocess.run([*command, str(pages), str(tmp_path / "html")], check=True, cwd=ROOT)
    with serving(tmp_path / "html") as address:
        tab = browser.new_page()
        tab.goto(address + "index.html")
        tab.evaluate(
            "const a = document.querySelector('audio'); a.muted = true; a.play()"
        )
        tab.wait_for_function("document.querySelector('audio').currentTime > 0.1")
        assert tab.evaluate("document.querySelector('audio').duration") == 0.5


def test_exercises_are_listed_with_points_time_and_level():
    page = guides.pages(ROOT, catalog.ready())["exercises.md"]
    rows = [line for line in page.splitlines() if line.startswith("| [")]
    assert len(rows) == len(catalog.ready())
    for row in rows:
        assert re.search(r"\| \d+ \| about .*hours? \| (first: |after \[?`)", row), row
    (vae,) = (row for row in rows if "exercises/vae.ipynb" in row)
    assert "| 15 | about two hours | first: needs no other lesson | `gauss" in vae


def test_further_papers_stand_once_and_lead_to_the_lessons_that_are_written():
    page = guides.pages(ROOT, [catalog.row("vae")])["further.md"]
    for paper in further.PAPERS:
        assert page.count(f"### {paper.title}\n") == 1
    assert "after [`vae`](lessons/vae.ipynb), `semi_supervised_vae`, " in page
    titles = [line for line in page.splitlines() if line.startswith("## ")]
    assert titles[0] == "## After foundations" and len(titles) == len(set(titles))


def test_the_reference_says_what_each_package_holds():
    page = reference.pages(ROOT, catalog.ready())["reference.md"]
    for lesson in catalog.ready():
        assert f"| [{lesson.title}](reference/{lesson.slug}.md) | " in page
    assert "after [`ot_gan`](lessons/ot_gan.ipynb)" in page


def test_the_home_page_begins_with_words_and_a_button():
    text = (ROOT / "docs" / "texts" / "home.md").read_text(encoding="utf-8")
    before = text.partition("PICTURES")[0]
    assert 'class="begin" href="start_here.html"' in before
    assert "Each lesson is one paper" in before


def test_pictures_of_a_guide_are_shown_and_copied(monkeypatch, tmp_path):
    monkeypatch.setattr(guides, "_GUIDES", {"speed.md": "benchmarks/results.md"})
    path = tmp_path / "benchmarks" / "results.md"
    path.parent.mkdir()
    path.write_text("# Speed\n\n![How cost grows](growth.png)\n")
    page = guides._text(path)
    assert '<img src="_static/pictures/growth.png" alt="How cost grows">' in page
    assert list(guides.pictures(tmp_path)) == [path.with_name("growth.png")]
