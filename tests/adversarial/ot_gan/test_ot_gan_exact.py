"""Linear programs and closed forms, against POT, SciPy and paper and pencil."""

import numpy as np
import pytest
from scipy import stats
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import cdist

from lessons.adversarial.ot_gan import theory_exact
from lessons.toolkit.errors import UserError

LINEAR_PROGRAM = 1e-9  # the solver's feasibility tolerance is 1e-7 per constraint


@pytest.fixture
def problem():
    random = np.random.default_rng(1)
    x, y = random.normal(size=(6, 2)), random.normal(size=(8, 2))
    a, b = random.dirichlet(np.ones(6)), random.dirichlet(np.ones(8))
    return cdist(x, y), a, b


def test_primal_value_is_that_of_pots_network_simplex(problem, ot):
    cost, a, b = problem
    found = theory_exact.primal(cost, a, b)
    assert found.value == pytest.approx(ot.emd2(a, b, cost), abs=LINEAR_PROGRAM)


def test_primal_plan_has_the_marginals(problem):
    cost, a, b = problem
    plan = theory_exact.primal(cost, a, b).plan
    np.testing.assert_allclose(plan.sum(1), a, atol=LINEAR_PROGRAM)
    np.testing.assert_allclose(plan.sum(0), b, atol=LINEAR_PROGRAM)


def test_uniform_square_problem_is_an_assignment(problem):
    cost = problem[0][:, :6]
    rows, columns = linear_sum_assignment(cost)
    expected = cost[rows, columns].mean()
    found = theory_exact.primal(cost).value
    assert found == pytest.approx(expected, abs=LINEAR_PROGRAM)


def test_strong_duality_and_complementary_slackness(problem):
    primal, dual = theory_exact.primal(*problem), theory_exact.dual(*problem)
    slack = problem[0] - dual.rows[:, None] - dual.columns
    assert dual.value == pytest.approx(primal.value, abs=LINEAR_PROGRAM)
    assert slack.min() > -LINEAR_PROGRAM
    assert np.max(np.abs(primal.plan * slack)) < LINEAR_PROGRAM


def test_kantorovich_rubinstein_needs_one_lipschitz_potential():
    random = np.random.default_rng(2)
    x, y = random.normal(size=(5, 2)), random.normal(size=(7, 2)) + 1
    value, f, h = theory_exact.kantorovich_rubinstein(x, y, cdist)
    expected = theory_exact.primal(cdist(x, y)).value
    assert value == pytest.approx(expected, abs=LINEAR_PROGRAM)
    points, potential = np.concatenate([x, y]), np.concatenate([f, h])
    rise = np.abs(potential[:, None] - potential)
    assert np.all(rise <= cdist(points, points) + LINEAR_PROGRAM)


def test_c_transform_is_feasible_and_tight():
    cost = np.random.default_rng(3).uniform(size=(4, 5))
    f = np.random.default_rng(4).normal(size=4)
    slack = cost - f[:, None] - theory_exact.c_transform(cost, f)
    np.testing.assert_allclose(slack.min(axis=0), 0, atol=1e-15)


def test_two_points_by_hand():
    # Send .25 across at cost 2; .5 and .25 stay for nothing.
    cost = np.array([[0.0, 2.0], [2.0, 0.0]])
    found = theory_exact.primal(cost, [0.75, 0.25], [0.5, 0.5])
    assert found.value == pytest.approx(0.5)


def test_one_dimension_is_sorting():
    random = np.random.default_rng(5)
    x, y = random.normal(size=30), random.exponential(size=30)
    expected = stats.wasserstein_distance(x, y)
    assert theory_exact.wasserstein_1d(x, y) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("shift", [0.0, 0.5, 1.0, 3.0])
def test_gaussian_energy_distance_is_twice_the_cramer_distance(shift):
    grid = np.linspace(-12, 15, 100_001)
    gap = stats.norm.cdf(grid) - stats.norm.cdf(grid - shift)
    expected = 2 * np.trapezoid(gap**2, grid)
    found = theory_exact.gaussian_energy_distance(shift)
    assert found == pytest.approx(expected, abs=1e-8)


def test_rounding_gives_exact_marginals_and_moves_little():
    random = np.random.default_rng(6)
    plan = random.uniform(size=(5, 5))
    plan = plan / plan.sum()
    rounded = theory_exact.round_to_feasible(plan)
    np.testing.assert_allclose(rounded.sum(0), 0.2, atol=1e-14)
    np.testing.assert_allclose(rounded.sum(1), 0.2, atol=1e-14)
    assert rounded.min() >= 0
    # Altschuler et al., lemma 7: within twice the marginal error in total variation.
    error = np.abs(plan.sum(0) - 0.2).sum() + np.abs(plan.sum(1) - 0.2).sum()
    assert np.abs(rounded - plan).sum() <= 2 * error


@pytest.mark.parametrize("batch_size", [1, 2, 5])
def test_only_the_cramer_distance_has_unbiased_gradients(batch_size):
    thetas = np.linspace(0, 1, 201)
    curve = theory_exact.expected_minibatch_distance(thetas, 0.6, batch_size, "cramer")
    assert thetas[np.argmin(curve)] == pytest.approx(0.6)
    curve = theory_exact.expected_minibatch_distance(
        thetas, 0.6, batch_size, "wasserstein"
    )
    # A median of the empirical frequency minimises the mean absolute distance.
    median = stats.binom.median(batch_size, 0.6) / batch_size
    assert thetas[np.argmin(curve)] == pytest.approx(median)


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ((np.zeros(3),), "(n, m)"),
        ((np.zeros((2, 2)), [1.0]), "(2,)"),
        ((np.zeros((2, 2)), [1.5, -0.5], [0.5, 0.5]), "negative"),
        ((np.zeros((2, 2)), [0.5, 0.5], [0.5, 0.6]), "equal sums"),
    ],
)
def test_impossible_problems_are_refused(arguments, named):
    with pytest.raises(UserError, match=named.replace("(", r"\(").replace(")", r"\)")):
        theory_exact.primal(*arguments)
    with pytest.raises(UserError, match="cramer"):
        theory_exact.expected_minibatch_distance([0.5], 0.5, 1, "hellinger")
