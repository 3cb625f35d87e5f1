"""Pictures as PNG files, made here from plain pixels: never a file from elsewhere."""

import struct
import zlib

import numpy as np

MOST_PIXELS = 4 << 20


def encode(pixels):
    """A PNG file.

    Args:
        pixels: uint8 array (height, width, 3 or 4).

    Returns:
        Bytes; None if the array is no picture, or too large a one.
    """
    if not isinstance(pixels, np.ndarray) or pixels.dtype != np.uint8:
        return None
    if pixels.ndim != 3 or pixels.shape[2] not in (3, 4):
        return None
    height, width, channels = pixels.shape
    if not 0 < height * width <= MOST_PIXELS:
        return None
    rows = np.zeros((height, 1 + width * channels), np.uint8)  # a zero: no filter
    rows[:, 1:] = pixels.reshape(height, -1)
    kind = 2 if channels == 3 else 6
    head = struct.pack(">IIBBBBB", width, height, 8, kind, 0, 0, 0)
    parts = (b"IHDR", head), (b"IDAT", zlib.compress(rows.tobytes(), 6)), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*part) for part in parts)


def _chunk(name, data):
    body = name + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))
