"""Theorem 1 and the Gaussian case, each by two routes."""

import numpy as np
import pytest
from scipy import integrate, stats
from scipy.spatial.distance import cdist

from lessons.autoencoders.vae import theory_linear
from lessons.autoencoders.wasserstein_autoencoder import theory_exact, theory_gaussian
from lessons.autoencoders.wasserstein_autoencoder.theory import SCALES
from lessons.toolkit import transport
from lessons.toolkit.errors import UserError

LINEAR_PROGRAM = 1e-9
STATED = 1e-6  # the stated numbers have six or seven digits
CASE = theory_gaussian.GaussianCase()
CONSTANTS = [16 * scale for scale in SCALES]


@pytest.fixture
def problem():
    """Six points, five codes of which two decode to the same point."""
    random = np.random.default_rng(0)
    x, g = random.standard_normal((6, 2)), random.standard_normal((5, 2))
    g[4] = g[3]
    return x, g, random.dirichlet(np.ones(6)), random.dirichlet(np.ones(5))


def test_theorem_1_for_a_decoder_that_is_not_injective(problem):
    x, g, px, pz = problem
    points, weights = theory_exact.push_forward(g, pz)
    assert len(points) == 4
    distance = transport.primal(cdist(x, points, "sqeuclidean"), px, weights).value
    encoder, _ = theory_exact.best_encoder(cdist(x, g, "sqeuclidean"), px, pz)
    assert distance == pytest.approx(1.9461120522, abs=LINEAR_PROGRAM)
    assert encoder == pytest.approx(distance, abs=LINEAR_PROGRAM)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("metric", ["sqeuclidean", "euclidean", "cityblock"])
def test_theorem_1_for_any_cost(seed, metric):
    random = np.random.default_rng(seed)
    x, g = random.normal(size=(7, 3)), random.normal(size=(9, 3))
    g[5:] = g[0]
    px, pz = random.dirichlet(np.ones(7)), random.dirichlet(np.ones(9))
    points, weights = theory_exact.push_forward(g, pz)
    expected = transport.primal(cdist(x, points, metric), px, weights).value
    found, encoder = theory_exact.best_encoder(cdist(x, g, metric), px, pz)
    assert found == pytest.approx(expected, abs=LINEAR_PROGRAM)
    np.testing.assert_allclose(px @ encoder, pz, atol=LINEAR_PROGRAM)
    np.testing.assert_allclose(encoder.sum(1), 1, atol=LINEAR_PROGRAM)


def test_without_the_constraint_each_point_takes_its_nearest_code(problem):
    x, g, px, _ = problem
    cost = cdist(x, g, "sqeuclidean")
    value, _ = theory_exact.best_encoder(cost, px)
    assert value == pytest.approx(0.4568607924, abs=LINEAR_PROGRAM)
    assert value == pytest.approx(px @ cost.min(axis=1), abs=LINEAR_PROGRAM)


def test_push_forward_keeps_the_mass(problem):
    _, g, _, pz = problem
    points, weights = theory_exact.push_forward(g, pz)
    assert weights.sum() == pytest.approx(1)
    np.testing.assert_allclose(weights @ points, pz @ g, atol=1e-14)


def test_impossible_weights_are_refused(problem):
    x, g, px, pz = problem
    cost = cdist(x, g)
    with pytest.raises(UserError, match="6 weights"):
        theory_exact.best_encoder(cost, pz, pz)
    with pytest.raises(UserError, match="equal sums"):
        theory_exact.best_encoder(cost, px, 2 * pz)


def test_piles_of_dirt_cost_five():
    places = np.arange(4.0)
    p, q = np.array([3.0, 2, 1, 4]), np.array([1.0, 2, 4, 3])
    found = transport.primal(np.abs(places[:, None] - places), p, q).value
    assert found == pytest.approx(np.abs(np.cumsum(p - q)).sum(), abs=LINEAR_PROGRAM)
    assert found == pytest.approx(5)


def test_every_rho_keeps_the_prior_and_the_cost_falls_to_the_distance():
    rho = np.array([0, 0.5, 0.9, 0.99, 1])
    np.testing.assert_allclose(CASE.cost(rho), [6.25, 3.25, 0.85, 0.31, 0.25])
    assert CASE.cost(1.0) == pytest.approx(CASE.wasserstein())
    np.testing.assert_allclose(
        CASE.mean_kl(rho), [0, 0.143841, 0.830366, 1.958518, np.inf], atol=STATED
    )
    x, noise = np.random.default_rng(0).normal(size=(2, 400_000))
    for r in (0.0, 0.5, 0.9):
        z = r * x + np.sqrt(1 - r**2) * noise  # x has deviation 2
        cost = (2 * x - 1.5 * z) ** 2
        assert z.std() == pytest.approx(1, abs=0.01)
        error = cost.std() / np.sqrt(len(cost))
        assert abs(cost.mean() - CASE.cost(r)) < 4 * error


def test_distance_of_gaussians_is_that_of_their_quantiles():
    u = (np.arange(200_000) + 0.5) / 200_000
    gap = stats.norm.ppf(u, scale=2) - stats.norm.ppf(u, scale=1.5)
    assert np.mean(gap**2) == pytest.approx(CASE.wasserstein(), abs=1e-4)
    true, bound = CASE.noisy_decoder(0.25)
    gap = stats.norm.ppf(u, scale=2) - stats.norm.ppf(u, scale=np.sqrt(2.5))
    assert true == pytest.approx(0.175445, abs=STATED)
    assert np.mean(gap**2) == pytest.approx(true, abs=1e-4)
    assert true <= bound == 0.5


def test_penalty_approaches_the_distance_from_below():
    values, slopes = np.transpose([CASE.penalised(w) for w in (0.01, 0.1, 1, 10, 100)])
    stated = [0.001008, 0.009755, 0.073274, 0.203323, 0.244486]
    np.testing.assert_allclose(values, stated, atol=STATED)
    assert np.all(np.diff(values) > 0)
    assert np.all(values < CASE.wasserstein())
    assert slopes[0] == pytest.approx(0.6660, abs=1e-4)
    assert slopes[-1] == pytest.approx(0.5037, abs=1e-4)


def test_encoder_kl_is_its_integral():
    q, p = stats.norm(scale=2 * 0.3), stats.norm()
    expected = integrate.quad(
        lambda z: q.pdf(z) * (q.logpdf(z) - p.logpdf(z)), -8, 8, epsabs=1e-12
    )[0]
    assert CASE.encoder_kl(0.3) == pytest.approx(expected, abs=1e-9)
    assert CASE.encoder_kl(0.5) == pytest.approx(0, abs=1e-15)


@pytest.mark.parametrize(
    ("scale", "stated"),
    [(1, 0), (0.8, 0.052284), (1.2, 0.037177), (0.5, 0.427091), (2.4, 0.804424)],
)
def test_imq_values_of_gaussians_are_the_stated_ones(scale, stated):
    found = theory_gaussian.imq_mmd(scale, 8, CONSTANTS)
    assert found == pytest.approx(stated, abs=STATED)


def test_imq_value_of_collapsed_codes_and_of_prior_pairs():
    assert theory_gaussian.imq_mmd(0, 8, CONSTANTS) == pytest.approx(
        1.833780, abs=STATED
    )
    expectation = theory_gaussian.imq_expectation(16, 2, 8)
    assert expectation == pytest.approx(0.529252, abs=STATED)
    squared = np.sum(np.random.default_rng(0).normal(size=(200_000, 8)) ** 2, 1) * 2
    sampled = 16 / (16 + squared)
    error = sampled.std() / np.sqrt(len(sampled))
    assert abs(sampled.mean() - expectation) < 4 * error


@pytest.mark.parametrize(("shift", "stated"), [(1, 0.1114215), (2, 0.3368308)])
def test_jensen_shannon_is_stated_and_sampled(shift, stated):
    found = theory_gaussian.jensen_shannon(shift)
    assert found == pytest.approx(stated, abs=1e-7)
    x = np.random.default_rng(0).normal(size=400_000)
    # By symmetry JS = E_p log(2 p / (p + q)).
    ratio = np.log(2) - np.logaddexp(0, shift * x - shift**2 / 2)
    assert abs(ratio.mean() - found) < 4 * ratio.std() / np.sqrt(len(x))


def test_the_vae_term_is_information_plus_the_marginal_term():
    mean, information, marginal = theory_linear.kl_decomposition([0.8, -0.8], [0.6] * 2)
    assert mean == pytest.approx(0.510826, abs=STATED)
    assert information == pytest.approx(0.472486, abs=STATED)
    assert marginal == pytest.approx(0.038340, abs=STATED)
    assert information <= np.log(2)
