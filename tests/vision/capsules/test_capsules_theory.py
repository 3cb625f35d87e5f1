"""Squash, routing and losses against loops, closed forms and finite differences."""

import numpy as np
import pytest
import tensorflow as tf

from lessons.vision.capsules import theory

EXACT = 1e-12
EPSILON = 1e-8  # what the small constant inside the roots costs


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def squash_by_hand(s):
    size = np.linalg.norm(s)
    return size**2 / (1 + size**2) * s / size


def route_by_hand(votes, iterations):
    """Procedure 1, one example and one capsule at a time."""
    batch, higher, lower, dim = votes.shape
    result = np.zeros((batch, higher, dim))
    for n in range(batch):
        b = np.zeros((lower, higher))
        for _ in range(iterations):
            c = np.exp(b) / np.exp(b).sum(axis=1, keepdims=True)
            for j in range(higher):
                s = sum(c[i, j] * votes[n, j, i] for i in range(lower))
                result[n, j] = squash_by_hand(s)
            for i in range(lower):
                for j in range(higher):
                    b[i, j] += votes[n, j, i] @ result[n, j]
    return result


def test_squash_keeps_direction_and_shortens_to_the_formula(rng):
    s = rng.normal(size=(7, 5)) * np.logspace(-3, 3, 7)[:, None]
    expected = np.apply_along_axis(squash_by_hand, 1, s)
    np.testing.assert_allclose(theory.squash(s, epsilon=0.0), expected, rtol=EXACT)
    assert np.all(np.linalg.norm(theory.squash(s), axis=1) < 1)


def test_squash_acts_along_the_axis_it_is_told(rng):
    s = rng.normal(size=(2, 3, 4))
    moved = np.moveaxis(theory.squash(np.moveaxis(s, 1, -1)), -1, 1)
    np.testing.assert_allclose(theory.squash(s, axis=1), moved, rtol=EXACT)


@pytest.mark.parametrize("function", [theory.squash, theory.length])
def test_the_gradient_at_a_zero_capsule_is_finite(function):
    zero = tf.zeros((2, 3))
    with tf.GradientTape() as tape:
        tape.watch(zero)
        total = tf.reduce_sum(function(zero))
    assert np.all(np.isfinite(tape.gradient(total, zero)))


@pytest.mark.parametrize("iterations", [1, 2, 4])
def test_routing_is_procedure_1(rng, iterations):
    votes = rng.normal(size=(2, 3, 5, 4))
    step = theory.route(votes, iterations, epsilon=0.0)
    expected = route_by_hand(votes, iterations)
    np.testing.assert_allclose(step.capsules, expected, atol=EXACT)


def test_couplings_sum_to_one_over_the_higher_capsules(rng):
    votes = rng.normal(size=(3, 4, 6, 2))
    for step in theory.routing_steps(votes, 3):
        np.testing.assert_allclose(np.sum(step.couplings, axis=1), 1, atol=EXACT)
    assert np.ptp(np.sum(step.couplings, axis=2)) > 0.1  # not over the lower ones


def test_with_one_whole_every_coupling_is_one(rng):
    step = theory.route(rng.normal(size=(2, 1, 5, 3)), 4)
    np.testing.assert_array_equal(step.couplings, np.ones((2, 1, 5)))


def test_an_orphan_slot_takes_what_agrees_with_nothing(rng):
    votes = rng.normal(size=(1, 3, 8, 4))
    votes[0, :, 0] = 0  # this part votes for nothing
    step = theory.route(votes, 3, orphan=True)
    shares = np.sum(step.couplings, axis=1)[0]
    assert shares[0] == pytest.approx(3 / 4)  # four logits of zero
    assert np.all(shares < 1)


def test_log_priors_are_where_the_logits_start(rng):
    votes = rng.normal(size=(2, 3, 5, 4))
    priors = rng.normal(size=(3, 5))
    first = next(theory.routing_steps(votes, 1, log_priors=priors))
    expected = np.exp(priors) / np.exp(priors).sum(axis=0)
    np.testing.assert_allclose(first.couplings[1], expected, atol=EXACT)
    zeros = theory.route(votes, 3, log_priors=np.zeros((3, 5)))
    plain = theory.route(votes, 3)
    np.testing.assert_allclose(zeros.capsules, plain.capsules, atol=EXACT)


def test_a_bias_is_added_before_squashing(rng):
    votes, bias = rng.normal(size=(2, 3, 5, 4)), rng.normal(size=(3, 4))
    step = theory.route(votes, 1, bias=bias, epsilon=0.0)
    expected = np.apply_along_axis(squash_by_hand, 2, votes.mean(axis=2) * 5 / 3 + bias)
    np.testing.assert_allclose(step.capsules, expected, atol=EXACT)


def test_routing_does_not_mix_examples(rng):
    votes = rng.normal(size=(4, 3, 5, 2))
    together = theory.route(votes, 3).capsules
    alone = [theory.route(votes[n : n + 1], 3).capsules[0] for n in range(4)]
    np.testing.assert_allclose(together, alone, atol=EXACT)


def test_turning_all_votes_turns_the_capsules_and_keeps_the_couplings(rng):
    votes = rng.normal(size=(2, 3, 7, 4))
    turn = np.linalg.qr(rng.normal(size=(4, 4)))[0]
    before, after = theory.route(votes, 3), theory.route(votes @ turn, 3)
    np.testing.assert_allclose(after.couplings, before.couplings, atol=EXACT)
    np.testing.assert_allclose(after.capsules, before.capsules @ turn, atol=EXACT)


def test_the_order_of_the_parts_does_not_matter(rng):
    votes = rng.normal(size=(2, 3, 7, 4))
    order = rng.permutation(7)
    same = theory.route(votes[:, :, order], 3).capsules
    np.testing.assert_allclose(same, theory.route(votes, 3).capsules, atol=EXACT)


def test_margin_loss_is_its_formula(rng):
    lengths, targets = rng.random((6, 10)), rng.integers(0, 2, (6, 10))
    expected = [
        sum(
            max(0, 0.9 - v) ** 2 if t else 0.5 * max(0, v - 0.1) ** 2
            for v, t in zip(*row, strict=True)
        )
        for row in zip(lengths, targets, strict=True)
    ]
    loss = theory.margin_loss(lengths, targets.astype(float))
    np.testing.assert_allclose(loss, expected, atol=EXACT)


def test_margin_loss_has_dead_zones():
    lengths = tf.constant([[0.95, 0.05, 0.9, 0.1]], tf.float64)
    targets = tf.constant([[1.0, 0.0, 1.0, 0.0]], tf.float64)
    with tf.GradientTape() as tape:
        tape.watch(lengths)
        loss = theory.margin_loss(lengths, targets)
    assert loss.numpy() == 0
    np.testing.assert_array_equal(tape.gradient(loss, lengths), np.zeros((1, 4)))


def test_nothing_seen_costs_81_hundredths_per_target():
    targets = np.eye(10)[:2]
    np.testing.assert_allclose(theory.margin_loss(np.zeros((2, 10)), targets), 0.81)
    both = theory.margin_loss(np.zeros((1, 10)), targets.sum(axis=0, keepdims=True))
    np.testing.assert_allclose(both, 1.62)


def test_squared_error_is_a_sum_over_pixels(rng):
    x, y = rng.random((2, 3, 28, 28, 1))
    by_mean = 0.392 * ((x - y) ** 2).mean(axis=(1, 2, 3))
    np.testing.assert_allclose(0.0005 * theory.squared_error(x, y), by_mean)


def test_mask_keeps_one_capsule(rng):
    capsules = rng.normal(size=(3, 4, 2))
    masked = np.reshape(theory.mask(capsules, np.array([2, 0, 3])), (3, 4, 2))
    for row, label in enumerate((2, 0, 3)):
        np.testing.assert_array_equal(masked[row, label], capsules[row, label])
        assert np.count_nonzero(masked[row]) == 2


def test_routing_is_the_same_under_xla(rng):
    votes = rng.normal(size=(4, 3, 9, 5)).astype("float32")
    compiled = tf.function(lambda v: theory.route(v, 3).capsules, jit_compile=True)
    np.testing.assert_allclose(
        compiled(votes), theory.route(votes, 3).capsules, atol=1e-6
    )
