"""Values of tests as text: what a function was called with and what it gave."""

import numpy as np

_LONGEST = 400  # characters of one value


def size(value):
    """Numbers in a nested value."""
    if isinstance(value, dict):
        return sum(map(size, value.values()))
    if isinstance(value, (list, tuple)):
        return sum(map(size, value))
    return int(np.size(value)) if isinstance(value, np.ndarray) else 1


def text_of(value):
    """A value in a line or a few, as a person would write it."""
    text = _text(value)
    return text if len(text) <= _LONGEST else text[:_LONGEST] + " ..."


def _text(value):
    if isinstance(value, (list, tuple)):
        parts = ", ".join(map(_text, value))
        if isinstance(value, list):
            return f"[{parts}]"
        return f"({parts}{',' * (len(value) == 1)})"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{k!r}: {_text(v)}' for k, v in value.items())}}}"
    if isinstance(value, np.random.Generator):
        return "a generator of random numbers"
    if callable(value):
        return f"the function {getattr(value, '__name__', 'given')}"
    with np.printoptions(precision=6, threshold=40, linewidth=70):
        return repr(value.item() if isinstance(value, np.generic) else value)
