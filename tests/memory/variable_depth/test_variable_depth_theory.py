"""The equations of the lesson, each by another route."""

import numpy as np
import pytest
import tensorflow as tf
import tensorflow_probability as tfp
from scipy import optimize, special

from lessons.memory.variable_depth import costs, ideal, theory, theory_routes
from lessons.toolkit.errors import UserError

EXACT = 1e-12
FLOAT32 = 2e-6
SPEECH = costs.Sizes(440, 2000, 2048, 7, 1024)


@pytest.fixture(scope="module")
def logits():
    return np.random.default_rng(0).normal(0, 2, (40, 4))


@pytest.fixture(scope="module")
def right():
    return np.random.default_rng(1).uniform(0.01, 1, (40, 5))


def test_gates_are_a_broken_stick(logits):
    found = np.exp(theory.cascade(logits))
    np.testing.assert_allclose(found, theory_routes.broken_stick(logits), atol=EXACT)
    np.testing.assert_allclose(found.sum(axis=1), 1, atol=EXACT)


def test_the_last_layer_takes_all_where_there_is_no_gate():
    found = np.asarray(theory.cascade(np.zeros((3, 0))))
    np.testing.assert_array_equal(found, np.zeros((3, 1)))


def test_gates_depend_on_no_layer_above(logits):
    changed = logits.copy()
    changed[:, 2:] = np.nan
    one, other = (np.asarray(theory.cascade(a)) for a in (logits, changed))
    np.testing.assert_array_equal(one[:, :2], other[:, :2])
    assert np.all(np.isfinite(other[:, :2])) and np.all(np.isnan(other[:, 2:]))


def test_logarithms_survive_extreme_logits():
    found = np.asarray(theory.cascade(np.array([[-200.0, 200.0]], "float32")))
    np.testing.assert_allclose(found, [[-200, 0, -200]], atol=1e-4)


def test_gates_of_nothing_halve_what_is_left():
    found = np.exp(theory.cascade(np.zeros((1, 6))))[0]
    np.testing.assert_allclose(
        found, [1 / 2, 1 / 4, 1 / 8, 1 / 16, 1 / 32, *[1 / 64] * 2]
    )
    depth = float(theory.expected_depth(np.log(found)[None])[0])
    assert depth == pytest.approx(1.984375, abs=EXACT)
    uniform = np.exp(theory.cascade(theory_routes.uniform_logits(7)[None]))
    np.testing.assert_allclose(uniform, np.full((1, 7), 1 / 7), atol=EXACT)


def test_probability_s_own_stick_breaking_is_the_same_with_centred_logits(logits):
    bijector = tfp.bijectors.IteratedSigmoidCentered()
    found = np.asarray(theory.cascade(logits + theory_routes.uniform_logits(5)))
    np.testing.assert_allclose(np.exp(found), bijector.forward(logits), atol=1e-7)


def test_the_mixture_is_the_nested_one(logits):
    rng = np.random.default_rng(2)
    probs = special.softmax(rng.normal(size=(40, 5, 3)), axis=-1)
    nested = theory_routes.nested_mixture(logits, probs)
    for label in range(3):
        found = theory.mixture_nll(theory.cascade(logits), np.log(probs[..., label]))
        np.testing.assert_allclose(found, -np.log(nested[:, label]), atol=EXACT)


def test_jensen_bounds_the_loss(logits, right):
    log_gates = theory.cascade(logits)
    loss = np.asarray(theory.mixture_nll(log_gates, np.log(right)))
    mean = np.asarray(theory.mean_nll(log_gates, np.log(right)))
    least = -np.log(right).max(axis=1)
    assert np.all(least <= loss + EXACT) and np.all(loss < mean)
    one = np.log(np.array([[1e-300, 1.0]]))
    both = np.log(np.array([[0.3, 0.2]]))
    assert float(theory.mixture_nll(one, both)[0]) == pytest.approx(-np.log(0.2))


def test_the_gradient_is_the_formula(logits, right):
    tensor = tf.constant(logits)
    with tf.GradientTape() as tape:
        tape.watch(tensor)
        loss = tf.reduce_sum(theory.mixture_nll(theory.cascade(tensor), np.log(right)))
    slopes = tape.gradient(loss, tensor)
    formula = theory_routes.gate_gradient(logits, right)
    np.testing.assert_allclose(slopes, formula, atol=1e-10)
    # With all the responsibility above, a gate is pushed down however small its own g.
    above = theory_routes.gate_gradient(np.zeros((1, 2)), np.array([[0.0, 0.0, 1.0]]))
    assert above[0, 0] == pytest.approx(0.5)


def test_the_prior_is_a_dirichlet_s_and_least_where_gates_are_equal(logits):
    alpha = 0.15
    log_gates = np.asarray(theory.cascade(logits))
    law = tfp.distributions.Dirichlet(np.full(5, 1 + alpha))
    density = law.log_prob(np.exp(log_gates)).numpy()
    density += alpha * np.asarray(theory.prior_penalty(log_gates))
    assert np.ptp(density) < 1e-9
    uniform = np.full((1, 7), -np.log(7))
    least = float(theory.prior_penalty(uniform)[0])
    assert least == pytest.approx(13.6214, abs=1e-4)
    assert np.all(np.asarray(theory.prior_penalty(log_gates)) > 5 * np.log(5))


@pytest.mark.parametrize("alpha", [0.15, 1.0])
def test_gates_for_given_responsibilities(alpha):
    shares = np.random.default_rng(3).dirichlet(np.ones(4))

    def cost(scores):
        return -np.sum((shares + alpha) * special.log_softmax(scores))

    best = optimize.minimize(cost, np.zeros(4), tol=1e-12)
    found = special.softmax(best.x)
    np.testing.assert_allclose(ideal.map_gates(shares, alpha), found, atol=1e-6)


@pytest.mark.parametrize("alpha", [0.01, 0.15])
def test_ideal_gates_are_the_minimum_of_the_whole(right, alpha):
    found = ideal.ideal_gates(right[:5], alpha)
    for row, gates in zip(right[:5], found, strict=True):

        def cost(scores, row=row):
            logs = special.log_softmax(scores)
            return -np.log(np.sum(np.exp(logs) * row)) - alpha * logs.sum()

        best = optimize.minimize(cost, np.zeros(5), tol=1e-13)
        np.testing.assert_allclose(gates, special.softmax(best.x), atol=2e-5)
    shares = found * right[:5]
    shares /= shares.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(found, ideal.map_gates(shares, alpha), atol=1e-9)
    with pytest.raises(UserError, match="alpha"):
        ideal.ideal_gates(right, 0)


def test_what_the_prior_allows():
    alike = ideal.ideal_gates(np.full((2, 5), 0.3), 0.01)
    np.testing.assert_allclose(alike, 0.2, atol=1e-9)
    low, high = ideal.depth_range(0.15, 5)
    assert (low, high) == (pytest.approx(1.857143), pytest.approx(4.142857))
    low, high = ideal.depth_range(0.01, 5)
    assert (low, high) == (pytest.approx(1.095238), pytest.approx(4.904762))
    only = ideal.one_better_layer(0.0, 0.15, 5)
    assert only == pytest.approx(1.15 / 1.75, abs=1e-6)
    steps = [ideal.one_better_layer(r, 0.01, 5) for r in (0.5, 0.9, 0.96, 0.99, 1.0)]
    assert np.all(np.diff(steps) < 0) and steps[-1] == pytest.approx(0.2, abs=1e-6)


def test_exits_follow_what_is_left(logits):
    gates = theory_routes.broken_stick(logits)
    for threshold in (0.1, 0.5, 0.83):
        expected = [
            next(i for i in range(1, 6) if i == 5 or row[:i].sum() >= threshold)
            for row in gates
        ]
        found = theory.exit_layers(logits, threshold)
        np.testing.assert_array_equal(found, expected)
    assert np.all(np.asarray(theory.exit_layers(logits, 0)) == 1)


def test_exits_at_ties_and_at_both_ends():
    sure = np.array([[40.0, 0.0, 0.0]])
    assert np.cumsum(theory_routes.broken_stick(sure))[0] == 1.0  # rounds too early
    assert int(theory.exit_layers(sure, 1)[0]) == 4
    for count in (6, 7, 10, 13):  # sums that never reach 1 in float64
        uniform = theory_routes.uniform_logits(count)[None]
        assert int(theory.exit_layers(uniform, 1)[0]) == count
    uniform = theory_routes.uniform_logits(5)[None]
    assert [int(theory.exit_layers(uniform, t)[0]) for t in (0.2, 0.6, 0.61)] == [
        1,
        3,
        4,
    ]
    assert int(theory.exit_layers(np.zeros((1, 2)), 0.5)[0]) == 1
    assert int(theory.exit_layers(np.zeros((1, 0)), 0.5)[0]) == 1
    with pytest.raises(UserError, match="threshold"):
        theory.exit_layers(sure, 1.5)


def test_act_by_hand():
    for halting, weights, steps, remainder in (
        ([0.3, 0.4, 0.25, 0.2, 0.9], [0.3, 0.4, 0.25, 0.05, 0], 4, 0.05),
        ([0.1] * 10, [0.1] * 10, 10, 0.1),
        ([0.1, 0.1, 0.1], [0.1, 0.1, 0.8], 3, 0.8),
        ([0.995, 0.2, 0.1], [1, 0, 0], 1, 1.0),
        ([0.5], [1.0], 1, 1.0),
    ):
        found = theory.act_weights(np.array([halting]))
        np.testing.assert_allclose(found[0][0], weights, atol=1e-12)
        assert (float(found[1][0]), float(found[2][0])) == (
            pytest.approx(steps),
            pytest.approx(remainder),
        )
    rng = np.random.default_rng(4)
    rows = rng.uniform(0, 0.6, (50, 6))
    weights, steps, remainder = map(np.asarray, theory.act_weights(rows))
    for at, row in enumerate(rows):
        expected = theory_routes.halted(list(row))
        np.testing.assert_allclose(weights[at], expected[0], atol=1e-12)
        assert steps[at] == expected[1]
        assert remainder[at] == pytest.approx(expected[2])


def test_pondering_has_the_remainder_s_slope():
    rows = tf.constant([[0.3, 0.4, 0.25, 0.2, 0.9]])
    with tf.GradientTape() as tape:
        tape.watch(rows)
        _, steps, remainder = theory.act_weights(rows)
        ponder = steps + remainder
    np.testing.assert_allclose(tape.gradient(ponder, rows), [[-1, -1, -1, 0, 0]])


def test_parameters_and_costs_of_the_speech_network():
    assert SPEECH.num_parameters == 42_485_430
    assert SPEECH.hidden.sum() + 7 * 2048 == 26_081_280
    assert SPEECH.gates.sum() + 6 == 6 * 1025
    assert SPEECH.plain + 7 * 2048 + 2000 == 30_179_280
    parts = {
        rule: costs.until_exits(SPEECH, rule) / SPEECH.plain
        for rule in ("gates", "confidence", "mixture", "fixed")
    }
    assert parts["gates"][2] == pytest.approx(0.376, abs=5e-4)
    assert parts["confidence"][2] == pytest.approx(0.512, abs=5e-4)
    assert parts["gates"][5] == pytest.approx(0.793, abs=5e-4)
    assert parts["confidence"][5] == pytest.approx(1.133, abs=5e-4)
    assert SPEECH.heads[0] / SPEECH.hidden[1] == pytest.approx(0.488, abs=5e-4)
    assert np.all(parts["mixture"] > parts["confidence"] - 1e-12)
    assert np.all(parts["fixed"] < parts["gates"] + 1e-12)
