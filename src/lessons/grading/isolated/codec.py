"""Plain values as bytes, and back: all that passes between answers and tests.

A value is one JSON text and a list of blocks of raw bytes. Only exact built-in types
and NumPy arrays of numbers and text pass. What is a subclass becomes its base (a masked
array loses its mask); tensors become arrays; everything else becomes an `Opaque`
stand-in that can be handed on but not compared, converted or tested. Nothing is ever
unpickled, and every size is limited, since the other side may be hostile.
"""

from lessons.grading.isolated.decoder import Decoder
from lessons.grading.isolated.encoder import Encoder
from lessons.grading.isolated.values import MOST_BYTES, MOST_TEXT, CodecError, Opaque

__all__ = ["MOST_BYTES", "MOST_TEXT", "CodecError", "Decoder", "Encoder", "Opaque"]
