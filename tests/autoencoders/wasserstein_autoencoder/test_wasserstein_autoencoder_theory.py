"""Costs, kernels, estimates and losses, against SciPy and paper and pencil."""

import math

import numpy as np
import pytest
from scipy import stats
from scipy.spatial.distance import cdist

from lessons.autoencoders.wasserstein_autoencoder import theory, theory_gaussian
from lessons.toolkit.errors import UserError

EXACT = 1e-12
FLOAT32 = 1e-5
STANDARD_ERRORS = 4


@pytest.fixture
def random():
    return np.random.default_rng(11)


def by_definition(prior, codes, kernel):
    """The U-statistic as nested loops."""
    n, m = len(prior), len(codes)

    def k(a, b):
        return kernel(np.sum((a - b) ** 2))

    total = sum(k(prior[i], prior[j]) for i in range(n) for j in range(n) if i != j)
    value = total / (n * (n - 1))
    total = sum(k(codes[i], codes[j]) for i in range(m) for j in range(m) if i != j)
    value += total / (m * (m - 1))
    return value - 2 * np.mean([[k(a, b) for b in codes] for a in prior])


def test_costs_are_sums_over_pixels_and_roots_of_them(random):
    x, y = random.normal(size=(2, 5, 4, 4, 1))
    expected = np.array([np.sum((a - b) ** 2) for a, b in zip(x, y, strict=True)])
    np.testing.assert_allclose(theory.transport_cost(x, y), expected, rtol=EXACT)
    np.testing.assert_allclose(
        theory.transport_cost(x, y, "euclidean"), np.sqrt(expected), rtol=1e-9
    )
    with pytest.raises(UserError, match="euclidean"):
        theory.transport_cost(x, y, "cosine")


def test_euclidean_cost_has_a_finite_gradient_at_zero():
    import tensorflow as tf

    x = tf.Variable(np.zeros((2, 3)))
    with tf.GradientTape() as tape:
        cost = theory.transport_cost(x, tf.zeros((2, 3), tf.float64), "euclidean")
    assert np.all(np.isfinite(tape.gradient(cost, x)))


def test_distances_are_those_of_scipy_and_not_negative(random):
    x, y = random.normal(size=(6, 3)), random.normal(size=(4, 3))
    np.testing.assert_allclose(
        theory.squared_distances(x, y), cdist(x, y, "sqeuclidean"), rtol=1e-9
    )
    far = (1e4 + random.normal(size=(30, 8))).astype(np.float32)
    assert np.min(theory.squared_distances(far, far)) >= 0


@pytest.mark.parametrize("kernel", [lambda s: 3 / (3 + s), lambda s: np.exp(-s / 2)])
def test_mmd_is_its_definition_for_unequal_sizes(random, kernel):
    z, q = random.normal(size=(5, 2)), random.normal(size=(7, 2)) + 1
    expected = by_definition(z, q, kernel)
    assert float(theory.mmd_u(z, q, kernel)) == pytest.approx(expected, abs=EXACT)


def test_multiscale_kernel_is_a_sum_of_seven(random):
    squared = random.gamma(2.0, size=20)
    expected = sum(16 * s / (16 * s + squared) for s in (0.1, 0.2, 0.5, 1, 2, 5, 10))
    found = theory.multiscale_imq(8)(squared)
    np.testing.assert_allclose(found, expected, rtol=EXACT)
    doubled = theory.multiscale_imq(8, prior_scale=2.0)(4 * squared)
    np.testing.assert_allclose(doubled, expected, rtol=EXACT)


def test_base_constant_is_the_mean_squared_distance_of_prior_draws(random):
    z = random.normal(size=(2, 100_000, 8)) * 1.5
    measured = np.sum((z[0] - z[1]) ** 2, axis=1)
    error = measured.std() / math.sqrt(len(measured))
    assert abs(measured.mean() - 2 * 8 * 1.5**2) < STANDARD_ERRORS * error


def test_u_statistic_has_the_exact_mean_of_two_gaussians(random):
    exact = theory_gaussian.rbf_mmd(1.0, 2)
    assert exact == pytest.approx(0.1023455, abs=1e-7)
    values = []
    for _ in range(400):
        z, q = random.normal(size=(2, 100, 2))
        q = q + [1.0, 0.0]
        values.append(float(theory.mmd_u(z, q, lambda s: theory.rbf_kernel(s, 1.0))))
    error = np.std(values) / math.sqrt(len(values))
    assert abs(np.mean(values) - exact) < STANDARD_ERRORS * error


def test_under_equality_u_is_unbiased_and_v_has_the_stated_bias(random):
    def kernel(squared):
        return theory.rbf_kernel(squared, 1.0)

    draws = random.normal(size=(500, 2, 100, 2))
    u = np.array([float(theory.mmd_u(z, q, kernel)) for z, q in draws])
    v = np.array([float(theory.mmd_v(z, q, kernel)) for z, q in draws])
    assert abs(u.mean()) < STANDARD_ERRORS * u.std() / math.sqrt(len(u))
    bias = 2 / 100 * (1 - 1 / 3)  # E k(z, z') = 1/3 in two dimensions
    assert abs(v.mean() - bias) < STANDARD_ERRORS * v.std() / math.sqrt(len(v))
    assert np.all(v > 0)
    assert 0.5 < np.mean(u < 0) < 0.7  # most estimates of zero are negative
    assert u.std() == pytest.approx(0.0069, rel=0.15)


def test_mmd_does_not_depend_on_the_order(random):
    z, q = random.normal(size=(2, 9, 3))
    kernel = theory.multiscale_imq(3)
    expected = float(theory.mmd_u(z, q, kernel))
    shuffled = float(theory.mmd_u(z[::-1], q[random.permutation(9)], kernel))
    assert shuffled == pytest.approx(expected, abs=EXACT)


def test_one_code_gives_a_finite_number():
    value = theory.mmd_u(np.zeros((1, 2)), np.ones((1, 2)), theory.multiscale_imq(2))
    assert np.isfinite(float(value))


def test_codes_of_another_size_are_refused():
    with pytest.raises(UserError, match="draws and codes"):
        theory.mmd_u(np.zeros((4, 2)), np.zeros((4, 3)), theory.multiscale_imq(2))


def test_median_variance_grows_with_the_codes_spread(random):
    z, q = random.normal(size=(2, 50, 4))
    near = float(theory.median_variance(z, q))
    far = float(theory.median_variance(z, 10 * q))
    expected = np.median(cdist(z, q) ** 2) + np.median(cdist(q, q) ** 2)
    assert near == pytest.approx(expected, rel=1e-9)
    assert far > 20 * near


@pytest.mark.parametrize(
    ("r", "rbf", "imq"),
    [
        (2, 0.195, 0.160),
        (5, 0.131, 0.0952),
        (10, 0.00241, 0.0238),
        (20, 3.5e-11, 0.0037),
    ],
)
def test_far_codes_feel_the_imq_kernel_only(r, rbf, imq):
    step = 1e-5
    for kernel, stated in (
        (lambda s: theory.rbf_kernel(s, 8.0), rbf),
        (lambda s: theory.imq_kernel(s, 16.0), imq),
    ):
        up, down = (float(kernel(np.array((r + s) ** 2))) for s in (step, -step))
        assert (down - up) / (2 * step) == pytest.approx(stated, rel=0.015, abs=1e-12)


def test_discriminator_at_its_best_measures_the_jensen_shannon_divergence(random):
    x, y = random.normal(size=(2, 400_000))
    y = y + 1
    best = [np.asarray(v) for v in (0.5 - x, 0.5 - y)]  # log p / q of N(0,1), N(1,1)
    losses = np.asarray(theory.discriminator_loss(*best))
    exact = 2 * math.log(2) - 2 * theory_gaussian.jensen_shannon(1.0)
    assert exact == pytest.approx(1.1634514, abs=1e-7)
    error = losses.std() / math.sqrt(len(losses))
    assert abs(losses.mean() - exact) < STANDARD_ERRORS * error
    for factor, shift in ((0.8, 0.0), (1.0, 0.2)):
        other = theory.discriminator_loss(*(factor * v + shift for v in best))
        assert np.mean(other) > losses.mean()


def test_gan_losses_are_finite_at_extreme_logits():
    logits = np.array([-1e4, -100.0, 0.0, 100.0, 1e4])
    assert np.all(np.isfinite(theory.discriminator_loss(logits, -logits)))
    assert np.all(np.isfinite(theory.encoder_loss(logits)))
    assert float(theory.discriminator_loss(np.zeros(1), np.zeros(1))[0]) == (
        pytest.approx(2 * math.log(2))
    )


def test_log_prior_is_that_of_scipy(random):
    z = random.normal(size=(6, 3))
    expected = stats.multivariate_normal(np.zeros(3), 4 * np.eye(3)).logpdf(z)
    np.testing.assert_allclose(theory.log_prior(z, 2.0), expected, rtol=1e-9)


def test_moment_gap_sees_means_and_covariances(random):
    z = random.normal(size=(50, 3))
    assert float(theory.moment_gap(z, z)) == 0
    moved = z + [3.0, 0.0, 0.0]
    assert float(theory.moment_gap(z, moved)) == pytest.approx(3.0, rel=1e-9)
    wide = np.cov(2 * z.T) - np.cov(z.T)
    assert float(theory.moment_gap(z, 2 * z)) == pytest.approx(
        np.mean(wide**2) + np.mean(z.mean(0) ** 2), rel=1e-9
    )


def test_squared_penalty_differs_from_the_saturating_form_in_slope():
    # At logit -5 the encoder still gets a gradient of nearly one.
    up, down = (float(theory.encoder_loss(np.array(-5 + s))) for s in (1e-4, -1e-4))
    assert (up - down) / 2e-4 == pytest.approx(-0.9933, abs=1e-4)
    assert up == pytest.approx(5.0067, abs=FLOAT32 * 100)
