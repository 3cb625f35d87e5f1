"""A Sphinx extension: what the theme's pages lack, and what they load without need."""

import re
from pathlib import Path

from lessons.toolkit.notebook import page as offline_page

_SECTION = re.compile(
    r'(<a class="reference internal" href="[^"]*">(?P<title>[^<]+)</a>'
    r"<details[^>]*>)<summary>"
)
_SEARCHING = re.compile(
    r'\s*<script src="(?:\.\./)*'
    r'(?:_static/searchtools|_static/language_data|searchindex)\.js[^"]*"></script>'
)
_PRINTED = re.compile(
    r'(highlight-myst-ansi notranslate"><div class="highlight"><pre><span></span>)'
    r"(?P<text>.*?)(</pre>)",
    re.DOTALL,
)
_SEARCH_PAGE = "search.html"
_ICONS = "_static/scripts/fontawesome.js"
_USED = re.compile(r"\bfa-([a-z0-9-]+)")
_ICON = re.compile(
    r'"?(?P<name>[a-z0-9-]+)"?:\[\d+,\d+,\[(?P<others>[^\]]*)\],"[^"]*",'
    r'(?:"[^"]*"|\[[^\]]*\])\],?'
)


def setup(app):
    """Look through the pages when they are written."""
    app.connect("build-finished", _finish)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _finish(app, exception):
    if exception is not None:
        return
    folder, used = Path(app.outdir), set()
    for path in folder.rglob("*.html"):
        text = in_lines(named(path.read_text(encoding="utf-8")))
        if path.name != _SEARCH_PAGE:
            text = without_search(text)
        path.write_text(text, encoding="utf-8")
        used |= set(_USED.findall(text))
    icons = folder / _ICONS
    for path in icons.parent.glob("*.js"):
        if path != icons:
            used |= set(_USED.findall(path.read_text(encoding="utf-8")))
    icons.write_text(only(icons.read_text(encoding="utf-8"), used), encoding="utf-8")


def named(page):
    """A page whose sidebar says in words what each of its switches unfolds."""
    return _SECTION.sub(r'\1<summary aria-label="Pages below \g<title>">', page)


def in_lines(page):
    """A page whose printed outputs have a box for each line, as the offline page's."""
    return _PRINTED.sub(
        lambda match: match[1] + offline_page.in_lines(match["text"]) + match[3], page
    )


def without_search(page):
    """A page without what the page of search results alone needs, the index of words.

    The theme would use it on every page if it showed results while one types.
    """
    return _SEARCHING.sub("", page)


def only(script, used):
    """The script of icons with those that are used, by their names or other names."""

    def kept(match):
        names = {match["name"], *re.findall(r'"([a-z0-9-]+)"', match["others"])}
        return match[0] if names & used else ""

    return _ICON.sub(kept, script)
