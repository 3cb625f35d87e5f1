"""Nothing that a student wrote is active on a page, in a real browser as well.

`LESSONS_FUZZ=20000 pytest tests/grading/test_pages.py` tries that many random texts.
"""

import json
import mimetypes
import os
import pathlib
import re

import pytest
from nbformat import v4

from lessons.grading.records import notebook, prose
from lessons.grading.trusted import intake, plan
from tests.docs.conftest import browser, chromium, shared  # noqa: F401, fixtures
from tests.grading import hostile_text

COUNT = int(os.environ.get("LESSONS_FUZZ", "240"))
A_PAGE = 120  # texts
SHOWN = {  # elements that an answer may become
    *("DIV", "P", "H4", "UL", "OL", "LI", "BLOCKQUOTE", "TABLE", "TBODY", "TR", "TD"),
    *("TH", "PRE", "CODE", "STRONG", "EM", "BR", "HR"),
}
LOOK = """() => {
  const found = [], hosts = [...document.querySelectorAll('.rendered_html')];
  for (const host of hosts) {
    const own = host.children;
    if (own.length !== 1 || own[0].className !== 'tex2jax_ignore mathjax_ignore') {
      found.push('host: ' + host.innerHTML.slice(0, 300));
      continue;
    }
    for (const one of own[0].querySelectorAll('*')) {
      const math = one.namespaceURI.endsWith('MathML');
      const names = [...one.attributes].map(each => each.name + '=' + each.value);
      found.push([math ? 'math' : one.tagName, ...names].join(' '));
    }
  }
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const stray = [];
  while (walk.nextNode()) {
    const node = walk.currentNode;
    if (node.nodeValue.includes('zqxword') &&
        !node.parentElement.closest('.tex2jax_ignore, pre, code'))
      stray.push(node.nodeValue.slice(0, 200));
  }
  for (const one of document.querySelectorAll('.rendered_html *')) {
    one.dispatchEvent(new MouseEvent('mouseover', {bubbles: true}));
    if (one.focus) one.focus();
  }
  return {hosts: hosts.length, found: [...new Set(found)], stray};
}"""


def graded(texts):
    """A graded notebook as `lessons grade` writes it, with these written answers."""
    cells = []
    for number, text in enumerate(texts):
        cell = v4.new_markdown_cell("Why?")
        meta = {"grade_id": f"why{number}", "grade": True, "solution": True}
        cell.metadata["nbgrader"] = meta | {"points": 1, "schema_version": 3}
        cells.append((cell, text))
    skeleton = v4.new_notebook(cells=[cell for cell, _ in cells])
    handed_in = [
        {"cell_type": "markdown", "source": text, "metadata": dict(cell.metadata)}
        for cell, text in cells
    ]
    data = json.dumps({"cells": handed_in}).encode()
    planned, _ = plan.build(skeleton, intake.parse(data))

    class Master:
        graded = skeleton
        by_name = {cell.metadata.nbgrader["grade_id"]: cell for cell, _ in cells}

    made = notebook.build(Master, planned, [None] * len(planned))
    for cell in made.cells:
        cell.metadata["nbgrader"] |= {"score": 0.0, "comment": None}
    return made


def page_of(made, template):
    """The page nbgrader makes of it: "feedback" or "formgrade"."""
    from nbconvert import HTMLExporter
    from nbgrader.server_extensions.formgrader import handlers

    told = {"notebook": "sums", "score": 0, "max_score": 1, "late_penalty": 0}
    resources = {"nbgrader": told, "notebook_id": "sums", "assignment_id": "sums"}
    resources |= {"submission_id": "x", "index": 0, "total": 1, "base_url": ""}
    resources |= {"student": "ada", "notebook_path": "x"}
    static = pathlib.Path(handlers.static_path)
    folder = static / "node_modules" / "bootstrap" / "dist" / "css"
    exporter = HTMLExporter(
        template_name=template,
        extra_template_basedirs=[handlers.template_path],
        extra_template_paths=[str(folder)],
    )
    return exporter.from_notebook_node(made, resources=resources)[0]


class Watched:
    """A page in a browser, and everything that happens on it.

    Attributes:
        fired: scripts, dialogs and requests that nobody but a student can have caused.
    """

    def __init__(self, running):
        self.fired = []
        self._context = running.new_context()
        self.page = self._context.new_page()
        self._context.expose_function("pwn", lambda *_: self.fired.append("script"))
        self.page.on("dialog", self._dialog)
        self._context.route("**/*", self._route)
        self._html = ""

    def _dialog(self, dialog):
        self.fired.append(f"dialog {dialog.message}")
        dialog.dismiss()

    def _route(self, route):
        from nbgrader.server_extensions.formgrader import handlers

        address = route.request.url
        if address == "http://marking.test/":
            return route.fulfill(body=self._html, content_type="text/html")
        found = re.match(r"http://marking\.test/formgrader/static/(.*)", address)
        path = pathlib.Path(handlers.static_path, found[1] if found else "none")
        if found and path.is_file():
            kind = mimetypes.guess_type(path.name)[0]
            return route.fulfill(path=path, content_type=kind)
        if "evil.test" in address or route.request.is_navigation_request():
            self.fired.append(f"request {address}")
        return route.abort()

    def show(self, html):
        """Load a page and look at it; returns what LOOK gives."""
        self._html = html
        self.page.goto("http://marking.test/", wait_until="load")
        found = self.page.evaluate(LOOK)
        self.page.wait_for_timeout(150)
        return found

    def close(self):
        self._context.close()


@pytest.fixture
def watched(browser):  # noqa: F811
    page = Watched(browser)
    yield page
    page.close()


def test_the_browser_would_notice(watched):
    """The control: what is active is seen, whichever way it acts."""
    for text in (
        "<img src=x onerror=pwn(1)>",
        "<input autofocus onfocus=alert(1)>",
        "<img src=http://evil.test/x>",
        "<div onmouseover=pwn(1)>x</div>",
    ):
        watched.fired.clear()
        html = f'<body><div class="rendered_html">{text}</div></body>'
        assert "host: " in watched.show(html)["found"][0]
        assert watched.fired, text


@pytest.mark.parametrize("template", ["feedback", "formgrade"])
def test_no_answer_is_active_in_a_browser(watched, template):
    texts = hostile_text.texts(COUNT, seed=len(template))
    for start in range(0, len(texts), A_PAGE):
        batch = texts[start : start + A_PAGE]
        seen = watched.show(page_of(graded(batch), template))
        assert watched.fired == []
        assert seen["hosts"] == len(batch)
        assert seen["stray"] == []
        names = {found.split()[0] for found in seen["found"]}
        assert names <= SHOWN | {"math"}, names
        told = [one for one in seen["found"] if "=" in one]
        assert all(one.startswith("math ") for one in told), told


def test_random_answers_are_neutral_and_pages_do_not_change_them():
    from nbconvert.filters.markdown_mistune import markdown2html_mistune

    for text in hostile_text.texts(10 * COUNT, seed=1):
        made = prose.markdown(text)
        assert prose.is_neutral(made), (text, made)
        assert markdown2html_mistune(made).strip() == made, text


@pytest.mark.parametrize(
    "source",
    [
        "<p>x</p>",
        f"{prose.OPEN}<script>{prose.CLOSE}",
        f"{prose.OPEN}<p onclick=x>{prose.CLOSE}",
        f"{prose.OPEN}a<b{prose.CLOSE}",
        f"{prose.OPEN}a\nb{prose.CLOSE}",
        f"{prose.OPEN}$x${prose.CLOSE}",
        f'{prose.OPEN}<mo href="x">{prose.CLOSE}',
        f'{prose.OPEN}<img alt="" src="data:image/svg+xml;base64,eA==">{prose.CLOSE}',
    ],
)
def test_what_is_active_is_not_called_neutral(source):
    assert not prose.is_neutral(source)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a **b** *c* `d`", "<p>a <strong>b</strong> <em>c</em> <code>d</code></p>"),
        ("# A\nb\n\nc", "<h4>A</h4><p>b</p><p>c</p>"),
        ("- a\n- b\n  1. c", "<ul><li>a</li><li>b<ol><li>c</li></ol></li></ul>"),
        ("> a\n> b", "<blockquote><p>a b</p></blockquote>"),
        ("```\nx\n  y\n```", "<pre><code>x&#10;  y</code></pre>"),
        ("snake_case_name", "<p>snake&#95;case&#95;name</p>"),
        ("$x$", "<p><math><mi>x</mi></math></p>"),
        ("$$\nx\n$$", '<p><math display="block"><mi>x</mi></math></p>'),
        (r"$\unknown x$", "<p><code>&#92;unknown x</code></p>"),
        (
            "|a|b|\n|-|-|\n|1|2|",
            "<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>",
        ),
        ("[a](b) <i>", "<p>&#91;a&#93;&#40;b&#41; &#60;i&#62;</p>"),
        ("a  \nb\nc", "<p>a<br>b c</p>"),
        ("Größe 3 < 4, naïve", "<p>Größe 3 &#60; 4, naïve</p>"),
    ],
)
def test_the_grammar_is_shown_as_meant(text, shown):
    assert prose.markdown(text) == f"{prose.OPEN}{shown}{prose.CLOSE}"


@pytest.mark.parametrize(
    "piece",
    [
        *("\n", "[", "*", "* a", "$", "$\\", "`", "> ", ">\n>>\n", "- x\n", "<"),
        *(
            "|-|\n",
            "```\n",
            "\\(",
            "**a *b ",
            "_a ",
            "$x$",
            "\\begin{cases}",
            "~",
            " ",
            "\t",
        ),
        *("-", "{", "$" + "{" * 700 + "$", "![a](attachment:b)", "#", "\n\n    a"),
    ],
)
def test_the_time_is_linear_in_the_text(piece):
    import time

    text = piece * (prose.LONGEST // len(piece)) + "x"
    start = time.process_time()
    assert prose.is_neutral(prose.markdown(text))
    assert time.process_time() - start < 5  # a tenth of a second is usual
