"""One self-contained HTML page from an executed notebook.

The page asks nothing of the network: styles, figures and equations are inside it,
and its content security policy forbids requests.
"""

import base64
import functools
import html
import html.parser
import re
from pathlib import Path

from lessons.toolkit.errors import UserError
from lessons.toolkit.notebook import source
from lessons.toolkit.notebook.markdown import Renderer

_HERE = Path(__file__).parent
_WIDGET = "application/vnd.jupyter.widget-view+json"
_NO_ALT = "Figure without a description"


def page(notebook):
    """The notebook as one HTML document.

    Args:
        notebook: an executed notebook.

    Returns:
        The document as text.

    Raises:
        UserError: an equation cannot be shown, or an output would load something
            from outside the page.
    """
    import jinja2

    renderer = Renderer()
    cells = [_cell(cell, renderer) for cell in notebook.cells]
    titles = [text for level, _, text in renderer.headings if level == 1]
    title = html.unescape(re.sub(r"<[^>]+>", "", titles[0])) if titles else "Notebook"
    template = jinja2.Template(
        (_HERE / "page.html").read_text(encoding="utf-8"),
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    document = template.render(
        title=html.escape(title),
        style=(_HERE / "page.css").read_text(encoding="utf-8") + _code_style(),
        contents=[entry for entry in renderer.headings if entry[0] in (2, 3)],
        cells=cells,
    )
    found = outside_requests(document)
    if found:
        raise UserError(f"the page would load {found[0]}. Allowed: embedded data.")
    return document


def _cell(cell, renderer):
    """One cell as a dict for the template."""
    if cell.cell_type != "code":
        return {"kind": "prose", "html": renderer.render(source.prose(cell))}
    shown = [_output(output, renderer) for output in cell.outputs]
    return {
        "kind": "code",
        "number": cell.execution_count or "",
        "html": _highlighted(cell.source),
        "outputs": [text for text in shown if text],
        "tags": source.tags(cell),
    }


def _highlighted(code):
    import pygments
    from IPython.lib.lexers import IPython3Lexer
    from pygments.formatters import HtmlFormatter

    formatter = HtmlFormatter(cssclass="highlight")
    return pygments.highlight(code, IPython3Lexer(), formatter)


def _output(output, renderer):
    """HTML of one output of a cell."""
    if output.output_type == "stream":
        return _text(output.text, f"text {output.name}")
    if output.output_type == "error":
        return _text("\n".join(output.traceback), "text error")
    data = output.data
    if _WIDGET in data:
        return (
            '<p class="note">An interactive control stands here: '
            "open the notebook with <code>make lab</code> to use it.</p>"
        )
    if "text/html" in data:  # ahead of the single frame of a figure that turns
        return f'<div class="html scroll" tabindex="0">{data["text/html"]}</div>'
    if "image/svg+xml" in data:
        encoded = base64.b64encode(data["image/svg+xml"].encode()).decode()
        return _figure(output, "image/svg+xml", encoded)
    for kind in ("image/png", "image/jpeg"):
        if kind in data:
            return _figure(output, kind, data[kind].replace("\n", ""))
    if "text/markdown" in data:
        return renderer.render(data["text/markdown"])
    if "text/latex" in data:
        return renderer.render(data["text/latex"])
    return _text(data.get("text/plain", ""), "text")


def _figure(output, kind, encoded):
    alt = html.escape(source.alt_text(output) or _NO_ALT)
    address = f"data:{kind};base64,{encoded}"
    return f'<figure><img alt="{alt}" src="{address}"></figure>'


def _text(text, kind):
    from nbconvert.filters import ansi2html

    shown = in_lines(ansi2html(text.rstrip()))
    return f'<pre class="{kind}" tabindex="0">{shown}</pre>'


def in_lines(text):
    """HTML of a printed text with a box for each line, which print can set in.

    Args:
        text: HTML without tags; one with tags, such as colours, comes back unchanged.
    """
    if "<" in text:
        return text
    return "".join(
        f'<span class="line">{line}</span>' for line in text.splitlines(keepends=True)
    )


@functools.cache
def _code_style():
    """Colours of highlighted code, light and dark."""
    from pygments.formatters import HtmlFormatter

    def rules(style):
        lines = HtmlFormatter(style=style).get_style_defs(".highlight").splitlines()
        return "\n".join(line for line in lines if line.startswith(".highlight ."))

    dark = "@media screen and (prefers-color-scheme: dark)"
    return f"\n{rules('xcode')}\n{dark} {{\n{rules('github-dark')}\n}}\n"


class _Requests(html.parser.HTMLParser):
    """Collects what a browser would fetch to show a document."""

    # A link the reader may follow is no request; everything else with an address is.
    _FOLLOWED = {"a", "area"}
    _ADDRESSES = {"src", "srcset", "href", "xlink:href", "data", "poster", "action"}
    _IN_STYLE = re.compile(r"@import\s+[^;]+|url\(\s*['\"]?(?!data:|#)[^)]*\)")

    def __init__(self):
        super().__init__()
        self.found, self._in_style = [], False

    def handle_starttag(self, tag, attrs):
        self._in_style = tag == "style"
        for name, value in attrs:
            value = (value or "").strip()
            if name == "style":
                self.found += self._IN_STYLE.findall(value)
            elif name in self._ADDRESSES and tag not in self._FOLLOWED:
                if value and not value.startswith(("data:", "#")):
                    self.found.append(f"<{tag} {name}={value[:80]!r}>")

    def handle_endtag(self, tag):
        self._in_style = False

    def handle_data(self, data):
        if self._in_style:
            self.found += self._IN_STYLE.findall(data)


def outside_requests(document):
    """What a browser would fetch from elsewhere to show an HTML text.

    Args:
        document: HTML, whole or a fragment.

    Returns:
        A list of descriptions such as "<script src='https://...'>"; links that a
        reader may follow are not requests.
    """
    parser = _Requests()
    parser.feed(document)
    parser.close()
    return parser.found
