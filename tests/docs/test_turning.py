"""A figure that turns, in a real browser without scripts."""

import numpy as np

from lessons.toolkit import turning

LABELS = ("0.1", "1", "10")


def test_keys_and_clicks_turn_the_figure_without_scripts(browser, tmp_path):
    frames = [np.full((10, 10, 3), 80 * index, np.uint8) for index in range(3)]
    made = turning.turn(
        frames, LABELS, "knob", "A square that gets lighter.", "See it get lighter."
    )
    file = tmp_path / "page.html"
    file.write_text(f"<!DOCTYPE html><body>{made.html()}</body>", encoding="utf-8")
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(file.as_uri())
    pictures = page.locator("img")

    def seen():
        return [pictures.nth(index).is_visible() for index in range(3)]

    assert seen() == [True, False, False]
    page.get_by_label("10", exact=True).check()
    assert seen() == [False, False, True]
    page.keyboard.press("ArrowLeft")
    assert seen() == [False, True, False]
    assert pictures.nth(1).get_attribute("alt").endswith("Shown at: 1.")
