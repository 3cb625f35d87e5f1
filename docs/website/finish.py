"""A Sphinx extension: what the theme's pages lack for readers who do not see them."""

import re
from pathlib import Path

_SECTION = re.compile(
    r'(<a class="reference internal" href="[^"]*">(?P<title>[^<]+)</a>'
    r"<details[^>]*>)<summary>"
)


def setup(app):
    """Look through the pages when they are written."""
    app.connect("build-finished", _finish)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _finish(app, exception):
    if exception is None:
        for path in Path(app.outdir).rglob("*.html"):
            text = path.read_text(encoding="utf-8")
            path.write_text(named(text), encoding="utf-8")


def named(page):
    """A page whose sidebar says in words what each of its switches unfolds."""
    return _SECTION.sub(r'\1<summary aria-label="Pages below \g<title>">', page)
