"""Images of a file that the user names."""

import numpy as np
import pytest

from lessons.toolkit.data.files import split_from_file
from lessons.toolkit.errors import UserError


@pytest.fixture
def images():
    pixels = np.random.default_rng(0).integers(256, size=(20, 4, 4, 3))
    return pixels.astype(np.uint8)


def test_the_last_tenth_is_held_out_and_pixels_go_from_0_to_1(images, tmp_path):
    path = tmp_path / "images.npz"
    np.savez(path, images=images, labels=np.arange(20, dtype=np.uint8) % 3)
    split = split_from_file(path, 5, labelled=True)
    np.testing.assert_allclose(split.train_images, images[:5] / 255, atol=1e-6)
    np.testing.assert_allclose(split.test_images, images[18:] / 255, atol=1e-6)
    np.testing.assert_array_equal(split.train_labels, np.arange(5) % 3)
    np.testing.assert_array_equal(split.test_labels, [0, 1])
    assert split.class_names == ("0", "1", "2")
    assert split.train_labels.dtype == np.int64


def test_without_labels_there_is_one_class_or_a_refusal(images, tmp_path):
    path = tmp_path / "images.npz"
    np.savez(path, images=images)
    split = split_from_file(path)
    assert len(split.train_images) == 18 and split.class_names == ("0",)
    with pytest.raises(UserError, match="holds no `labels`"):
        split_from_file(path, labelled=True)
