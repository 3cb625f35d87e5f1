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
    layers,
    model,
    paper,
    units,
)
from lessons.toolkit.errors import UserError

FLOAT32 = 2e-6


def inputs(batch=3, steps=7, size=4, seed=0):
    random = np.random.default_rng(seed)
    return random.normal(size=(batch, steps, size)).astype("float32")


def test_the_layer_with_keras_weights_is_keras_layer():
    x = inputs()
    theirs = keras.layers.LSTM(6, return_sequences=True, return_state=True)
    expected = theirs(x)
    ours = layers.LSTM(6, return_sequences=True, return_state=True)
    ours.build(x.shape)
    ours.set_weights(theirs.get_weights())
    for found, wanted in zip(ours(x), expected, strict=True):
        np.testing.assert_allclose(found, wanted, atol=FLOAT32)


@pytest.mark.parametrize("peephole", cells.PEEPHOLES)
@pytest.mark.parametrize("jit", [False, True])
def test_the_compiled_loop_and_its_gradient_equal_kerass_loop(peephole, jit):
    x = tf.constant(inputs())
    fast = layers.LSTM(5, return_sequences=True, peephole=peephole)
    fast.build(x.shape)
    random = np.random.default_rng(2)
    fast.set_weights([random.normal(size=w.shape) for w in fast.get_weights()])
    slow = keras.layers.RNN(fast.cell, return_sequences=True, return_state=True)
    state = [tf.constant(random.normal(size=(3, 5)), tf.float32) for _ in "hc"]
    weights = random.normal(size=(3, 7, 5)).astype("float32")
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
    network = experiment.build_text_model(config.PRESETS[preset], size)
    assert network.count_params() == paper.PAPER_PARAMETERS[preset, size]


def test_char_rnn_with_one_bias_and_layer_by_layer():
    settings = config.PRESETS["paper"].replace(two_biases=False)
    network = experiment.build_text_model(settings, 65)
    assert network.count_params() == 239_297
    network = experiment.build_text_model(config.PRESETS["paper"], 65)
    counts = [layer.count_params() for layer in (*network.lstms, network.head)]
    assert counts == [99_840, 132_096, 8_385]
    network = experiment.build_text_model(config.PRESETS["paper_singlish"], 97)
    parts = (network.embedding, *network.lstms, network.head)
    assert [p.count_params() for p in parts] == [9_700, 110_600, 110_600, 9_797]


def test_the_adding_network_of_1997_has_93_parameters():
    network = model.lag_network("blocks_1997", (100, 2), 1, units=4)
    assert network.count_params() == paper.ADDING_PARAMETERS
    assert network.output_shape == (None, 1)


def small(**options):
    keras.utils.set_random_seed(0)
    settings = {"size": 11, "units": (6, 5), "embedding_dim": 4} | options
    network = model.CharModel(**settings)
    network.build((None, 8))
    return network


IDS = np.random.default_rng(1).integers(0, 11, (3, 8)).astype("int32")


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"embedding_dim": None, "init_scale": 0.1},
        {"cell": {"peephole": "full", "learned_state": True}},
        {"cell": {"peephole": "diag", "two_biases": True}, "dropout": 0.3},
    ],
)
def test_a_saved_model_answers_the_same(options, tmp_path):
    network = small(**options)
    expected = network(IDS).numpy()
    network.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(loaded(IDS), expected)


def test_a_text_read_in_pieces_is_a_text_read_at_once():
    network = small(cell={"peephole": "diag"})
    whole, _ = network.unroll(IDS)
    first, state = network.unroll(IDS[:, :3])
    second, state = network.unroll(IDS[:, 3:7], state)
    last, _ = network.step(tf.constant(IDS[:, 7]), state)
    pieces = np.concatenate([first, second, last[:, None]], axis=1)
    np.testing.assert_allclose(pieces, whole, atol=FLOAT32)


def test_one_update_changes_every_weight_and_a_ragged_batch_trains():
    network = small(cell={"peephole": "full", "learned_state": True})
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    network.compile(keras.optimizers.Adam(0.01), loss)
    before = network.get_weights()
    network.fit(IDS, (IDS + 1) % 11, batch_size=2, verbose=0)
    for old, new in zip(before, network.get_weights(), strict=True):
        assert np.any(old != new)


def test_the_carried_state_makes_batches_continue_each_other():
    network, free = small(streams=3), small()
    free.set_weights(network.get_weights())
    network.reset()
    first = network(IDS[:, :4], training=True)
    second = network(IDS[:, 4:], training=True)
    both = np.concatenate([first, second], axis=1)
    np.testing.assert_allclose(both, free(IDS), atol=FLOAT32)
    np.testing.assert_allclose(network(IDS), free(IDS), atol=FLOAT32)  # not training
    network.reset()
    np.testing.assert_allclose(network(IDS[:, :4], training=True), first, atol=FLOAT32)


def test_mixed_precision_trains_and_keeps_its_weights_in_float32():
    policy = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        network = small(streams=3)
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        network.compile(keras.optimizers.Adam(0.02), loss)
        arrays = np.tile(IDS, (10, 1)), np.tile(IDS, (10, 1))
        history = network.fit(*arrays, batch_size=3, epochs=4, verbose=0, shuffle=False)
    finally:
        keras.config.set_dtype_policy(policy)
    losses = history.history["loss"]
    assert losses[-1] < losses[0]
    assert all(weight.dtype == "float32" for weight in network.weights)


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
    shares = np.bincount(ids[0, :, 0], minlength=11) / count
    np.testing.assert_allclose(shares, p, atol=4 * 0.5 / count**0.5)
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
        (lambda: model.lag_network("gru", (9, 2), 1), "unknown network 'gru'"),
        (lambda: generate.Sampler(small(), 0), "at least 1 character"),
        (lambda: generate.Sampler(small(), 3)([], [1.0]), "priming character"),
        (lambda: generate.Sampler(small(), 3)([1], [0.0]), "temperatures must be"),
    ],
)
def test_impossible_arguments_are_refused(call, message):
    with pytest.raises(UserError, match=message):
        call()


def test_the_numpy_reader_agrees_with_keras():
    network = small(cell={"peephole": "full", "two_biases": True})
    activations, logits = units.read(network, IDS)
    np.testing.assert_allclose(logits, network(IDS), atol=1e-5)
    assert activations.shape == (3, 8, 5) and np.abs(activations).max() <= 1


def test_properties_of_a_text():
    text = 'ab "c d"\n  (Xy)'
    table = units.properties(text)
    places = [1, 2, 3, 4, 5, 6, 7, 8, 0, 1, 2, 3, 4, 5, 6]
    column = np.expm1(table["position in the line (logarithm)"])
    np.testing.assert_allclose(column, places)
    np.testing.assert_array_equal(
        table["inside double quotes"], [0] * 3 + [1] * 4 + [0] * 8
    )
    np.testing.assert_array_equal(table["inside brackets"], [0] * 11 + [1] * 3 + [0])
    np.testing.assert_array_equal(
        table["indentation of the line"], [0] * 9 + [1, 2, 2, 2, 2, 2]
    )
    assert table["position in the word"][:5].tolist() == [1, 2, 0, 0, 1]
    assert table["inside a capitalised word"].tolist() == [0] * 12 + [1, 1, 0]


def test_a_cell_that_counts_is_found_and_its_passage_too():
    texts = ["one (two) three\nfour\n" * 10] * 4
    random = np.random.default_rng(0)
    activations = random.normal(size=(4, len(texts[0]), 6))
    activations[:, :, 2] = [-units.properties(t)["inside brackets"] for t in texts]
    found = {f.name: f for f in units.find(activations, texts, skip=0)}
    best = found["inside brackets"]
    assert best.unit == 2 and best.checked == pytest.approx(-1)
    row, part = units.liveliest(texts, "inside brackets", length=30)
    assert texts[row][part.start - 1] == "\n" and part.stop - part.start == 30
