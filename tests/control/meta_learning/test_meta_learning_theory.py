"""The equations of `meta_learning` against other routes, and the sheet's numbers."""

import itertools
import math

import numpy as np
import pytest
import tensorflow as tf
from scipy import optimize, stats

from lessons.control.meta_learning import bandit, baselines, data, theory

A, C = (1.0, 4.0), (-1.0, 2.0)
PULLS = (0.3, 1.5, (1, 0), (0.2, 1), 2)


def test_a_step_leaves_lists_alone_and_skips_what_has_no_gradient():
    values = [tf.constant([1.0, 2.0]), tf.constant(3.0)]
    found = theory.inner_step(values, [tf.constant([1.0, -1.0]), None], [0.5, 9.0])
    np.testing.assert_allclose(found[0], [0.5, 2.5])
    assert float(found[1]) == 3.0
    np.testing.assert_allclose(values[0], [1, 2])


@pytest.mark.parametrize(
    ("rate", "maml", "first_order"),
    [(0, 1.4, 1.4), (0.1, 0.92, 13 / 11), (0.2, -0.4, 0.5), (0.25, -1, -1)],
)
def test_optima_of_two_quadratics(rate, maml, first_order):
    assert theory.quadratic_optimum(A, C, rate) == pytest.approx(maml, abs=1e-12)
    found = theory.quadratic_optimum(A, C, rate, True)
    assert found == pytest.approx(first_order, abs=1e-12)
    best = optimize.minimize_scalar(lambda t: theory.quadratic_loss(A, C, t, rate))
    if rate < 0.25:
        assert best.x == pytest.approx(maml, abs=1e-5)


def test_a_step_on_quadratics_by_a_tape():
    theta, rate = tf.Variable(0.7, dtype=tf.float64), 0.3
    with tf.GradientTape() as outer:
        total = 0.0
        for a, c in zip(A, C, strict=True):
            with tf.GradientTape() as tape:
                loss = a / 2 * (theta - c) ** 2
            (phi,) = theory.inner_step([theta], [tape.gradient(loss, theta)], [rate])
            total += a / 2 * (phi - c) ** 2 / len(A)
    assert float(total) == pytest.approx(float(theory.quadratic_loss(A, C, 0.7, rate)))
    found = float(outer.gradient(total, theta))
    assert found == pytest.approx(float(theory.quadratic_gradient(A, C, 0.7, rate)))
    first_order = float(theory.quadratic_gradient(A, C, 0.7, rate, True))
    assert abs(found - first_order) > 0.1


def test_beyond_the_critical_rate_first_order_runs_away():
    place = theory.quadratic_optimum(A, C, 0.3, True)
    assert place == pytest.approx(23.0)
    slope = theory.quadratic_gradient(A, C, place + 1.0, 0.3, True)
    assert slope < 0  # downhill leads away from the stationary point
    assert theory.quadratic_optimum(A, C, 0.3) == pytest.approx(-0.2615, abs=1e-4)
    at = theory.quadratic_optimum(A, C, 0.1)
    assert float(theory.quadratic_loss(A, C, at, 0.1)) == pytest.approx(1.1664)


def test_score_terms_make_the_gradient_of_a_pair_exact():
    theta, *rest = PULLS
    small = 1e-5
    by_hand = [
        bandit.pair_loss(theta + s * small, *rest) / (2 * small) * s for s in (1, -1)
    ]
    found = {terms: bandit.pair_gradient(*PULLS, terms)[0] for terms in bandit.TERMS}
    expected = {
        "full": -0.206674,
        "no score": -0.165269,
        "first order": -0.195407,
        "mean score": -0.185971,
        "first order with score": -0.236812,
    }
    assert sum(by_hand) == pytest.approx(found["full"], abs=1e-8)
    for terms, value in expected.items():
        assert found[terms] == pytest.approx(value, abs=1e-6), terms
    rate = [bandit.pair_loss(0.3, 1.5 + s, *PULLS[2:]) * s for s in (1e-5, -1e-5)]
    assert sum(rate) / 2e-10 == pytest.approx(bandit.pair_gradient(*PULLS)[1], abs=1e-8)
    assert bandit.pair_gradient(*PULLS)[1] == pytest.approx(0.0472135, abs=1e-7)


@pytest.mark.parametrize("pulls", [1, 2, 3])
def test_the_gradient_of_a_pair_for_other_bandits(pulls):
    rng = np.random.default_rng(pulls)
    for _ in range(5):
        theta, rate, *rewards = rng.normal(size=6)
        args = rate, tuple(rewards[:2]), tuple(rewards[2:]), pulls
        high, low = (bandit.pair_loss(theta + s, *args) for s in (1e-5, -1e-5))
        found = bandit.pair_gradient(theta, *args)[0]
        assert found == pytest.approx((high - low) / 2e-5, abs=1e-8)


def test_what_tells_nothing_about_the_score_terms():
    constant = (*PULLS[:3], (0.7, 0.7), 2)
    assert bandit.pair_gradient(*constant, "full")[0] == pytest.approx(0, abs=1e-12)
    assert bandit.pair_gradient(*constant, "no score")[0] == pytest.approx(0, abs=1e-12)
    still = (0.3, 0.0, *PULLS[2:])
    for terms in ("full", "no score", "first order"):
        found = bandit.pair_gradient(*still, terms)[0]
        assert found == pytest.approx(-0.195567, abs=1e-6)


def test_sampled_gradients_are_unbiased_and_score_terms_cost_variance():
    exact = bandit.pair_gradient(*PULLS)[0]
    found = bandit.sampled_gradients(*PULLS, np.random.default_rng(0), 400_000)
    error = found.std() / math.sqrt(len(found))
    assert abs(found.mean() - exact) < 4 * error < 0.004
    short = bandit.sampled_gradients(
        *PULLS, np.random.default_rng(0), 400_000, score=False
    )
    assert short.mean() == pytest.approx(-0.165269, abs=0.002)
    assert found.std() > 2 * short.std()
    above = bandit.sampled_gradients(
        *PULLS,
        np.random.default_rng(0),
        400_000,
        baseline=bandit.pair_loss(0.3, 0, *PULLS[2:]),
    )
    assert above.mean() == pytest.approx(exact, abs=0.002)
    assert above.std() < 0.5 * found.std()


def test_importance_weights_are_exact_on_the_bandit():
    found = bandit.weighted_gradient(-0.8, 0.3, (0.2, 1))
    p = bandit.sigmoid(-0.8)
    assert found == pytest.approx(-0.8 * p * (1 - p), abs=1e-12)
    assert found == pytest.approx(-0.171128, abs=1e-6)
    unweighted = bandit.weighted_gradient(-0.8, 0.3, (0.2, 1), weighted=False)
    assert unweighted == pytest.approx(-0.369964, abs=1e-6)


def test_weights_of_trajectories_multiply_over_time():
    new, old = np.log([[0.2, 0.9, 0.5]]), np.log([[0.1, 0.45, 0.25]])
    found = theory.trajectory_weights(new, old)
    np.testing.assert_allclose(found, [8.0], rtol=1e-6)
    np.testing.assert_allclose(theory.trajectory_weights(new, old, 5.0), [5], rtol=1e-6)
    # The mean weight over all paths of the old policy is one.
    rng = np.random.default_rng(0)
    p, q = rng.uniform(0.1, 0.9, (2, 3))
    total = 0.0
    for path in itertools.product((0, 1), repeat=3):
        a = np.array(path)
        new, old = (np.log(np.where(a, r, 1 - r)) for r in (p, q))
        total += math.exp(old.sum()) * float(theory.trajectory_weights(new, old))
    assert total == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize(("steps", "moment"), [(50, 1.6487), (100, 2.7183)])
def test_the_second_moment_of_a_weight(steps, moment):
    assert theory.weight_second_moment(0.1, steps) == pytest.approx(moment, abs=1e-4)


def test_the_second_moment_of_sampled_weights():
    x = np.random.default_rng(0).standard_normal((100_000, 10), np.float32)
    weights = np.asarray(theory.trajectory_weights(-((x - 0.1) ** 2) / 2, -(x**2) / 2))
    expected = theory.weight_second_moment(0.1, 10)
    assert expected == pytest.approx(1.1052, abs=1e-4)
    assert np.mean(weights**2) == pytest.approx(expected, rel=0.01)


@pytest.mark.parametrize(
    ("rho", "noise", "rate", "loss", "tracking"),
    [
        (0.8, 0, 0.4, 0.36, 0.4),
        (0.8, 0.5, 4 / 15, 0.573333, 0.9),
        (0.5, 1, 0.125, 0.875, 2),
    ],
)
def test_the_best_rate_on_a_chain_shrinks(rho, noise, rate, loss, tracking):
    assert theory.drift_rate(rho, noise) == pytest.approx(rate)
    assert theory.drift_loss(rho, noise, rate) == pytest.approx(loss, abs=1e-6)
    assert theory.drift_loss(rho, noise, 0.5) == pytest.approx(tracking)
    assert theory.drift_loss(rho, noise, 0.0) == 1
    pairs = data.chain(400_000, rho, noise, np.random.default_rng(0))
    moved = 2 * rate * pairs.estimates
    found = np.mean((moved - pairs.following) ** 2)
    assert found == pytest.approx(loss, rel=0.01)


def test_a_matrix_anticipates_what_a_number_cannot():
    turned = data.chain(200_000, 0.8, 0.0, np.random.default_rng(1), angle=math.pi / 2)
    scalar, matrix = theory.rotation_rates(0.8, 0.0, math.pi / 2)
    assert scalar == pytest.approx(0, abs=1e-12)
    found = 2 * turned.estimates @ matrix.T
    assert np.mean((found - turned.following) ** 2) == pytest.approx(0.36, rel=0.02)
    back = 2 * turned.estimates @ matrix
    assert np.mean((back - turned.following) ** 2) > 2
    scalar, matrix = theory.rotation_rates(0.8, 0.0, 0.0)
    np.testing.assert_allclose(matrix, scalar * np.eye(2))


def test_discounted_rewards_and_advantages_by_definition():
    rng = np.random.default_rng(0)
    rewards, values = rng.normal(size=(2, 5)), rng.normal(size=(2, 6))
    gamma, decay = 0.9, 0.7
    found = theory.discounted(rewards, gamma)
    for t in range(5):
        expected = sum(gamma**k * rewards[:, t + k] for k in range(5 - t))
        np.testing.assert_allclose(found[:, t], expected, rtol=1e-5)
    found = theory.advantages(rewards, values, gamma, decay)
    errors = rewards + gamma * values[:, 1:] - values[:, :-1]
    for t in range(5):
        expected = sum((gamma * decay) ** k * errors[:, t + k] for k in range(5 - t))
        np.testing.assert_allclose(found[:, t], expected, rtol=1e-4)
    # With lambda 1 the values of all states but the first and the last cancel.
    found = theory.advantages(rewards, values, gamma, 1.0)
    whole = theory.discounted(rewards, gamma)[:, 0] + gamma**5 * values[:, 5]
    np.testing.assert_allclose(found[:, 0], whole - values[:, 0], rtol=1e-4)


def test_an_end_for_good_cuts_advantages_and_the_end_of_time_does_not():
    rewards, values = np.ones((1, 4)), np.full((1, 5), 10.0)
    ended = np.array([[0.0, 1.0, 0.0, 0.0]])
    found = np.asarray(theory.advantages(rewards, values, 1.0, 1.0, ended))
    np.testing.assert_allclose(found[0], [-8, -9, 2, 1], rtol=1e-6)
    found = np.asarray(theory.advantages(rewards, values, 1.0, 1.0))
    np.testing.assert_allclose(found[0], [4, 3, 2, 1], rtol=1e-6)


def test_the_clipped_surrogate_stops_at_its_limits():
    ratio = tf.Variable(np.log([0.5, 0.9, 1.1, 2.0]))
    for advantage, value, slopes in (
        (1.0, [0.5, 0.9, 1.1, 1.2], [1, 1, 1, 0]),
        (-1.0, [-0.8, -0.9, -1.1, -2.0], [0, 1, 1, 1]),
    ):
        with tf.GradientTape() as tape:
            found = theory.clipped_surrogate(
                ratio, tf.fill([4], np.float64(advantage)), 0.2
            )
        np.testing.assert_allclose(found, value, rtol=1e-6)
        assert (np.abs(tape.gradient(found, ratio)) > 0).tolist() == [
            bool(s) for s in slopes
        ]


def test_the_density_of_an_action():
    rng = np.random.default_rng(0)
    action, mean, log_std = rng.normal(size=(3, 4, 2))
    found = theory.gaussian_log_prob(action, mean, log_std)
    expected = stats.norm.logpdf(action, mean, np.exp(log_std)).sum(axis=-1)
    np.testing.assert_allclose(found, expected, rtol=1e-5)


def test_the_floor_of_sinusoids_is_the_mean_function():
    assert data.mean_function_error() == pytest.approx(3.0057, abs=1e-4)
    tasks = data.sinusoids(20_000, 10, np.random.default_rng(0))
    found = baselines.errors(tasks)
    expected = {
        "zero": 4.25,
        "mean_function": 3.006,
        "mean_of_support": 4.49,
        "nearest": 1.64,
        "interpolation": 1.22,
        "gaussian_process": 0.099,
        "gaussian_process_1": 0.325,
    }
    for name, value in expected.items():
        assert found[name] == pytest.approx(value, rel=0.06), name
    assert np.corrcoef(tasks.amplitude, tasks.phase)[0, 1] == pytest.approx(0, abs=0.02)
