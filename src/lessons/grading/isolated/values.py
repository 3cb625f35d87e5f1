"""What `codec` shares: its limits, its error, and the stand-in for other objects."""

import re

MOST_BYTES = 64 * 2**20  # in all blocks of one message
MOST_TEXT = 8 * 2**20  # of JSON
MOST_DEPTH = 40
MOST_NODES = 200_000
MOST_DIGITS = 4000  # of a whole number
MOST_NUMBERS = 2_000_000  # in the lists of one message that hold only numbers
SHORTEST = 64  # items of a list that is packed, if they are all alike
DTYPE = re.compile(r"[<>|=]?(b1|[iu][1248]|f[248]|c(8|16)|[SU]\d{1,4})")


class CodecError(ValueError):
    """A value that cannot pass, or bytes that are no value."""


class Opaque:
    """Stands for an object that stays on the other side.

    Attributes:
        kind: name of its type there.
        handle: its number there.
    """

    def __init__(self, kind, handle):
        self.kind, self.handle = kind, handle

    def _refuse(self, *_, **__):
        raise TypeError(f"an object of type {self.kind} cannot be looked into")

    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _refuse
    __bool__ = __len__ = __iter__ = __getitem__ = __contains__ = _refuse
    __float__ = __int__ = __complex__ = __index__ = __array__ = _refuse
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _refuse
    __hash__ = None

    def __repr__(self):
        return f"<{self.kind} of the answer>"
