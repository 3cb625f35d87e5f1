"""The first screen of a lesson's page says what a reader wants before reading."""

import nbformat

from docs.website import opening
from lessons import catalog


def test_headings_become_a_box_and_symbols_are_folded():
    for lesson in catalog.ready():
        path = opening.__file__.rpartition("docs")[0] + lesson.notebook
        notebook = nbformat.read(path, as_version=4)
        opening.first_screen(notebook, lesson.slug, 'a "picture"')
        first = notebook.cells[0].source
        assert "\n## " not in first, lesson.slug
        head, _, box = first.partition(":::{admonition} Before you begin\n")
        assert head.startswith("# ") and "**" in head
        assert f'covers/{lesson.slug}_whole.png" alt="a &quot;picture&quot;">' in head
        for name in ("Time", "Prerequisites", "Source"):
            assert f"**{name}.** " in box
        assert "**You will be able to**\n\n*" in box
        assert "attachment" not in first and "attachments" not in notebook.cells[0]
        folded = [c.source for c in notebook.cells if "<details>" in c.source]
        assert len(folded) == 1 and "| symbol |" in folded[0], lesson.slug
