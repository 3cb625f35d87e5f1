"""What stands behind the drawn animals: patches of photographs, and textures."""

import numpy as np

from lessons.toolkit.data import photos

GREY = 0.5
_WAVES = 4  # plane waves of a texture


def backgrounds(rng, count, side, part, plain, photo):
    """Backgrounds of every picture, float32 (count, side, side, 3), not clipped.

    Each is brightened by a factor from 0.6 to 1.2, tinted by up to 0.1 in each channel,
    and mirrored half of the time.

    Args:
        rng: a NumPy generator.
        count: how many.
        side: height and width in pixels.
        part: 0 for the blocks of the photographs that are for training, 1 for testing.
        plain: whether all are grey.
        photo: whether each is a patch of a photograph (or a texture), shape (count,).
    """
    seed = int(rng.integers(2**31))
    images = np.empty((count, side, side, 3), np.float32)
    images[~photo] = _textures(rng, count - int(photo.sum()), side)
    factors = rng.uniform(0.6, 1.2, (count, 1, 1, 1))
    tints = rng.uniform(-0.1, 0.1, (count, 1, 1, 3))
    mirrored = rng.random(count) < 0.5
    if plain:
        return np.full((count, side, side, 3), GREY, np.float32)
    sizes = [1, 1]
    sizes[part] = max(1, int(photo.sum()))
    split = photos.load(
        seed=seed, size=sizes[0], test_size=sizes[1], patch_size=side, channels=3
    )
    patches = split.test_images if part else split.train_images
    images[photo] = patches[: photo.sum()]
    images[mirrored] = images[mirrored, :, ::-1]
    images *= factors.astype(np.float32)
    images += tints.astype(np.float32)
    return np.clip(images, 0, 1, out=images)


def _textures(rng, count, side):
    """Plane waves of random lengths and directions between two colours, with grain."""
    places = np.arange(side)
    field = np.zeros((count, side, side), np.float32)
    for _ in range(_WAVES):
        length = 2 * np.pi / np.exp(rng.uniform(np.log(3), np.log(2 * side), count))
        angle, phase = rng.uniform(0, 2 * np.pi, (2, count))
        x, y = (length * f(angle) for f in (np.cos, np.sin))
        across = x[:, None] * places + phase[:, None]
        down = y[:, None] * places
        (a, b), (c, d) = (
            (np.sin(angles).astype(np.float32), np.cos(angles).astype(np.float32))
            for angles in (across, down)
        )
        # The sine of a sum.
        field += a[:, None, :] * d[:, :, None] + b[:, None, :] * c[:, :, None]
    field = 0.5 + field[..., None] / (2 * _WAVES)
    grain = rng.uniform(0, 0.1, (count, 1, 1, 1)).astype(np.float32)
    field += grain * rng.standard_normal(field.shape, dtype=np.float32)
    low, high = rng.random((2, count, 1, 1, 3), dtype=np.float32)
    return low + (high - low) * field
