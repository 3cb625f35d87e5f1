"""Linear programs of transport, by hand and against SciPy (more in `ot_gan`)."""

import numpy as np
import pytest
from scipy import optimize, stats

from lessons.toolkit import transport
from lessons.toolkit.errors import UserError

LINEAR_PROGRAM = 1e-9


def test_a_square_uniform_problem_is_an_assignment():
    cost = np.random.default_rng(0).uniform(size=(7, 7))
    expected = cost[optimize.linear_sum_assignment(cost)].mean()
    assert transport.primal(cost).value == pytest.approx(expected, abs=LINEAR_PROGRAM)


def test_on_a_line_the_value_is_the_area_between_distribution_functions():
    random = np.random.default_rng(1)
    x, y = random.normal(size=5), random.normal(size=8)
    a, b = random.dirichlet(np.ones(5)), random.dirichlet(np.ones(8))
    found = transport.dual(np.abs(x[:, None] - y), a, b)
    expected = stats.wasserstein_distance(x, y, a, b)
    assert found.value == pytest.approx(expected, abs=LINEAR_PROGRAM)


def test_weights_of_unequal_sums_are_refused():
    with pytest.raises(UserError, match="equal sums"):
        transport.primal(np.zeros((2, 2)), [0.5, 0.5], [0.5, 0.6])


def test_float32_weights_solve_the_problem_of_float64():
    rng = np.random.default_rng(2)
    cost = rng.uniform(size=(7, 3))
    third, softmax = np.full(3, 1 / 3), rng.dirichlet(np.ones(7))
    expected = transport.primal(cost, softmax, third)
    rounded = softmax.astype(np.float32), third.astype(np.float32)
    assert abs(rounded[0].sum(dtype=float) - rounded[1].sum(dtype=float)) > 1e-9
    found = transport.primal(cost, *rounded)
    assert found.value == pytest.approx(expected.value, abs=1e-6)
    np.testing.assert_allclose(found.plan.sum(1), rounded[0], atol=LINEAR_PROGRAM)
    assert transport.dual(cost, *rounded).value == pytest.approx(found.value, abs=1e-6)


@pytest.mark.parametrize("a", [[0.0, 0.0], [-0.5, 1.5], [np.nan, 1.0]])
def test_weights_that_are_no_distribution_are_refused(a):
    with pytest.raises(UserError, match="least weight"):
        transport.primal(np.zeros((2, 2)), a)
