"""A Sphinx extension: equations as MathML, by the converter of the notebooks' pages.

Browsers draw MathML themselves, so a page needs no script and no font from elsewhere.
An equation that cannot be converted is a warning, which fails the build.
"""

from docutils import nodes
from sphinx.util import logging

from lessons.toolkit.errors import UserError
from lessons.toolkit.notebook import mathml

_LOG = logging.getLogger(__name__)


def setup(app):
    """Register the renderer under the name "mathml"."""
    app.add_html_math_renderer("mathml", (_inline, None), (_display, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _inline(writer, node):
    writer.body.append(_converted(node, display=False))
    raise nodes.SkipNode


def _display(writer, node):
    equation = _converted(node, display=True)
    writer.body.append(f'<div class="equation" tabindex="0">{equation}</div>\n')
    raise nodes.SkipNode


def _converted(node, display):
    try:
        return mathml.convert(node.astext(), display)
    except UserError as error:
        _LOG.warning("%s", error, location=node)
        return ""
