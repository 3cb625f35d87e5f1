"""The cell in NumPy against Keras, TensorFlow and finite differences."""

import itertools

import keras
import numpy as np
import pytest
import tensorflow as tf

from lessons.foundations.lstm import cells, theory
from lessons.foundations.lstm import theory_error_flow as flow

FLOAT32, FLOAT64 = 1e-6, 1e-10
SHAPES = {None: None, "diag": (12,), "full": (4, 12)}


def problem(peephole, seed=0, num_steps=9, batch=2, size=3, units=4):
    """Random parameters, inputs, state and error for one sequence."""
    rng = np.random.default_rng(seed)
    parameters = {
        "kernel": rng.normal(size=(size, 4 * units)),
        "recurrent": 0.5 * rng.normal(size=(units, 4 * units)),
        "bias": rng.normal(size=4 * units),
    }
    if peephole:
        parameters["peephole"] = 0.5 * rng.normal(size=SHAPES[peephole])
    x = rng.normal(size=(num_steps, batch, size))
    h, c = rng.normal(size=(2, batch, units))
    return parameters, x, h, c, rng.normal(size=(num_steps, batch, units))


def test_the_step_is_that_of_keras():
    layer = keras.layers.LSTM(5, return_sequences=True)
    x = np.random.default_rng(1).normal(size=(4, 7, 3)).astype("float32")
    expected = layer(x).numpy()
    names = ("kernel", "recurrent", "bias")
    parameters = dict(zip(names, layer.get_weights(), strict=True))
    start = np.zeros((4, 5))
    outputs, _, _ = theory.lstm_forward(x.transpose(1, 0, 2), start, start, parameters)
    np.testing.assert_allclose(outputs.transpose(1, 0, 2), expected, atol=FLOAT32)
    np.testing.assert_array_equal(parameters["bias"][5:10], 1)  # unit_forget_bias


def test_gates_that_are_shut_keep_the_cell():
    parameters, x, h, c, _ = problem(None)
    parameters["bias"] = np.repeat([-50.0, 50.0, 0.0, 0.0], 4)
    parameters["kernel"] = 0 * parameters["kernel"]
    parameters["recurrent"] = 0 * parameters["recurrent"]
    _, after, _ = theory.lstm_step(x[0], h, c, parameters)
    np.testing.assert_allclose(after, c, rtol=1e-12)


def test_the_output_gate_looks_at_the_new_cell_and_the_others_at_the_old():
    parameters, x, h, c, _ = problem("diag")
    _, new, gates = theory.lstm_step(x[0], h, c, parameters)
    z = x[0] @ parameters["kernel"] + h @ parameters["recurrent"] + parameters["bias"]
    p = parameters["peephole"]
    for gate, seen, weights in ((0, c, p[:4]), (1, c, p[4:8]), (3, new, p[8:])):
        part = slice(4 * gate, 4 * gate + 4)
        expected = 1 / (1 + np.exp(-(z[:, part] + seen * weights)))
        np.testing.assert_allclose(gates[:, part], expected, rtol=1e-12)


def test_a_full_peephole_with_a_diagonal_matrix_is_a_diagonal_one():
    parameters, x, h, c, _ = problem("diag")
    blocks = [np.diag(part) for part in np.split(parameters["peephole"], 3)]
    full = parameters | {"peephole": np.concatenate(blocks, axis=1)}
    for one, other in zip(
        theory.lstm_forward(x, h, c, parameters),
        theory.lstm_forward(x, h, c, full),
        strict=True,
    ):
        np.testing.assert_allclose(one, other, rtol=1e-12)


@pytest.mark.parametrize("peephole", SHAPES)
def test_backpropagation_by_hand_equals_automatic_differentiation(peephole):
    parameters, x, h, c, seen = problem(peephole)
    last = np.random.default_rng(5).normal(size=c.shape)  # an error on c_T too
    found = theory.lstm_backward(x, h, c, parameters, seen, last)
    cell = cells.LSTMCell(4, peephole, dtype="float64")
    cell.build((2, 3))
    cell.set_weights(list(parameters.values()))
    given = [tf.constant(value) for value in (x, h, c)]
    with tf.GradientTape() as tape:
        tape.watch(given)
        state, loss = given[1:], 0.0
        for x_t, seen_t in zip(tf.unstack(given[0]), seen, strict=True):
            output, state = cell(x_t, state)
            loss += tf.reduce_sum(output * seen_t)
        loss += tf.reduce_sum(state[1] * last)
    wanted = [*(weight.value for weight in cell.trainable_weights), *given]
    gradients = tape.gradient(loss, wanted)
    for name, expected in zip((*parameters, "x", "h", "c"), gradients, strict=True):
        np.testing.assert_allclose(found[name], expected, rtol=1e-8, atol=FLOAT64)


@pytest.mark.parametrize("peephole", SHAPES)
def test_backpropagation_by_hand_equals_finite_differences(peephole):
    parameters, x, h, c, seen = problem(peephole, seed=2)
    found = theory.lstm_backward(x, h, c, parameters, seen)
    everything = parameters | {"x": x, "h": h, "c": c}

    def loss(values):
        own = {name: values[name] for name in parameters}
        outputs, _, _ = theory.lstm_forward(values["x"], values["h"], values["c"], own)
        return np.sum(outputs * seen)

    rng = np.random.default_rng(3)
    for name, value in everything.items():
        away = rng.normal(size=value.shape)
        ends = [loss(everything | {name: value + s * 1e-5 * away}) for s in (1, -1)]
        slope = (ends[0] - ends[1]) / 2e-5
        assert np.sum(found[name] * away) == pytest.approx(slope, rel=1e-6), name


def test_truncation_that_cuts_nothing_changes_nothing():
    parameters, x, h, c, seen = problem("diag")
    full = theory.lstm_backward(x, h, c, parameters, seen)
    for length in (9, 50):
        cut = theory.truncated_gradients(x, h, c, parameters, seen, length)
        for name, value in cut.items():
            np.testing.assert_allclose(value, full[name], rtol=1e-12)


def test_truncation_hides_everything_before_the_last_chunk():
    parameters, x, h, c, seen = problem(None)
    seen[:-1] = 0
    cut = theory.truncated_gradients(x, h, c, parameters, seen, 4)["x"]
    full = theory.lstm_backward(x, h, c, parameters, seen)["x"]
    assert np.all(cut[:8] == 0) and np.all(full[:8] != 0)
    np.testing.assert_allclose(cut[8:], full[8:], rtol=1e-12)  # chunks 4 + 4 + 1


def test_the_plain_network_by_hand_equals_automatic_differentiation():
    rng = np.random.default_rng(0)
    values = {
        "kernel": rng.normal(size=(3, 4)),
        "recurrent": rng.normal(size=(4, 4)),
        "bias": rng.normal(size=4),
        "x": rng.normal(size=(8, 2, 3)),
        "h": rng.normal(size=(2, 4)),
    }
    seen = rng.normal(size=(8, 2, 4))
    own = {name: values[name] for name in ("kernel", "recurrent", "bias")}
    found = flow.rnn_backward(values["x"], values["h"], own, seen)
    given = {name: tf.constant(value) for name, value in values.items()}
    with tf.GradientTape() as tape:
        tape.watch(given)
        h, loss = given["h"], 0.0
        for t in range(8):
            z = given["x"][t] @ given["kernel"] + h @ given["recurrent"]
            h = tf.tanh(z + given["bias"])
            loss += tf.reduce_sum(h * seen[t])
    for name, expected in tape.gradient(loss, given).items():
        found_one = found[name]
        np.testing.assert_allclose(found_one, expected, rtol=1e-8, atol=FLOAT64)


def test_jacobian_products_are_derivatives_and_respect_the_bound():
    rng = np.random.default_rng(4)
    rotation, _ = np.linalg.qr(rng.normal(size=(6, 6)))
    x = 0.5 * rng.normal(size=(20, 1, 6))
    for scale in (0.5, 0.9, 1.0, 1.5):
        own = {"kernel": np.eye(6), "recurrent": scale * rotation, "bias": np.zeros(6)}
        states = flow.rnn_forward(x, np.zeros((1, 6)), own)
        norms = flow.jacobian_norms(states[:, 0], own["recurrent"])
        assert np.all(norms < scale ** np.arange(1, 21))
        # The whole Jacobian, column by column, from the backward pass.
        columns = []
        for unit in range(6):
            seen = np.zeros((20, 1, 6))
            seen[-1, 0, unit] = 1
            columns.append(flow.rnn_backward(x, np.zeros((1, 6)), own, seen)["h"][0])
        assert norms[-1] == pytest.approx(np.linalg.norm(columns, 2), rel=1e-9)


def test_input_gradients_fade_least_with_a_large_forget_bias():
    kept = [
        flow.input_gradient_norms(cell, 16, bias, num_steps=61)
        for cell, bias in (("rnn", 0), ("lstm", 1), ("lstm", 5))
    ]
    ratios = [norms[50] / norms[10] for norms in kept]
    assert ratios[0] < 1e-3 and ratios[1] < 1e-2 < 0.1 < ratios[2]


def test_life_times_and_chrono_biases():
    expected = [2, 3.71828, 13.1825, 149.413]
    np.testing.assert_allclose(flow.forget_lifetime(np.array([0, 1, 2.5, 5])), expected,
                               rtol=1e-4)  # fmt: skip
    forget, entry = flow.chrono_bias(np.array([0.0, 0.5, 1.0]), 61)
    np.testing.assert_allclose(np.exp(forget), [1, 30.5, 60])  # uniform on [1, T - 1]
    np.testing.assert_array_equal(entry, -forget)


def test_the_cell_of_1997_keeps_error_exactly():
    cell = cells.BlockCell1997(2, 2, truncated=True)
    cell.build((3, 2))
    start = tf.zeros((3, 4))
    with tf.GradientTape() as tape:
        tape.watch(start)
        state = [tf.zeros((3, 8)), start]
        for x_t in tf.unstack(tf.random.stateless_normal((200, 3, 2), [0, 1])):
            _, state = cell(x_t, state)
    np.testing.assert_array_equal(tape.gradient(state[1], start), 1)


def test_with_recurrent_paths_cut_error_is_the_product_of_forget_gates():
    parameters, x, h, c, _ = problem("full")
    cell = cells.LSTMCell(4, "full", truncated=True, dtype="float64")
    cell.build((2, 3))
    cell.set_weights(list(parameters.values()))
    start = tf.constant(c)
    with tf.GradientTape() as tape:
        tape.watch(start)
        state = [tf.constant(h), start]
        for x_t in x:
            _, state = cell(tf.constant(x_t), state)
    _, _, gates = theory.lstm_forward(x, h, c, parameters)
    expected = gates[:, :, 4:8].prod(axis=0)
    np.testing.assert_allclose(tape.gradient(state[1], start), expected, rtol=1e-10)


def test_bits_per_character_of_known_models():
    ids = np.arange(6).reshape(2, 3)
    assert theory.bits_per_character(np.zeros((2, 3, 8)), ids) == pytest.approx(3)
    assert theory.bits_per_character(1e3 * np.eye(8)[ids], ids) == pytest.approx(0)


def test_temperature_by_hand_and_its_limits():
    logits = np.log([0.8, 0.2])
    np.testing.assert_allclose(theory.temperature(logits, 0.5), [16 / 17, 1 / 17])
    np.testing.assert_allclose(theory.temperature(logits, 2.0), [2 / 3, 1 / 3])
    logits = np.random.default_rng(0).normal(size=30)
    p = theory.temperature(logits, 1e-4)
    assert p.argmax() == logits.argmax() and theory.entropy(p) < 1e-9
    assert theory.entropy(theory.temperature(logits, 1e6)) == pytest.approx(np.log(30))


def test_entropy_grows_with_temperature_at_the_stated_rate():
    logits = np.random.default_rng(1).normal(size=(4, 30))
    for tau in (0.5, 1.0, 3.0):
        ends = [theory.entropy(theory.temperature(logits, tau + s * 1e-5))
                for s in (1, -1)]  # fmt: skip
        slopes = theory.entropy_slope(logits, tau)
        np.testing.assert_allclose((ends[0] - ends[1]) / 2e-5, slopes, atol=1e-8)
        assert np.all(slopes > 0)


def test_one_1997_step_in_numpy_is_a_block_cell_with_one_cell_per_block():
    # The two write gates in different orders, and blocks also see the gates' outputs.
    rng = np.random.default_rng(0)
    cell = cells.BlockCell1997(3, 1)
    cell.build((2, 2))
    kernel, bias = rng.normal(size=(2, 9)), rng.normal(size=9)
    from_cells = rng.normal(size=(3, 9))
    orders = [range(0, 3), range(6, 9), range(3, 6)]  # i, g, o out of i, o, g
    order = list(itertools.chain.from_iterable(orders))
    cell.set_weights([kernel, np.concatenate([np.zeros((6, 9)), from_cells]), bias])
    x, h, c = (rng.normal(size=(2, k)).astype("float32") for k in (2, 3, 3))
    hidden = np.concatenate([np.zeros((2, 6), "float32"), h], axis=1)
    found, (_, content) = cell(x, [hidden, c])
    z_i, z_g, z_o = np.split((x @ kernel + h @ from_cells + bias)[:, order], 3, axis=1)
    after = c + theory.sigmoid(z_i) * (4 * theory.sigmoid(z_g) - 2)
    expected = theory.sigmoid(z_o) * (2 * theory.sigmoid(after) - 1)
    np.testing.assert_allclose(found, expected, atol=FLOAT32)
    np.testing.assert_allclose(content, after, atol=2 * FLOAT32)
