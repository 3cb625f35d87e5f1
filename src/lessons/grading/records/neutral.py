"""A student's text made harmless for pages that show it.

nbgrader's pages put a student's Markdown into HTML as it is, and MathJax runs what it
finds. Here whatever could become a tag, a link, an image or a command of MathJax is
broken up so that it is shown as text; words and formulas stay readable.
"""

import re

_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_DEFINITION = re.compile(r"^(\s*(?:>\s*)*)\[([^\]\n]*)\]:", re.MULTILINE)
_COMMANDS = re.compile(
    r"\\(?=\s*(href|url|require|class|cssId|style|includegraphics|csname|unicode|html"
    r"|data|def|let|newcommand|newenvironment|input)\w*)",
    re.IGNORECASE,
)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def markdown(text):
    """Markdown in which nothing is active."""
    text = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = _TAG.sub("< ", text)
    text = text.replace("](", "] (").replace("][", "] [").replace("![", "! [")
    text = _DEFINITION.sub(r"\1[\2] :", text)
    return _COMMANDS.sub("", text)


def plain(text):
    """Text of an output: no control characters, so no terminal codes."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def line(text):
    """One line for a terminal."""
    return " ".join(plain(text).split())
