"""Markdown of a notebook as HTML: Jupyter's dialect, equations as MathML."""

import html
import re
import unicodedata

from nbconvert.filters import markdown_mistune

from lessons.toolkit.errors import UserError
from lessons.toolkit.notebook import mathml

_TAG = re.compile(r"<[^>]+>")
_OUTSIDE = re.compile(r"^(https?:|mailto:|#)")


class Renderer(markdown_mistune.IPythonRenderer):
    """Renders the cells of one notebook, and collects its headings.

    Attributes:
        headings: (level, anchor, HTML of the text) in reading order.
    """

    def __init__(self):
        super().__init__(escape=False, exclude_anchor_links=True)
        self.headings = []

    def render(self, text):
        """HTML of one markdown text."""
        return markdown_mistune.MarkdownWithMath(renderer=self).render(text)

    def heading(self, text, level, **attrs):
        """A heading that can be linked to."""
        base = slug(text)
        taken = {anchor for _, anchor, _ in self.headings}
        anchor, number = base, 2
        while anchor in taken:
            anchor, number = f"{base}-{number}", number + 1
        self.headings.append((level, anchor, text))
        return f'<h{level} id="{anchor}">{text}</h{level}>\n'

    def block_math(self, body):
        """An equation on its own line; wide ones scroll in their own box."""
        return f'<span class="equation">{mathml.convert(body, display=True)}</span>'

    def inline_math(self, body):
        """An equation within a sentence."""
        return mathml.convert(body, display=False)

    def latex_environment(self, name, body):
        r"""An equation that begins with \begin, without dollar signs."""
        return self.block_math(rf"\begin{{{name}}}{body}\end{{{name}}}")

    def table(self, text):
        """A table; wide ones scroll in their own box."""
        return f'<div class="scroll" tabindex="0"><table>\n{text}</table></div>\n'

    def link(self, text, url, title=None):
        """A link; one to a file of the checkout becomes plain text.

        The page is one file that may be read anywhere, so such a link would be dead.
        """
        if not _OUTSIDE.match(url):
            return f'<span class="file" title="{html.escape(url)}">{text}</span>'
        return super().link(text, url, title)


def slug(text):
    """An anchor for a heading: its words in lower case, joined by hyphens."""
    plain = html.unescape(_TAG.sub("", text))
    plain = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[a-z0-9]+", plain.lower())) or "section"


class WithoutEquations(Renderer):
    """Renders everything but the equations, and notes those that cannot be shown.

    Attributes:
        problems: a message for every equation that would be refused.
    """

    def __init__(self):
        super().__init__()
        self.problems = []

    def block_math(self, body):
        """Try an equation that stands on its own line."""
        return self._try(body, display=True)

    def inline_math(self, body):
        """Try an equation within a sentence."""
        return self._try(body, display=False)

    def _try(self, body, display):
        try:
            mathml.convert(body, display)
        except UserError as error:
            self.problems.append(str(error))
        return ""
