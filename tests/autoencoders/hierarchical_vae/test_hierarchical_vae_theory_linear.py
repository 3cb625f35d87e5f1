"""The toy's closed forms: the sheet's numbers, and the same by other routes."""

import numpy as np
import pytest
from scipy import integrate, optimize, stats

from lessons.autoencoders.hierarchical_vae import theory, theory_linear

MODEL, X = theory_linear.toy()
SIX_DIGITS = 5.1e-7


def test_the_evidence_and_the_posterior_are_those_of_conditioning_a_joint_gaussian():
    log_p = stats.multivariate_normal(cov=MODEL.covariance).logpdf(X)
    assert log_p == pytest.approx(-4.293453, abs=SIX_DIGITS)
    assert MODEL.log_marginal(X) == pytest.approx(log_p, abs=1e-12)
    # Covariance of (z_1, z_2) with x, then the usual formula.
    first = np.hstack([MODEL.layer_covariance, MODEL.top[:, None]])
    latent = np.vstack([first, np.append(MODEL.top, 1.0)])
    cross = latent[:, :2] @ MODEL.weights.T
    mean = cross @ np.linalg.solve(MODEL.covariance, X)
    found, covariance = MODEL.posterior(X)
    np.testing.assert_allclose(found, mean, atol=1e-12)
    np.testing.assert_allclose(mean, [0.603878, 0.547095, 0.193364], atol=SIX_DIGITS)
    expected = latent - cross @ np.linalg.solve(MODEL.covariance, cross.T)
    np.testing.assert_allclose(covariance, expected, atol=1e-12)


def test_joint_density_integrates_to_the_evidence():
    box = [(-1.5, 2.5), (-1.5, 2.5), (-3.0, 3.0)]
    nodes, weights = np.polynomial.legendre.leggauss(40)
    axes = [0.5 * (hi - lo) * nodes + 0.5 * (hi + lo) for lo, hi in box]
    scale = np.prod([0.5 * (hi - lo) for lo, hi in box])
    a, b, z = np.meshgrid(*axes, indexing="ij")
    rows = np.stack([a.ravel(), b.ravel()], axis=1)
    density = np.exp(MODEL.log_joint(X, rows, z.reshape(-1, 1)))
    total = scale * density @ np.einsum("i,j,k->ijk", *[weights] * 3).ravel()
    assert np.log(total) == pytest.approx(-4.293453, abs=1e-5)


def test_gaps_are_those_of_the_sheet_and_of_a_search():
    for kind, gap in (("factored", 0.151212), ("diagonal", 0.195482), ("top_down", 0)):
        assert MODEL.gap(kind) == pytest.approx(gap, abs=SIX_DIGITS)

    def loss(parameters):
        mean, log_scale = parameters[:3], parameters[3:]
        covariance = np.diag(np.exp(2 * log_scale))
        second = mean[2:], covariance[2:, 2:]
        return -MODEL.terms(X, (mean[:2], covariance[:2, :2]), second).bound

    best = optimize.minimize(loss, np.zeros(6), method="BFGS")
    gap = MODEL.log_marginal(X) + best.fun
    assert gap == pytest.approx(MODEL.gap("diagonal"), abs=1e-6)


def test_bookkeeping_of_the_bound():
    terms = MODEL.terms(X, *MODEL.best_factored(X))
    assert terms.reconstruction == pytest.approx(-1.517789, abs=SIX_DIGITS)
    assert terms.kl_1 == pytest.approx(2.295138, abs=SIX_DIGITS)
    assert terms.kl_2 == pytest.approx(0.631737, abs=SIX_DIGITS)
    assert terms.bound == pytest.approx(-4.444664, abs=SIX_DIGITS)
    assert terms.bound == pytest.approx(
        MODEL.log_marginal(X) - MODEL.gap("factored"), abs=1e-12
    )


def test_the_bound_at_the_mean_above_is_no_bound():
    _, (_, variance) = second = MODEL.best_factored(X)
    terms = MODEL.terms(X, *second)
    assert terms.kl_1_at_mean == pytest.approx(1.856114, abs=SIX_DIGITS)
    assert terms.invalid == pytest.approx(-4.005640, abs=SIX_DIGITS)
    assert terms.invalid > MODEL.log_marginal(X)
    difference = MODEL.top @ MODEL.top * variance[0, 0] / (2 * 0.25)
    assert terms.kl_1 - terms.kl_1_at_mean == pytest.approx(difference, abs=1e-12)
    assert difference == pytest.approx(0.439024, abs=SIX_DIGITS)


def test_first_divergence_is_its_average_by_quadrature():
    (mean, covariance), (above, variance) = MODEL.best_factored(X)

    def divergence(z):
        shift = mean - MODEL.top * z
        value = (np.trace(covariance) + shift @ shift) / 0.25 - 2
        return 0.5 * (value + 2 * np.log(0.25) - np.linalg.slogdet(covariance)[1])

    density = stats.norm(above[0], variance[0, 0] ** 0.5)
    average, _ = integrate.quad(lambda z: divergence(z) * density.pdf(z), -5, 5)
    terms = MODEL.terms(X, *MODEL.best_factored(X))
    assert terms.kl_1 == pytest.approx(average, abs=1e-9)
    assert terms.kl_1_at_mean == pytest.approx(divergence(above[0]), abs=1e-12)


def test_variance_is_the_sum_of_what_the_layers_give():
    budget = MODEL.variance_budget()
    assert budget == pytest.approx({"pixels": 0.27, "z_1": 0.6275, "z_2": 1.62})
    assert sum(budget.values()) == pytest.approx(np.trace(MODEL.covariance))
    assert np.trace(MODEL.covariance) == pytest.approx(2.5175)


def test_a_single_layer_has_the_same_evidence_for_every_x():
    random = np.random.default_rng(0)
    samples = random.normal(size=(20, 3))
    root = np.linalg.cholesky(MODEL.layer_covariance)
    weights = MODEL.weights @ root  # z_1 = root e with e standard normal: one layer
    single = stats.multivariate_normal(cov=weights @ weights.T + 0.09 * np.eye(3))
    chain = [MODEL.log_marginal(x) for x in samples]
    np.testing.assert_allclose(single.logpdf(samples), chain, atol=1e-10)


def test_the_chain_without_layer_two_leaves_the_data_invariant_and_finds_it():
    start = MODEL.covariance
    np.testing.assert_allclose(MODEL.gibbs_step(start), start, atol=1e-14)
    covariance = 5.0 * np.eye(3)
    for _ in range(200):
        covariance = MODEL.gibbs_step(covariance)
    np.testing.assert_allclose(covariance, start, atol=2e-8)


def joint_of_a_ladder(heads):
    """Mean and covariance of (z_1, z_2) under diagonal heads merged with the priors.

    The mean of z_1 is affine in z_2, so two values of z_2 tell it.
    """
    (mean_1, scale_1), (mean_2, scale_2) = heads
    above, above_scale = map(
        np.asarray, theory.precision_merge(mean_2, scale_2, 0.0, 1.0)
    )
    at = [
        theory.precision_merge(mean_1, scale_1, MODEL.top * z, np.full(2, 0.5))
        for z in (above[0], above[0] + 1.0)
    ]
    slope = np.append(np.asarray(at[1][0] - at[0][0]), 1.0)
    covariance = np.outer(slope, slope) * above_scale[0] ** 2
    covariance[:2, :2] += np.diag(np.asarray(at[0][1]) ** 2)
    return np.append(np.asarray(at[0][0]), above), covariance


def divergence_from_the_posterior(mean, covariance):
    """KL of two Gaussians by the general formula."""
    target, spread = MODEL.posterior(X)
    shift = mean - target
    precision = np.linalg.inv(spread)
    value = np.trace(precision @ covariance) + shift @ precision @ shift - 3
    return 0.5 * (value - np.linalg.slogdet(precision @ covariance)[1])


def test_the_best_diagonal_ladder_closes_a_part_of_the_gap():
    gap = MODEL.gap("ladder")
    assert gap == pytest.approx(0.0574319, abs=1e-6)
    assert 1 - gap / MODEL.gap("factored") == pytest.approx(0.62, abs=0.005)
    heads = MODEL.best_ladder(X)
    found = divergence_from_the_posterior(*joint_of_a_ladder(heads))
    assert found == pytest.approx(gap, abs=1e-9)


def test_no_other_diagonal_ladder_is_better():
    heads = MODEL.best_ladder(X)
    rng = np.random.default_rng(0)
    for _ in range(50):
        other = [
            (
                mean + rng.normal(0, 0.05, mean.shape),
                scale * np.exp(rng.normal(0, 0.1, scale.shape)),
            )
            for mean, scale in heads
        ]
        found = divergence_from_the_posterior(*joint_of_a_ladder(other))
        assert found > MODEL.gap("ladder")
