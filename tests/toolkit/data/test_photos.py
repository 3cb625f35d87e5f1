"""Patches of photographs: form, disjoint parts, what the pixels are."""

import numpy as np
import pytest

from lessons.toolkit import data
from lessons.toolkit.data import photos
from lessons.toolkit.errors import UserError


def test_patches_have_the_promised_form():
    split = data.load("photos", size=300, test_size=50)
    assert split.train_images.shape == (300, 16, 16, 1)
    assert split.test_images.shape == (50, 16, 16, 1)
    assert split.train_images.dtype == np.float32
    assert split.train_labels.dtype == np.int64
    assert 0 <= split.train_images.min() < split.train_images.max() <= 1
    assert set(split.train_labels) == {0, 1}
    data.check_images(split.train_images, shape=(16, 16, 1))


def test_the_catalog_says_what_is_loaded():
    split, source = data.load("photos"), data.find("photos")
    assert split.train_images.shape == (source.train, *source.shape)
    assert split.test_images.shape == (source.test, *source.shape)
    assert len(split.class_names) == source.classes


def test_a_patch_is_a_piece_of_its_photograph():
    from sklearn.datasets import load_sample_image

    split = data.load("photos", size=5, test_size=5, channels=3, patch_size=8)
    for image, label in zip(*split.everything(), strict=True):
        photo = load_sample_image(f"{split.class_names[label]}.jpg")
        windows = np.lib.stride_tricks.sliding_window_view(photo, (8, 8, 3))
        wanted = np.rint(image * 255).astype(np.uint8)
        assert np.any(np.all(windows[:, :, 0] == wanted, axis=(2, 3, 4)))


def test_grey_is_the_luma_of_colour():
    options = {"size": 20, "test_size": 2, "seed": 3}
    grey = data.load("photos", **options).train_images[..., 0]
    colour = data.load("photos", channels=3, **options).train_images
    expected = 0.299 * colour[..., 0] + 0.587 * colour[..., 1] + 0.114 * colour[..., 2]
    np.testing.assert_allclose(grey, expected, atol=1e-6)


def test_no_pixel_is_in_both_parts(monkeypatch):
    # Each pixel shows its own number, so that patches say where they come from.
    count = 2 * 427 * 640
    numbers = np.arange(count, dtype=np.float64).reshape(2, 427, 640, 1)
    monkeypatch.setattr(photos, "_photographs", lambda channels: numbers)
    for seed in range(3):
        split = photos.load(seed=seed, size=4000, test_size=4000)
        assert not np.intersect1d(split.train_images, split.test_images).size


def test_the_seed_decides_the_places():
    first, again, other = (
        data.load("photos", seed=seed, size=30, test_size=5) for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(first.train_images, again.train_images)
    assert np.any(first.train_images != other.train_images)


def test_a_patch_as_large_as_a_block_leaves_one_place_in_each():
    split = data.load("photos", patch_size=64, channels=3)
    assert len(split.train_images) + len(split.test_images) == 2 * 6 * 10


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"patch_size": 65}, "patch_size must be a whole number from 1 to 64, got 65"),
        ({"channels": 2}, "unknown number of channels"),
        ({"size": 10**7}, "size must be a whole number"),
        ({"seed": None}, "seed must be a whole number"),
        ({"path": "x"}, "reads no file"),
    ],
)
def test_impossible_photos_are_refused(options, words):
    with pytest.raises(UserError, match=words):
        data.load("photos", **options)
