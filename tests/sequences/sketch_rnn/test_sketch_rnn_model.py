"""Cells against plain formulas, masks, counts of parameters, and the drawing loop."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from lessons.sequences.sketch_rnn import (
    cells,
    config,
    experiment,
    paper,
    theory_routes,
)
from lessons.sequences.sketch_rnn.layers import PenRecurrence
from lessons.sequences.sketch_rnn.schedule import DecayToFloor
from lessons.sequences.sketch_rnn.variants import VARIANTS
from lessons.toolkit import runtime
from lessons.toolkit.errors import UserError
from tests.sequences.sketch_rnn.small import rows_of, small

FLOAT32 = 1e-5


def built(kind, units=4, features=3, **options):
    runtime.seed_everything(1)
    cell = cells.CELLS[kind](units, **options)
    cell.build((None, features))
    return cell


@pytest.mark.parametrize("kept", [None, np.array([[0.0, 2, 1, 0]] * 2)])
def test_the_lstm_step_is_the_plain_formula(kept):
    cell = built("lstm")
    rng = np.random.default_rng(0)
    x, h, c = (rng.normal(size=(2, n)).astype("float32") for n in (3, 4, 4))
    weights = [
        np.copy(w.numpy()) for w in (cell.kernel, cell.recurrent_kernel, cell.bias)
    ]
    expected = theory_routes.lstm_step(x, h, c, *weights, 1.0 if kept is None else kept)
    found = cell.step(cell.prepared(x[None])[0], (h, c), kept)
    np.testing.assert_allclose(found, expected, atol=FLOAT32)
    if kept is not None:  # a dropped candidate leaves the forget path alone
        plain = cell.step(cell.prepared(x[None])[0], (h, c))
        assert not np.allclose(plain[1], found[1])
        gate = 1 / (1 + np.exp(-(x @ weights[0] + h @ weights[1])[:, 8:12] - 1))
        np.testing.assert_allclose(found[1][:, 0], (gate * c)[:, 0], atol=FLOAT32)


def test_recurrent_kernels_are_orthogonal_gate_by_gate():
    for block in np.split(built("lstm").recurrent_kernel.numpy(), 4, axis=1):
        np.testing.assert_allclose(block @ block.T, np.eye(4), atol=FLOAT32)


def test_layer_normalisation_forgets_shift_and_scale():
    rng = np.random.default_rng(0)
    blocks = rng.normal(size=(3, 8)).astype("float32")
    gain, bias = np.ones(8, "float32"), np.zeros(8, "float32")
    plain = cells.normalised(blocks, gain, bias, 2, epsilon=0)
    moved = blocks * np.repeat([3, 0.1], 4) + np.repeat([1, -2], 4)
    again = cells.normalised(moved.astype("float32"), gain, bias, 2, epsilon=0)
    np.testing.assert_allclose(again, plain, atol=1e-4)
    # With the code's epsilon a small block stays smaller: not invariant.
    shrunk = cells.normalised(0.1 * blocks, gain, bias, 2)
    assert float(tf.math.reduce_std(shrunk[0, :4])) < 0.96


def test_a_hyper_lstm_starts_as_an_lstm_with_a_tenth_of_its_products():
    cell = built("hyper", hyper_units=5, embedding=3)
    rng = np.random.default_rng(0)
    x, h = (rng.normal(size=(2, n)).astype("float32") for n in (3, 4))
    scales, shifts = cell.factors(rng.normal(size=(2, 5)).astype("float32"))
    np.testing.assert_allclose(scales, 0.1, atol=1e-7)
    np.testing.assert_allclose(shifts, 0, atol=1e-7)
    state = (h, 0 * h, np.zeros((2, 5), "float32"), np.zeros((2, 5), "float32"))
    prepared = [part[0] for part in cell.prepared(x[None])]
    plain = built("layer_norm")
    plain.kernel.assign(0.1 * cell.kernel.numpy())
    plain.recurrent_kernel.assign(0.1 * cell.recurrent_kernel.numpy())
    expected = plain.step(plain.prepared(x[None])[0], state[:2])
    np.testing.assert_allclose(cell.step(prepared, state)[:2], expected, atol=FLOAT32)


@pytest.mark.parametrize("spread, stays", [(0.0, True), (0.3, False)])
def test_equal_first_weights_keep_an_embedding_one_number(spread, stays):
    runtime.seed_everything(0)
    layer = PenRecurrence(
        "hyper", 4, cell_options={"hyper_units": 5, "embedding": 3, "spread": spread}
    )
    layer.build((None, 6, 3))
    optimizer = keras.optimizers.Adam(0.05)
    inputs = np.random.default_rng(0).normal(size=(4, 6, 3)).astype("float32")
    for _ in range(4):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean((layer(inputs)[0] - inputs[..., :1]) ** 2)
        weights = layer.trainable_weights
        optimizer.apply(tape.gradient(loss, [w.value for w in weights]), weights)
    scale_in, scale_out = (
        w.numpy() for w in (layer.cell.scale_in, layer.cell.scale_out)
    )
    assert np.abs(scale_in).max() > 0.01  # they did move
    apart = np.abs(scale_in - scale_in[..., :1]).max()
    apart += np.abs(scale_out - scale_out[:, :1]).max()
    assert (apart < 1e-6) == stays


def test_the_encoder_reads_real_points_only():
    model = small()
    short, long = rows_of(3), rows_of(3, max_length=8).copy()
    long[:, 3:, :2] = 7.0  # what stands in the padding is never read
    for one, other in zip(model.encode(short), model.encode(long), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-7)
    backwards = model.encoders[1]
    found = backwards(short, mask=short[..., 4] < 0.5)[1][0]
    forwards = PenRecurrence("lstm", 4)
    forwards.build((None, 3, 5))
    for own, given in zip(forwards.weights, backwards.weights, strict=False):
        own.assign(given)
    expected = forwards(short[:, 2::-1])[1][0]
    np.testing.assert_allclose(found, expected, atol=1e-6)
    unmasked = backwards(short)[1][0]
    assert not np.allclose(unmasked, found, atol=1e-3)


def test_dropout_is_on_in_training_only_and_differs_by_step():
    layer = PenRecurrence("lstm", 50, keep=0.5)
    layer.build((None, 6, 2))
    inputs = np.ones((3, 6, 2), "float32")
    quiet = layer(inputs)[0]
    np.testing.assert_array_equal(quiet, layer(inputs)[0])
    kept = layer._drawn(6, 3).numpy()
    assert set(np.unique(kept)) == {0, 2}
    assert abs(kept.mean() - 1) < 0.15 and np.any(kept[0] != kept[1])
    assert not np.allclose(layer(inputs, training=True)[0], quiet)


@pytest.mark.parametrize("keep", [0.0, 1.5])
def test_impossible_layers_are_refused(keep):
    with pytest.raises(UserError, match="keep must be"):
        PenRecurrence("lstm", 3, keep=keep)
    with pytest.raises(UserError, match="unknown cell"):
        PenRecurrence("gru", 3)
    with pytest.raises(UserError, match="unknown code"):
        small("guess")
    with pytest.raises(UserError, match="Allowed: .batch, 8, 5."):
        small()(np.zeros((2, 7, 5)))


def counted(preset, variant, **changes):
    settings = config.PRESETS[preset].replace(**changes)
    model = experiment.build_model(settings, VARIANTS[variant])
    model.build((None, settings.max_length, 5))
    return runtime.num_parameters(model)


def test_parameters_are_the_sheets():
    given = paper.PARAMETERS
    assert counted("laptop", "weight_1") == given["laptop"]
    assert counted("laptop", "decoder_only") == given["laptop, decoder only"]
    assert counted("paper_code", "weight_half") == given["paper_code"]
    normed = given["paper_code, layer norm"]
    assert counted("paper_code", "layer_norm") == normed
    alone = given["paper_code, decoder only"]
    assert counted("paper_code", "decoder_only") == alone


def test_parameters_of_the_paper_and_its_hyper_decoder(monkeypatch):
    zeros = keras.initializers.Zeros()  # orthogonal matrices of this size take seconds
    monkeypatch.setattr(cells, "OrthogonalGates", lambda: zeros)
    parts = theory_routes.hyper_parameters(5 + 128, 2048, 256, 32)
    assert sum(parts.values()) == paper.HYPER_DECODER
    features, units = 3, 4
    parts = theory_routes.hyper_parameters(features, units, 5, 2)
    cell = built("hyper", hyper_units=5, embedding=2)
    assert runtime.num_parameters(cell) == sum(parts.values())
    assert counted("paper", "weight_1") == paper.PARAMETERS["paper"]


@pytest.mark.parametrize("code", ["start", "encoder"])
def test_a_step_moves_every_weight(code):
    model = small(code)
    model.compile(keras.optimizers.Adam(0.1), run_eagerly=True)
    weights = model.trainable_weights
    before = [np.copy(w.numpy()) for w in weights]
    model.fit(rows_of(3, 6), verbose=0)
    pairs = zip(before, weights, strict=True)
    assert min(np.abs(a - b.numpy()).max() for a, b in pairs) > 0.01
    # A learned start is one row: no bias beside it.
    assert len(model.to_state.weights) == (1 if code == "start" else 2)


def test_the_learning_rate_falls_to_its_floor():
    schedule = DecayToFloor(1e-3, 1e-5, 0.9999)
    rates = [float(schedule(step)) for step in (0, 10_000, 10**7)]
    expected = [(1e-3 - 1e-5) * 0.9999**t + 1e-5 for t in (0, 10_000, 10**7)]
    np.testing.assert_allclose(rates, expected, rtol=1e-2)
    again = DecayToFloor.from_config(schedule.get_config())
    assert float(again(10)) == float(schedule(10))
