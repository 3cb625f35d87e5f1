"""A right answer with loops and Python's own numbers."""

import numpy as np

WRITTEN = r"""
1. The pooled features are maxima over the map; the flanker outshines the target in some of
   them, at every distance. So no larger spacing helps.
2. The number of bright pixels. Digits made as dark as the letters, or letters made as
   bright as the digits, decide.
3. Compare at equal training loss and equal accuracy without flankers, with several seeds.
"""


def crop_sides(field, crop, n):
    sides = []
    for i in range(n):
        exact = crop * (field / crop) ** (i / (n - 1))
        near = sorted(range(field, 0, -2), key=lambda side: abs(side - exact))
        sides.append(float(near[0]))
    return np.array(sides)


def multiscale_crops(image, gaze, sides, crop):
    height, width = image.shape
    found = np.empty((len(sides), crop, crop))
    for i in range(len(sides)):
        side = int(sides[i])
        square = np.zeros((side, side))
        for a in range(side):
            for b in range(side):
                y, x = gaze[0] - side // 2 + a, gaze[1] - side // 2 + b
                if 0 <= y < height and 0 <= x < width:
                    square[a, b] = image[y, x]
        fine = np.kron(square, np.ones((crop, crop)))
        for a in range(crop):
            for b in range(crop):
                rows = slice(a * side, (a + 1) * side)
                columns = slice(b * side, (b + 1) * side)
                found[i, a, b] = fine[rows, columns].mean()
    return found


def stimulus(target, flanker, configuration, ecc, spacing, background):
    places = {"a": "", "ax": "o", "xa": "i", "xax": "oi"}
    if configuration not in places:
        raise ValueError("unknown configuration")
    outwards = 1 if ecc >= 0 else -1
    things = [(target, ecc)]
    for letter in places[configuration]:
        if spacing < len(target) / 2 + len(flanker) / 2:
            raise ValueError("too near")
        way = outwards if letter == "o" else -outwards
        things.append((flanker, ecc + way * spacing))
    canvas = np.array(background)
    field = len(canvas)
    for thing, middle in things:
        size = len(thing)
        for a in range(size):
            for b in range(size):
                x = (field - size) // 2 + middle + b
                if not 0 <= x < field:
                    raise ValueError("outside the canvas")
                y = (field - size) // 2 + a
                canvas[y, x] = max(canvas[y, x], thing[a, b])
    return canvas


def scale_max_pool(x, m_out):
    n, height, width, channels = x.shape
    values = np.empty((m_out, height, width, channels))
    winners = np.empty((m_out, height, width, channels))
    for j in range(m_out):
        for place in np.ndindex(height, width, channels):
            best = j
            for i in range(j, j + n - m_out + 1):
                if x[(i, *place)] > x[(best, *place)]:
                    best = i
            values[(j, *place)] = x[(best, *place)]
            winners[(j, *place)] = best
    return values, winners


def area_normalise(crops, sides):
    found = np.zeros(crops.shape)
    largest = max(sides)
    for b in range(crops.shape[0]):
        for i in range(crops.shape[1]):
            greatest = crops[b, i].max()
            if greatest > 0:
                area = (sides[i] / largest) ** 2
                found[b, i] = crops[b, i] / greatest * area
    return found
