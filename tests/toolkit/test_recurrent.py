"""A scan computes what the cell's steps compute one after another."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from lessons.toolkit import recurrent
from lessons.toolkit.errors import UserError

FLOAT32 = 1e-5
RNG = np.random.default_rng(0)
KERNEL = RNG.normal(scale=0.5, size=(4, 4)).astype("float32")
INPUTS = RNG.normal(size=(7, 3, 4)).astype("float32")
START = RNG.normal(size=(3, 4)).astype("float32")


def cell(x, h):
    h = tf.tanh(x + h @ KERNEL)
    return h, h


def by_hand(inputs, h):
    outputs = []
    for x in inputs:
        h = np.tanh(x + h @ KERNEL)
        outputs.append(h)
    return np.stack(outputs), h


WAYS = {
    "eager": lambda function: function,
    "graph": lambda function: tf.function(function, autograph=False),
    "xla": lambda function: tf.function(function, jit_compile=True),
}


@pytest.mark.parametrize("way", WAYS)
def test_outputs_and_last_state_are_those_of_the_steps(way):
    run = WAYS[way](lambda x, h: recurrent.scan(cell, x, h))
    outputs, last = run(INPUTS, START)
    expected, state = by_hand(INPUTS, START)
    np.testing.assert_allclose(outputs, expected, atol=FLOAT32)
    np.testing.assert_allclose(last, state, atol=FLOAT32)


@pytest.mark.parametrize("way", WAYS)
def test_gradients_are_those_of_keras(way):
    layer = keras.layers.SimpleRNN(4, return_sequences=True)
    layer.build((3, 7, 4))
    layer.set_weights([np.eye(4), KERNEL, np.zeros(4)])

    def gradients(run):
        x, h = tf.constant(INPUTS), tf.constant(START)
        with tf.GradientTape() as tape:
            tape.watch((x, h))
            loss = tf.reduce_sum(run(x, h) ** 2)
        return tape.gradient(loss, (x, h))

    def with_keras(x, h):
        return layer(tf.transpose(x, (1, 0, 2)), initial_state=h)

    # Under XLA the derivative is taken within the compiled part.
    ours = WAYS[way](lambda: gradients(lambda x, h: recurrent.scan(cell, x, h)[0]))()
    for found, expected in zip(ours, gradients(with_keras), strict=True):
        np.testing.assert_allclose(found, expected, atol=10 * FLOAT32)


def test_the_length_may_be_unknown_while_tracing():
    signature = [tf.TensorSpec((None, 3, 4)), tf.TensorSpec((3, 4))]
    run = tf.function(lambda x, h: recurrent.scan(cell, x, h), signature)
    for length in (1, 5):
        outputs, _ = run(INPUTS[:length], START)
        expected, _ = by_hand(INPUTS[:length], START)
        np.testing.assert_allclose(outputs, expected, atol=FLOAT32)
    assert run.experimental_get_tracing_count() == 1


@pytest.mark.parametrize("way", WAYS)
def test_inputs_outputs_and_state_may_be_nests(way):
    def step(x, state):
        total, count = state
        total, count = total + x["a"] * tf.cast(x["b"], tf.float32), count + 1
        return {"total": total, "count": count}, (total, count)

    inputs = {"a": np.arange(5.0, dtype="float32"), "b": np.arange(5)}
    run = WAYS[way](lambda: recurrent.scan(step, inputs, (0.0, 0)))
    outputs, (total, count) = run()
    np.testing.assert_array_equal(outputs["total"], np.cumsum(np.arange(5.0) ** 2))
    np.testing.assert_array_equal(outputs["count"], np.arange(1, 6))
    assert (float(total), int(count)) == (30.0, 5)


@pytest.mark.parametrize("way", ["eager", "graph"])
@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ((np.zeros(3), np.zeros(4)), r"\[3, 4\] steps"),
        ((), "at least one tensor"),
        (np.zeros((0, 2)), "0 steps"),
    ],
)
def test_impossible_inputs_are_refused(way, inputs, message):
    run = WAYS[way](lambda: recurrent.scan(lambda x, s: (s, s), inputs, 0.0))
    with pytest.raises(UserError, match=message):
        run()
