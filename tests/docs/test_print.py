"""A lesson on paper: whole, open, and without what only a screen needs."""

import re
import shutil
import subprocess

import nbformat
import pytest

from lessons import catalog
from lessons.toolkit.notebook import page, source

from .conftest import ROOT

pytestmark = pytest.mark.slow

# A4 between its margins, in pixels of CSS.
PAPER = {"width": 688, "height": 1009}
# What is wrong with a page as it is printed.
PROBLEMS = """() => {
  const seen = e => e.checkVisibility() && e.getBoundingClientRect().height > 1
  const wide = document.documentElement.clientWidth + 1
  const name = e => e.tagName + '.' + e.className + ' ' + e.textContent.slice(0, 60)
  const wrong = []
  for (const e of document.querySelectorAll(
      'nav, .bd-sidebar-primary, .bd-header, .bd-footer, .lesson-links, .copybtn'))
    if (seen(e)) wrong.push('navigation: ' + name(e))
  for (const e of document.querySelectorAll('main details > *'))
    if (!seen(e)) wrong.push('folded: ' + name(e))
  for (const e of document.querySelectorAll('main pre'))
    if (e.scrollWidth > e.clientWidth + 1) wrong.push('cut: ' + name(e))
  for (const e of document.querySelectorAll('main table, main img')) {
    if (!seen(e)) continue
    const box = e.getBoundingClientRect()
    if (box.right > wide) wrong.push('too wide: ' + name(e))
    if (e.tagName == 'IMG' && box.height > 1000) wrong.push('too high: ' + e.alt)
  }
  return wrong
}"""


def stored(lesson):
    return nbformat.read(ROOT / lesson.notebook, as_version=4)


def claims(notebook):
    """The names of the claims in the table that ends a notebook."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    rows = source.printed(code[-1]).splitlines()[2:]
    return [re.split(r"\s{2,}", row.strip())[0] for row in rows if row.strip()]


def squeezed(text):
    return re.sub(r"\s", "", text)


def check(tab, notebook):
    """Look at the open page as a printer would."""
    tab.set_viewport_size(PAPER)
    tab.emulate_media(media="print")
    tab.wait_for_function("[...document.images].every(i => i.complete)")
    assert tab.evaluate(PROBLEMS) == []
    named = claims(notebook)
    assert len(named) > 20
    shown = squeezed(tab.locator("main").inner_text())
    assert not [name for name in named if squeezed(name) not in shown]
    return named


def check_pdf(tab, named, file):
    """Print the open page, and read the print where there is a program that can."""
    tab.pdf(path=file, format="A4", prefer_css_page_size=True)
    assert 15 < len(re.findall(rb"/Type /Page\b", file.read_bytes())) < 60
    if shutil.which("pdftotext"):
        command = ["pdftotext", "-layout", file, "-"]
        answer = subprocess.run(command, capture_output=True, text=True, check=True)
        printed = squeezed(answer.stdout)
        missing = [name for name in named if squeezed(name) not in printed]
        assert len(missing) <= len(named) // 4  # a name may go over two lines
        assert "nameinthecode" in printed  # of the symbols, which a screen folds


def test_the_lessons_of_the_site_print_whole(browser, address, tmp_path):
    for lesson in catalog.ready():
        tab = browser.new_page()
        tab.goto(f"{address}lessons/{lesson.slug}.html")
        tab.evaluate("[...document.images].forEach(i => i.loading = 'eager')")
        assert any(line.startswith("folded") for line in tab.evaluate(PROBLEMS))
        named = check(tab, stored(lesson))
        if lesson.slug == "vae":
            check_pdf(tab, named, tmp_path / "vae.pdf")
        tab.close()


def test_folded_parts_are_opened_for_a_print_and_folded_after_it(browser, address):
    tab = browser.new_page()
    tab.goto(f"{address}lessons/amsgrad.html")
    opened = "[...document.querySelectorAll('main details')].map(d => d.open)"
    assert tab.evaluate(opened) == [False]
    tab.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert tab.evaluate(opened) == [True]
    tab.evaluate("dispatchEvent(new Event('afterprint'))")
    assert tab.evaluate(opened) == [False]


def test_the_offline_page_prints_whole(browser, tmp_path):
    notebook = stored(catalog.find("vae"))
    file = tmp_path / "vae.html"
    file.write_text(page.page(notebook), encoding="utf-8")
    tab = browser.new_page()
    tab.goto(file.as_uri())
    check_pdf(tab, check(tab, notebook), tmp_path / "vae.pdf")
