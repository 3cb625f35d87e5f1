"""The moment map, its Jacobians and fixed points against quadrature and differences."""

import numpy as np
import pytest
import tensorflow as tf
from scipy import integrate, optimize

from lessons.foundations.self_normalizing import quadrature, theory

EXACT = 1e-13  # float64 arithmetic of numbers near one
QUADRATURE = 1e-10
DIFFERENCES = 1e-7  # central differences with steps of 1e-5


def plain_selu(z):
    return theory.LAMBDA * np.where(z > 0, z, theory.ALPHA * np.expm1(np.minimum(z, 0)))


def by_quadrature(power, mu, omega, nu, tau):
    m, s = mu * omega, np.sqrt(nu * tau)
    # From minus to plus 12 deviations, split at the kink.
    low, high = m - 12 * s, m + 12 * s
    edges = [low, min(max(0, low), high), high]

    def integrand(z):
        density = np.exp(-0.5 * ((z - m) / s) ** 2) / (s * np.sqrt(2 * np.pi))
        return plain_selu(z) ** power * density

    parts = [
        integrate.quad(integrand, a, b, epsabs=1e-13, limit=200)[0]
        for a, b in zip(edges[:-1], edges[1:], strict=True)
    ]
    return sum(parts)


@pytest.fixture(scope="module")
def places():
    rng = np.random.default_rng(3)
    return rng.uniform([-1, -1, 0.05, 0.8], [1, 1, 16, 1.25], (40, 4))


def test_constants_are_the_published_ones():
    assert theory.ALPHA == pytest.approx(1.6732632423543778, abs=EXACT)
    assert theory.LAMBDA == pytest.approx(1.0507009873554805, abs=EXACT)


def test_constants_solve_the_two_equations_of_the_fixed_point():
    def gap(values):
        scale, alpha = values
        found = theory.moment_map(0, 0, 1, 1, scale, alpha)
        return [float(found.mean), float(found.variance) - 1]

    solved = optimize.fsolve(gap, [1.0, 1.5], xtol=1e-13)
    np.testing.assert_allclose(solved, [theory.LAMBDA, theory.ALPHA], atol=1e-10)


@pytest.mark.parametrize("power", [1, 2])
def test_closed_forms_equal_quadrature(places, power):
    moments = theory.moment_map(*places.T)
    found = np.asarray(moments.mean if power == 1 else moments.second)
    expected = [by_quadrature(power, *place) for place in places]
    np.testing.assert_allclose(found, expected, atol=QUADRATURE)


def test_the_notebooks_quadrature_is_right_too(places):
    for mu, omega, nu, tau in places[:10]:
        for power in (1, 2):
            found = quadrature.selu_moment(power, mu * omega, np.sqrt(nu * tau))
            expected = by_quadrature(power, mu, omega, nu, tau)
            assert found == pytest.approx(expected, abs=QUADRATURE)


def test_variance_is_second_moment_minus_squared_mean(places):
    moments = theory.moment_map(*places.T)
    expected = np.asarray(moments.second) - np.asarray(moments.mean) ** 2
    np.testing.assert_allclose(moments.variance, expected, atol=EXACT)


@pytest.mark.parametrize(
    ("mu", "omega", "nu"),
    [(0, 0, 1e6), (1, 50, 1e-4), (-1, 50, 1e-4), (-1, 900, 1.0), (0.1, 0.1, 1e-8)],
)
def test_extreme_arguments_stay_finite_and_right(mu, omega, nu):
    moments = theory.moment_map(mu, omega, nu, 1.0)
    assert np.all(np.isfinite(np.array(moments)))
    expected = by_quadrature(1, mu, omega, nu, 1.0)
    assert float(moments.mean) == pytest.approx(expected, rel=1e-7, abs=1e-12)


def test_map_depends_on_products_only():
    first = np.array(theory.moment_map(0.2, -0.3, 2.0, 1.1))
    np.testing.assert_allclose(first, theory.moment_map(-0.2, 0.3, 2.0, 1.1))
    np.testing.assert_allclose(first, theory.moment_map(0.1, -0.6, 1.0, 2.2))


def test_fixed_point_and_its_jacobian_are_the_sheets():
    moments = theory.moment_map(0, 0, 1, 1)
    np.testing.assert_allclose([moments.mean, moments.variance], [0, 1], atol=EXACT)
    _, h = theory.jacobians(0, 0, 1, 1)
    np.testing.assert_allclose(h, [0, 0.08883476, 0, 0.78264788], atol=1e-8)
    norm = float(theory.largest_singular_value(h))
    assert norm == pytest.approx(0.78767336, abs=1e-8)


def test_jacobians_equal_central_differences(places):
    j, h = theory.jacobians(*places.T)
    mu, omega, nu, tau = places.T
    step = 1e-5
    for column, (right, left) in enumerate(
        [
            ((mu + step, omega, nu, tau), (mu - step, omega, nu, tau)),
            ((mu, omega, nu + step, tau), (mu, omega, nu - step, tau)),
        ]
    ):
        up, down = theory.moment_map(*right), theory.moment_map(*left)
        slopes = [
            (np.asarray(u) - np.asarray(d)) / (2 * step)
            for u, d in zip(up, down, strict=True)
        ]
        mean, variance, second = slopes
        np.testing.assert_allclose(j[column], mean, atol=DIFFERENCES)
        np.testing.assert_allclose(j[2 + column], second, atol=DIFFERENCES)
        np.testing.assert_allclose(h[column], mean, atol=DIFFERENCES)
        np.testing.assert_allclose(h[2 + column], variance, atol=DIFFERENCES)


def test_largest_singular_value_is_that_of_numpy():
    rng = np.random.default_rng(0)
    matrices = rng.normal(size=(300, 2, 2))
    matrices[0] = np.diag([-3.0, 1.0])
    matrices[1] = [[1.0, 2.0], [2.0, 4.0]]  # rank one
    matrices[2] = [[0.6, -0.8], [0.8, 0.6]]  # a rotation
    matrices[3] = 0
    entries = matrices.reshape(-1, 4).T
    expected = np.linalg.svd(matrices, compute_uv=False)[:, 0]
    found = theory.largest_singular_value(tuple(entries))
    np.testing.assert_allclose(found, expected, atol=EXACT)


def test_orbit_goes_to_the_fixed_point_as_the_sheet_says():
    means, variances = theory.orbit(0.1, 1.5, 30)
    rows = [1, 5, 10, 20, 30]
    expected = [(0.0450, 1.3715), (0.0145, 1.1244), (0.0040, 1.0349)]
    expected += [(3.4e-4, 1.0030), (2.9e-5, 1.0003)]
    found = np.stack([means[rows], variances[rows]], axis=1)
    np.testing.assert_allclose(found, expected, atol=6e-5)


def test_fixed_points_for_other_tau():
    expected = {
        0.95: (-0.018566, 0.828795),
        1.0: (0.0, 1.0),
        1.1: (0.048518, 1.399308),
        1.25: (0.151967, 2.178856),
    }
    for tau, point in expected.items():
        assert theory.fixed_point(0.0, tau) == pytest.approx(point, abs=1e-6)
    # Independent of Newton's method: iterate the map, for all tau at once.
    taus, points = np.array(list(expected)), np.array(list(expected.values()))
    means, variances = theory.orbit(np.zeros(4), np.ones(4), 100, 0.0, taus)
    found = np.stack([means[-1], variances[-1]], axis=1)
    np.testing.assert_allclose(found, points, atol=1e-6)


def test_no_fixed_point_is_said():
    with pytest.raises(ArithmeticError, match="tau=3"):
        theory.fixed_point(0.0, 3.0)


def test_moments_are_those_of_real_units_with_normalised_weights():
    rng = np.random.default_rng(1)
    mu, nu = 0.3, 1.4
    inputs = mu + np.sqrt(nu) * rng.standard_normal((400_000, 20))
    weights = rng.normal(0.01, 0.2, size=20)
    outputs = plain_selu(inputs @ weights)  # Gaussian inputs: the limit is exact
    moments = theory.moment_map(mu, weights.sum(), nu, np.sum(weights**2))
    error = 4 * outputs.std() / np.sqrt(len(outputs))
    assert outputs.mean() == pytest.approx(float(moments.mean), abs=error)
    spread = 4 * np.std(outputs**2) / np.sqrt(len(outputs))
    assert np.mean(outputs**2) == pytest.approx(float(moments.second), abs=spread)


def test_selu_and_its_gradient_are_finite_far_out():
    x = tf.constant([-1e4, -1.0, 0.0, 1.0, 1e4])
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = theory.selu(x)
    limit = -theory.LAMBDA * theory.ALPHA
    at_minus_one = theory.ALPHA * theory.LAMBDA * np.expm1(-1)
    expected = [limit, at_minus_one, 0, theory.LAMBDA, 1e4 * theory.LAMBDA]
    np.testing.assert_allclose(y, expected, rtol=1e-6)
    slopes = tape.gradient(y, x).numpy()
    assert np.all(np.isfinite(slopes))
    np.testing.assert_allclose(slopes[[0, 3, 4]], [0, theory.LAMBDA, theory.LAMBDA])


def test_selu_is_that_of_keras():
    x = np.linspace(-5, 5, 101).astype("float32")
    from keras import activations

    np.testing.assert_allclose(theory.selu(x), activations.selu(x), atol=1e-6)


def test_rounding_is_far_below_what_the_proof_allows():
    # The equations typed as they stand round differently from erfcx.
    low, high = [-0.1, -0.1, 0.8, 0.8], [0.1, 0.1, 1.5, 1.25]
    places = np.random.default_rng(5).uniform(low, high, (2000, 4))
    j, _ = theory.jacobians(*places.T)
    difference = theory.largest_singular_value(j) - quadrature.norm_j_typed(*places.T)
    assert np.max(np.abs(difference)) < 292 * np.finfo(float).eps
