"""Adds a small number to the maximum, which faint crops notice."""

# loses: area_normalise


def area_normalise(crops, sides):
    greatest = crops.max(axis=(2, 3), keepdims=True)
    areas = (sides / sides.max()) ** 2
    return crops / (greatest + 1e-8) * areas[:, None, None]
