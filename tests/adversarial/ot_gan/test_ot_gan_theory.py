"""Energy distances and losses, from their definitions and from known cases."""

import numpy as np
import pytest
import tensorflow as tf
from scipy import stats
from scipy.spatial.distance import cdist

from lessons.adversarial.ot_gan import theory, theory_exact
from lessons.toolkit.errors import UserError

FLOAT32 = 1e-5


def units(*shape, seed=0):
    features = np.random.default_rng(seed).normal(size=shape)
    return features / np.linalg.norm(features, axis=-1, keepdims=True)


def test_energy_distance_by_hand():
    # Between: mean of 2, 3, 1, 2 is 2, twice; within: 1 and 1.
    x, y = np.array([[0.0], [1.0]]), np.array([[2.0], [3.0]])
    assert float(theory.energy_distance(x, y)) == pytest.approx(2.0, abs=FLOAT32)


def test_energy_distance_of_samples_is_scipys_with_self_pairs():
    random = np.random.default_rng(1)
    x, y = random.normal(size=(50, 1)), random.normal(size=(40, 1)) + 1
    expected = stats.energy_distance(x[:, 0], y[:, 0]) ** 2
    found = float(theory.energy_distance(x, y, unbiased=False))
    assert found == pytest.approx(expected, abs=FLOAT32)


def test_unbiased_energy_distance_has_mean_zero_for_equal_distributions():
    random = np.random.default_rng(2)
    draws = [
        float(theory.energy_distance(*random.normal(size=(2, 5, 2))))
        for _ in range(400)
    ]
    assert abs(np.mean(draws)) < 4 * np.std(draws) / 20  # 4 standard errors
    assert min(draws) < 0


def test_one_sample_has_no_unbiased_distance():
    with pytest.raises(UserError, match="two samples"):
        theory.energy_distance(np.zeros((1, 2)), np.zeros((5, 2)))


@pytest.mark.parametrize(("side", "expected"), [(3, -2 / 3), (2, 0.0)])
def test_a_metric_need_not_be_of_negative_type(side, expected):
    within = 2 * (1 - np.eye(side))  # shortest paths in a complete bipartite graph
    found = theory.generalized_energy_distance(
        np.ones((side, side)), within, within, unbiased=False
    )
    assert float(found) == pytest.approx(expected, abs=FLOAT32)


def test_costs_are_those_of_scipy():
    x, y = units(4, 3, seed=3), units(5, 3, seed=4)
    cosine, euclidean = theory.cosine_cost(x, y), theory.euclidean_cost(x, y)
    np.testing.assert_allclose(cosine, cdist(x, y, "cosine"), atol=1e-12)
    np.testing.assert_allclose(euclidean, cdist(x, y), atol=FLOAT32)


def test_euclidean_cost_has_a_finite_gradient_where_points_meet():
    x = tf.zeros((2, 3))
    with tf.GradientTape() as tape:
        tape.watch(x)
        cost = theory.euclidean_cost(x, x)
    assert np.all(np.isfinite(tape.gradient(cost, x)))


def test_pair_costs_name_the_batches_of_algorithm_1():
    batches = np.random.default_rng(5).normal(size=(4, 3, 2)).astype("float32")
    found = theory.pair_costs(batches, theory.PAIRS, theory.euclidean_cost)
    x, x2, y, y2 = batches
    pairs = [(x, y), (x, y2), (x2, y), (x2, y2), (x, x2), (y, y2)]
    expected = [cdist(a, b) for a, b in pairs]
    np.testing.assert_allclose(found, expected, atol=FLOAT32)


def test_four_batch_loss_has_mean_zero_at_the_optimum():
    draws = np.random.default_rng(6).normal(size=(4, 3000, 16))
    values = [theory_exact.wasserstein_1d(draws[i], draws[j]) for i, j in theory.PAIRS]
    losses = np.array([float(theory.weighted_sum(v)) for v in np.transpose(values)])
    assert abs(losses.mean()) < 4 * losses.std() / np.sqrt(3000)


def test_batches_of_one_give_the_energy_distance():
    draws = np.random.default_rng(7).normal(size=(4, 100_000, 1))
    draws[2:] += 1
    values = [theory_exact.wasserstein_1d(draws[i], draws[j]) for i, j in theory.PAIRS]
    losses = np.tensordot(theory.WEIGHTS, values, 1)
    expected = 2 * theory_exact.gaussian_energy_distance(1.0)
    assert abs(losses.mean() - expected) < 4 * losses.std() / np.sqrt(100_000)


def test_conditional_pairs_never_share_side_information():
    side = {0: "S", 1: "S'", 2: "S", 3: "S'"}  # of X, X', Y, Y'
    assert all(side[i] != side[j] for i, j in theory.CONDITIONAL_PAIRS)
    assert sum(theory.CONDITIONAL_WEIGHTS) == sum(theory.WEIGHTS) == 0


def test_random_matching_sees_only_batch_means():
    batches = units(4, 6, 3, seed=8)
    costs = np.asarray(theory.pair_costs(batches, theory.PAIRS, theory.cosine_cost))
    uniform = np.full((6, 6, 6), 1 / 36)
    loss = float(theory.weighted_sum(theory.matched_cost(costs, uniform)))
    found = float(theory.random_matching_loss(batches))
    assert found == pytest.approx(loss, abs=FLOAT32)


def test_matched_feature_gradient_is_that_of_the_tape():
    first = tf.constant(units(5, 3, seed=9))
    second, matching = (
        units(4, 3, seed=10),
        np.random.default_rng(11).uniform(size=(5, 4)),
    )
    with tf.GradientTape() as tape:
        tape.watch(first)
        value = theory.matched_cost(theory.cosine_cost(first, second), matching)
    found = theory.matched_feature_gradient(matching, second)
    np.testing.assert_allclose(found, tape.gradient(value, first), atol=1e-12)


def test_penalised_slope_maximises_its_objective():
    slopes = np.linspace(0, 2, 20_001)
    for shift, weight in ((1.0, 10.0), (4.0, 10.0), (0.5, 2.0)):
        best = slopes[np.argmax(slopes * shift - weight * (slopes - 1) ** 2)]
        assert theory_exact.penalized_slope(shift, weight) == pytest.approx(
            best, abs=1e-4
        )


def test_the_mini_batch_distance_of_the_octagon_is_negative_for_pairs():
    assert theory_exact.octagon_distance(1) == pytest.approx(0, abs=1e-12)
    corners = np.exp(2j * np.pi * np.arange(8) / 8)

    def mean(first, second):
        total = 0.0
        for a, b in np.ndindex(4, 4):
            for c, d in np.ndindex(4, 4):
                x, y = first[[a, b]], second[[c, d]]
                straight = np.sum(1 - (x.conj() * y).real)
                crossed = np.sum(1 - (x.conj() * y[::-1]).real)
                total += min(straight, crossed) / 2
        return total / 4**4

    even, odd = corners[::2], corners[1::2]
    expected = 2 * mean(even, odd) - mean(even, even) - mean(odd, odd)
    assert expected < -4e-3
    assert theory_exact.octagon_distance(2) == pytest.approx(expected, abs=1e-12)
