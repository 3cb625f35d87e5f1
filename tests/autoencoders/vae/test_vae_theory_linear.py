"""The linear Gaussian model against scipy, scikit-learn and its own definition."""

import numpy as np
import pytest
from scipy import integrate, stats
from sklearn.datasets import load_digits
from sklearn.decomposition import PCA, FactorAnalysis

from lessons.autoencoders.vae import theory_linear

EXACT = 1e-12
STATED = 1e-6  # the sheet's numbers have six decimals
TOY = theory_linear.LinearGaussian(
    np.array([[1.0, 0.5], [0.3, -0.8], [0.7, 0.2]]), np.zeros(3), 0.25
)
X = np.array([0.5, -1.0, 1.5])


@pytest.fixture(scope="module")
def pixels():
    return load_digits().data / 16.0


@pytest.fixture(scope="module")
def eigenvalues(pixels):
    return np.linalg.eigvalsh(np.cov(pixels.T, bias=True))[::-1]


def test_evidence_is_a_gaussian_density():
    covariance = TOY.weights @ TOY.weights.T + 0.25 * np.eye(3)
    expected = stats.multivariate_normal(np.zeros(3), covariance).logpdf(X)
    assert TOY.log_marginal(X)[0] == pytest.approx(expected, abs=EXACT)
    assert TOY.log_marginal(X)[0] == pytest.approx(-5.580018, abs=STATED)


def test_evidence_is_the_integral_of_the_joint():
    def joint(b, a):
        return np.exp(TOY.log_joint(X, np.array([[a, b]]))[0])

    integral = integrate.dblquad(joint, -8, 8, -8, 8, epsabs=1e-9)[0]
    assert np.log(integral) == pytest.approx(TOY.log_marginal(X)[0], abs=1e-6)


def test_posterior_is_the_stated_one():
    mean, covariance = TOY.posterior(X)
    np.testing.assert_allclose(mean[0], [0.467640, 0.985546], atol=STATED)
    m = TOY.weights.T @ TOY.weights + 0.25 * np.eye(2)
    np.testing.assert_allclose(covariance, 0.25 * np.linalg.inv(m), atol=EXACT)


def test_bound_is_tight_at_the_posterior_and_loses_the_kl_elsewhere():
    mean, covariance = TOY.posterior(X)
    log_p = TOY.log_marginal(X)[0]
    assert TOY.elbo(X, mean, covariance)[0] == pytest.approx(log_p, abs=EXACT)
    assert TOY.elbo(X, np.zeros(2), np.eye(2))[0] == pytest.approx(
        -12.697374, abs=STATED
    )


def test_best_diagonal_has_the_stated_bound_and_gap():
    mean, scale = TOY.best_diagonal(X)
    np.testing.assert_allclose(scale**2, [0.136612, 0.211864], atol=STATED)
    elbo = TOY.elbo(X, mean, np.diag(scale**2))[0]
    assert elbo == pytest.approx(-5.618510, abs=STATED)
    assert TOY.log_marginal(X)[0] - elbo == pytest.approx(TOY.diagonal_gap(), abs=EXACT)
    assert TOY.diagonal_gap() == pytest.approx(0.0384916, abs=1e-7)
    for factor in (0.9, 1.1):
        worse = TOY.elbo(X, mean, np.diag((factor * scale) ** 2))[0]
        assert worse < elbo


def test_chi_square_is_its_integral():
    # One dimension, unequal means, by quadrature.
    p, q = stats.norm(0.3, 0.5), stats.norm(-0.1, 0.6)
    integral = integrate.quad(lambda z: p.pdf(z) ** 2 / q.pdf(z), -10, 10)[0] - 1
    closed = theory_linear.chi_square(
        np.array([0.3]), np.array([[0.25]]), np.array([-0.1]), np.array([[0.36]])
    )
    assert closed == pytest.approx(integral, rel=1e-8)


def test_chi_square_of_the_toy_and_where_it_is_infinite():
    mean, covariance = TOY.posterior(X)
    diagonal, scale = TOY.best_diagonal(X)
    half = 0.5 * theory_linear.chi_square(
        mean[0], covariance, diagonal[0], np.diag(scale**2)
    )
    assert half == pytest.approx(0.0519085, abs=1e-7)
    assert theory_linear.chi_square(mean[0], covariance, mean[0], covariance) == (
        pytest.approx(0, abs=EXACT)
    )
    for factor, finite in ((0.51, True), (0.49, False)):
        value = theory_linear.chi_square(
            mean[0], covariance, mean[0], factor * covariance
        )
        assert np.isfinite(value) == finite


@pytest.mark.parametrize(
    ("v", "active", "kl"),
    [
        (0.5, 3, 0.341),
        (0.2, 7, 2.286),
        (0.1, 12, 5.479),
        (0.05, 18, 10.647),
        (0.02, 30, 21.676),
        (0.01, 39, 33.544),
    ],
)
def test_collapse_threshold_on_the_digits(eigenvalues, v, active, kl):
    best = theory_linear.linear_optimum(eigenvalues, v)
    assert best.num_active == active
    assert best.kl.sum() == pytest.approx(kl, abs=5e-4)


@pytest.mark.parametrize(
    ("v", "log_p"), [(0.1, -1.6616), (0.05, 11.5407), (0.02, 24.8957)]
)
def test_likelihood_at_the_optimum_is_that_of_the_fitted_model(
    pixels, eigenvalues, v, log_p
):
    best = theory_linear.linear_optimum(eigenvalues, v)
    assert best.log_likelihood == pytest.approx(log_p, abs=5e-5)
    fitted = theory_linear.fit_linear(pixels, v, 64)
    assert fitted.log_marginal(pixels).mean() == pytest.approx(
        best.log_likelihood, abs=1e-8
    )


def test_fitted_model_is_a_maximum(pixels):
    fitted = theory_linear.fit_linear(pixels, 0.1, 5)
    best = fitted.log_marginal(pixels).mean()
    random = np.random.default_rng(0)
    for _ in range(10):
        step = 0.02 * random.standard_normal(fitted.weights.shape)
        other = theory_linear.LinearGaussian(fitted.weights + step, fitted.bias, 0.1)
        assert other.log_marginal(pixels).mean() < best


def test_average_kl_of_the_fitted_model_is_the_formula(pixels, eigenvalues):
    fitted = theory_linear.fit_linear(pixels, 0.1, 12)
    mean, covariance = fitted.posterior(pixels)
    each = 0.5 * (np.diag(covariance) + np.mean(mean**2, axis=0) - 1)
    each -= 0.5 * np.log(np.diag(covariance))
    expected = theory_linear.linear_optimum(eigenvalues, 0.1, 12).kl
    np.testing.assert_allclose(each, expected, atol=1e-9)


def test_beta_moves_the_threshold_like_the_variance(eigenvalues):
    for beta, v in ((4.0, 0.05), (0.5, 0.2)):
        with_beta = theory_linear.linear_optimum(eigenvalues, v, beta=beta)
        with_variance = theory_linear.linear_optimum(eigenvalues, beta * v)
        assert with_beta.num_active == with_variance.num_active
        np.testing.assert_allclose(with_beta.kl, with_variance.kl, atol=EXACT)


@pytest.mark.parametrize(("q", "stated"), [(8, 14.20979), (16, 23.92944)])
def test_likelihood_is_scikit_learns_pca_score(pixels, eigenvalues, q, stated):
    best = theory_linear.linear_optimum(eigenvalues, eigenvalues[q:].mean(), q)
    assert best.log_likelihood == pytest.approx(stated, abs=1e-5)
    # PCA uses the unbiased covariance: 5e-6 apart.
    assert PCA(q).fit(pixels).score(pixels) == pytest.approx(stated, abs=1e-4)


def test_factor_analysis_is_never_worse_than_ppca(pixels, eigenvalues):
    # Factor analysis frees the variance of each pixel: a larger model.
    best = theory_linear.linear_optimum(eigenvalues, eigenvalues[8:].mean(), 8)
    assert FactorAnalysis(8).fit(pixels).score(pixels) > best.log_likelihood


@pytest.mark.parametrize("seed", [0, 1])
def test_exact_training_ends_at_the_formula_from_any_weights(seed):
    rng = np.random.default_rng(seed)
    rotation = np.linalg.qr(rng.normal(size=(7, 7)))[0]
    spectrum = np.array([3.0, 1.1, 0.4, 0.25, 0.15, 0.08, 0.02])
    covariance = rotation * spectrum @ rotation.T
    encoder, scale, decoder = theory_linear.train_linear(covariance, 0.2, 5, rng)
    mean_square = np.sum(encoder @ covariance * encoder, axis=1)
    kl = 0.5 * (scale**2 + mean_square - 1) - np.log(scale)
    expected = theory_linear.linear_optimum(spectrum, 0.2, 5)
    assert expected.num_active == 4  # 0.25 lives with 0.11 nats, 0.15 must die
    np.testing.assert_allclose(np.sort(kl)[::-1], expected.kl, atol=1e-5)
    lengths = np.sort(np.sum(decoder**2, axis=0))[::-1]
    np.testing.assert_allclose(lengths, [2.8, 0.9, 0.2, 0.05, 0], atol=1e-5)
    # The model of the data: what is kept, and v in every other direction.
    model = decoder @ decoder.T + 0.2 * np.eye(7)
    kept = np.where(np.arange(7) < 4, spectrum, 0.2)
    np.testing.assert_allclose(model, rotation * kept @ rotation.T, atol=1e-5)


def test_decomposition_of_two_codes():
    average, information, mismatch = theory_linear.kl_decomposition(
        [0.8, -0.8], [0.6, 0.6]
    )
    assert average == pytest.approx(0.510826, abs=STATED)
    assert information == pytest.approx(0.472486, abs=STATED)
    assert mismatch == pytest.approx(0.038340, abs=STATED)


def test_information_is_between_zero_and_log_n():
    far = theory_linear.kl_decomposition([-9.0, 0.0, 9.0], [0.1, 0.1, 0.1])
    assert far[1] == pytest.approx(np.log(3), abs=1e-6)
    equal = theory_linear.kl_decomposition([0.4, 0.4], [0.7, 0.7])
    assert equal[1] == pytest.approx(0, abs=1e-9)
