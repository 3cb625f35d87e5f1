"""Equations by two routes, depths, separability, and what moves memory."""

import itertools

import keras
import numpy as np
import pytest
import tensorflow as tf

from lessons.sequences.tensorized_lstm import counts, evaluation, theory
from lessons.sequences.tensorized_lstm import theory_routes as routes
from lessons.toolkit.errors import UserError

UNITS = 3
PAIRS = [(2, 1), (3, 1), (5, 1), (2, 3), (3, 3), (3, 4), (5, 4), (4, 5), (5, 3), (7, 2)]


def weights(rng, kernel_size, outputs, order=2, bias=0.0):
    shape = (*[kernel_size] * (order - 1), UNITS, outputs)
    return rng.normal(size=shape) * 0.7, bias * rng.normal(size=outputs)


def run_tlstm(rows, kernel, bias, kernel_size, size, memory=True, order=2):
    """`theory.tlstm_step` over a sequence, batch of one, float64."""
    flat = tf.constant(kernel.reshape(-1, kernel.shape[-1]))
    hidden = cells = tf.zeros((1, *[size] * (order - 1), UNITS), tf.float64)
    history = []
    for row in tf.unstack(tf.convert_to_tensor(rows)):
        hidden, cells = theory.tlstm_step(
            row[None], hidden, cells, flat, tf.constant(bias), kernel_size, memory
        )
        history.append(hidden[0])
    return tf.stack(history)


@pytest.mark.parametrize("order", [2, 3])
def test_the_depth_is_what_brute_force_finds(order):
    for kernel_size, size in itertools.product(
        range(2, 6), range(1, 8 - 2 * (order - 2))
    ):
        found = routes.depth_by_search(size, kernel_size, order)
        assert theory.depth(size, kernel_size) == found
    assert [theory.depth(p, 3) for p in range(1, 8)] == list(range(1, 8))
    assert [theory.depth(p, 4) for p in range(1, 8)] == [1, 1, 2, 2, 3, 3, 4]
    assert [theory.depth(6, k) for k in range(2, 8)] == [6, 6, 3, 3, 2, 2]


def test_the_formula_of_the_paper_is_the_same():
    for size, k in itertools.product(range(1, 12), range(2, 9)):
        assert theory.depth(size, k) == -(-2 * size // (k - k % 2))


def test_numbering_the_square_from_the_input_would_change_its_depth():
    # With the input at (1, 1) and h of one row before, a kernel of 3 sees rows p - 1,
    # p and p + 1 of a tensor that is one row shorter: news moves two rows a step.
    wrong = [-(-size // 2) for size in range(1, 7)]
    assert wrong == [1, 1, 2, 2, 3, 3]
    assert [routes.depth_by_search(p, 3, order=3) for p in range(1, 5)] == [1, 2, 3, 4]


@pytest.mark.parametrize("given", [(0, 3), (3, 1), (3, 0)])
def test_depths_that_do_not_exist_are_refused(given):
    with pytest.raises(UserError, match="must be at least"):
        theory.depth(*given)


def test_windows_of_small_tensors_by_hand():
    def seen(kernel_size):
        hidden = np.array([[[1.0], [2.0]]])
        cat = theory.concat_input(tf.constant([[9.0]], tf.float64), hidden)
        return np.asarray(theory.windows(cat, kernel_size))[0].tolist()

    assert seen(2) == [[9, 1], [1, 2]]
    assert seen(3) == [[9, 1, 2], [1, 2, 0]]
    assert seen(4) == [[0, 9, 1, 2], [9, 1, 2, 0]]
    assert seen(5) == [[0, 9, 1, 2, 0], [9, 1, 2, 0, 0]]


def test_the_input_stands_in_the_corner_of_a_square():
    hidden = tf.reshape(tf.range(1.0, 5), (1, 2, 2, 1))
    cat = np.asarray(theory.concat_input(tf.constant([[9.0]]), hidden))[0, ..., 0]
    assert cat.tolist() == [[9, 0, 0], [0, 1, 2], [0, 3, 4]]


@pytest.mark.parametrize(
    "logits, moved",
    [
        ([0, 0, 0], [4, 37, 70]),
        ([50, 0, 0], [1, 1, 10]),
        ([0, 50, 0], [1, 10, 100]),
        ([0, 0, 50], [10, 100, 100]),
    ],
)
def test_memory_moves_as_the_kernel_says_and_ends_are_repeated(logits, moved):
    cells = tf.constant([[[1.0], [10.0], [100.0]]])
    found = theory.memory_convolution(cells, tf.constant([[logits] * 3], tf.float32), 3)
    np.testing.assert_allclose(np.ravel(found), moved, rtol=1e-5)
    if logits == [0, 0, 0]:
        found = theory.memory_convolution(cells, tf.zeros((1, 3, 2)), 2)
        np.testing.assert_allclose(np.ravel(found), [1, 5.5, 55])


@pytest.mark.parametrize("kernel_size, size", PAIRS)
def test_one_step_is_what_loops_compute(kernel_size, size):
    rng = np.random.default_rng(kernel_size * 10 + size)
    for memory in (True, False):
        outputs = 4 * UNITS + (kernel_size if memory else 0)
        kernel, bias = weights(rng, kernel_size, outputs, bias=0.5)
        rows = rng.normal(size=(4, UNITS))
        found = run_tlstm(rows, kernel, bias, kernel_size, size, memory)
        expected = routes.tlstm(rows, kernel, bias, kernel_size, size, memory)
        np.testing.assert_allclose(found, expected, atol=1e-12)


@pytest.mark.parametrize("kernel_size, size", [(2, 2), (3, 3), (4, 2)])
def test_a_square_of_locations_is_what_loops_compute(kernel_size, size):
    rng = np.random.default_rng(1)
    kernel, bias = weights(rng, kernel_size, 4 * UNITS + kernel_size**2, 3, bias=0.5)
    rows = rng.normal(size=(4, UNITS))
    found = run_tlstm(rows, kernel, bias, kernel_size, size, order=3)
    expected = routes.tlstm(rows, kernel, bias, kernel_size, size, order=3)
    np.testing.assert_allclose(found, expected, atol=1e-12)


def gradients(kernel_size, size, order, steps=5):
    """|d output / d input(t')| for reads a step early, in time and a step late.

    Returns:
        By `late`, of the read for input 2 (the third): shape (steps,).
    """
    rng = np.random.default_rng(3)
    taps = kernel_size ** (order - 1)
    kernel, bias = weights(rng, kernel_size, 4 * UNITS + taps, order, bias=0.3)
    delay = theory.depth(size, kernel_size) - 1
    rows = tf.constant(rng.normal(size=(steps, UNITS)))
    flush = tf.zeros((delay, UNITS), tf.float64)
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(rows)
        all_rows = tf.concat([rows, flush], 0)[: 2 + delay + 2]
        hidden = run_tlstm(all_rows, kernel, bias, kernel_size, size, True, order)
        last = tf.reshape(hidden, (len(all_rows), -1, UNITS))[:, -1]
        answers = {n: tf.reduce_sum(last[2 + delay + n]) for n in (-1, 0, 1)}
    return {
        late: np.abs(tape.gradient(answer, rows).numpy()).max(axis=1)
        for late, answer in answers.items()
    }


@pytest.mark.parametrize(
    "kernel_size, size, order",
    [(2, 3, 2), (3, 3, 2), (3, 4, 2), (5, 4, 2), (4, 5, 2), (5, 3, 2), (3, 2, 3)],
)
def test_an_output_has_seen_its_input_and_none_after_it(kernel_size, size, order):
    found = gradients(kernel_size, size, order)
    assert found[0][2] > 1e-6 and np.all(found[0][3:] == 0)
    assert found[1][3] > 1e-6  # a step later it has seen the next one
    assert found[-1][2] == 0  # a step earlier it has not seen its own


@pytest.mark.parametrize("kind", ["rnn", "lstm"])
def test_without_feedback_a_tensor_is_a_skewed_stack(kind):
    rng = np.random.default_rng(5)
    rows, size = rng.normal(size=(7, UNITS)), 4
    outputs = UNITS if kind == "rnn" else 4 * UNITS
    kernel, bias = weights(rng, 2, outputs)
    if kind == "rnn":
        tensor = routes.trnn(np.pad(rows, ((0, 3), (0, 0))), kernel, bias, 2, size)
        stack = routes.stacked_rnn(rows, kernel, bias, size)
    else:
        flushed = np.pad(rows, ((0, 3), (0, 0)))
        tensor = routes.tlstm(flushed, kernel, bias, 2, size, memory=False)
        stack = routes.stacked_lstm(rows, kernel, bias, size)
    skewed = np.stack([tensor[p : p + 7, p] for p in range(size)], axis=1)
    np.testing.assert_allclose(skewed, stack, atol=1e-14)


def test_biases_disturb_the_skewed_stack_unless_idle_locations_are_kept_quiet():
    for seed in range(5):
        rng = np.random.default_rng(seed)
        rows, size = rng.normal(size=(7, UNITS)), 4
        kernel, bias = weights(rng, 2, UNITS, bias=1.0)
        stack = routes.stacked_rnn(rows, kernel, bias, size)
        errors = {}
        for quiet in (False, True):
            padded = np.pad(rows, ((0, 3), (0, 0)))
            tensor = routes.trnn(padded, kernel, bias, 2, size, quiet)
            skewed = np.stack([tensor[p : p + 7, p] for p in range(size)], axis=1)
            errors[quiet] = np.abs(skewed - stack).max()
        assert errors[False] > 0.01 and errors[True] < 1e-14


@pytest.mark.parametrize("kernel_size", [2, 3, 5])
def test_one_location_is_an_ordinary_lstm(kernel_size):
    rng = np.random.default_rng(6)
    kernel, bias = weights(rng, kernel_size, 4 * UNITS + kernel_size, bias=0.4)
    rows = rng.normal(size=(6, UNITS))
    found = run_tlstm(rows, kernel, bias, kernel_size, 1)[:, 0]
    middle = kernel_size // 2
    h, c, expected = np.zeros(UNITS), np.zeros(UNITS), []
    for row in rows:
        z = row @ kernel[middle - 1] + h @ kernel[middle] + bias
        i, f, o = routes.sigmoid(z[UNITS : 4 * UNITS]).reshape(3, UNITS)
        c = np.tanh(z[:UNITS]) * i + c * f
        h = np.tanh(c) * o
        expected.append(h)
    np.testing.assert_allclose(found, expected, atol=1e-14)


def test_convolved_memory_is_bounded_and_other_kernels_break_it():
    rng = np.random.default_rng(7)
    cells, logits = rng.normal(size=(1, 5, 4)) * 3, rng.normal(size=(1, 5, 3)) * 4
    moved = np.asarray(theory.memory_convolution(tf.constant(cells), logits, 3))
    low, high = cells.min(axis=1), cells.max(axis=1)
    assert np.all(moved >= low - 1e-12) and np.all(moved <= high + 1e-12)
    constant = np.ones((1, 5, 4))
    kept = np.asarray(theory.memory_convolution(tf.constant(constant), logits, 3))
    np.testing.assert_allclose(kept, 1, atol=1e-14)
    # Weights that do not sum to 1, and zeros beyond the ends, break the bound.
    loose = np.einsum("pk,pm->pm", np.log1p(np.exp(logits[0])), constant[0])
    assert loose.max() > 1.5
    ends = np.pad(constant[0], ((1, 1), (0, 0)))
    q = np.exp(logits[0]) / np.exp(logits[0]).sum(-1, keepdims=True)
    padded = sum(q[:, k : k + 1] * ends[k : k + 5] for k in range(3))
    assert padded.min() < 0.99
    shifted = np.asarray(theory.memory_convolution(tf.constant(cells), logits + 7.0, 3))
    np.testing.assert_allclose(shifted, moved, atol=1e-12)


def test_memory_fills_and_only_a_closed_gate_makes_it_shift():
    one_hot = np.tile([60.0, 0, 0], (1, 5, 1))
    for forget, expected in (
        (np.ones(5), [1, 1, 1, 1, 1]),
        (np.array([0, 1, 1, 1, 1.0]), [0, 0, 0, 0, 1]),
    ):
        cells = tf.constant([[[1.0], [0], [0], [0], [0]]], tf.float64)
        for _ in range(4):
            cells = theory.memory_convolution(cells, one_hot, 3)
            cells = cells * forget[None, :, None]
        np.testing.assert_allclose(np.ravel(cells), expected, atol=1e-12)


def scaled(kind, epsilon):
    rng = np.random.default_rng(8)
    values = rng.normal(size=(1, 4, 16))
    factors, shifts = np.array([1, 5, 0.2, 3])[:, None], rng.normal(size=(4, 1))
    gain, shift = np.ones((4, 16)), np.zeros((4, 16))
    pair = [
        np.asarray(theory.normalise(tf.constant(v), gain, shift, kind, epsilon))
        for v in (values, values * factors + shifts)
    ]
    return np.linalg.norm(pair[1] - pair[0]) / np.linalg.norm(pair[0]), pair[0]


def test_channel_normalisation_forgets_the_scale_of_each_location_and_layer_does_not():
    change, normal = scaled("channel", 0.0)
    assert change < 1e-12
    np.testing.assert_allclose(normal.mean(-1), 0, atol=1e-12)
    np.testing.assert_allclose(normal.std(-1), 1, atol=1e-12)
    assert scaled("layer", 0.0)[0] > 0.3
    assert 1e-4 < scaled("channel", theory.EPSILON)[0] < 0.05  # not exact with epsilon
    layer = scaled("layer", 0.0)[1]
    assert abs(layer.mean()) < 1e-12 and abs(layer.std() - 1) < 1e-12


def test_one_location_is_normalised_alike_by_both_and_keras_agrees():
    values = np.random.default_rng(9).normal(size=(2, 1, 6)).astype("float32")
    ones, zeros = np.ones((1, 6), "float32"), np.zeros((1, 6), "float32")
    found = [
        np.asarray(theory.normalise(tf.constant(values), ones, zeros, kind))
        for kind in ("channel", "layer")
    ]
    np.testing.assert_allclose(found[0], found[1], atol=1e-6)
    own = keras.layers.LayerNormalization(axis=-1, epsilon=1e-3)(values)
    np.testing.assert_allclose(found[0], own, atol=1e-5)


def test_half_precision_keeps_epsilon_and_a_constant():
    for dtype in ("float16", "bfloat16"):
        cells = tf.ones((1, 3, 2), dtype)
        moved = theory.memory_convolution(cells, tf.zeros((1, 3, 3), dtype), 3)
        assert moved.dtype == cells.dtype
        np.testing.assert_allclose(tf.cast(moved, "float32"), 1, atol=0.01)
        ones, zeros = tf.ones((3, 2), dtype), tf.zeros((3, 2), dtype)
        equal = theory.normalise(cells, ones, zeros, "channel")
        assert equal.dtype == cells.dtype and not np.any(tf.cast(equal, "float32"))


def test_steps_in_a_row_and_work():
    assert counts.in_a_row(48, 8) == 55 and counts.in_a_row(48, 8, stacked=True) == 384
    assert 8 * counts.in_a_row(48, 8) == 440  # cell updates: more, not fewer
    assert counts.work(24, 3, size=4) == 4 * (3 * 24 * 99 + 72)
    assert counts.stacked_work(24, 4) == 18_432


def test_dead_weights_of_one_location():
    assert counts.parameters(7, 24, 6) == 7569
    assert counts.live_parameters(7, 24, 6, 3, True, 1) == 5046
    assert counts.live_parameters(7, 24, 6, 3, True, 4) == 7569
    assert counts.live_parameters(7, 24, 6, 2, False, 1) == counts.parameters(
        7, 24, 6, 2, False
    )


def test_what_the_notebook_computes_is_what_is_tested_here():
    assert routes.skew_errors(0.0).max() < 1e-14 < 0.01 < routes.skew_errors(1.0).min()
    assert evaluation.scale_change("channel", 0.0) < 1e-12
    assert evaluation.scale_change("layer", 0.0) > 0.3
