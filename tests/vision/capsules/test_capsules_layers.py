"""The layers: shapes, agreement with the equations, saving, shifts."""

import keras
import numpy as np
import pytest

from lessons.toolkit.errors import UserError
from lessons.vision.capsules import data, theory
from lessons.vision.capsules.layers import Capsules, PrimaryCapsules, RandomShift

FLOAT32 = 1e-5


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def test_primary_capsules_are_neighbouring_channels_squashed(rng):
    layer = PrimaryCapsules(3, 4, kernel_size=2, stride=2)
    maps = rng.normal(size=(2, 6, 6, 5)).astype("float32")
    capsules = np.asarray(layer(maps))
    channels = np.asarray(layer.conv(maps))  # (2, 3, 3, 12)
    assert capsules.shape == (2, 27, 4)
    at = channels[1, 0, 2, 4:8]  # row 0, column 2, type 1
    size = np.linalg.norm(at)
    expected = size * at / (1 + size**2)
    np.testing.assert_allclose(capsules[1, 2 * 3 + 1], expected, atol=FLOAT32)


def test_votes_are_a_matrix_per_pair(rng):
    layer = Capsules(3, 5, weight_scale=1.0)
    lower = rng.normal(size=(2, 4, 6)).astype("float32")
    layer(lower)
    matrices = layer.matrices.numpy().reshape(4, 6, 3, 5)
    expected = np.einsum("bik,ikjd->bjid", lower, matrices)
    np.testing.assert_allclose(layer.votes(lower), expected, atol=FLOAT32)


@pytest.mark.parametrize("jit_routing", [False, True])
def test_the_layer_routes_its_votes(rng, jit_routing):
    layer = Capsules(3, 5, 2, weight_scale=1.0, jit_routing=jit_routing)
    lower = rng.normal(size=(2, 4, 6)).astype("float32")
    capsules = layer(lower)
    expected = theory.route(layer.votes(lower), 2).capsules
    np.testing.assert_allclose(capsules, expected, atol=FLOAT32)


@pytest.mark.parametrize("jit_routing", [False, True])
def test_optional_weights_count_and_are_used(rng, jit_routing):
    lower = rng.normal(size=(2, 4, 6)).astype("float32")
    layer = Capsules(
        3, 5, use_bias=True, learn_priors=True, orphan=True, jit_routing=jit_routing
    )
    before = np.asarray(layer(lower))
    assert layer.count_params() == 4 * 6 * 15 + 15 + 12
    np.testing.assert_array_equal(layer.bias, np.full((3, 5), 0.1, "float32"))
    for weight in (layer.bias, layer.log_priors):
        kept = weight.numpy()
        weight.assign(rng.normal(size=kept.shape))
        assert np.abs(layer(lower) - before).max() > 1e-3
        weight.assign(kept)


def test_dead_lower_capsules_have_finite_gradients():
    import tensorflow as tf

    layer = Capsules(3, 5)
    lower = tf.zeros((2, 4, 6))
    with tf.GradientTape() as tape:
        tape.watch(lower)
        loss = tf.reduce_sum(theory.length(layer(lower)))
    for slope in tape.gradient(loss, [lower, layer.matrices.value]):
        assert np.all(np.isfinite(slope))


@pytest.mark.parametrize(
    "layer",
    [
        Capsules(3, 5, 2, 0.3, detach=True, use_bias=True, orphan=True),
        PrimaryCapsules(2, 4, 3, 1, bias_initializer="ones"),
        RandomShift(2, seed=4),
    ],
    ids=lambda layer: type(layer).__name__,
)
def test_layers_come_back_from_their_configuration(layer):
    config = layer.get_config()
    again = type(layer).from_config(config)
    assert again.get_config() == config


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Capsules(0, 5), "num_capsules"),
        (lambda: Capsules(3, 5, iterations=0), "iterations"),
        (lambda: Capsules(3, 5, weight_scale=-1.0), "weight_scale"),
        (lambda: PrimaryCapsules(2.5, 4), "types"),
        (lambda: PrimaryCapsules(2, 4)(keras.Input((None, None, 1))), "known size"),
        (lambda: Capsules(3, 5)(keras.Input((4,))), "lower, lower dim"),
        (lambda: Capsules(3, 5)(keras.Input((None, 4))), "lower, lower dim"),
    ],
)
def test_impossible_sizes_are_refused(make, words):
    with pytest.raises(UserError, match=words):
        make()


def test_random_shifts_are_whole_shifts_without_wrapping(rng):
    pictures = rng.random((3, 2, 5, 7, 1)).astype("float32")
    shifted = np.asarray(RandomShift(2, seed=0)(pictures)).reshape(6, 5, 7, 1)
    flat = pictures.reshape(6, 5, 7, 1)
    found = set()
    for index in range(6):
        same = [
            (down, right)
            for down in range(-2, 3)
            for right in range(-2, 3)
            if np.array_equal(
                data.shift(flat[index : index + 1], [(down, right)])[0], shifted[index]
            )
        ]
        assert len(same) == 1
        found.add(same[0])
    assert len(found) > 3  # each by itself


def test_random_shifts_rest_in_predict_as_random_layers_of_keras_do(rng):
    pictures = rng.random((4, 1, 6, 6, 1)).astype("float32")
    inputs = keras.Input((1, 6, 6, 1))
    model = keras.Model(inputs, RandomShift(2, seed=0)(inputs))
    np.testing.assert_array_equal(model.predict(pictures, verbose=0), pictures)
    assert not np.array_equal(model(pictures, training=True), pictures)


def test_random_shifts_reach_every_place_alike():
    dot = np.zeros((4000, 1, 5, 5, 1), "float32")
    dot[:, :, 2, 2] = 1
    counts = np.asarray(RandomShift(1, seed=1)(dot)).sum(axis=(0, 1, 4))
    expected = np.zeros((5, 5))
    expected[1:4, 1:4] = 4000 / 9
    assert np.abs(counts - expected).max() < 5 * (4000 / 9) ** 0.5


def test_half_precision_keeps_the_routing_in_float32(rng):
    layer = Capsules(3, 5, dtype=keras.DTypePolicy("mixed_float16"))
    capsules = layer(rng.normal(size=(2, 4, 6)).astype("float16"))
    assert keras.backend.standardize_dtype(capsules.dtype) == "float32"
    assert layer.matrices.dtype == "float32"
