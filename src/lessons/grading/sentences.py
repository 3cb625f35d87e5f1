"""Sentences of the instructor's tests, found again in what an error says."""

import ast
import functools
import inspect

from lessons.grading.watched import watched

_SHORTEST = 15  # characters: shorter texts in a test are names, not sentences


def of(source):
    """The sentences of a cell of tests, longest first."""
    texts = _texts(source) | _texts_of_watched()
    return sorted((t for t in texts if len(t) >= _SHORTEST), key=len, reverse=True)


def found(error, known):
    """The sentence that a message contains, or an empty text.

    Args:
        error: what a test said; it may hold hidden inputs besides.
        known: from `of`.
    """
    return next((sentence for sentence in known if sentence in error), "")


def _texts(source):
    return {
        node.value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


@functools.cache
def _texts_of_watched():
    """What is said for every exercise; see `watched`."""
    return _texts(inspect.getsource(watched))
