"""A student's text made harmless: for terminals, outputs, remarks and names.

Whole answers in Markdown are the subject of `prose`.
"""

import re
import unicodedata

_CONTROL = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]"
)
_NO_WORD = re.compile(r"[^\w .,;:()'+=%/-]")
_UNSAFE_ID = re.compile(r"[^\w .,@+()'-]")
LONGEST_ID = 100


def plain(text):
    """Text of an output: no control characters, so no terminal codes."""
    text = text.encode("utf-8", "replace").decode()  # names of files may be no text
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def line(text):
    """One line for a terminal."""
    return " ".join(plain(text).split())


def words(text):
    """One line in which neither Markdown, HTML nor MathJax finds anything.

    For sentences of the grader that may quote a student, such as a file's name, on
    pages of nbgrader that take comments for Markdown. What is not a letter, a digit or
    a harmless mark becomes a question mark.
    """
    text = _NO_WORD.sub("?", line(text))
    return text.replace("_", "-").replace("://", ":")


def bad_id(student):
    """What makes a folder's name unfit as a student's id, in words, or None.

    nbgrader's pages put ids into HTML and scripts as they are.
    """
    if len(student) > LONGEST_ID:
        return f"it has more than {LONGEST_ID} characters"
    found = _UNSAFE_ID.search(student)
    if found:
        name = unicodedata.name(found[0], f"character {ord(found[0])}").lower()
        return f"it holds a {name}"
    if student != student.strip() or student.startswith("."):
        return "it begins or ends with a space or a dot"
    return None


def fit_id(text):
    """An id like a text that `bad_id` finds nothing in; it may be empty."""
    return _UNSAFE_ID.sub("-", line(text))[: LONGEST_ID - 20].strip(" .")
