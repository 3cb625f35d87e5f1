r"""True area averaging: a picture cut and resized so that every pixel counts.

A cell of the result is the mean of the part of the picture that it covers; cells and
pixels need not line up. Along one axis that is a matrix, so a picture $X$ becomes
$A X B^T$: exact at fractional places, linear, and differentiable wherever matrix
products are.
"""

import numpy as np

from lessons.toolkit.errors import UserError


def matrix(length, size, start=0.0, stop=None):
    """Weights with which pixels along an axis make up equal cells.

    Args:
        length: number of pixels; pixel k reaches from k to k + 1.
        size: number of cells.
        start, stop: where the cells begin and end, by default 0 and `length`. Cells
            beyond the picture are made up of nothing, as if it were black there.

    Returns:
        float64, shape (size, length); a row of a cell inside the picture sums to 1.

    Raises:
        UserError: no pixel, no cell, or cells that end before they begin.
    """
    stop = length if stop is None else stop
    if length < 1 or size < 1 or not start < stop:
        raise UserError(
            "area averaging needs at least one pixel and one cell, and start before "
            f"stop; got length={length}, size={size}, start={start}, stop={stop}."
        )
    edges = np.linspace(start, stop, size + 1)
    pixels = np.arange(length + 1)
    last = np.minimum(edges[1:, None], pixels[1:])
    first = np.maximum(edges[:-1, None], pixels[:-1])
    return np.maximum(last - first, 0.0) * (size / (stop - start))


def resize(images, height, width=None):
    """Pictures of another size, by area averaging.

    Args:
        images: shape (..., height, width).
        height, width: the new size; the width is the height by default.

    Returns:
        Shape (..., height, width), of the dtype of `images` if that is floating.
    """
    images = np.asarray(images)
    dtype = np.result_type(images.dtype, np.float32)
    rows = matrix(images.shape[-2], height).astype(dtype)
    columns = matrix(images.shape[-1], width or height).astype(dtype)
    return rows @ images @ columns.T
