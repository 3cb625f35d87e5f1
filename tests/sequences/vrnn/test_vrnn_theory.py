"""Bounds, estimates, densities of outputs, and the chain that is solved exactly."""

import numpy as np
import pytest
import tensorflow as tf
import tensorflow_probability as tfp
from scipy import integrate, stats

from lessons.sequences.vrnn import theory, theory_linear, theory_outputs

tfd = tfp.distributions
X = np.array([1, -0.5, 0.8, 0.3, -1.2])
CHAIN = theory_linear.Chain()


def test_padding_adds_nothing_even_where_it_is_no_number():
    log_prob = np.array([[-1.0, np.nan, -2.0], [np.inf, -3.0, -1.0], [np.nan] * 3])
    kl = np.array([[0.5, np.inf, 0.25], [1.0, 1.0, 1.0], [0.0] * 3])
    for dtype in (bool, int, float):
        mask = np.array([[1, 0, 1], [0, 1, 1], [0, 0, 0]], dtype)
        found = np.asarray(theory.sequence_bound(log_prob, kl, mask))
        np.testing.assert_allclose(found, [-3.75, -6, 0])
    weights = theory.path_log_weight(log_prob, kl, 2 * kl, mask)
    np.testing.assert_allclose(weights, [-3.75, -6, 0])
    assert np.asarray(theory.sequence_bound(log_prob[:1, :1], kl[:1, :1])) == [-1.5]


def test_selected_inputs_keep_gradients_finite():
    x, mask = tf.constant([[1.0, 0.0]]), [[True, False]]
    with tf.GradientTape() as tape:
        tape.watch(x)
        log = theory.sequence_bound(tf.math.log(theory.selected(x, mask, 1.0)), 0.0)
    assert np.asarray(tape.gradient(log, x)).tolist() == [[1.0, 0.0]]


def test_importance_weights_are_of_whole_paths():
    weights = np.log([[[0.2, 0.5], [0.3, 0.1]], [[0.8, 0.1], [0.6, 0.9]]])  # S, B, T
    whole = np.log(np.exp(weights.sum(axis=2)).mean(axis=0))
    found = theory.importance_weighted(weights.sum(axis=2))
    np.testing.assert_allclose(found, whole)
    by_step = np.log(np.exp(weights).mean(axis=0)).sum(axis=1)
    assert np.abs(by_step - whole).max() > 0.1  # control: another quantity
    assert float(theory.importance_weighted(np.array([[-2000.0]] * 3))[0]) == -2000


def test_full_gaussian_is_tensorflow_probabilitys():
    rng = np.random.default_rng(0)
    x, mean = rng.normal(size=(2, 4, 5)).astype("float32")
    scale = rng.uniform(0.3, 2, (4, 5)).astype("float32")
    mixing = rng.normal(size=(4, 5, 5)).astype("float32")
    inverse = np.linalg.inv(np.eye(5) - np.tril(mixing, -1))
    lower = scale[..., None] * inverse
    reference = tfd.MultivariateNormalTriL(mean, lower.astype("float32")).log_prob(x)
    found = theory.full_gaussian_log_prob(x, mean, scale, mixing)
    np.testing.assert_allclose(found, reference, rtol=2e-4)
    exact = stats.multivariate_normal(mean[0], lower[0] @ lower[0].T).logpdf(x[0])
    given = (np.float64(a[0]) for a in (x, mean, scale, mixing))
    precise = float(theory.full_gaussian_log_prob(*given))
    assert precise == pytest.approx(exact, rel=1e-9)  # float64 is kept
    plain = theory.full_gaussian_log_prob(x, mean, scale, 0 * mixing)
    expected = stats.norm(mean, scale).logpdf(x).sum(axis=-1)
    np.testing.assert_allclose(plain, expected, rtol=1e-5)


def test_pen_and_symbols_are_tensorflow_probabilitys():
    rng = np.random.default_rng(1)
    x = np.concatenate([rng.normal(size=(3, 2)), [[0], [1], [1]]], axis=1)
    logits, rho = rng.normal(size=(3, 2)), rng.uniform(-0.8, 0.8, (3, 2))
    means, scales = rng.normal(size=(3, 2, 2)), rng.uniform(0.4, 2, (3, 2, 2))
    pen = rng.normal(size=3)
    expected = []
    for b in range(3):
        p = np.exp(logits[b]) / np.exp(logits[b]).sum()
        total = 0.0
        for k in range(2):
            cross = rho[b, k] * scales[b, k].prod()
            cov = np.diag(scales[b, k] ** 2) + cross * (1 - np.eye(2))
            total += p[k] * stats.multivariate_normal(means[b, k], cov).pdf(x[b, :2])
        lifted = 1 / (1 + np.exp(-pen[b]))
        expected.append(np.log(total) + np.log(lifted if x[b, 2] else 1 - lifted))
    found = theory.pen_log_prob(x, logits, means, scales, rho, pen)
    np.testing.assert_allclose(found, expected, rtol=1e-5)
    symbols, scores = np.array([[0, 2]]), rng.normal(size=(1, 2, 3))
    reference = tfd.Categorical(logits=scores).log_prob(symbols)
    found = theory.symbol_log_prob(symbols, scores)
    np.testing.assert_allclose(found, reference, rtol=1e-5)


def test_the_chain_s_likelihood_three_ways():
    exact = theory_linear.log_likelihood(X, CHAIN)
    assert exact == pytest.approx(-7.543973591, abs=5e-10)
    assert theory_linear.kalman(X, CHAIN) == pytest.approx(exact, abs=1e-12)
    law = tfd.LinearGaussianStateSpaceModel(
        5, np.array([[0.9]]), tfd.MultivariateNormalDiag(np.zeros(1), np.ones(1)),
        np.eye(1), tfd.MultivariateNormalDiag(np.zeros(1), np.full(1, 0.5**0.5)),
        tfd.MultivariateNormalDiag(np.zeros(1), np.ones(1)),
    )  # fmt: skip
    assert float(law.log_prob(X[:, None])) == pytest.approx(exact, abs=1e-12)
    # Control: 0.5 taken for the standard deviation is 0.0049 away.
    wrong = theory_linear.log_likelihood(X, CHAIN._replace(r=0.25))
    assert wrong == pytest.approx(-7.548863, abs=1e-6)


def test_the_causal_bound_by_paths_and_by_its_parts():
    log_probs, divergences = theory_linear.causal_bound(X, CHAIN)
    assert log_probs.sum() - divergences.sum() == pytest.approx(-7.783149126, abs=5e-10)
    expected = [0.438195, 0.544862, 0.469462, 0.286467, 0.790741]
    np.testing.assert_allclose(divergences, expected, atol=5e-7)
    rng = np.random.default_rng(0)
    log_p, log_prior, log_q = theory_linear.sampled_paths(X, CHAIN, 200_000, rng)
    weights = (log_p + log_prior - log_q).sum(axis=1)
    error = 4 * weights.std() / len(weights) ** 0.5
    assert weights.mean() == pytest.approx(-7.783149, abs=error) and error < 0.02
    np.testing.assert_allclose(log_p.mean(axis=0), log_probs, atol=0.02)
    np.testing.assert_allclose((log_q - log_prior).mean(0), divergences, atol=0.02)
    many = np.log(np.mean(np.exp(weights.reshape(-1, 1000)), axis=1)).mean()
    exact = theory_linear.log_likelihood(X, CHAIN)
    assert many == pytest.approx(exact, abs=0.005) and exact - weights.mean() > 0.2


def test_a_leak_of_the_present_into_the_prior_breaks_the_bound():
    exact = theory_linear.log_likelihood(X, CHAIN)
    found = {}
    for leak in (0.0, 0.5):
        rng = np.random.default_rng(0)
        terms = theory_linear.sampled_paths(X, CHAIN, 20_000, rng, leak=leak)
        found[leak] = np.mean((terms[0] + terms[1] - terms[2]).sum(axis=1))
    assert found[0.0] < exact - 0.2 and found[0.5] > exact + 0.5


def test_a_causal_posterior_cannot_be_tight():
    filtered, smoothed = theory_linear.filter_and_smoother(CHAIN)
    assert (filtered, smoothed) == pytest.approx((1 / 3, 0.2824859), abs=1e-7)
    assert theory_linear.causal_gap(smoothed, CHAIN) == pytest.approx(0.09, abs=1e-12)
    assert theory_linear.causal_gap(filtered, CHAIN) == pytest.approx(
        0.097243, abs=1e-6
    )
    # By simulation: KL(q(z1|x1) || p(z1|x1,x2)) over x2 drawn given x1.
    rng = np.random.default_rng(0)
    z1 = 0.4 + np.sqrt(filtered) * rng.normal(size=400_000)
    x2 = 0.9 * z1 + np.sqrt(1.5) * rng.normal(size=len(z1))
    smoothed_mean = 0.4 + 0.9 * filtered / (0.81 * filtered + 1.5) * (x2 - 0.36)
    kl = 0.5 * ((0.4 - smoothed_mean) ** 2) / smoothed
    assert kl.mean() == pytest.approx(0.09, abs=0.001)
    without = CHAIN._replace(a=0.0)
    filtered, smoothed = theory_linear.filter_and_smoother(without)
    assert theory_linear.causal_gap(smoothed, without) == 0  # control: no past


def test_what_simple_outputs_lose():
    assert theory_outputs.unimodal_loss(0.1) == pytest.approx(1.614413, abs=5e-7)

    def truth(x):
        return stats.norm(1, 0.1).pdf(x) / 2 + stats.norm(-1, 0.1).pdf(x) / 2

    def part(x):
        return truth(x) * (np.log(truth(x)) - stats.norm(0, 1.01**0.5).logpdf(x))

    found = integrate.quad(part, 0.2, 1.8, limit=200)[0] * 2
    assert found == pytest.approx(1.614413, abs=1e-6)
    for dim, expected in ((2, 1.624265), (16, 28.111675), (200, 388.5773)):
        loss = theory_outputs.one_factor_loss(dim, 0.02)
        assert loss == pytest.approx(expected, rel=1e-6)
        covariance = np.ones((dim, dim)) + 0.02 * np.eye(dim)
        assert theory_outputs.diagonal_loss(covariance) == pytest.approx(loss, abs=1e-8)
    assert theory_outputs.diagonal_loss(np.diag([1.0, 5.0])) == pytest.approx(0)
