"""One kind of error for input that cannot work.

The command line prints a `UserError` as one line and exits with status 2; in a
notebook or a test it is an ordinary `ValueError`.
"""

import difflib


class UserError(ValueError):
    """Bad input: the message names what was given and what is allowed."""

    def _render_traceback_(self):
        """What a notebook shows of it: the message; IPython asks for this method."""
        return [f"{type(self).__name__}: {self}"]


class WrongBackend(UserError, ImportError):
    """Keras computes with something other than TensorFlow."""


def unknown(kind, given, allowed, note=""):
    """The error for a name that is not in a list.

    Args:
        kind: what the name stands for, such as "lesson" or "preset".
        given: the name received.
        allowed: the names that exist.
        note: a sentence to add.

    Returns:
        A `UserError`, to be raised by the caller.
    """
    allowed = [str(name) for name in allowed]
    near = difflib.get_close_matches(str(given), allowed, n=1)
    parts = [f"unknown {kind} {given!r}."]
    if note:
        parts.append(note)
    if near:
        parts.append(f"Did you mean {near[0]!r}?")
    parts.append(f"Allowed: {', '.join(allowed) or 'none'}.")
    return UserError(" ".join(parts))
