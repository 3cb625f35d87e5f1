"""Images are moved and mirrored in training, and stay as they are else."""

import keras
import numpy as np

from lessons.toolkit import augmentation

IMAGES = np.random.default_rng(0).random((40, 8, 8, 1), dtype=np.float32)


def test_shifts_fill_with_zeros_and_stay_within_the_pixels():
    layer = augmentation.shifted((8, 8, 1), seed=1, pixels=2)
    bright = np.zeros((200, 8, 8, 1), np.float32)
    bright[:, 4, 4] = 1
    moved = keras.ops.convert_to_numpy(layer(bright, training=True))
    places = {tuple(np.argwhere(image[..., 0] > 0.5)[0]) for image in moved}
    rows = {place[0] for place in places}
    assert rows == {2, 3, 4, 5, 6} and len(places) > 15
    np.testing.assert_array_equal(layer(IMAGES, training=False), IMAGES)


def test_about_half_of_the_images_are_mirrored():
    layer = augmentation.mirrored(seed=2)
    moved = keras.ops.convert_to_numpy(layer(IMAGES, training=True))
    same = [np.array_equal(a, b) for a, b in zip(moved, IMAGES, strict=True)]
    other = [np.array_equal(a, b[:, ::-1]) for a, b in zip(moved, IMAGES, strict=True)]
    assert np.all(np.array(same) ^ np.array(other)) and 8 < sum(same) < 32
