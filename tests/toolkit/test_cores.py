"""Parts of a batch on several cores give what the whole batch gives."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from lessons.foundations.lstm import layers, recurrence
from lessons.toolkit import cores

FLOAT32 = 2e-5


@pytest.fixture(params=[2, 3])
def num_cores(request, monkeypatch):
    monkeypatch.setattr(cores, "num_cores", lambda: request.param)
    return request.param


def num_xla_calls(concrete):
    """Calls of functions that XLA compiles, in a traced function and within it."""
    definition = concrete.graph.as_graph_def()
    compiled = {
        function.signature.name
        for function in definition.library.function
        if function.attr["_XlaMustCompile"].b
    }
    nodes = [*definition.node]
    for function in definition.library.function:
        nodes += function.node_def
    return sum(node.attr["f"].func.name in compiled for node in nodes)


def gradients(peephole, batch, seed=0):
    """A function that gives outputs, states and all gradients, and its arguments."""
    rng = np.random.default_rng(seed)
    shapes = [(6, batch, 20), (5, 20), (batch, 5), (batch, 5)]
    shapes += [] if peephole is None else [peephole]
    arguments = [tf.constant(rng.normal(size=s), tf.float32) for s in shapes]

    def run(projected, recurrent, h, c, *peepholes):
        inputs = [projected, recurrent, h, c, *peepholes]
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            outputs, last = recurrence.lstm(projected, recurrent, (h, c), *peepholes)
            loss = tf.reduce_sum(tf.sin(outputs)) + tf.reduce_sum(last[1] ** 2)
        return [outputs, *last, *tape.gradient(loss, inputs)]

    return run, arguments


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("batch", [1, 17, 35])
def test_outputs_states_and_gradients_are_those_of_the_whole(num_cores, batch, known):
    run, arguments = gradients(None, batch)
    specs = [tf.TensorSpec(argument.shape, tf.float32) for argument in arguments]
    if not known:
        specs[0] = tf.TensorSpec((6, None, 20))
        specs[2:] = [tf.TensorSpec((None, 5))] * 2
    traced = tf.function(run, specs, autograph=False).get_concrete_function()
    for found, wanted in zip(traced(*arguments), run(*arguments), strict=True):
        np.testing.assert_allclose(found, wanted, rtol=FLOAT32, atol=FLOAT32)
    if known:
        parts = max(1, min(num_cores, batch // cores.LEAST))
        assert num_xla_calls(traced) == (2 * parts if parts > 1 else 0)


@pytest.mark.parametrize("peephole", [(15,), (5, 15)])
def test_peepholes_are_shared_by_the_parts(monkeypatch, peephole):
    monkeypatch.setattr(cores, "num_cores", lambda: 2)
    run, arguments = gradients(peephole, 17)
    found = tf.function(run, autograph=False)(*arguments)
    for one, other in zip(found, run(*arguments), strict=True):
        np.testing.assert_allclose(one, other, rtol=FLOAT32, atol=FLOAT32)


def test_within_xla_nothing_is_split(monkeypatch):
    monkeypatch.setattr(cores, "num_cores", lambda: 2)
    run, arguments = gradients(None, 32)
    traced = tf.function(run, autograph=False, jit_compile=True)
    assert num_xla_calls(traced.get_concrete_function(*arguments)) == 0


def test_the_layer_trains_the_same_on_any_number_of_cores(monkeypatch):
    x = np.random.default_rng(1).normal(size=(40, 6, 3)).astype("float32")
    found = []
    for number in (1, 2):
        monkeypatch.setattr(cores, "num_cores", lambda number=number: number)
        keras.utils.set_random_seed(0)
        model = keras.Sequential([keras.Input((6, 3)), layers.LSTM(4)])
        model.compile("sgd", "mse")
        model.fit(x, x[:, 0, :1], batch_size=32, epochs=3, verbose=0)
        found.append(np.concatenate([w.ravel() for w in model.get_weights()]))
    np.testing.assert_allclose(*found, atol=FLOAT32)


@pytest.mark.parametrize("name", ["TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"])
def test_limits_of_threads_are_kept(monkeypatch, name):
    monkeypatch.setenv(name, "1")
    assert cores.num_cores() == 1
