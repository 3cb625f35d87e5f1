"""The two optimizers against Keras, the textbook and NumPy."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from lessons.autoencoders.vae.optimizers import (
    NesterovSGD,
    RescalingRMSprop,
    nesterov_update,
    rescale_to_norm,
)
from lessons.toolkit.errors import UserError

FLOAT32 = 1e-6
SLOPES = np.array([3.0, 0.5], "float32")


def descend(optimizer, num_steps=20, jit_compile=False):
    """Minimise 1.5 a^2 + 0.25 b^2 from (1, 1) with one compiled step."""
    variable = keras.Variable(np.ones(2, "float32"))
    optimizer.build([variable])

    @tf.function(jit_compile=jit_compile)
    def step():
        optimizer.apply([SLOPES * variable.value], [variable])

    for _ in range(num_steps):
        step()
    return variable.numpy()


@pytest.mark.parametrize("jit_compile", [False, True])
def test_nesterov_ends_where_keras_does_and_where_the_sheet_says(jit_compile):
    ours = descend(NesterovSGD(0.1, 0.9), jit_compile=jit_compile)
    theirs = descend(keras.optimizers.SGD(0.1, momentum=0.9, nesterov=True))
    np.testing.assert_allclose(ours, theirs, atol=FLOAT32)
    np.testing.assert_allclose(ours, [0.00972829, -0.06907102], atol=FLOAT32)


def test_two_line_update_is_look_ahead_nesterov_in_a_shifted_variable():
    random = np.random.default_rng(0)
    theta, velocity = random.normal(size=3), np.zeros(3)
    ahead, speed = theta.copy(), np.zeros(3)
    for _ in range(30):
        velocity, change = nesterov_update(velocity, np.sin(theta), 0.05, 0.8)
        theta = theta + change
        speed = 0.8 * speed - 0.05 * np.sin(ahead + 0.8 * speed)
        ahead = ahead + speed
        np.testing.assert_allclose(theta, ahead + 0.8 * speed, atol=1e-12)


def test_rescaling_keeps_direction_and_bounds_the_common_norm():
    random = np.random.default_rng(1)
    gradients = [random.normal(size=s).astype("float32") * 9 for s in ((3, 4), (5,))]
    parameters = [np.zeros_like(g) for g in gradients]
    flat = np.concatenate([g.ravel() for g in gradients])
    scaled = rescale_to_norm(gradients, parameters, 5.0)
    scaled = np.concatenate([np.ravel(g) for g in scaled])
    assert np.linalg.norm(scaled) == pytest.approx(5, rel=FLOAT32)
    np.testing.assert_allclose(scaled / 5, flat / np.linalg.norm(flat), atol=FLOAT32)
    small = [g / 100 for g in gradients]
    for one, other in zip(rescale_to_norm(small, parameters, 5.0), small, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_gradient_that_is_not_finite_becomes_a_tenth_of_the_weights(bad):
    gradients = [np.array([1.0, bad], "float32"), np.array([2.0], "float32")]
    parameters = [np.array([3.0, -4.0], "float32"), np.array([5.0], "float32")]
    first, second = rescale_to_norm(gradients, parameters, 5.0)
    np.testing.assert_allclose(first, [0.3, -0.4], atol=FLOAT32)
    np.testing.assert_allclose(second, [0.5], atol=FLOAT32)


def numpy_rmsprop(num_steps, rate=0.01, momentum=0.9, decay=0.9):
    """The source's equations, written out."""
    theta, velocity = np.ones(2), np.zeros(2)
    square, mean = np.zeros(2), np.zeros(2)
    for _ in range(num_steps):
        gradient = SLOPES * theta
        gradient = gradient * 5 / max(5, np.linalg.norm(gradient))
        square = decay * square + (1 - decay) * gradient**2
        mean = decay * mean + (1 - decay) * gradient
        direction = gradient / np.maximum(np.sqrt(square - mean**2), 1e-4)
        new = momentum * velocity - rate * direction
        theta = theta + momentum**2 * velocity - (1 + momentum) * rate * direction
        velocity = new
    return theta


def test_rescaling_rmsprop_is_the_written_out_recursion():
    ours = descend(RescalingRMSprop(0.01), 15)
    np.testing.assert_allclose(ours, numpy_rmsprop(15), atol=1e-4)


def test_without_division_it_is_nesterov_on_rescaled_gradients():
    # The gradient's norm stays under the threshold here: plain Nesterov.
    ours = descend(RescalingRMSprop(0.1, divide=False))
    np.testing.assert_allclose(ours, descend(NesterovSGD(0.1)), atol=FLOAT32)


@pytest.mark.parametrize("kind", [NesterovSGD, RescalingRMSprop])
def test_optimizers_survive_serialisation(kind):
    original = kind(0.02, momentum=0.7)
    copy = keras.optimizers.deserialize(keras.optimizers.serialize(original))
    assert type(copy) is kind
    assert copy.get_config() == original.get_config()


def test_missing_gradients_are_left_out():
    used, unused = keras.Variable([1.0, 2.0]), keras.Variable([3.0])
    optimizer = RescalingRMSprop(0.1)
    optimizer.build([used, unused])
    with pytest.warns(UserWarning, match="Gradients do not exist"):
        optimizer.apply([tf.constant([1.0, 1.0]), None], [used, unused])
    assert unused.numpy()[0] == 3.0
    assert used.numpy()[0] != 1.0


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ({"momentum": 1.0}, "momentum"),
        ({"decay": -0.1}, "decay"),
        ({"threshold": 0.0}, "threshold"),
        ({"floor": 0.0}, "floor"),
    ],
)
def test_impossible_numbers_are_named(arguments, word):
    with pytest.raises(UserError, match=word):
        RescalingRMSprop(0.1, **arguments)
