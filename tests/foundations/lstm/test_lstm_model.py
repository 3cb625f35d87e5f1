"""Cells, the compiled layer, the language model, sampling."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from lessons.foundations.lstm import (
    cells,
    config,
    experiment,
    generate,
    model,
    paper,
)
from lessons.toolkit import runtime
from lessons.toolkit.errors import UserError

FLOAT32 = 2e-6


def test_biases_start_as_asked_for():
    keras.utils.set_random_seed(0)
    cell = cells.LSTMCell(500, forget_bias=2.5)
    cell.build((1, 2))
    np.testing.assert_array_equal(cell.bias, np.repeat([0, 2.5, 0, 0], 500))
    cell = cells.LSTMCell(500, longest=61)
    cell.build((1, 2))
    entry, forget, rest, last = np.split(np.asarray(cell.bias), 4)
    np.testing.assert_allclose(entry, -forget)
    assert not rest.any() and not last.any()
    scales = np.exp(forget)  # uniform on [1, 60]
    assert scales.min() >= 1 and scales.max() <= 60
    assert scales.mean() == pytest.approx(30.5, abs=4 * 17.0 / 500**0.5)


def test_cells_of_1997_do_not_lose_their_content():
    cell = cells.BlockCell1997(2, 2)
    cell.build((1, 3))
    kernel, recurrent, bias = (np.zeros(w.shape) for w in cell.get_weights())
    bias[:2] = -60  # input gates shut
    cell.set_weights([kernel, recurrent, bias])
    state = [np.zeros((1, 8), "float32"), np.full((1, 4), 1.5, "float32")]
    for _ in range(50):
        _, state = cell(np.ones((1, 3), "float32"), state)
    np.testing.assert_array_equal(state[1], 1.5)


@pytest.mark.parametrize(("preset", "size"), paper.PAPER_PARAMETERS)
def test_language_models_have_the_sources_sizes(preset, size):
    network = experiment.build_model(config.PRESETS[preset], size)
    found = runtime.num_parameters(network)
    assert found == paper.PAPER_PARAMETERS[preset, size]


def test_char_rnn_with_one_bias_and_layer_by_layer():
    settings = config.PRESETS["paper"].replace(two_biases=False)
    network = experiment.build_model(settings, 65)
    assert runtime.num_parameters(network) == 239_297
    network = experiment.build_model(config.PRESETS["paper"], 65)
    counts = [layer.count_params() for layer in (*network.lstms, network.head)]
    assert counts == [99_840, 132_096, 8_385]
    network = experiment.build_model(config.PRESETS["paper_singlish"], 97)
    parts = (network.embedding, *network.lstms, network.head)
    assert [p.count_params() for p in parts] == [9_700, 110_600, 110_600, 9_797]


def test_the_adding_network_of_1997_has_93_parameters():
    network = model.lag_network("blocks_1997", (100, 2), 1, units=4)
    assert network.count_params() == paper.ADDING_PARAMETERS
    assert network.output_shape == (None, 1)


def small(**options):
    keras.utils.set_random_seed(0)
    settings = {"size": 11, "units": (6, 5), "embedding_dim": 4} | options
    return model.CharModel(**settings)


IDS = np.random.default_rng(1).integers(0, 11, (3, 8)).astype("int32")


def test_a_text_read_in_pieces_is_a_text_read_at_once():
    network = small(cell={"peephole": "diag"})
    whole, _ = network.unroll(IDS)
    first, state = network.unroll(IDS[:, :3])
    second, state = network.unroll(IDS[:, 3:7], state)
    last, _ = network.step(tf.constant(IDS[:, 7]), state)
    pieces = np.concatenate([first, second, last[:, None]], axis=1)
    np.testing.assert_allclose(pieces, whole, atol=FLOAT32)


def test_the_carried_state_makes_batches_continue_each_other():
    network, free = small(streams=3), small()
    pairs = zip(free.trainable_weights, network.trainable_weights, strict=True)
    for weight, same in pairs:
        weight.assign(same)
    network.reset()
    first = network(IDS[:, :4], training=True)
    second = network(IDS[:, 4:], training=True)
    both = np.concatenate([first, second], axis=1)
    np.testing.assert_allclose(both, free(IDS), atol=FLOAT32)
    np.testing.assert_allclose(network(IDS), free(IDS), atol=FLOAT32)  # not training
    network.reset()
    np.testing.assert_allclose(network(IDS[:, :4], training=True), first, atol=FLOAT32)


@pytest.mark.parametrize(
    ("streams", "count", "batch", "message", "eager"),
    [
        (4, 10, 4, "4 streams is carried, got a last batch of 2", False),
        (1, 8, 4, "1 streams is carried, got a batch of 4", True),
        (4, 3, 4, "4 streams is carried, got a batch of 3", True),
    ],
)
def test_batches_that_do_not_fit_the_streams_are_refused(
    streams, count, batch, message, eager
):
    network = small(streams=streams)
    loss = keras.losses.SparseCategoricalCrossentropy(True)
    network.compile("sgd", loss, run_eagerly=eager)
    ids = np.resize(IDS, (count, 8))
    with pytest.raises(UserError, match=message):
        network.fit(ids, ids, batch_size=batch, verbose=0)
    data = tf.data.Dataset.from_tensor_slices((ids, ids)).batch(batch)
    with pytest.raises(UserError, match=f"{streams} streams is carried"):
        network.fit(data, shuffle=False, verbose=0)


@pytest.mark.parametrize("jit", [False, True])
def test_sampling_follows_the_softmax_and_keeps_the_state(jit):
    network = small()
    sampler = generate.Sampler(network, 5, jit_compile=jit)
    prime, count = [1, 2, 3], 4000
    ids, entropies = sampler(prime, [1.0, 1e-7], count)
    assert ids.shape == entropies.shape == (2, count, 5)
    text = np.array([prime])
    for place in range(5):  # the cold text is greedy: read the whole prefix again
        logits = network(text).numpy()[0, -1]
        np.testing.assert_array_equal(ids[1, :, place], logits.argmax())
        text = np.append(text, [[logits.argmax()]], axis=1)
    p = keras.ops.softmax(network(np.array([prime]))[0, -1]).numpy()
    drawn = np.bincount(ids[0, :, 0], minlength=11) / count
    np.testing.assert_allclose(drawn, p, atol=4 * 0.5 / count**0.5)
    entropy = -(p * np.log(p)).sum()
    np.testing.assert_allclose(entropies[0, :, 0], entropy, atol=1e-5)


def test_samples_follow_their_seed_and_stop_where_told():
    network = small()
    sampler = generate.Sampler(network, 40, stop=0, jit_compile=False)
    ids, _ = sampler([1], [1.0], 20, seed=3)
    again, _ = sampler([1], [1.0], 20, seed=3)
    other, _ = sampler([1], [1.0], 20, seed=4)
    np.testing.assert_array_equal(ids, again)
    assert np.any(ids != other)
    ended = np.cumsum(ids[0] == 0, axis=1) > 0
    assert ended.any() and np.all(ids[0][ended] == 0)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: cells.LSTMCell(4, "half"), "unknown peephole 'half'"),
        (lambda: cells.LSTMCell(0), "units must be at least 1"),
        (lambda: cells.LSTMCell(4, longest=2), "above 2 steps"),
        (lambda: cells.BlockCell1997(0), "blocks and size"),
        (lambda: model.CharModel(5, units=()), "at least one layer"),
        (lambda: small(streams=2)(IDS, training=True), "2 streams is carried"),
        (lambda: model.lag_network("gru", (9, 2), 1), "unknown network 'gru'"),
        (lambda: generate.Sampler(small(), 0), "at least 1 character"),
        (lambda: generate.Sampler(small(), 3)([], [1.0]), "priming character"),
        (lambda: generate.Sampler(small(), 3)([1], [0.0]), "temperatures must be"),
    ],
)
def test_impossible_arguments_are_refused(call, message):
    with pytest.raises(UserError, match=message):
        call()
