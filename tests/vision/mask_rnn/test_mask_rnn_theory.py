"""Warp, boxes, merge and losses against other routes."""

import numpy as np
import pytest
import tensorflow as tf
from keras import ops
from scipy import ndimage, optimize

from lessons.vision.mask_rnn import boxes, localiser, theory, theory_routes


def warped(mask, flow):
    return ops.convert_to_numpy(theory.warp(mask, flow))


def test_warp_equals_that_of_scipy():
    rng = np.random.default_rng(0)
    mask = rng.random((3, 5, 9))
    flow = rng.normal(0, 4, (3, 5, 9, 2))
    rows, columns = np.mgrid[:5, :9]
    expected = [
        ndimage.map_coordinates(
            np.pad(m, 1), [rows + f[..., 1] + 1, columns + f[..., 0] + 1], order=1
        )
        for m, f in zip(mask, flow, strict=True)
    ]
    np.testing.assert_allclose(warped(mask, flow), expected, atol=3e-6)
    looped = [
        theory_routes.warp_by_loops(m, f) for m, f in zip(mask, flow, strict=True)
    ]
    np.testing.assert_allclose(looped, expected, atol=1e-12)


def test_warp_of_whole_pixels_is_exact_and_zero_outside():
    mask = np.random.default_rng(1).random((1, 5, 9)).astype("float32")
    np.testing.assert_array_equal(warped(mask, np.zeros((1, 5, 9, 2))), mask)
    flow = np.tile([2.0, -1.0], (1, 5, 9, 1))
    expected = np.zeros_like(mask)
    expected[0, 1:, :-2] = mask[0, :-1, 2:]
    np.testing.assert_array_equal(warped(mask, flow), expected)


@pytest.mark.parametrize("wild", [np.nan, np.inf, 1e12, -1e12])
def test_warp_bears_any_flow(wild):
    flow = np.zeros((1, 3, 4, 2), "float32")
    flow[0, 1, 1, 0] = wild
    found = warped(np.ones((1, 3, 4), "float32"), flow)
    assert found[0, 1, 1] == 0
    assert found.sum() == 11


def test_warp_is_linear_and_autodiff_gives_its_adjoint():
    rng = np.random.default_rng(2)
    a, g = rng.normal(size=(2, 2, 6, 7)).astype("float32")
    flow = rng.normal(0, 2, (2, 6, 7, 2)).astype("float32")
    mask = tf.constant(a)
    with tf.GradientTape() as tape:
        tape.watch(mask)
        product = tf.reduce_sum(theory.warp(mask, flow) * g)
    back = tape.gradient(product, mask).numpy()
    assert float(product) == pytest.approx(np.sum(a * back), rel=1e-5)
    expected = 2 * warped(a, flow) - 3 * warped(g, flow)
    np.testing.assert_allclose(warped(2 * a - 3 * g, flow), expected, atol=1e-5)


@pytest.mark.parametrize("side, step", [(10, 2), (20, 5), (6, 6), (9, 1)])
def test_exact_flow_leaves_a_ghost(side, step):
    found = theory_routes.propagated_square(side, step, 3)
    for k, j in enumerate(found, start=1):
        assert j == pytest.approx(theory.ghost_jaccard(side, step, k), abs=1e-9)


def test_a_ghost_longer_than_the_square_is_refused():
    with pytest.raises(ValueError, match="larger"):
        theory.ghost_jaccard(5, 6)


def test_boxes_are_tight_and_deltas_are_undone():
    mask = np.zeros((3, 7, 9), "float32")
    mask[0, 2:5, 1:8] = 1
    mask[1, 6, 0] = 0.6
    box, found = map(ops.convert_to_numpy, theory.tight_box(mask))
    np.testing.assert_allclose(box, [[4, 3, 7, 3], [0, 6, 1, 1], [4, 3, 9, 7]])
    assert found.tolist() == [True, True, False]
    inside = ops.convert_to_numpy(theory.inside(box, 7, 9))
    np.testing.assert_array_equal(inside[:2], mask[:2] > 0.5)
    assert inside[2].all()
    rng = np.random.default_rng(3)
    a, b = (
        np.concatenate([rng.uniform(-5, 5, (9, 2)), rng.uniform(1, 8, (9, 2))], 1)
        for _ in range(2)
    )
    again = theory.decode(theory.encode(a, b), b)
    np.testing.assert_allclose(again, a, atol=1e-12)


def test_the_numbers_of_the_sheet():
    g, a = np.array([30.0, 40, 20, 10]), np.array([25.0, 35, 16, 16])
    deltas = ops.convert_to_numpy(theory.encode(g, a))
    np.testing.assert_allclose(deltas, [0.3125, 0.3125, 0.22314, -0.47000], atol=1e-5)
    assert float(np.sum(theory.smooth_l1(deltas))) == pytest.approx(0.23300, abs=1e-5)
    assert float(theory.smooth_l1(np.array(-3.0))) == 2.5
    maps = np.arange(16, dtype="float32").reshape(1, 4, 4, 1)
    whole = np.array([[1.5, 1.5, 4, 4]])
    found = localiser.roi_max_pool(maps, whole, 2)[0, ..., 0]
    np.testing.assert_array_equal(found, [[5, 7], [13, 15]])
    for s, d, j in ((10, 2, 0.8333), (20, 5, 0.8)):
        assert theory.ghost_jaccard(s, d) == pytest.approx(j, abs=1e-4)
    sliding = [1 - a**7 for a in (0.5, 0.8, 0.9)]
    np.testing.assert_allclose(sliding, [0.9922, 0.7903, 0.5217], atol=1e-4)


def test_pooling_equals_loops_over_the_bins():
    rng = np.random.default_rng(4)
    maps = rng.normal(size=(20, 6, 9, 3)).astype("float32")
    place = rng.uniform(-2, 10, (20, 2))
    box = np.concatenate([place, rng.uniform(0.2, 9, (20, 2))], 1).astype("float32")
    for bins in (1, 2, 5):
        found = localiser.roi_max_pool(maps, box, bins)
        expected = [
            theory_routes.roi_by_loops(m, b, bins)
            for m, b in zip(maps, box, strict=True)
        ]
        np.testing.assert_allclose(found, expected, atol=1e-6)


def test_a_box_that_holds_the_truth_never_hurts_and_one_that_cuts_it_may():
    rng = np.random.default_rng(5)
    truth = np.zeros((8, 8), bool)
    truth[2:5, 3:7] = True
    good = theory_routes.box_gain(truth, [[4.5, 3, 4, 3]], 300, rng)
    assert good.min() >= 0
    assert theory_routes.box_gain(truth, [[4.0, 3, 3, 3]], 300, rng).min() < 0


def test_enlarged_boxes_hold_objects_whose_edges_err_by_a_ninth():
    box = np.array([[10.0, 5, 8, 4]])
    big = ops.convert_to_numpy(theory.enlarge(box))
    assert boxes.iou(box, big)[0] == pytest.approx(0.64)
    for err, holds in ((1 / 9 - 1e-6, True), (0.125, False)):
        shorter = np.array([[10 - 8 * err / 2, 5, 8 * (1 - err), 4]])
        right = ops.convert_to_numpy(theory.enlarge(shorter))[0]
        assert (right[0] + right[2] / 2 >= 14) == holds


def test_merge():
    p = np.array([[[0.2, 0.6, 0.7, 0.5, 0.8]], [[0.1, 0.7, 0.6, 0.3, 0.8]]])
    np.testing.assert_array_equal(theory.merge(p), [[0, 2, 1, 0, 1]])
    rng = np.random.default_rng(6)
    p = rng.random((3, 4, 5))
    labels = ops.convert_to_numpy(theory.merge(p))
    order = np.array([2, 0, 1])
    swapped = ops.convert_to_numpy(theory.merge(p[order]))
    np.testing.assert_array_equal(np.append(order + 1, 0)[swapped - 1], labels)
    np.testing.assert_array_equal(theory.merge(p[:1]), p[0] > 0.5)


def test_cross_entropy_is_that_of_logarithms():
    rng = np.random.default_rng(7)
    y, z = rng.integers(2, size=(4, 5, 6)), rng.normal(size=(4, 5, 6))
    p = 1 / (1 + np.exp(-z))
    beta = 1 - y.mean(axis=(1, 2), keepdims=True)
    costs = -(y * np.log(p) + (1 - y) * np.log(1 - p))
    weighted = -(beta * y * np.log(p) + (1 - beta) * (1 - y) * np.log(1 - p))
    np.testing.assert_allclose(theory.cross_entropy(y, z), costs.mean((1, 2)), 1e-5)
    found = theory.cross_entropy(y, z, balanced=True)
    np.testing.assert_allclose(found, weighted.mean((1, 2)), 1e-5)
    one = np.zeros((1, 500))
    one[0, :30] = 1
    half = float(theory.cross_entropy(one, np.zeros((1, 500)), balanced=True)[0])
    assert half == pytest.approx(0.078187, abs=1e-6)


@pytest.mark.parametrize("q, beta", [(0.06, 0.94), (0.3, 0.9), (0.5, 0.5)])
def test_balancing_moves_the_minimum(q, beta):
    def risk(p):
        return -beta * q * np.log(p) - (1 - beta) * (1 - q) * np.log(1 - p)

    best = optimize.minimize_scalar(risk, bounds=(1e-6, 1 - 1e-6), method="bounded")
    assert theory.balanced_minimiser(q, beta) == pytest.approx(best.x, abs=1e-4)
    assert theory.balanced_minimiser(1 - beta, beta) == pytest.approx(0.5)


def test_cut_sums_are_gradients_of_the_cut_recursion():
    found = [theory.truncated_sum(0.9, t, 3) for t in range(1, 8)]
    np.testing.assert_allclose(found, [1, 1.9, 2.71, 1, 1.9, 2.71, 1])
    w = tf.Variable(1.0)
    for steps in (1, 3, 4, 7):
        with tf.GradientTape() as tape:
            state = tf.constant(0.0)
            for step in range(steps):
                if step and step % 3 == 0:
                    state = tf.stop_gradient(state)
                state = 0.9 * state + w
        slope = float(tape.gradient(state, w))
        assert slope == pytest.approx(theory.truncated_sum(0.9, steps, 3), rel=1e-6)
