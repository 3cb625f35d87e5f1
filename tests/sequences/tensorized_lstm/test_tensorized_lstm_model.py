"""Cells, layers and networks: counts, delays, masks, streams, and Keras's own loops."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from lessons.sequences.tensorized_lstm import (
    config,
    counts,
    evaluation,
    experiment,
    networks,
    paper,
    theory,
)
from lessons.sequences.tensorized_lstm import theory_routes as routes
from lessons.sequences.tensorized_lstm.cells import TLSTMCell, TRNNCell
from lessons.sequences.tensorized_lstm.layers import Delayed, Stacked
from lessons.sequences.tensorized_lstm.model import SequenceModel
from lessons.sequences.tensorized_lstm.variants import VARIANTS
from lessons.toolkit import runtime
from lessons.toolkit.errors import UserError

RNG = np.random.default_rng(0)
INPUTS = RNG.normal(size=(3, 6, 2)).astype("float32")


def stirred(layer, inputs=INPUTS):
    """A built layer whose biases, gains and shifts are not those of a start."""
    layer(inputs)
    rng = np.random.default_rng(1)
    for weight in layer.trainable_weights:
        weight.assign(weight + 0.3 * rng.normal(size=weight.shape))
    return layer


@pytest.mark.parametrize("name, number", paper.PARAMETERS.items())
def test_networks_of_the_paper_have_as_many_numbers_as_the_formula(name, number):
    preset, variant = name
    model = experiment.build_model(config.PRESETS[preset], VARIANTS[variant])
    assert runtime.num_parameters(model) == number
    settings = config.PRESETS[preset]
    inputs, outputs, _ = networks.symbols_of(settings)
    by_formula = networks.number_of(
        settings, VARIANTS[variant], (inputs, outputs), settings.units
    )
    assert by_formula == number


def test_numbers_do_not_depend_on_the_depth_but_for_gains():
    laptop = config.PRESETS["laptop"]

    def numbers(name, size):
        model = experiment.build_model(laptop.replace(size=size), VARIANTS[name])
        return runtime.num_parameters(model)

    for name in ("tlstm", "no_memory", "no_feedback", "square", "trnn", "slstm"):
        assert numbers(name, 2) == numbers(name, 5)
    more = numbers("channel", 5) - numbers("channel", 2)
    assert more == 3 * 2 * (99 + 24)
    assert numbers("tlstm", 4) == 7569
    own = [laptop.replace(size=n) for n in (2, 5)]
    found = [networks.units_of(c, VARIANTS["slstm_own"], (7, 6)) for c in own]
    assert found[0] > found[1]  # kernels of their own: narrower layers


def test_equal_numbers_are_not_exceeded_and_nearly_used():
    laptop = config.PRESETS["laptop"]
    for name in ("live", "square_equal", "no_feedback_wide", "still", "slstm_own"):
        units = networks.units_of(laptop, VARIANTS[name], (7, 6))
        model = experiment.build_model(laptop, VARIANTS[name])
        assert 0.85 * 7569 < runtime.num_parameters(model) <= 7569
        more = networks.number_of(laptop, VARIANTS[name], (7, 6), units + 1)
        assert more > 7569


@pytest.mark.parametrize("order", [2, 3])
def test_outputs_are_those_of_loops_a_delay_later(order):
    cell = TLSTMCell(3, size=3, order=order, centre_bias=1.0)
    layer = stirred(Delayed(cell))
    found = np.asarray(layer(INPUTS))
    kernel = np.asarray(cell.kernel).reshape(*[3] * (order - 1), 3, -1)
    for one, outputs in zip(INPUTS, found, strict=True):
        rows = one @ np.asarray(cell.input_kernel) + np.asarray(cell.input_bias)
        rows = np.pad(rows, ((0, 2), (0, 0)))
        hidden = routes.tlstm(rows, kernel, np.asarray(cell.bias), 3, 3, True, order)
        last = hidden.reshape(len(hidden), -1, 3)[2:, -1]
        np.testing.assert_allclose(outputs, last, atol=1e-5)


def test_a_tensorized_rnn_is_that_of_loops():
    cell = TRNNCell(3, size=2, kernel_size=4)
    found = np.asarray(stirred(Delayed(cell))(INPUTS))
    assert cell.depth == 1
    rows = INPUTS[0] @ np.asarray(cell.input_kernel) + np.asarray(cell.input_bias)
    kernel = np.asarray(cell.kernel).reshape(4, 3, 3)
    hidden = routes.trnn(rows, kernel, np.asarray(cell.bias), 4, 2)
    np.testing.assert_allclose(found[0], hidden[:, -1], atol=1e-5)


def test_keras_runs_the_cell_and_gives_the_same_without_the_delay():
    cell = TLSTMCell(3, size=2, normalise="channel")
    outputs, states = stirred(Delayed(cell, flush=False, return_state=True))(INPUTS)
    loop = keras.layers.RNN(cell, return_sequences=True, return_state=True)
    found, *last = loop(INPUTS)
    np.testing.assert_allclose(found, outputs, atol=1e-5)
    for a, b in zip(last, states, strict=True):
        np.testing.assert_allclose(a, b, atol=1e-5)


@pytest.mark.parametrize("kind", ["lstm", "rnn"])
def test_shared_layers_are_those_of_loops_and_of_a_tensor_without_feedback(kind):
    stack = Stacked(3, 4, kind=kind)
    stack(INPUTS)
    stack.biases[0].assign(np.zeros(stack.gates))
    rows = INPUTS[0] @ np.asarray(stack.input_kernel)
    kernel = np.asarray(stack.kernels[0]).reshape(2, 3, -1)
    by_loops = {"lstm": routes.stacked_lstm, "rnn": routes.stacked_rnn}[kind]
    expected = by_loops(rows, kernel, np.zeros(stack.gates), 4)[:, -1]
    np.testing.assert_allclose(np.asarray(stack(INPUTS))[0], expected, atol=1e-5)
    cell = TRNNCell(3, 4, 2) if kind == "rnn" else TLSTMCell(3, 4, 2, memory=False)
    tensor = Delayed(cell)
    tensor(INPUTS)
    tensor.set_weights(stack.get_weights())
    np.testing.assert_allclose(tensor(INPUTS), stack(INPUTS), atol=1e-5)


def test_an_unshared_stack_is_keras_s_own():
    stack = Stacked(4, 2, shared=False)
    found = np.asarray(stirred(stack)(INPUTS))
    order = np.r_[4:8, 8:12, 0:4, 12:16]  # Keras: i, f, g, o
    rows = INPUTS @ np.asarray(stack.input_kernel) + np.asarray(stack.input_bias)
    for kernel, bias in zip(stack.kernels, stack.biases, strict=True):
        kernel, bias = np.asarray(kernel)[:, order], np.asarray(bias)[order]
        layer = keras.layers.LSTM(4, return_sequences=True)
        layer.build((None, None, 4))
        layer.set_weights([kernel[:4], kernel[4:], bias])
        rows = layer(rows)
    np.testing.assert_allclose(found, rows, atol=1e-5)


@pytest.mark.parametrize("kernel_size", [2, 3, 4])
def test_one_location_is_keras_s_own_lstm(kernel_size):
    cell = TLSTMCell(4, 1, kernel_size)
    found = np.asarray(stirred(Delayed(cell))(INPUTS))
    np.testing.assert_allclose(found, evaluation.as_keras(cell)(INPUTS), atol=1e-5)
    other = evaluation.as_keras(cell, order=(0, 1, 2, 3))(INPUTS)
    assert np.abs(found - other).max() > 1e-2


def test_cells_grow_by_less_than_one_a_step_unless_weights_exceed_one():
    def doubled(cells, logits):
        return 2 * theory.memory_convolution(tf.constant(cells), logits, 3).numpy()

    def averaged(cells, logits):
        return theory.memory_convolution(tf.constant(cells), logits, 3).numpy()

    assert 0.3 < evaluation.growth(averaged).max() < 1 < evaluation.growth(doubled)[-1]


def test_a_memory_kernel_frozen_to_the_centre_is_no_convolution():
    tensor, plain = (TLSTMCell(4, 3, memory=memory) for memory in (True, False))
    layers = [stirred(Delayed(cell)) for cell in (tensor, plain)]
    kernel, bias = np.asarray(tensor.kernel).copy(), np.asarray(tensor.bias).copy()
    kernel[:, 16:], bias[16:] = 0, [-30, 30, -30]
    tensor.kernel.assign(kernel)
    tensor.bias.assign(bias)
    plain.input_kernel.assign(tensor.input_kernel)
    plain.input_bias.assign(tensor.input_bias)
    plain.kernel.assign(kernel[:, :16])
    plain.bias.assign(bias[:16])
    np.testing.assert_allclose(layers[0](INPUTS), layers[1](INPUTS), atol=1e-6)
    bias[16:] = 0  # the mean of the neighbours is another network
    tensor.bias.assign(bias)
    assert np.abs(layers[0](INPUTS) - layers[1](INPUTS)).max() > 1e-3


@pytest.mark.parametrize("normalise", ["none", "channel"])
def test_a_shorter_sequence_is_answered_as_it_would_be_alone(normalise):
    cell = TLSTMCell(3, size=3, normalise=normalise)
    layer = stirred(Delayed(cell, return_state=True))
    mask = np.arange(6) < np.array([[4], [6], [1]])
    outputs, states = layer(INPUTS, mask=mask)
    for row, length in enumerate((4, 6, 1)):
        alone, own = layer(INPUTS[row : row + 1, :length])
        np.testing.assert_allclose(outputs[row, :length], alone[0], atol=1e-5)
        for state, part in zip(states, own, strict=True):
            np.testing.assert_allclose(state[row], part[0], atol=1e-5)
    whole, _ = layer(INPUTS)
    assert np.abs(outputs[0, 3] - whole[0, 3]).max() < 1e-5  # not seen yet either
    unflushed = stirred(Delayed(TLSTMCell(3, size=3), delay=0))
    assert unflushed(INPUTS).shape == (3, 6, 3)


def test_a_graph_gives_the_numbers_of_eager_steps():
    layer = stirred(Delayed(TLSTMCell(3, size=3)))
    for compiled in (False, True):
        graph = tf.function(lambda x: layer(x), jit_compile=compiled)
        np.testing.assert_allclose(graph(INPUTS), layer(INPUTS), atol=1e-5)


def test_a_stream_read_in_windows_is_the_stream_read_at_once():
    ids = RNG.integers(0, 5, (2, 12)).astype("int32")
    body = Delayed(TLSTMCell(4, size=3), flush=False, return_state=True)
    model = SequenceModel(body, 5, num_symbols=5, streams=2)
    model.body.cell.bias.assign(RNG.normal(size=19))
    at_once = np.asarray(model(ids))
    parts = [np.asarray(model(ids[:, s : s + 4], training=True)) for s in (0, 4, 8)]
    np.testing.assert_allclose(np.concatenate(parts, 1), at_once, atol=1e-5)
    again = np.asarray(model(ids[:, :4]))  # outside training nothing is carried
    np.testing.assert_allclose(again, at_once[:, :4], atol=1e-5)
    with pytest.raises(UserError, match="2 streams is carried, got a batch of 1"):
        model(ids[:1], training=True)


def test_what_cannot_work_is_refused():
    with pytest.raises(UserError, match="units of at least 2"):
        TLSTMCell(1, normalise="channel")
    with pytest.raises(UserError, match="Did you mean 'channel'"):
        TLSTMCell(2, normalise="chanel")
    with pytest.raises(UserError, match="order must be 2 or 3"):
        TRNNCell(2, order=4)
    with pytest.raises(UserError, match="units must be at least 1"):
        TRNNCell(0)
    with pytest.raises(UserError, match="kernel_size must be at least 2"):
        TLSTMCell(2, kernel_size=1)
    with pytest.raises(UserError, match="delay must be at least 0"):
        Delayed(TRNNCell(2), delay=-1)
    with pytest.raises(UserError, match="num_layers must be"):
        Stacked(2, 0)
    with pytest.raises(UserError, match="kind must be one of"):
        Stacked(2, kind="gru")
    with pytest.raises(UserError, match="return_state=True"):
        SequenceModel(Stacked(2), 3, streams=2)
    with pytest.raises(UserError, match="0 steps"):
        Delayed(TRNNCell(2))(np.zeros((1, 0, 2), "float32"))


def test_kernels_wider_than_the_tensor_and_single_steps_work():
    for kernel_size, size, order in ((7, 2, 2), (5, 1, 2), (5, 1, 3)):
        layer = Delayed(TLSTMCell(3, size, kernel_size, order))
        assert np.all(np.isfinite(layer(INPUTS[:1, :1])))
    assert (
        counts.parameters(2, 3, 1, 7)
        == sum(np.prod(w.shape) for w in stirred(Delayed(TLSTMCell(3, 2, 7))).weights)
        + 4
    )


def test_gradients_of_all_outputs_at_once_are_those_of_one_after_the_other():
    layer = stirred(Delayed(TLSTMCell(2, size=2)))
    found = evaluation.input_gradients(layer, INPUTS[0])
    sequence = tf.constant(INPUTS[:1])
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(sequence)
        parts = [layer(sequence)[0, 3, m] for m in range(2)]
    slopes = np.array([tape.gradient(part, sequence)[0].numpy() for part in parts])
    expected = np.sqrt(np.sum(slopes**2, axis=(0, 2)))
    np.testing.assert_allclose(found[3], expected, atol=1e-6)
    assert np.all(np.triu(found, 1) == 0) and np.all(np.diag(found) > 1e-6)
