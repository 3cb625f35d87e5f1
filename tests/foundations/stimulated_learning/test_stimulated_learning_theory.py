"""The equations, each by another route: SciPy, counting, eigenvalues, differences."""

import numpy as np
import pytest
import tensorflow as tf
from scipy import stats
from scipy.special import rel_entr
from sklearn.feature_extraction.image import grid_to_graph

from lessons.foundations.stimulated_learning import theory
from lessons.toolkit.errors import UserError

EXACT = 1e-9


def array(values):
    return np.asarray(values, np.float64)


def test_points_are_columns_and_rows_read_row_by_row():
    points = theory.grid_points(2, 3)
    expected = [(0, 0), (1, 0), (2, 0), (0, 1), (1, 1), (2, 1)]
    np.testing.assert_array_equal(points, expected)
    with pytest.raises(UserError, match="at least one row"):
        theory.grid_points(0, 3)


def test_a_target_is_scipys_density_divided_by_its_sum():
    points, centre = theory.grid_points(5, 8), (5.2, 1.1)
    found = np.exp(theory.log_target(points, [centre], 1.3))[0]
    density = stats.multivariate_normal(centre, 1.3**2).pdf(points)
    np.testing.assert_allclose(found, density / density.sum(), rtol=EXACT)
    assert found.argmax() == 1 * 8 + 5  # row 1, column 5
    swapped = np.exp(theory.log_target(points, [centre[::-1]], 1.3))[0]
    assert swapped.argmax() != found.argmax()


@pytest.mark.parametrize(
    "spread, entropy, from_even",
    [
        (1.0, 2.83788, 4.0936),
        (1.5, 3.64881, 3.2827),
        (2.0, 4.22417, 2.7073),
        (2.5, 4.67046, 2.2610),
    ],
)
def test_entropy_inside_a_fine_grid_and_cost_of_a_constant_layer(
    spread, entropy, from_even
):
    logs = theory.log_target(theory.grid_points(32, 32), [(15.5, 15.5)], spread)
    found = -np.sum(np.exp(logs) * logs)
    assert found == pytest.approx(entropy, abs=1e-5)
    assert theory.target_entropy(spread) == pytest.approx(entropy, abs=1e-5)
    even = array(theory.log_surface(np.full((1, 1024), 0.37)))
    cost = array(theory.kl(logs, even))[0]
    assert cost == pytest.approx(from_even, abs=1e-4)
    assert cost == pytest.approx(np.log(1024) - found, abs=EXACT)


def test_an_edge_cuts_a_target_and_its_entropy():
    logs = theory.log_target(theory.grid_points(32, 32), [(1.6, 1.6)], 2.0)
    found = -np.sum(np.exp(logs) * logs)
    assert found == pytest.approx(3.6247, abs=1e-4)  # not 4.2242


def test_divergence_of_two_targets_is_half_the_squared_distance_inside_the_grid():
    points = theory.grid_points(32, 32)
    p, q = theory.log_target(points, [(13, 14), (18, 17)], 2.0)
    one, other = (float(theory.kl(a, b)) for a, b in ((p, q), (q, p)))
    assert one == pytest.approx(34 / 8, abs=1e-6)
    both = theory.divergence(p[None], q[None], "symmetric")
    assert float(both[0]) == pytest.approx(8.5, abs=1e-6) == one + other
    # Near an edge it is less.
    small = theory.grid_points(12, 12)
    p, q = theory.log_target(small, [(0.6, 0.6), (3.6, 3.6)], 1.5)
    assert float(theory.kl(p, q)) == pytest.approx(2.919, abs=1e-3)  # not 4


def test_divergences_are_those_of_scipy_and_not_symmetric():
    rng = np.random.default_rng(0)
    p, q = rng.dirichlet(np.ones(7), (2, 5))
    expected = rel_entr(p, q).sum(axis=1), rel_entr(q, p).sum(axis=1)
    found = [
        array(theory.divergence(np.log(p), np.log(q), direction))
        for direction in theory.DIRECTIONS
    ]
    np.testing.assert_allclose(found[0], expected[0], rtol=EXACT)
    np.testing.assert_allclose(found[1], expected[1], rtol=EXACT)
    np.testing.assert_allclose(found[2], np.add(*expected), rtol=EXACT)
    assert np.abs(expected[0] - expected[1]).min() > 1e-3
    with pytest.raises(UserError, match="direction"):
        theory.divergence(np.log(p), np.log(q), "backward")


def test_the_gradient_in_activations_by_tensorflow_and_by_differences():
    rng = np.random.default_rng(1)
    target, norms = rng.dirichlet(np.ones(6), 3), rng.uniform(0.2, 2, 6)
    activations = rng.uniform(0.1, 0.9, (3, 6))

    def cost(values):
        return theory.kl(np.log(target), theory.log_surface(values * norms))

    found = theory.divergence_gradient(target, activations, norms)
    variable = tf.Variable(activations)
    with tf.GradientTape() as tape:
        total = tf.reduce_sum(cost(variable))
    np.testing.assert_allclose(tape.gradient(total, variable), found, rtol=1e-8)
    for unit in range(6):
        step = np.eye(6)[unit] * 1e-6
        slope = array(cost(activations + step) - cost(activations - step)) / 2e-6
        np.testing.assert_allclose(found[:, unit], slope, atol=1e-8)
    # The scale of the activations is not pushed, and does not count.
    np.testing.assert_allclose((activations * found).sum(axis=1), 0, atol=1e-12)
    np.testing.assert_allclose(cost(3 * activations), cost(activations), rtol=1e-9)
    # In the inputs of the sigmoid the sum is not 0.
    inner = (found * activations * (1 - activations)).sum(axis=1)
    assert np.abs(inner).min() > 1e-3


def test_free_activations_reach_a_divergence_of_zero():
    rng = np.random.default_rng(2)
    target, norms = rng.dirichlet(np.ones(9), 2), rng.uniform(0.5, 2, 9)
    best = 0.7 * target / norms
    found = array(theory.kl(np.log(target), theory.log_surface(norms * best)))
    np.testing.assert_allclose(found, 0, atol=1e-9)
    other = array(theory.kl(np.log(target), theory.log_surface(best)))
    assert other.min() > 1e-3  # without the norms


def test_weighted_surfaces_ignore_the_rescaling_of_rectified_units():
    rng = np.random.default_rng(3)
    values, kernel = rng.random((4, 6)), rng.normal(size=(6, 5))
    factors = rng.uniform(0.1, 9, 6)

    def surface(values, kernel):
        return array(theory.log_surface(values * theory.outgoing_norms(kernel)))

    base = surface(values, kernel)
    again = surface(values * factors, kernel / factors[:, None])
    np.testing.assert_allclose(again, base, atol=1e-8)
    raw = [array(theory.log_surface(h)) for h in (values, values * factors)]
    assert np.abs(raw[0] - raw[1]).max() > 0.1
    lengths = array(theory.outgoing_norms(np.array([[3.0, 4.0], [0, 0], [0, 1]])))
    np.testing.assert_allclose(lengths, [5, 0, 1], atol=1e-9)  # rows, not columns


def test_dead_units_and_dead_rows_have_finite_slopes():
    values = tf.Variable([[0.0, 0.0, 0.0], [0.0, 1.0, 1.0]])
    kernel = tf.Variable([[0.0, 0.0], [1.0, 2.0], [0.0, 1.0]])
    target = tf.constant(np.log([[0.2, 0.3, 0.5]] * 2), tf.float32)
    with tf.GradientTape() as tape:
        norms = theory.outgoing_norms(kernel)
        cost = theory.kl(target, theory.log_surface(values * norms))
        total = tf.reduce_sum(cost)
    assert np.isfinite(total)
    for slope in tape.gradient(total, [values, kernel]):
        assert np.all(np.isfinite(slope))
    even = array(theory.log_surface(np.zeros((1, 4))))
    np.testing.assert_allclose(np.exp(even), 0.25)


def test_context_is_the_mean_of_the_targets_that_are_there():
    logs = theory.log_target(theory.grid_points(4, 4), [(0, 0), (3, 3), (0, 3)], 1.0)
    stimuli = np.array([[1, -1, -1], [0, 1, 2], [2, 2, 0], [-1, -1, -1]])
    found = np.exp(array(theory.mixed_log_target(logs, stimuli)))
    targets = np.exp(logs)
    np.testing.assert_allclose(found[0], targets[1], atol=EXACT)
    np.testing.assert_allclose(found[1], targets.mean(axis=0), atol=EXACT)
    np.testing.assert_allclose(found[2], (2 * targets[2] + targets[0]) / 3, atol=EXACT)
    np.testing.assert_allclose(found[3], 1 / 16, atol=EXACT)


@pytest.mark.parametrize("wrap, count", [(False, 1984), (True, 2048)])
def test_pairs_of_neighbours_are_counted(wrap, count):
    assert len(theory.neighbour_pairs(32, 32, wrap)) == count


@pytest.mark.parametrize("shape, count", [((2, 2), 4), ((1, 5), 5), ((3, 1), 3)])
def test_a_torus_counts_each_pair_once(shape, count):
    pairs = theory.neighbour_pairs(*shape, wrap=True)
    assert len(pairs) == count == len({frozenset(pair) for pair in pairs})


def test_adjacency_is_the_quadratic_form_of_scikit_learns_graph():
    rng = np.random.default_rng(4)
    h = rng.random((6, 20))
    links = grid_to_graph(4, 5).toarray()
    np.fill_diagonal(links, 0)
    expected = [(links * (row[:, None] - row) ** 2).sum() / 2 for row in h]
    pairs = theory.neighbour_pairs(4, 5)
    np.testing.assert_allclose(array(theory.adjacency(h, pairs)), expected)
    form = theory.grid_laplacian(4, 5)
    np.testing.assert_allclose([row @ (form @ row) for row in h], expected)
    wrapped = theory.grid_laplacian(4, 5, wrap=True)
    torus = array(theory.adjacency(h, theory.neighbour_pairs(4, 5, True)))
    np.testing.assert_allclose([row @ (wrapped @ row) for row in h], torus)
    assert np.all(torus > expected)


def test_the_spectrum_of_the_grid_and_the_checkerboard():
    values = np.linalg.eigvalsh(theory.grid_laplacian(32, 32).toarray())
    assert values[0] == pytest.approx(0, abs=1e-10)
    assert values[1] == pytest.approx(0.0096305, abs=1e-7)
    assert values[-1] == pytest.approx(7.98074, abs=1e-5)
    board = (np.indices((32, 32)).sum(axis=0) % 2.0).reshape(1, -1)
    pairs = theory.neighbour_pairs(32, 32)
    assert float(theory.adjacency(board, pairs)[0]) == 1984


def test_roughness_has_no_slope_at_a_constant_layer():
    h, pairs = tf.Variable(np.full((1, 9), 0.3)), theory.neighbour_pairs(3, 3)
    with tf.GradientTape() as tape:
        value = theory.roughness(h, pairs)[0]
    assert float(value) == pytest.approx(0, abs=1e-5)
    np.testing.assert_array_equal(tape.gradient(value, h), np.zeros((1, 9)))
    rough = theory.roughness(np.array([[0.0, 3.0, 3.0, 3.0]]), np.array([[0, 1]]))
    assert float(rough[0]) == pytest.approx(3)


def test_masks_are_zero_at_centres_and_one_far_away():
    mask = theory.mute_mask(theory.grid_points(20, 20), [(4, 15), (10.0, 10.0)], 2.0)
    assert mask.shape == (2, 400)
    assert mask[0, 15 * 20 + 4] == 0 and mask[0, 19] == pytest.approx(1)
    at_sigma = mask[0, 15 * 20 + 6]  # two cells away
    assert at_sigma == pytest.approx(1 - np.exp(-0.5))
    # The code's constants: gains at the centre of one minus a density, sigma = 1.
    assert 1 - 1 / np.sqrt(2 * np.pi**2) == pytest.approx(0.775, abs=5e-4)
    assert 1 - stats.multivariate_normal([0, 0]).pdf([0, 0]) == pytest.approx(
        0.841, abs=5e-4
    )
