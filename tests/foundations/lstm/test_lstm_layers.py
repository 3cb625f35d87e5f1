"""The compiled layer against Keras's loop: gradients, masks, directions, states."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from lessons.foundations.lstm import cells, layers

FLOAT32 = 2e-6


def inputs(batch=3, steps=7, size=4, seed=0):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(batch, steps, size)).astype("float32")


def test_the_layer_with_keras_weights_is_keras_layer():
    x = inputs()
    theirs = keras.layers.LSTM(6, return_sequences=True, return_state=True)
    expected = theirs(x)
    ours = layers.LSTM(6, return_sequences=True, return_state=True)
    ours.build(x.shape)
    ours.set_weights(theirs.get_weights())
    for found, wanted in zip(ours(x), expected, strict=True):
        np.testing.assert_allclose(found, wanted, atol=FLOAT32)


@pytest.mark.parametrize(
    ("peephole", "jit"),
    [*((kind, True) for kind in cells.PEEPHOLES), ("full", False)],
)
def test_the_compiled_loop_and_its_gradient_equal_kerass_loop(peephole, jit):
    x = tf.constant(inputs())
    fast = layers.LSTM(5, return_sequences=True, peephole=peephole)
    fast.build(x.shape)
    rng = np.random.default_rng(2)
    fast.set_weights([rng.normal(size=w.shape) for w in fast.get_weights()])
    slow = keras.layers.RNN(fast.cell, return_sequences=True, return_state=True)
    state = [tf.constant(rng.normal(size=(3, 5)), tf.float32) for _ in "hc"]
    weights = rng.normal(size=(3, 7, 5)).astype("float32")
    answers = []
    fast.return_state = True
    for layer, compiled in ((slow, False), (fast, jit)):
        run = tf.function(lambda x, s, f=layer: f(x, initial_state=s),
                          jit_compile=compiled)  # fmt: skip
        with tf.GradientTape() as tape:
            tape.watch([x, *state])
            y, h, c = run(x, state)
            loss = tf.reduce_sum(y * weights) + tf.reduce_sum(tf.sin(c) + h)
        wanted = [x, *state, *(w.value for w in fast.trainable_weights)]
        answers.append([y, *tape.gradient(loss, wanted)])
    for found, expected in zip(answers[1], answers[0], strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=2e-5)


def test_the_layer_runs_on_one_example_one_step_and_any_length():
    layer = layers.LSTM(5, learned_state=True)
    run = tf.function(layer, reduce_retracing=True)
    for batch, steps in ((1, 1), (2, 9), (5, 3)):
        x = inputs(batch, steps)
        slow = keras.layers.RNN(layer.cell)
        found = run(tf.constant(x))
        np.testing.assert_allclose(found, slow(x), atol=FLOAT32)


MASK = np.array([[1, 1, 1, 0, 0, 0, 0], [0, 0, 1, 1, 0, 1, 1], [1] * 7], bool)


@pytest.mark.parametrize("peephole", [None, "diag"])
@pytest.mark.parametrize("backwards", [False, True])
def test_a_mask_leaves_steps_out_as_keras_does(peephole, backwards):
    x, rng = tf.constant(inputs()), np.random.default_rng(4)
    options = {"return_sequences": True, "go_backwards": backwards}
    fast = layers.LSTM(5, return_state=True, peephole=peephole, **options)
    fast.build(x.shape)
    slow = keras.layers.RNN(fast.cell, return_state=True, **options)
    state = [tf.constant(rng.normal(size=(3, 5)), tf.float32) for _ in "hc"]
    answers = []
    for layer in (slow, fast):
        with tf.GradientTape() as tape:
            tape.watch(x)
            said = layer(x, initial_state=state, mask=tf.constant(MASK))
            loss = sum(tf.reduce_sum(part**2) for part in said)
        answers.append([*said, tape.gradient(loss, x)])
    for found, expected in zip(answers[1], answers[0], strict=True):
        np.testing.assert_allclose(found, expected, atol=FLOAT32)
    gradient = answers[1][-1].numpy()
    assert not gradient[~MASK].any() and gradient[MASK].any()


def test_padding_that_an_embedding_masks_changes_nothing():
    network = keras.Sequential(
        [
            keras.layers.Embedding(9, 4, mask_zero=True),
            layers.LSTM(5, return_sequences=True),
            layers.LSTM(3),
        ]
    )
    short = network(np.array([[1, 2, 3]]))
    np.testing.assert_allclose(network(np.array([[1, 2, 3, 0, 0]])), short, atol=1e-7)


def test_it_can_be_read_from_both_sides():
    both = keras.layers.Bidirectional(layers.LSTM(5, return_sequences=True))
    x = inputs()
    found = both(x)
    backward = both.backward_layer
    assert backward.go_backwards and found.shape == (3, 7, 10)
    turned = layers.LSTM(5, return_sequences=True)
    turned.build(x.shape)
    turned.set_weights(backward.get_weights())
    np.testing.assert_allclose(found[:, ::-1, 5:], turned(x[:, ::-1]), atol=FLOAT32)


def test_a_learned_first_state_is_used_and_learned():
    x = tf.constant(inputs())
    layer = layers.LSTM(5, learned_state=True)
    before = layer(x).numpy()
    layer.first_c.assign(np.ones(5))
    assert np.abs(layer(x) - before).max() > 0.05
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(layer(x))
    for gradient in tape.gradient(loss, [w.value for w in layer.trainable_weights]):
        assert np.any(gradient)
