"""Values of images between their pixels, and random affine maps, in NumPy."""

import numpy as np


def grid(height, width):
    """Coordinates (x, y) of all pixels, shape (height, width, 2)."""
    x, y = np.meshgrid(np.arange(width), np.arange(height))
    return np.stack([x, y], axis=-1).astype(float)


def bilinear(images, places, *, outside=None):
    """Values of images at places, linear between pixels.

    Args:
        images: shape (n, height, width) or (n, height, width, channels).
        places: (x, y), shape (n, ..., 2).
        outside: value beyond the border; None for that of the nearest pixel.

    Returns:
        Shape (n, ...) or (n, ..., channels).
    """
    if outside is not None:
        widths = [(0, 0), (2, 2), (2, 2), (0, 0)][: images.ndim]
        images = np.pad(images, widths, constant_values=outside)
        places = places + 2
    height, width = images.shape[1:3]
    places = np.clip(places, 0, [width - 1.0, height - 1.0])
    corner = np.minimum(places.astype(int), [width - 2, height - 2])
    part = places - corner
    rows = np.arange(len(images)).reshape(-1, *[1] * (places.ndim - 2))
    total = 0.0
    for down in (0, 1):
        for right in (0, 1):
            weight = part[..., 0] if right else 1 - part[..., 0]
            weight = weight * (part[..., 1] if down else 1 - part[..., 1])
            values = images[rows, corner[..., 1] + down, corner[..., 0] + right]
            total = total + (weight[..., None] if images.ndim == 4 else weight) * values
    return total


def affine(center, angle, scale, shift, height, width):
    """Where the pixels of images come from that were turned, scaled and shifted.

    Args:
        center: fixed points, (x, y), shape (n, 2).
        angle: radians, shape (n,).
        scale: factors, shape (n,).
        shift: pixels, shape (n, 2).
        height, width: of the images.

    Returns:
        Places for `bilinear`, shape (n, height, width, 2).
    """
    away = grid(height, width) - (center + shift)[:, None, None]
    cos = (np.cos(angle) / scale)[:, None, None]
    sin = (np.sin(angle) / scale)[:, None, None]
    x, y = away[..., 0], away[..., 1]
    turned = np.stack([cos * x + sin * y, cos * y - sin * x], axis=-1)
    return turned + center[:, None, None]


def centroids(masks):
    """Centres of gravity (x, y), shape (n, 2); of an empty mask the image's middle."""
    height, width = masks.shape[1:]
    mass = masks.sum(axis=(1, 2))[:, None]
    sums = np.einsum("nhw,hwc->nc", masks.astype(float), grid(height, width))
    middle = np.array([width - 1, height - 1]) / 2
    return np.where(mass > 0, sums / np.maximum(mass, 1e-9), middle)
