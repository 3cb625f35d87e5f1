"""The bounds and estimators against closed forms, TFP and finite differences."""

import math

import numpy as np
import pytest
import tensorflow_probability as tfp
from scipy import special

from lessons.autoencoders.vae import theory, theory_linear

tfd = tfp.distributions
EXACT = 1e-12  # float64 arithmetic of numbers near one
FLOAT64 = 1e-9  # sums of many terms
STANDARD_ERRORS = 4  # a Monte Carlo mean is allowed this many

TOY = theory_linear.LinearGaussian(
    np.array([[1.0, 0.5], [0.3, -0.8], [0.7, 0.2]]), np.zeros(3), 0.25
)
X = np.array([0.5, -1.0, 1.5])


@pytest.fixture
def random():
    return np.random.default_rng(7)


def test_kl_is_that_of_tensorflow_probability(random):
    mean, scale = random.normal(size=(6, 4)), random.gamma(2.0, size=(6, 4)) + 0.05
    prior = tfd.MultivariateNormalDiag(np.zeros(4), np.ones(4))
    expected = tfd.kl_divergence(tfd.MultivariateNormalDiag(mean, scale), prior)
    np.testing.assert_allclose(theory.gaussian_kl(mean, scale), expected, rtol=FLOAT64)


def test_kl_is_zero_only_at_the_prior(random):
    at_prior = theory.gaussian_kl(np.zeros((1, 3)), np.ones((1, 3)))
    shifted = theory.gaussian_kl(np.full((1, 1), math.sqrt(3)), np.ones((1, 1)))
    assert float(at_prior[0]) == 0
    assert float(shifted[0]) == pytest.approx(1.5, abs=EXACT)
    other = theory.gaussian_kl(
        random.normal(size=(500, 3)), random.gamma(1.0, size=(500, 3)) + 1e-3
    )
    assert np.min(other) > 0


def test_log_likelihood_is_that_of_a_normal(random):
    x, y = random.normal(size=(2, 5, 4, 4, 1))
    expected = tfd.Independent(tfd.Normal(y, math.sqrt(0.3)), 3).log_prob(x)
    np.testing.assert_allclose(
        theory.gaussian_log_likelihood(x, y, 0.3), expected, rtol=FLOAT64
    )


def test_negative_elbo_is_cost_plus_constant(random):
    x, y = random.normal(size=(2, 5, 7))
    mean, scale = random.normal(size=(5, 2)), random.gamma(2.0, size=(5, 2))
    for beta in (0.0, 1.0, 4.0):
        cost = theory.cost(x, y, mean, scale, 0.2, beta)
        elbo = theory.elbo(x, y, mean, scale, 0.2, beta)
        constant = theory.likelihood_constant(7, 0.2)
        np.testing.assert_allclose(-np.asarray(elbo), cost + constant, rtol=FLOAT64)


@pytest.mark.parametrize(("pixels", "constant"), [(784, 448.7341), (64, 36.6314)])
def test_constant_at_one_half_is_the_sheets(pixels, constant):
    assert theory.likelihood_constant(pixels, 0.5) == pytest.approx(constant, abs=5e-5)


def test_source_cost_is_error_plus_kl_at_one_half(random):
    x, y = random.normal(size=(2, 5, 7))
    mean, scale = random.normal(size=(5, 2)), random.gamma(2.0, size=(5, 2))
    kl = np.asarray(theory.gaussian_kl(mean, scale))
    expected = np.sum((x - y) ** 2, axis=1) + kl
    np.testing.assert_allclose(
        theory.cost(x, y, mean, scale, 0.5), expected, rtol=FLOAT64
    )


def test_log_density_is_that_of_tensorflow_probability(random):
    z, mean = random.normal(size=(2, 5, 3))
    scale = random.gamma(2.0, size=(5, 3))
    expected = tfd.MultivariateNormalDiag(mean, scale).log_prob(z)
    actual = theory.diagonal_log_density(z, mean, scale)
    np.testing.assert_allclose(actual, expected, rtol=FLOAT64)


def test_sampled_elbo_averages_to_the_closed_form(random):
    mean, scale = TOY.best_diagonal(X)
    z = mean + scale * random.standard_normal((200_000, 2))
    ones = np.ones((len(z), 1))
    samples = theory.elbo(ones * X, z @ TOY.weights.T, ones * mean, ones * scale, 0.25)
    samples = np.asarray(samples)
    exact = TOY.elbo(X, mean, np.diag(scale**2))[0]
    error = samples.std() / math.sqrt(len(z))
    assert abs(samples.mean() - exact) < STANDARD_ERRORS * error


def test_iwae_of_one_sample_is_that_log_weight(random):
    log_weights = random.normal(size=(1, 6))
    np.testing.assert_allclose(
        theory.iwae_bound(log_weights), log_weights[0], rtol=EXACT
    )


def test_iwae_matches_scipy_and_survives_extremes(random):
    log_weights = random.normal(size=(9, 6)) * 5 - 2000
    expected = special.logsumexp(log_weights, axis=0) - math.log(9)
    np.testing.assert_allclose(theory.iwae_bound(log_weights), expected, rtol=FLOAT64)


def test_iwae_moves_with_a_constant(random):
    log_weights = random.normal(size=(9, 6))
    shifted = np.asarray(theory.iwae_bound(log_weights + 123.0)) - 123.0
    np.testing.assert_allclose(shifted, theory.iwae_bound(log_weights), atol=FLOAT64)


def test_iwae_bounds_rise_to_the_evidence_at_the_stated_values(random):
    mean, scale = TOY.best_diagonal(X)
    expected = {1: -5.61851, 2: -5.60062, 5: -5.58913, 10: -5.58478, 20: -5.58244}
    means = []
    for count, value in expected.items():
        z = mean + scale * random.standard_normal((count, 60_000, 2))
        log_q = np.asarray(theory.diagonal_log_density(z, mean, scale))
        samples = np.asarray(theory.iwae_bound(TOY.log_joint(X, z) - log_q))
        error = samples.std() / math.sqrt(samples.size)
        # The sheet's own values carry an error of up to 15e-5.
        assert abs(samples.mean() - value) < STANDARD_ERRORS * error + 15e-5
        means.append(samples.mean())
    assert np.all(np.diff(means) > 0)
    assert means[-1] < TOY.log_marginal(X)[0]


@pytest.mark.parametrize(("d", "variance"), [(1, 30), (2, 56), (5, 182), (10, 552)])
def test_score_function_variance_grows_and_pathwise_stays(random, d, variance):
    noise = random.standard_normal((400_000, d))
    path, _ = theory.pathwise_gradient(lambda z: 2 * z, np.ones(d), np.ones(d), noise)
    score, _ = theory.score_function_gradient(
        lambda z: np.sum(np.square(z), -1), np.ones(d), np.ones(d), noise
    )
    path, score = np.asarray(path)[:, 0], np.asarray(score)[:, 0]
    for samples in (path, score):
        error = samples.std() / math.sqrt(len(samples))
        assert abs(samples.mean() - 2) < STANDARD_ERRORS * error
    # The variance of a variance estimate is not normal; 5 % is over 4 sigma here.
    assert path.var() == pytest.approx(4, rel=0.02)
    assert score.var() == pytest.approx(variance, rel=0.05)


def test_baseline_changes_the_variance_not_the_mean(random):
    noise = random.standard_normal((400_000, 1))
    score, _ = theory.score_function_gradient(
        lambda z: np.sum(np.square(z), -1), np.ones(1), np.ones(1), noise, baseline=2.0
    )
    score = np.asarray(score)[:, 0]
    assert score.mean() == pytest.approx(2, abs=4 * math.sqrt(18 / 400_000))
    assert score.var() == pytest.approx(18, rel=0.05)


def test_both_estimators_agree_on_the_scale(random):
    # d/ds E||mu + s eps||^2 = 2 s, per dimension.
    mean, scale = np.array([0.3]), np.array([0.7])
    noise = random.standard_normal((400_000, 1))
    _, path = theory.pathwise_gradient(lambda z: 2 * z, mean, scale, noise)
    _, score = theory.score_function_gradient(
        lambda z: np.sum(np.square(z), -1), mean, scale, noise
    )
    for samples in (np.asarray(path), np.asarray(score)):
        error = samples.std() / math.sqrt(len(noise))
        assert abs(samples.mean() - 1.4) < STANDARD_ERRORS * error


def test_kl_floor_holds_for_any_normalised_means(random):
    for _ in range(50):
        raw = random.normal(size=(30, 4)) * random.gamma(1.0, size=4)
        gamma, shift = random.normal(size=(2, 4))
        variance = raw.var(axis=0)
        mean = gamma * (raw - raw.mean(0)) / np.sqrt(variance + 1e-3) + shift
        scale = random.gamma(2.0, size=(30, 4)) + 1e-3
        floor = theory.normalized_kl_floor(gamma, shift, variance, 1e-3)
        assert np.mean(theory.gaussian_kl(mean, scale)) >= float(floor) - FLOAT64


@pytest.mark.parametrize(("latent", "nats"), [(384, 192), (16, 8)])
def test_kl_floor_at_the_start_is_half_the_latents(latent, nats):
    floor = theory.normalized_kl_floor(np.ones(latent), np.zeros(latent))
    assert float(floor) == pytest.approx(nats, abs=EXACT)
    assert float(theory.normalized_kl_floor(np.zeros(latent), np.zeros(latent))) == 0
