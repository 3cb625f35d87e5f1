"""Area averaging: means of what a cell covers."""

import numpy as np
import pytest
import tensorflow as tf
from skimage import transform

from lessons.toolkit import area
from lessons.toolkit.errors import UserError


def test_whole_factors_are_means_of_blocks():
    image = np.random.default_rng(0).random((12, 18))
    found = area.resize(image, 4, 6)
    assert np.allclose(found, transform.downscale_local_mean(image, (3, 3)))
    assert found.dtype == np.float64


def test_smaller_images_are_means_over_areas():
    image = np.random.default_rng(0).random((1, 28, 28)).astype(np.float32)
    found = area.resize(image, 14)
    expected = image.reshape(1, 14, 2, 14, 2).mean(axis=(2, 4))
    np.testing.assert_allclose(found, expected, atol=1e-6)
    np.testing.assert_allclose(area.resize(image, 16).mean(), image.mean(), atol=1e-5)


def test_broken_factors_agree_with_tensorflow():
    image = np.random.default_rng(1).random((2, 37, 53)).astype(np.float32)
    expected = tf.image.resize(image[..., None], (16, 20), "area")[..., 0]
    assert np.allclose(area.resize(image, 16, 20), expected, atol=1e-5)
    assert area.resize(image, 16).shape == (2, 16, 16)


def test_cells_that_begin_inside_a_pixel_take_part_of_it():
    weights = area.matrix(4, 2, 0.5, 3.5)
    assert np.allclose(weights, [[1 / 3, 2 / 3, 0, 0], [0, 0, 2 / 3, 1 / 3]])
    assert np.allclose(area.matrix(4, 8).sum(axis=1), 1)  # enlarged: pixels repeat


def test_beyond_the_picture_it_is_black():
    weights = area.matrix(2, 3, -1, 5)
    assert np.allclose(weights.sum(axis=1), [0.5, 0.5, 0])


@pytest.mark.parametrize("given", [(0, 1), (1, 0), (4, 2, 3, 3)])
def test_what_cannot_be_is_refused(given):
    with pytest.raises(UserError, match="area averaging"):
        area.matrix(*given)
