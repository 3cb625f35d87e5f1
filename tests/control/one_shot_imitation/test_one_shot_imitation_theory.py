"""The equations of the lesson, each by another route."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from lessons.control.one_shot_imitation import theory, theory_routes
from lessons.toolkit.errors import UserError

RNG = np.random.default_rng(0)


def test_soft_attention_is_that_of_loops_and_of_keras():
    q, c, m = (RNG.normal(size=shape) for shape in ((4, 5), (3, 5), (3, 2)))
    v = RNG.normal(size=5)
    out, weights = theory.soft_attention(q, c, m, v)
    for k in range(4):
        expected, alpha = theory_routes.attention_by_loops(q[k], c, m, v)
        np.testing.assert_allclose(out[k], expected, atol=1e-12)
        np.testing.assert_allclose(weights[k], alpha, atol=1e-12)
    layer = keras.layers.AdditiveAttention(dtype="float64")
    parts = [tf.constant(part[None]) for part in (q, m, c)]
    layer.build([part.shape for part in parts])
    layer.set_weights([v])
    np.testing.assert_allclose(layer(parts)[0], out, atol=1e-12)


def test_attention_by_hand_and_at_its_limits():
    q, c, m = np.array([[1.0]]), np.array([[1.0], [-1.0]]), np.array([[10.0], [0.0]])
    out, _ = theory.soft_attention(q, c, m, np.ones(1))
    assert float(out[0, 0]) == pytest.approx(7.2393, abs=1e-4)
    c, m = RNG.normal(size=(6, 3)), RNG.normal(size=(6, 2))
    q, v = RNG.normal(size=(2, 3)), RNG.normal(size=3)
    out, _ = theory.soft_attention(q, c, m, 0 * v)
    np.testing.assert_allclose(out, [m.mean(axis=0)] * 2, atol=1e-12)
    out, _ = theory.soft_attention(q, c, m, 1e3 * v)
    best = np.argmax(np.tanh(q[:, None] + c) @ v, axis=1)
    np.testing.assert_allclose(out, m[best], atol=1e-6)
    out, _ = theory.soft_attention(q, c, m, v)
    assert np.all(out >= m.min(axis=0)) and np.all(out <= m.max(axis=0))


def test_masked_entries_have_no_weight_and_nothing_gives_zero():
    scores = np.array([[0.0, 5.0, 1.0], [2.0, 3.0, 4.0]])
    found = theory.masked_softmax(scores, np.array([[1, 0, 1], [0, 0, 0]]))
    share = 1 / (1 + np.e)
    np.testing.assert_allclose(found, [[share, 0, 1 - share], [0, 0, 0]], atol=1e-12)
    half = theory.masked_softmax(tf.constant(scores, tf.float16) * 1e4)
    assert half.dtype == tf.float32 and np.all(np.isfinite(half))
    m = RNG.normal(size=(3, 2))
    full, _ = theory.soft_attention(m[:1], m[:2], m[:2], np.ones(2))
    part, weights = theory.soft_attention(
        m[:1], m, m, np.ones(2), np.array([1.0, 1.0, 0.0])
    )
    np.testing.assert_allclose(part, full, atol=1e-12)
    assert weights[0, 2] == 0


def test_weights_of_frames_are_one_softmax_then_sums():
    scores = np.array([[0.0, 0.0], [2.0, -2.0]])
    np.testing.assert_allclose(
        theory.temporal_weights(scores), [0.2100, 0.7900], atol=1e-4
    )
    scores, mask = RNG.normal(size=(2, 5, 3)), RNG.random((2, 5, 3)) < 0.6
    parts = np.exp(scores) * mask
    expected = parts.sum(axis=2) / parts.sum(axis=(1, 2))[:, None]
    np.testing.assert_allclose(theory.temporal_weights(scores, mask), expected)
    moved = scores + np.array([0, 1.0, 0])  # one block's scores
    assert np.abs(
        theory.temporal_weights(moved) - theory.temporal_weights(scores)
    ).max()


def test_temporal_dropout_is_independent_coins():
    rng = np.random.default_rng(1)
    kept = [theory.temporal_dropout(500, 0.95, rng) for _ in range(400)]
    sizes = [len(k) for k in kept]
    mean, deviation = theory_routes.kept_frames(0.95, 500)
    assert (mean, deviation) == pytest.approx((25, 4.873), abs=1e-3)
    assert np.mean(sizes) == pytest.approx(25, abs=1)
    assert np.std(sizes) == pytest.approx(4.87, abs=0.6)
    assert all(np.all(np.diff(k) > 0) for k in kept)
    lost = [
        not np.any(theory.temporal_dropout(100, 0.95, rng) < 14) for _ in range(4000)
    ]
    assert np.mean(lost) == pytest.approx(0.4877, abs=0.03)
    alone = [int(theory.temporal_dropout(4, 1.0, rng)[0]) for _ in range(2000)]
    np.testing.assert_allclose(np.bincount(alone) / 2000, 0.25, atol=0.04)
    with pytest.raises(UserError, match="length"):
        theory.temporal_dropout(0, 0.5, rng)


def test_probability_that_a_stage_is_lost():
    found = theory_routes.probability_lost(0.95, np.array([14, 20, 50, 100]))
    np.testing.assert_allclose(found, [0.4877, 0.3585, 0.0769, 0.0059], atol=5e-5)


def test_errors_compound_without_recovery_and_add_up_with_it():
    steps = [10, 20, 40, 80, 160]
    alone = [theory_routes.recovering_cost(1e-3, t, 0.0) for t in steps]
    np.testing.assert_allclose(alone, [0.0548, 0.2087, 0.8094, 3.156, 12.22], rtol=1e-3)
    np.testing.assert_allclose(theory_routes.cloning_cost(1e-3, steps), alone)
    with_help = [theory_routes.recovering_cost(1e-3, t, 0.5) for t in steps]
    expected = [0.0260, 0.0559, 0.1158, 0.2355, 0.4751]
    np.testing.assert_allclose(with_help, expected, rtol=3e-3)
    rng = np.random.default_rng(2)
    for recovery in (0.0, 0.5):
        exact = theory_routes.recovering_cost(0.02, 30, recovery)
        drawn = theory_routes.simulated_cost(0.02, 30, recovery, 20_000, rng)
        assert drawn == pytest.approx(exact, rel=0.05)
    bound = 100 * 101 / 2 * 1e-3
    assert 4.88 < theory_routes.cloning_cost(1e-3, 100) < bound


def test_receptive_fields():
    assert theory_routes.receptive_field((1, 2, 4, 8)) == 16
    assert theory_routes.receptive_field((1, 2, 4, 8), kernel=3) == 31


def test_the_loss_of_imitation():
    y = np.concatenate([RNG.normal(size=(3, 4, 3)), RNG.integers(2, size=(3, 4, 1))], 2)
    out = RNG.normal(size=(3, 4, 4))
    out[0, 0, 3] = 900.0
    p = 1 / (1 + np.exp(-np.clip(out[..., 3], -700, 700)))
    with np.errstate(divide="ignore"):
        entropy = -np.where(y[..., 3] == 1, np.log(p), np.log1p(-p))
    entropy[0, 0] = 900.0 * (1 - y[0, 0, 3])
    move = ((y[..., :3] - out[..., :3]) ** 2).mean(axis=2)
    expected = (move + entropy / 2).mean(axis=1)
    np.testing.assert_allclose(theory.imitation_loss(y, out), expected, rtol=1e-9)
    found = theory.pushing_loss(y[..., :2], out[..., :2])
    expected = ((y[..., :2] - out[..., :2]) ** 2).mean(axis=(1, 2))
    np.testing.assert_allclose(found, expected)


def test_counts_that_differ_by_chance():
    rng = np.random.default_rng(3)
    spread = theory_routes.trials_range(0.89, 100, 24, 2000, rng)
    assert spread.mean() == pytest.approx(12, abs=0.5)
