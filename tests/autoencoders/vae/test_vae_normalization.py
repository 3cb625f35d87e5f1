"""Batch normalisation: by hand against Keras, and its fixed-point statistics."""

import keras
import numpy as np
import pytest

from lessons.autoencoders.vae import normalization
from lessons.autoencoders.vae.model import DenseVAE

FLOAT32 = 1e-5


@pytest.mark.parametrize("shape", [(20, 5), (6, 4, 3, 5)])
def test_layer_by_hand_equals_keras(shape):
    inputs = np.random.default_rng(0).normal(2, 3, shape).astype("float32")
    ours = normalization.BatchNormalization(momentum=0.8, epsilon=1e-3)
    theirs = keras.layers.BatchNormalization(momentum=0.8, epsilon=1e-3)
    for training in (True, True, False):
        np.testing.assert_allclose(
            ours(inputs, training=training),
            theirs(inputs, training=training),
            atol=FLOAT32,
        )
    np.testing.assert_allclose(ours.moving_mean, theirs.moving_mean, atol=FLOAT32)
    np.testing.assert_allclose(
        ours.moving_variance, theirs.moving_variance, rtol=FLOAT32
    )


@pytest.mark.parametrize("batch_size", [2, 20, 500])
def test_a_normalised_batch_has_variance_one_whatever_its_size(batch_size):
    inputs = np.random.default_rng(0).normal(2, 3, (batch_size, 4)).astype("float32")
    layer = normalization.BatchNormalization(epsilon=1e-12)
    outputs = np.asarray(layer(inputs, training=True))
    np.testing.assert_allclose(outputs.mean(axis=0), 0, atol=FLOAT32)
    np.testing.assert_allclose(outputs.var(axis=0), 1, atol=1e-4)


def test_biased_batch_variance_is_short_by_one_in_b():
    batches = np.random.default_rng(0).standard_normal((200_000, 20))
    # Standard error of the mean of 200,000 variances is 7e-4.
    assert batches.var(axis=1).mean() == pytest.approx(19 / 20, abs=3e-3)


def test_layer_survives_saving(tmp_path):
    model = keras.Sequential(
        [keras.Input((3,)), normalization.BatchNormalization(0.7, 1e-4)]
    )
    model(np.random.default_rng(0).random((8, 3)), training=True)
    model.save(tmp_path / "m.keras")
    loaded = keras.saving.load_model(tmp_path / "m.keras")
    x = np.random.default_rng(1).random((5, 3))
    np.testing.assert_array_equal(model(x), loaded(x))
    assert loaded.layers[0].momentum == 0.7


@pytest.mark.parametrize(("name", "value"), [("momentum", 1.5), ("epsilon", 0.0)])
def test_impossible_arguments_are_named(name, value):
    with pytest.raises(ValueError, match=name):
        normalization.BatchNormalization(**{name: value})


def first_statistics(model):
    layer = model.encoder.get_layer("encoder_0_norm")
    return layer.moving_mean.numpy(), layer.moving_variance.numpy()


@pytest.fixture
def model():
    keras.utils.set_random_seed(0)
    return DenseVAE((4, 4, 1), 3, (6,), (6,), seed=0)


@pytest.fixture(scope="module")
def images():
    return np.random.default_rng(0).random((60, 4, 4, 1), dtype=np.float32)


def test_statistics_of_the_first_layer_are_those_of_the_whole_set(model, images):
    normalization.estimate_statistics(model, images, 20)
    affine = model.encoder.get_layer("encoder_0")
    values = np.asarray(affine(images.reshape(60, 16)))
    mean, variance = first_statistics(model)
    np.testing.assert_allclose(mean, values.mean(axis=0), atol=FLOAT32)
    np.testing.assert_allclose(variance, values.var(axis=0), rtol=1e-4)


def test_estimation_is_a_fixed_point_and_leaves_the_rest_alone(model, images):
    weights = [w.numpy() for w in model.trainable_weights]
    momentum = model.encoder.get_layer("encoder_0_norm").momentum
    moved = normalization.estimate_statistics(model, images, 20)
    before = first_statistics(model)
    normalization.estimate_statistics(model, images, 20)
    assert moved > 0.1  # from zero and one
    for one, other in zip(before, first_statistics(model), strict=True):
        np.testing.assert_allclose(one, other, atol=FLOAT32)
    assert model.encoder.get_layer("encoder_0_norm").momentum == momentum
    for weight, old in zip(model.trainable_weights, weights, strict=True):
        np.testing.assert_array_equal(weight, old)


def test_a_model_without_normalisation_has_nothing_to_estimate(images):
    model = DenseVAE((4, 4, 1), 3, (6,), (6,), batch_norm=False)
    assert normalization.estimate_statistics(model, images, 20) == 0
