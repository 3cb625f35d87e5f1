"""Log densities, KL and samples, against TensorFlow Probability and SciPy."""

import numpy as np
import pytest
import tensorflow as tf
import tensorflow_probability as tfp
from scipy import integrate, stats

from lessons.toolkit import mixtures

tfd = tfp.distributions
EXACT = 1e-11


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def test_diagonal_gaussian_is_scipys(rng):
    x, mean = rng.normal(size=(2, 3, 4, 5))
    scale = rng.uniform(0.1, 3, size=(3, 4, 5))
    expected = stats.norm(mean, scale).logpdf(x).sum(axis=-1)
    found = mixtures.gaussian_log_prob(x, mean, scale)
    np.testing.assert_allclose(found, expected, atol=EXACT)
    # Control: variances taken for standard deviations.
    assert np.abs(mixtures.gaussian_log_prob(x, mean, scale**2) - expected).max() > 1


def test_kl_is_tensorflow_probabilitys_and_has_a_direction(rng):
    mean, other = rng.normal(size=(2, 7, 3))
    scale, other_scale = rng.uniform(0.2, 2, size=(2, 7, 3))
    q = tfd.MultivariateNormalDiag(mean, scale)
    p = tfd.MultivariateNormalDiag(other, other_scale)
    found = mixtures.gaussian_kl(mean, scale, other, other_scale)
    np.testing.assert_allclose(found, tfd.kl_divergence(q, p), atol=EXACT)
    assert np.abs(found - tfd.kl_divergence(p, q)).max() > 0.1
    known = mixtures.gaussian_kl(*(np.array([v]) for v in (0.2, 0.5, -0.3, 1.5)))
    assert float(known) == pytest.approx(0.709723, abs=5e-7)
    assert float(mixtures.gaussian_kl(*np.ones((4, 1)))) == 0


def test_mixture_is_tensorflow_probabilitys(rng):
    shape = (2, 3, 5)  # batch, components, dim: all different
    x, logits = rng.normal(size=(2, 5)), rng.normal(size=(2, 3))
    means, scales = rng.normal(size=shape), rng.uniform(0.2, 2, shape)
    reference = tfd.MixtureSameFamily(
        tfd.Categorical(logits=logits),
        tfd.Independent(tfd.Normal(means, scales), 1),
    )
    found = mixtures.gaussian_mixture_log_prob(x, logits, means, scales)
    np.testing.assert_allclose(found, reference.log_prob(x), atol=EXACT)
    shifted = mixtures.gaussian_mixture_log_prob(x, logits + 7, means, scales)
    np.testing.assert_allclose(found, shifted, atol=EXACT)
    # Control: a mixture for each dimension by itself is another density.
    each = np.log(np.sum(
        tf.nn.softmax(logits).numpy()[..., None]
        * stats.norm(means, scales).pdf(x[:, None]), axis=1)).sum(-1)  # fmt: skip
    assert np.abs(found - each).max() > 0.1


def test_mixture_by_hand_and_far_away():
    log_pi = np.log([[0.2, 0.5, 0.3]])
    means, scales = (np.reshape(v, (1, 3, 1)) for v in ([-1.0, 0, 2], [0.5, 1, 0.2]))
    found = mixtures.gaussian_mixture_log_prob([[1.7]], log_pi, means, scales)
    assert float(found[0]) == pytest.approx(-1.421710, abs=5e-7)
    far = mixtures.gaussian_mixture_log_prob([[1000.0]], log_pi, means, scales)
    assert float(far[0]) == pytest.approx(-500001.612086, abs=1e-5)
    with np.errstate(divide="ignore"):
        plain = np.log(np.sum(np.exp(log_pi) * stats.norm(means, scales).pdf(1e3)))
    assert plain == -np.inf  # control: the sum of densities itself underflows


def test_bivariate_is_scipys_and_integrates_to_one():
    x, mean, scale = ([0.3, -0.7], [0.1, 0.2], [0.5, 1.2])
    found = mixtures.bivariate_log_prob(*(np.array(v) for v in (x, mean, scale, 0.4)))
    covariance = [[0.25, 0.4 * 0.6], [0.4 * 0.6, 1.44]]
    expected = stats.multivariate_normal(mean, covariance).logpdf(x)
    assert float(found) == pytest.approx(expected, abs=EXACT)
    assert expected == pytest.approx(-1.812791, abs=5e-7)
    grid = np.linspace(-9, 9, 1201)
    plane = np.stack(np.meshgrid(grid, grid, indexing="ij"), axis=-1)
    density = np.exp(mixtures.bivariate_log_prob(
        plane, np.array(mean), np.array(scale), np.float64(-0.7)))  # fmt: skip
    total = integrate.simpson(integrate.simpson(density, grid), grid)
    assert total == pytest.approx(1, abs=1e-9)


def test_bivariate_mixture_is_tensorflow_probabilitys(rng):
    x, logits = rng.normal(size=(4, 2)), rng.normal(size=(4, 3))
    means, scales = rng.normal(size=(4, 3, 2)), rng.uniform(0.3, 2, (4, 3, 2))
    rho = rng.uniform(-0.9, 0.9, (4, 3))
    rows = [
        [scales[..., 0], np.zeros((4, 3))],
        [rho * scales[..., 1], np.sqrt(1 - rho**2) * scales[..., 1]],
    ]
    lower = np.stack([np.stack(row, -1) for row in rows], axis=-2)
    reference = tfd.MixtureSameFamily(
        tfd.Categorical(logits=logits), tfd.MultivariateNormalTriL(means, lower)
    )
    found = mixtures.bivariate_mixture_log_prob(x, logits, means, scales, rho)
    np.testing.assert_allclose(found, reference.log_prob(x), atol=EXACT)


def test_saturated_correlations_stay_finite_with_their_gradients():
    raw = tf.constant([-20.0, 0.0, 20.0])
    x = tf.constant([[1.0, 1.0]])
    with tf.GradientTape() as tape:
        tape.watch([raw, x])
        found = mixtures.bivariate_log_prob(x, [0.0, 0], [1.0, 1], tf.tanh(raw))
    gradients = tape.gradient(found, [raw, x])
    assert all(np.all(np.isfinite(value)) for value in (found, *gradients))


def test_half_precision_is_computed_in_float32():
    x, mean, scale = np.float16([[1.0, 2.0]]), np.float16([[1, 2]]), np.float16(1e-4)
    found = mixtures.gaussian_log_prob(x, mean, scale * np.ones_like(x))
    assert found.dtype == "float32"
    assert float(found[0]) == pytest.approx(-np.log(2 * np.pi) - 2 * np.log(1e-4), 1e-3)


def test_components_are_chosen_by_their_weights(rng):
    logits = np.log([0.2, 0.5, 0.3])
    uniform = np.array([0.0, 0.1999, 0.2001, 0.6999, 0.7001, 0.9999])
    found = mixtures.chosen_component(np.tile(logits, (6, 1)), uniform)
    assert found.numpy().tolist() == [0, 0, 1, 1, 2, 2]
    edges = np.array([-np.inf, 0.0, -np.inf])  # only the middle one can be
    found = mixtures.chosen_component(np.tile(edges, (2, 1)), [0.0, 1 - 2**-24])
    assert found.numpy().tolist() == [1, 1]


def test_samples_have_the_moments_of_their_mixture(rng):
    count = 200_000
    pi = np.array([0.3, 0.7])
    means, scales = np.array([[-2.0, 1], [1, 0.5]]), np.array([[0.5, 1], [1, 0.2]])
    rho = np.array([0.8, -0.5])
    uniform, normal = rng.random(count), rng.normal(size=(count, 2))
    many = [np.broadcast_to(v, (count, *v.shape)) for v in (np.log(pi), means, scales)]
    correlated = mixtures.bivariate_mixture_sample(
        *many, np.broadcast_to(rho, (count, 2)), uniform, normal
    )
    plain = mixtures.gaussian_mixture_sample(*many, uniform, normal)
    mean = pi @ means
    for found, correlations in ((correlated, rho), (plain, np.zeros(2))):
        second = sum(
            p * (np.outer(m, m) + np.diag(s**2) + r * s[0] * s[1] * (1 - np.eye(2)))
            for p, m, s, r in zip(pi, means, scales, correlations, strict=True)
        )
        error = 4 * np.sqrt(12 / count)  # fourth moments stay below 12
        np.testing.assert_allclose(np.mean(found, axis=0), mean, atol=error)
        covariance = second - np.outer(mean, mean)
        np.testing.assert_allclose(np.cov(found, rowvar=False), covariance, atol=error)
