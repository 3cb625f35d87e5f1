"""Our Sinkhorn solver against POT, linear programs, limits and finite differences."""

import numpy as np
import pytest
import tensorflow as tf
from scipy.spatial.distance import cdist

from lessons.adversarial.ot_gan import loops, sinkhorn, theory_exact
from lessons.toolkit.errors import UserError

CONVERGED = 1e-10  # float64, after enough iterations


@pytest.fixture(scope="module")
def cost():
    random = np.random.default_rng(0)
    return cdist(random.normal(size=(6, 2)), random.normal(size=(8, 2)) + 1)


@pytest.fixture(scope="module")
def weights():
    random = np.random.default_rng(1)
    return random.dirichlet(np.ones(6) * 3), random.dirichlet(np.ones(8) * 3)


def plan_of(cost, epsilon, iterations=3000, a=None, b=None, **options):
    solved = sinkhorn.solve(
        cost, epsilon, iterations, row_weights=a, column_weights=b, **options
    )
    return sinkhorn.plan(cost, epsilon, solved, a, b).numpy()


@pytest.mark.parametrize("form", sinkhorn.FORMS)
def test_plan_is_that_of_pot(form, cost, weights, ot):
    found = plan_of(cost, 0.1, 3000, *weights, form=form)
    expected = ot.sinkhorn(
        *weights, cost, 0.1, method="sinkhorn_log", numItermax=3000, stopThr=1e-14
    )
    np.testing.assert_allclose(found, expected, atol=CONVERGED)


@pytest.mark.parametrize("iterations", [1, 2, 7, 60])
def test_both_forms_make_the_same_iterations(iterations, cost):
    stabilised, log = (plan_of(cost, 0.3, iterations, form=f) for f in sinkhorn.FORMS)
    np.testing.assert_allclose(stabilised, log, atol=1e-13)


def test_iterations_are_those_of_the_definition(cost):
    # Rows and columns scaled in turns to their sums: the plain form, safe here.
    start = np.min(cost - cost.min(axis=1, keepdims=True), axis=0)
    expected = np.exp((start - cost) / 0.5)
    for _ in range(4):
        expected *= (1 / 6) / expected.sum(axis=1, keepdims=True)
        expected *= (1 / 8) / expected.sum(axis=0)
    np.testing.assert_allclose(plan_of(cost, 0.5, 4), expected, atol=1e-12)


@pytest.mark.parametrize("num_iterations", [1, 2, 130])
def test_log_iterations_are_log_steps_at_any_range(num_iterations, cost):
    # An outlier ten thousand epsilons away, and weights of 0 in either marginal.
    cost = np.vstack([cost, cost[:1] + 100.0])
    a = np.array([0.1, 0.2, 0, 0.3, 0.2, 0.1, 0.1])
    b = np.array([0.2, 0.1, 0.1, 0, 0.2, 0.2, 0.1, 0.1])
    scaled = tf.constant(cost / 0.01)
    with np.errstate(divide="ignore"):
        log_a, log_b = np.log(a), np.log(b)
    h = loops.start(scaled)[1]
    for _ in range(num_iterations):
        f, h = sinkhorn.log_step(scaled, tf.transpose(scaled), h, log_a, log_b)
    found = sinkhorn.solve(
        cost, 0.01, num_iterations, row_weights=a, column_weights=b, form="log"
    )
    np.testing.assert_allclose(found.rows, 0.01 * f, atol=1e-11)
    np.testing.assert_allclose(found.columns, 0.01 * h, atol=1e-11)


@pytest.mark.parametrize("form", sinkhorn.FORMS)
def test_columns_are_exact_after_any_number_of_iterations(form, cost, weights):
    found = plan_of(cost, 0.01, 3, *weights, form=form)
    np.testing.assert_allclose(found.sum(0), weights[1], atol=1e-14)


def test_tolerance_stops_early_and_holds(cost):
    potentials = sinkhorn.solve(cost, 0.1, 100_000, tolerance=1e-6)
    rows = sinkhorn.plan(cost, 0.1, potentials).numpy().sum(1)
    assert 0 < np.abs(rows - 1 / 6).sum() < 1e-6


@pytest.mark.parametrize("form", sinkhorn.FORMS)
@pytest.mark.parametrize("scale", [5000.0, 1e5])
def test_float32_survives_costs_far_beyond_exp(form, scale):
    cost = np.random.default_rng(2).uniform(size=(12, 12)).astype(np.float32) * scale
    found = plan_of(cost, 1.0, 300, form=form)
    assert np.all(np.isfinite(found))
    np.testing.assert_allclose(found.sum(0), 1 / 12, rtol=0.05)


def test_large_epsilon_gives_the_product_of_the_weights(cost, weights):
    found = plan_of(cost, 1e6, 10, *weights)
    np.testing.assert_allclose(found, np.outer(*weights), atol=1e-6)


def test_small_epsilon_approaches_the_linear_program(cost):
    exact = theory_exact.primal(cost).value
    for epsilon in (0.3, 0.1, 0.03):
        excess = np.sum(plan_of(cost, epsilon, 20_000) * cost) - exact
        assert -CONVERGED < excess < epsilon * np.log(8)


def test_potentials_of_rows_and_columns_do_not_change_the_plan(cost):
    random = np.random.default_rng(3)
    moved = cost + random.normal(size=(6, 1)) + random.normal(size=8)
    np.testing.assert_allclose(plan_of(moved, 0.2), plan_of(cost, 0.2), atol=CONVERGED)


def test_batched_problems_are_solved_apart():
    costs = np.random.default_rng(4).uniform(size=(2, 3, 5, 4))
    together = plan_of(costs, 0.1, 50)
    apart = [[plan_of(c, 0.1, 50) for c in row] for row in costs]
    np.testing.assert_allclose(together, apart, atol=1e-13)


def test_dual_value_rises_to_the_primal(cost, weights):
    a, b = weights
    values = []
    for iterations in (1, 2, 5, 20, 100, 3000):
        potentials = sinkhorn.solve(
            cost, 0.1, iterations, row_weights=a, column_weights=b
        )
        values.append(sinkhorn.dual_value(cost, 0.1, potentials, a, b).numpy())
    plan = sinkhorn.plan(cost, 0.1, potentials, a, b).numpy()
    primal = np.sum(plan * cost) + 0.1 * np.sum(plan * np.log(plan / np.outer(a, b)))
    assert np.all(np.diff(values) > -1e-14)
    assert values[-1] == pytest.approx(primal, abs=CONVERGED)


def test_gradient_of_the_value_is_the_plan(cost):
    tensor = tf.constant(cost)
    with tf.GradientTape() as tape:
        tape.watch(tensor)
        value = 3.0 * sinkhorn.value(tensor, 0.2, 3000)
    plan = plan_of(cost, 0.2)
    np.testing.assert_allclose(tape.gradient(value, tensor), 3 * plan, atol=CONVERGED)


def test_envelope_holds_for_the_regularised_value_only(cost):
    plan, bump = plan_of(cost, 0.2), np.zeros_like(cost)
    bump[2, 3] = 1e-5

    def slope(function):
        return (function(cost + bump) - function(cost - bump)) / 2e-5

    smooth = slope(lambda c: sinkhorn.value(tf.constant(c), 0.2, 3000).numpy())
    sharp = slope(lambda c: np.sum(plan_of(c, 0.2) * c))
    assert smooth == pytest.approx(plan[2, 3], rel=1e-5)
    assert abs(sharp / plan[2, 3] - 1) > 0.01


def test_no_gradient_flows_through_the_matching(cost):
    tensor = tf.constant(cost)
    with tf.GradientTape() as tape:
        tape.watch(tensor)
        matched = tf.reduce_sum(sinkhorn.matching(tensor, 0.2, 50) * tensor)
    expected = plan_of(cost, 0.2, 50)
    np.testing.assert_allclose(tape.gradient(matched, tensor), expected, atol=1e-13)


def test_python_epsilon_keeps_double_precision(cost):
    # 0.3 is not a float32 number: rounding it would move the value by 1e-9.
    exact = sinkhorn.value(tf.constant(cost), tf.constant(0.3, tf.float64), 3000)
    found = sinkhorn.value(tf.constant(cost), 0.3, 3000)
    assert float(found) == float(exact)


@pytest.mark.parametrize("form", sinkhorn.FORMS)
def test_weights_may_be_zero(form, cost):
    a, b = np.r_[0.0, np.full(5, 0.2)], np.r_[np.full(4, 0.25), np.zeros(4)]
    found = plan_of(cost, 0.05, 300, a, b, form=form)
    without = plan_of(cost[1:, :4], 0.05, 300, form=form)
    np.testing.assert_allclose(found[1:, :4], without, atol=CONVERGED)
    assert np.all(found[0] == 0) and np.all(found[:, 4:] == 0)
    # the number that POT's exact solver gives has to lie below
    value = sinkhorn.value(cost, 0.05, 300, row_weights=a, column_weights=b, form=form)
    assert float(value) >= theory_exact.primal(cost, a, b).value


def test_a_zero_weight_in_one_problem_leaves_the_others_alone(cost):
    costs, a = np.stack([cost, cost]), np.full((2, 6), 1 / 6)
    a[1] = np.r_[0.0, np.full(5, 0.2)]
    found = plan_of(costs, 0.1, 200, a)
    np.testing.assert_allclose(found[0], plan_of(cost, 0.1, 200), atol=CONVERGED)


@pytest.mark.parametrize("weights", [np.ones(6), np.r_[-0.2, np.full(5, 0.24)]])
def test_weights_that_are_no_distribution_are_refused(weights, cost):
    with pytest.raises(UserError, match="row_weights"):
        sinkhorn.solve(cost, 0.1, row_weights=weights)


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"cost": np.zeros(3), "epsilon": 1.0}, "shape"),
        ({"cost": np.zeros((2, 2), int), "epsilon": 1.0}, "floating"),
        ({"cost": np.zeros((2, 2)), "epsilon": 0.0}, "epsilon"),
        ({"cost": np.zeros((2, 2)), "epsilon": 1.0, "form": "exp"}, "stabilised"),
        ({"cost": np.zeros((2, 2)), "epsilon": 1.0, "num_iterations": 0}, "at least 1"),
    ],
)
def test_impossible_arguments_are_refused(arguments, named):
    with pytest.raises(UserError, match=named):
        sinkhorn.solve(**arguments)
