"""Every equation by a route of its own: grids, counting, brute force, scikit-learn."""

import itertools

import numpy as np
import pytest

from lessons.efficiency.channel_pruning import (
    surgery,
    theory,
    theory_lasso,
    theory_norms,
)
from lessons.toolkit.errors import UserError

EXACT = 1e-12


def array(values):
    return np.asarray(values, np.float64)


@pytest.mark.parametrize("eta", [0.0, 0.3, 1.7])
def test_the_threshold_minimises_its_cost_on_a_grid(eta):
    values = np.random.default_rng(0).normal(0, 2, 40).clip(-4, 4)
    grid = np.linspace(-4, 4, 80_001)  # steps of 1e-4
    costs = 0.5 * (grid - values[:, None]) ** 2 + eta * np.abs(grid)
    found = array(theory.soft_threshold(values, eta))
    np.testing.assert_allclose(found, grid[costs.argmin(axis=1)], atol=6e-5)
    assert np.array_equal(found == 0, np.abs(values) <= eta)


def test_the_threshold_brings_no_two_points_further_apart():
    first, second = np.random.default_rng(1).normal(size=(2, 1000))
    moved = [array(theory.soft_threshold(x, 0.4)) for x in (first, second)]
    assert np.all(np.abs(moved[0] - moved[1]) <= np.abs(first - second) + EXACT)


def test_a_step_moves_first_and_shrinks_by_rate_rho_and_lambda():
    gamma, slope = np.array([1.0, 0.05, 0.05, 0.3]), np.array([0.0, -1.0, 3.0, 2.9])
    found = array(theory.ista_step(gamma, slope, 0.1, 0.5, 2.0))
    np.testing.assert_allclose(found, [0.9, 0.05, -0.15, 0], atol=EXACT)


def test_penalties_count_the_memory_of_one_channel():
    # conv 3x3 on 1 channel, output 6x6, read by 3x3 to 64 channels, image 8x8.
    found = theory.layer_penalty((3, 3), 1, [(3, 3, 64)], (6, 6), (8, 8))
    assert found == (9 + 9 * 64 + 36) / 64 == 9.703125
    two = theory.layer_penalty((3, 3), 5, [(1, 2, 3), (5, 5, 4)], (2, 3), (4, 8))
    assert two == (45 + 6 + 100 + 6) / 32
    assert float(theory.lasso([[1.0, -2.0], [0.5]], [2.0, 4.0])) == 8


def test_folded_constants_by_a_convolution_of_constants():
    rng = np.random.default_rng(2)
    kernel, beta = rng.normal(size=(3, 2, 6, 4)), rng.normal(size=6)
    gamma = np.array([0.0, 1e-9, -0.0, 2.0, 0.0, -1.0])
    beta[:3] = (0.7, 5.0, -0.4)
    sent = np.array([0.7, 0, 0, 0, max(beta[4], 0), 0])  # -0.4 sends nothing
    expected = [
        sum(
            sent[k] * kernel[a, b, k, j]
            for a, b, k in itertools.product(range(3), range(2), range(6))
        )
        for j in range(4)
    ]
    found = array(theory.folded_constants(kernel, gamma, beta))
    np.testing.assert_allclose(found, expected, atol=EXACT)


def test_rescaling_keeps_the_next_sums_and_comes_back():
    rng = np.random.default_rng(3)
    gamma, beta, kernel = (
        rng.normal(size=5),
        rng.normal(size=5),
        rng.normal(size=(5, 3)),
    )
    new = theory.rescaled(gamma, beta, kernel, 0.01)
    normal = rng.normal(size=(20, 5))
    sums = [
        np.maximum(normal * g + b, 0) @ w for g, b, w in ((gamma, beta, kernel), new)
    ]
    np.testing.assert_allclose(sums[0], sums[1], atol=EXACT)
    for old, back in zip(
        (gamma, beta, kernel), theory.rescaled(*new, 100), strict=True
    ):
        np.testing.assert_allclose(old, back, atol=EXACT)
    for alpha in (0, -1.0, np.nan):
        with pytest.raises(UserError, match="alpha"):
            theory.rescaled(gamma, beta, kernel, alpha)


def test_a_penalty_on_every_second_layer_can_be_made_as_small_as_one_likes():
    rng = np.random.default_rng(4)
    kernels = [rng.normal(size=n) * (rng.random(n) < 0.7) for n in (3, 5, 4, 3)]
    signal = rng.normal(size=30)
    moved = theory_norms.balanced(kernels, 10.0)
    np.testing.assert_allclose(
        theory_norms.linear_network(kernels, signal),
        theory_norms.linear_network(moved, signal),
        atol=1e-11,
    )
    ratio = theory_norms.even_penalty(moved) / theory_norms.even_penalty(kernels)
    assert ratio == pytest.approx(0.1)
    for old, new in zip(kernels, moved, strict=True):
        assert np.array_equal(old != 0, new != 0)
    # The product of all kernels is that of their polynomials.
    whole = np.poly1d([1.0])
    for kernel in kernels:
        whole = whole * np.poly1d(kernel)
    np.testing.assert_allclose(
        np.convolve(whole.coeffs, signal)[-25:],
        theory_norms.linear_network(kernels, signal)[-25:],
        atol=1e-10,
    )


def layer(seed=5, rows=40, inputs=6, channels=4):
    rng = np.random.default_rng(seed)
    return (
        rng.normal(size=(rows, inputs)),
        rng.normal(size=(inputs, channels)),
        rng.normal(size=channels),
        rng.normal(size=channels),
        rng.normal(size=(rows, channels)),
    )


@pytest.mark.parametrize("epsilon", [0.0, 1e-3, 0.5])
def test_the_gradient_of_a_normalised_layer_by_finite_differences(epsilon):
    inputs, kernel, gamma, beta, upstream = layer()
    found = theory_norms.kernel_gradient(inputs, kernel, gamma, beta, upstream, epsilon)

    def loss(w):
        outputs = theory_norms.normalised_layer(inputs, w, gamma, beta, epsilon)
        return np.sum(outputs * upstream)

    for place in np.ndindex(kernel.shape):
        step = np.zeros_like(kernel)
        step[place] = 1e-6
        slope = (loss(kernel + step) - loss(kernel - step)) / 2e-6
        assert found[place] == pytest.approx(slope, abs=1e-4)


def test_a_filter_is_orthogonal_to_its_gradient_where_eps_is_0():
    inputs, kernel, gamma, beta, upstream = layer()
    for c in (0.01, 1.0, 100.0):
        outputs = theory_norms.normalised_layer(inputs, c * kernel, gamma, beta)
        same = theory_norms.normalised_layer(inputs, kernel, gamma, beta)
        np.testing.assert_allclose(outputs, same, atol=1e-10)
    products = []
    for epsilon in (0.0, 1e-3):
        slope = theory_norms.kernel_gradient(
            inputs, kernel, gamma, beta, upstream, epsilon
        )
        products.append(np.abs((kernel * slope).sum(axis=0)).max())
    assert products[0] < 1e-10 < 1e-5 < products[1]


def test_overlap_counts_the_better_halves():
    assert theory_norms.overlap([1, 2, 3, 4], [4, 3, 2, 1]) == 0
    assert theory_norms.overlap([1, 2, 3, 4], [0, 9, 1, 8]) == 0.5


@pytest.mark.parametrize("seed", range(6))
def test_ista_reaches_the_optimum_of_scikit_learn_and_its_zeros(seed):
    from sklearn.linear_model import Lasso

    matrix, targets, weight = theory_lasso.problem(seed)
    alpha = weight / len(targets)
    solver = Lasso(alpha=alpha, fit_intercept=False, tol=1e-12, max_iter=100_000)
    best = solver.fit(matrix, targets).coef_
    least = theory_lasso.objective(matrix, targets, weight, best)
    path = theory_lasso.ista(matrix, targets, weight, 400)
    rough = theory_lasso.subgradient(matrix, targets, weight, 400)
    gaps = [
        theory_lasso.objective(matrix, targets, weight, w) - least for w in path[1:]
    ]
    bound = theory_lasso.lipschitz(matrix) * np.sum(best**2) / 2
    assert np.all(np.array(gaps) <= bound / np.arange(1, 401) + 1e-9)
    np.testing.assert_allclose(path[-1], best, atol=1e-6)
    assert np.array_equal(path[-1] == 0, best == 0) and np.any(best == 0)
    assert not np.any(rough[1:] == 0)
    slow = theory_lasso.objective(matrix, targets, weight, rough[-1]) - least
    assert slow > 100 * max(gaps[-1], 0) and slow > 1e-3


def test_live_channels_by_brute_force_over_all_paths():
    rng = np.random.default_rng(6)
    sizes = (2, 4, 5, 3)
    for _ in range(20):
        edges = [rng.random((a, b)) < 0.4 for a, b in itertools.pairwise(sizes)]
        opened = [rng.random(n) < 0.7 for n in sizes[1:]]
        outputs = rng.random(sizes[-1]) < 0.7
        alive = [np.zeros(n, bool) for n in sizes[1:]]
        for path in itertools.product(*map(range, sizes)):
            steps = zip(edges, path[:-1], path[1:], strict=True)
            fed = all(edge[a, b] for edge, a, b in steps)
            through = all(g[k] for g, k in zip(opened, path[1:], strict=True))
            if fed and through and outputs[path[-1]]:
                for layer_alive, k in zip(alive, path[1:], strict=True):
                    layer_alive[k] = True
        found = surgery.live(edges, opened, outputs)
        for one, other in zip(found, alive, strict=True):
            np.testing.assert_array_equal(one, other)
