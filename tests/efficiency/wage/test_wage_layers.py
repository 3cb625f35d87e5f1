"""Layers and optimizer: gradients by hand, the grid of the store, what is refused."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from lessons.efficiency.wage import layers, theory
from lessons.efficiency.wage.optimizer import IntegerSGD
from lessons.toolkit.errors import UserError


def gradient(function, values, upstream):
    values = tf.constant(values, tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(values)
        total = tf.reduce_sum(function(values) * upstream)
    return tape.gradient(total, values).numpy()


def test_weights_are_quantised_forward_and_let_every_gradient_through():
    upstream = np.array([1.0, 2.0, 3.0, 4.0], np.float32)
    found = gradient(lambda w: layers.quantized(w, 2), [-0.9, 0.1, 0.3, 0.7], upstream)
    np.testing.assert_array_equal(found, upstream)


def test_a_gate_masks_what_its_clip_cut_and_then_quantises_errors():
    inputs = [[0.2, 1.5, 0.9], [0.0, 0.4, 3.0]]
    upstream = np.array([[4.0, 100.0, 0.03], [1.0, -2.0, 50.0]], np.float32)
    found = gradient(lambda x: layers.gated(x, 8, 8), inputs, upstream)
    # The largest of what is left is 4: the cut ones do not set the scale.
    expected = np.array([[127 / 128, 0, 1 / 128], [0.25, -0.5, 0]])
    np.testing.assert_array_equal(found, expected)
    through = gradient(lambda x: layers.gated(x), inputs, upstream)
    np.testing.assert_array_equal(through, upstream)


def test_errors_are_those_of_the_sum_whatever_the_batch():
    losses = np.array([1.0, 2.0, 6.0], np.float32)
    assert float(layers.mean_with_errors_of_sum(tf.constant(losses))) == 3
    found = gradient(layers.mean_with_errors_of_sum, losses, 1.0)
    np.testing.assert_array_equal(found, np.ones(3))


def test_layers_start_on_the_grid_between_their_limits():
    layer = layers.QuantDense(300, bits=2, stored_bits=8, seed=3)
    layer.build((None, 400))
    kernel = layer.kernel.numpy()
    assert np.array_equal(kernel * 128, np.round(kernel * 128))
    assert np.abs(kernel).max() <= 0.75 and kernel.std() == pytest.approx(
        0.75 / np.sqrt(3), rel=0.01
    )
    assert layer.scale == 8  # 0.75 / sqrt(6 / 400) = 6.1
    in_use = layer.weights_in_use().numpy()
    assert set(np.unique(in_use)) == {-0.5, 0, 0.5}
    inputs = np.random.default_rng(0).normal(size=(2, 400)).astype(np.float32)
    np.testing.assert_allclose(layer(inputs), inputs @ in_use / 8, rtol=1e-4, atol=1e-5)


def test_a_convolution_is_a_dense_layer_at_every_place():
    layer = layers.QuantConv2D(5, 3, bits=2, stored_bits=8, seed=1)
    image = np.random.default_rng(1).normal(size=(1, 6, 6, 2)).astype(np.float32)
    found = layer(image).numpy()
    kernel = layer.weights_in_use().numpy()
    patch = image[0, 1:4, 2:5]  # around the place (2, 3)
    expected = np.einsum("hwc,hwcu->u", patch, kernel) / layer.scale
    np.testing.assert_allclose(found[0, 2, 3], expected, rtol=1e-5, atol=1e-6)


def test_the_code_starts_ternary_and_with_the_smaller_limit():
    options = {"bits": 2, "stored_bits": 8, "factor": 3.0, "ternary_start": True}
    layer = layers.QuantDense(50, **options)
    layer.build((None, 800))
    assert set(np.unique(layer.kernel.numpy())) == {-0.5, 0, 0.5}
    assert layer.scale == 16  # 12.2; by sqrt(6/n) 8.7, which gives 8


def moved(optimizer, gradients, count=1):
    variable = keras.Variable(np.zeros(np.shape(gradients), np.float32))
    path = []
    for _ in range(count):
        optimizer.apply([tf.constant(gradients, tf.float32)], [variable])
        path.append(variable.numpy().copy())
    return np.array(path)


def test_the_optimizer_moves_by_whole_steps_unbiased_and_stops_at_the_edge():
    gradients = np.tile([1.4, -0.3, 0.0], (2000, 1))
    path = moved(IntegerSGD(1.0, 8, seed=1), gradients, 3) * 128
    assert np.array_equal(path, np.round(path))
    first = path[0]
    np.testing.assert_allclose(first.mean(axis=0), [-1.4, 0.3, 0], atol=0.04)
    assert np.any(path[1] - path[0] != path[0])  # other draws in each step
    assert np.all(first[:, 2] == 0)
    long = moved(IntegerSGD(8.0, 8), [[1.0, -1.0]], 40)
    np.testing.assert_array_equal(long[-1], [[-127 / 128, 127 / 128]])
    inner = moved(IntegerSGD(8.0, 8, limit=0.5), [[1.0, -1.0]], 40)
    np.testing.assert_array_equal(inner[-1], [[-0.5, 0.5]])


def test_nearest_rounding_stands_still_and_no_rounding_moves_by_the_mean():
    gradients = [[1.0, 0.3]]
    assert np.all(moved(IntegerSGD(0.25, 8, "nearest"), gradients, 5) == 0)
    real = moved(IntegerSGD(0.25, 8, "none"), gradients)[0]
    np.testing.assert_allclose(real, [[-0.25 / 128, -0.075 / 128]], rtol=1e-6)


def test_the_same_seed_draws_the_same_steps_and_another_does_not():
    gradients = np.random.default_rng(0).normal(size=500)
    one, other, unlike = (
        moved(IntegerSGD(1.0, 8, seed=s), gradients) for s in (1, 1, 2)
    )
    assert np.array_equal(one, other) and not np.array_equal(one, unlike)


def test_an_unstable_gradient_is_seen_and_a_zero_one_is_not_nan():
    assert np.all(moved(IntegerSGD(1.0, 8), np.zeros(4)) == 0)
    assert np.isnan(moved(IntegerSGD(1.0, 8), [np.nan, 1.0]))[0, 0]


@pytest.mark.parametrize(
    "options, text",
    [
        ({"learning_rate": 0.3}, "power of two"),
        ({"learning_rate": 0.0}, "power of two"),
        ({"rounding": "up"}, "rounding"),
        ({"bits": 1}, "from 2 to 16"),
        ({"weight_decay": 1e-4}, "off their grid"),
        ({"clipnorm": 1.0}, "off their grid"),
        ({"use_ema": True}, "off their grid"),
    ],
)
def test_what_would_leave_the_grid_is_refused(options, text):
    with pytest.raises(UserError, match=text):
        IntegerSGD(**options)


def test_bad_layers_are_refused():
    with pytest.raises(UserError, match="units"):
        layers.QuantDense(0)
    with pytest.raises(UserError, match="from 2 to 16"):
        layers.Gate(error_bits=1)


def test_layers_work_in_the_functional_api_and_are_trained_by_the_optimizer():
    inputs = keras.Input((5,))
    hidden = layers.QuantDense(16, 2, 8)(inputs)
    hidden = layers.Gate(8, 8)(keras.layers.ReLU()(hidden))
    outputs = layers.Gate(None, 8)(layers.QuantDense(1, 2, 8, seed=1)(hidden))
    model = keras.Model(inputs, outputs)
    model.compile(IntegerSGD(1.0), "mse", run_eagerly=True)
    rng = np.random.default_rng(0)
    before = [w.numpy().copy() for w in model.weights]
    model.train_on_batch(rng.uniform(-1, 1, (8, 5)), rng.normal(size=(8, 1)))
    for weight, old in zip(model.weights, before, strict=True):
        steps = (weight.numpy() - old) * 128
        assert np.any(steps) and np.array_equal(steps, np.round(steps))
        assert np.abs(steps).max() <= 2
    assert theory.step(8) == 1 / 128


def test_a_rate_set_later_must_be_a_power_of_two_as_well():
    optimizer = IntegerSGD(2.0, 8)
    optimizer.learning_rate = 0.25
    assert float(optimizer.learning_rate) == 0.25
    with pytest.raises(UserError, match="learning_rate must be a power of two"):
        optimizer.learning_rate = 0.3
    assert float(optimizer.learning_rate) == 0.25
