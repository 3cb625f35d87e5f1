"""A figure that turns: in real browsers, and where HTML is cleaned first."""

import re
import shutil

import numpy as np
import pytest

from lessons.toolkit import turning

from . import firefox

LABELS = ("0.1", "1", "10")
# What viewers take away from HTML that they do not trust. VS Code shows none of it in a
# workspace that is not trusted: there the PNG stands, see the toolkit's test_turning.
CLEANED = {
    "no rules": ("<style>.*?</style>",),
    "no buttons": ("<input[^>]*>",),
    "no rules, no buttons": ("<style>.*?</style>", "<input[^>]*>"),
    "no names, as in JupyterLab": ("<style>.*?</style>", r' (?:id|name)="[^"]*"'),
    "no rules and no styles": ("<style>.*?</style>", r' style="[^"]*"'),
}


@pytest.fixture(scope="module")
def made():
    frames = [np.full((10, 10, 3), 80 * index, np.uint8) for index in range(3)]
    alt, caption = "A square that gets lighter.", "See it get lighter."
    return turning.turn(frames, LABELS, "knob", alt, caption, start=1)


@pytest.fixture
def written(made, tmp_path):
    """A function that writes the figure as a page, without what is given."""

    def write(*without):
        text = made.html()
        for pattern in without:
            text, count = re.subn(pattern, "", text, flags=re.DOTALL)
            assert count, pattern
        file = tmp_path / "page.html"
        file.write_text(f"<!DOCTYPE html><body>{text}</body>", encoding="utf-8")
        return file.as_uri()

    return write


def seen(page):
    pictures = page.locator("img")
    return [pictures.nth(index).is_visible() for index in range(3)]


def test_keys_and_clicks_turn_the_figure_without_scripts(browser, written):
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(written())
    assert seen(page) == [False, True, False]
    page.get_by_label("10", exact=True).check()
    assert seen(page) == [False, False, True]
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    assert seen(page) == [True, False, False]
    shown = page.locator("img").nth(0).get_attribute("alt")
    assert shown.endswith("Shown at: 0.1.")


@pytest.mark.parametrize("case", CLEANED)
def test_the_first_frame_alone_stands_where_html_is_cleaned(browser, written, case):
    page = browser.new_page()
    page.goto(written(*CLEANED[case]))
    assert seen(page) == [False, True, False]


def test_firefox_turns_the_figure(written, tmp_path):
    program = shutil.which("firefox-esr") or shutil.which("firefox")
    if program is None:
        pytest.skip("no Firefox here: install one, such as Debian's `firefox-esr`")
    profile = tmp_path / "profile"
    profile.mkdir()
    shown = "[...document.images].map(i => i.getBoundingClientRect().height > 1)"
    with firefox.running(program, profile) as tab:
        tab.go(written())
        assert tab.evaluate(shown) == [False, True, False]
        tab.evaluate("document.querySelectorAll('input')[2].click()")
        assert tab.evaluate(shown) == [False, False, True]
        tab.evaluate("document.querySelectorAll('input')[0].click()")
        assert tab.evaluate(shown) == [True, False, False]


def test_the_rules_are_those_of_every_browser(made):
    """No rule has a browser's own prefix or needs more than `:has`, of 2023."""
    rules = re.search("<style>(.*?)</style>", made.html(), re.DOTALL)[1]
    assert not re.search(r"-(?:webkit|moz|ms|o)-|@|::", rules)
    assert set(re.findall(r":([a-z-]+)\b(?=[\s(){,>])", rules)) <= {"has", "checked"}
