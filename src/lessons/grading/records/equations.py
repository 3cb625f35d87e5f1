r"""Equations of a student as MathML, rebuilt from a list of what is allowed.

The converter's own output is not trusted: it is read as XML, and only known elements
with known attributes are written again, with all text as numbers of characters.
Whatever cannot be shown this way is shown as its source.
"""

import html
import re
import xml.etree.ElementTree as tree

from lessons.toolkit.errors import UserError
from lessons.toolkit.notebook import mathml

LONGEST = 1500  # characters: the converter calls itself for each bracket
MOST_PARTS = 5000  # elements of one equation
ELEMENTS = {
    *("math", "mrow", "mi", "mn", "mo", "mtext", "mspace", "mfrac", "msqrt", "mroot"),
    *("msub", "msup", "msubsup", "munder", "mover", "munderover", "mtable", "mtr"),
    *("mtd", "mstyle", "mpadded", "mphantom", "mmultiscripts", "mprescripts"),
}
ATTRIBUTES = {
    *("display", "displaystyle", "scriptlevel", "mathvariant", "stretchy", "form"),
    *("fence", "separator", "lspace", "rspace", "width", "height", "depth", "accent"),
    *("accentunder", "linethickness", "movablelimits", "largeop", "symmetric"),
    *("minsize", "maxsize"),
}
_VALUE = re.compile(r"[a-z0-9.%+-]{1,20}")
_ALIGNMENT = re.compile(r"text-align: (left|right)")
_NAMED = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)\w{1,40};")
# Commands that make others multiply what an equation becomes.
_REFUSED = re.compile(r"\\(?:[gex]?def|let|(?:re|provide)?newcommand|require)")


def convert(latex, display, escape):
    """One equation.

    Args:
        latex: its source, without dollar signs.
        display: whether it stands on a line of its own.
        escape: function that makes text harmless.

    Returns:
        A `<math>` element, or the source as `<code>` where it cannot be shown.
    """
    made = None
    if len(latex) <= LONGEST and not _REFUSED.search(latex):
        made = _converted(latex, display, escape)
    return made or f"<code>{escape(latex)}</code>"


def _converted(latex, display, escape):
    try:
        text = mathml.convert(latex, display)
        text = _NAMED.sub(lambda found: html.unescape(found[0]), text)
        root = tree.fromstring(text)
    except (UserError, tree.ParseError, ValueError):
        return None
    if root.tag != "math" or sum(1 for _ in root.iter()) > MOST_PARTS:
        return None
    parts = []
    return "".join(parts) if _rebuild(root, parts, escape, 0) else None


def _rebuild(element, parts, escape, depth):
    """Append an element's text to `parts`; False if it is not allowed."""
    if element.tag not in ELEMENTS or depth > 150:
        return False
    parts.append(f"<{element.tag}")
    for name, value in element.attrib.items():
        if name in ATTRIBUTES and _VALUE.fullmatch(value):
            parts.append(f' {name}="{value}"')
        elif name == "style" and (side := _ALIGNMENT.match(value)):
            parts.append(f' style="text-align: {side[1]}"')
    parts.append(f">{escape(element.text or '')}")
    for child in element:
        if not _rebuild(child, parts, escape, depth + 1):
            return False
        parts.append(escape(child.tail or ""))
    parts.append(f"</{element.tag}>")
    return True
