"""The published networks: sizes, shapes, and the parts they are made of."""

import keras
import numpy as np
import pytest

from lessons.adversarial.ot_gan import experiment, networks_images
from lessons.adversarial.ot_gan.config import PRESETS
from lessons.adversarial.ot_gan.model import OTGAN
from lessons.adversarial.ot_gan.paper import PAPER_PARAMETERS
from lessons.toolkit.errors import UserError

FLOAT32 = 1e-4


def test_published_networks_have_the_papers_sizes():
    generator, critic = experiment.build_networks(PRESETS["paper"], (32, 32, 3))
    assert generator.count_params() == PAPER_PARAMETERS["generator"]
    assert critic.count_params() == PAPER_PARAMETERS["critic"]
    assert generator.output_shape == (None, 32, 32, 3)
    assert critic.output_shape == (None, 32768)
    maps = [l.output.shape[1:] for l in generator.layers if "glu" in l.name]  # noqa: E741
    assert maps == [(16384,), (8, 8, 512), (16, 16, 256), (32, 32, 128)]


@pytest.fixture
def small():
    keras.utils.set_random_seed(0)
    nets = networks_images.build(6, (8, 4), (4, 6), (8, 8, 3))
    return OTGAN(*nets, num_iterations=5)


def test_data_dependent_start_gives_standardised_outputs(small):
    images = np.random.default_rng(0).normal(size=(64, 8, 8, 3)).astype(np.float32)
    networks_images.initialize_from_data(small, images)
    outputs = np.asarray(small.critic.layers[0](images))
    np.testing.assert_allclose(outputs.mean((0, 1, 2)), 0, atol=FLOAT32)
    np.testing.assert_allclose(outputs.std((0, 1, 2)), 1, atol=1e-3)
    for mean, weight in zip(
        small.average.weights, small.generator.weights, strict=True
    ):
        np.testing.assert_array_equal(mean, weight)


def test_weight_normalisation_ignores_the_length_of_the_direction():
    layer = networks_images.WeightNormDense(5)
    x = np.random.default_rng(1).normal(size=(3, 7)).astype(np.float32)
    before = np.asarray(layer(x))
    layer.kernel.assign(7.0 * layer.kernel)
    np.testing.assert_allclose(layer(x), before, atol=FLOAT32)
    direction = layer.kernel.numpy()
    expected = x @ (direction / np.linalg.norm(direction, axis=0))
    np.testing.assert_allclose(before, expected, atol=FLOAT32)


def test_weight_normalised_convolution_is_a_convolution_of_unit_filters():
    layer = networks_images.WeightNormConv2D(4, strides=2)
    x = np.random.default_rng(2).normal(size=(2, 8, 8, 3)).astype(np.float32)
    found = np.asarray(layer(x))
    plain = keras.layers.Conv2D(4, 5, strides=2, padding="same")
    plain.build(x.shape)
    kernel = layer.kernel.numpy()
    plain.kernel.assign(kernel / np.linalg.norm(kernel.reshape(-1, 4), axis=0))
    np.testing.assert_allclose(found, plain(x), atol=FLOAT32)


def test_gates_and_rectifiers_by_hand():
    x = np.array([[2.0, -3.0, 0.0, 100.0]], dtype=np.float32)
    np.testing.assert_allclose(networks_images.GLU()(x), [[1.0, -3.0]], atol=1e-6)
    found = networks_images.CReLU()(x)
    np.testing.assert_allclose(found, [[2, 0, 0, 100, 0, 3, 0, 0]])


def test_small_image_model_survives_saving(small, tmp_path):
    images = np.random.default_rng(3).uniform(-1, 1, (16, 8, 8, 3)).astype(np.float32)
    networks_images.initialize_from_data(small, images)
    small.compile(keras.optimizers.Adam(), keras.optimizers.Adam())
    small.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(loaded.sample(2), small.sample(2))


def test_networks_that_do_not_fit_the_images_are_refused():
    with pytest.raises(UserError, match=r"\(8, 8, 3\)"):
        networks_images.build(6, (8, 4), (4,), (16, 16, 3))
