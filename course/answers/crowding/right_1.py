"""A right answer in NumPy: averaging matrices, strided windows."""

import numpy as np

WRITTEN = r"""
1. From the maximum: $\phi$ of both is the greater of the two, feature by feature, wherever
   the flanker stands. A larger spacing changes nothing.
2. Thin letters are darker. Dim the digits until they are as dark as the letters: if they
   then crowd as little, brightness explains it.
3. Whether it has learned its task: the training loss and the accuracy of targets alone,
   with more epochs if need be, and over several seeds.
"""


def crop_sides(field, crop, n):
    exact = np.geomspace(crop, field, n)
    return field - 2.0 * np.rint((field - exact) / 2)


def multiscale_crops(image, gaze, sides, crop):
    def weights(length, middle, side):
        edges = np.linspace(middle - side / 2, middle + side / 2, crop + 1)
        pixels = np.arange(length + 1)
        last = np.minimum(edges[1:, None], pixels[1:])
        first = np.maximum(edges[:-1, None], pixels[:-1])
        return np.maximum(last - first, 0) * crop / side

    height, width = image.shape
    return np.stack(
        [
            weights(height, gaze[0], side) @ image @ weights(width, gaze[1], side).T
            for side in sides
        ]
    )


def stimulus(target, flanker, configuration, ecc, spacing, background):
    outer = np.where(ecc < 0, -1, 1)
    sides = {"a": (), "ax": (outer,), "xa": (-outer,), "xax": (-1, 1)}
    try:
        signs = sides[configuration]
    except KeyError:
        raise ValueError(configuration) from None
    if signs and 2 * spacing < len(target) + len(flanker):
        raise ValueError("overlap")
    field = len(background)
    found = [background]
    for thing, middle in [
        (target, ecc),
        *((flanker, ecc + s * spacing) for s in signs),
    ]:
        before = (field - len(thing)) // 2
        left, right = before + middle, before - middle
        margins = ((before, before), (left, right))  # np.pad refuses negative ones
        found.append(np.pad(thing, margins, constant_values=-np.inf))
    return np.max(found, axis=0)


def scale_max_pool(x, m_out):
    windows = np.lib.stride_tricks.sliding_window_view(x, len(x) - m_out + 1, axis=0)
    first = np.arange(m_out).reshape(-1, 1, 1, 1)
    return windows.max(axis=-1), (windows.argmax(axis=-1) + first).astype(float)


def area_normalise(crops, sides):
    areas = np.square(sides) / np.square(sides).max()
    top = crops.max(axis=(-2, -1), keepdims=True)
    relative = np.divide(crops, top, out=np.zeros_like(crops), where=top > 0)
    return np.einsum("bihw,i->bihw", relative, areas)
