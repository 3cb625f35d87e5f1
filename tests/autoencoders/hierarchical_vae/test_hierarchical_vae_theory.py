"""The chain's equations against TensorFlow Probability, NumPy and sampling."""

import numpy as np
import pytest
import tensorflow_probability as tfp

from lessons.autoencoders.hierarchical_vae import theory, theory_linear

tfd = tfp.distributions
FLOAT64 = 1e-10
random = np.random.default_rng(0)


def gaussians(*shape):
    return random.normal(size=shape), random.uniform(0.2, 2.0, size=shape)


def toy_chain():
    """Priors of the toy as functions, and its best factored diagonal q."""
    model, x = theory_linear.toy()
    priors = [
        lambda above: (above * model.top, 0.5 * np.ones((len(above), 2))),
        lambda _: (np.zeros((1, 1)), np.ones((1, 1))),
    ]
    return model, x, priors


def test_kl_is_that_of_tensorflow_probability():
    mean, scale = gaussians(5, 4)
    above, spread = gaussians(5, 4)
    expected = tfd.kl_divergence(
        tfd.MultivariateNormalDiag(mean, scale),
        tfd.MultivariateNormalDiag(above, spread),
    )
    found = theory.gaussian_kl(mean, scale, above, spread)
    np.testing.assert_allclose(found, expected, rtol=FLOAT64)
    assert np.allclose(theory.gaussian_kl(mean, scale, mean, scale), 0, atol=FLOAT64)
    assert not np.allclose(found, theory.gaussian_kl(above, spread, mean, scale))


def test_kl_of_maps_sums_over_places_and_channels():
    mean, scale = gaussians(3, 2, 2, 4)
    flat = theory.gaussian_kl(
        mean.reshape(3, -1), scale.reshape(3, -1), np.zeros((3, 16)), np.ones((3, 16))
    )
    found = theory.gaussian_kl(mean, scale, np.zeros_like(mean), np.ones_like(mean))
    np.testing.assert_allclose(found, flat, rtol=FLOAT64)


def test_merge_is_the_normalised_product_of_densities():
    mean, scale = theory.precision_merge(1.0, 0.5, -0.5, 1.0)
    assert float(mean) == pytest.approx(0.7) and float(scale**2) == pytest.approx(0.2)
    grid = np.linspace(-8.0, 8.0, 20_001)
    product = tfd.Normal(1.0, 0.5).prob(grid) * tfd.Normal(-0.5, 1.0).prob(grid)
    product = np.asarray(product, np.float64)
    product /= product.sum() * (grid[1] - grid[0])
    merged = np.asarray(tfd.Normal(0.7, 0.2**0.5).prob(grid))
    np.testing.assert_allclose(merged, product, atol=1e-5)


def test_merge_with_a_flat_prior_returns_what_is_seen_from_below():
    mean, scale = gaussians(3, 2)
    merged = theory.precision_merge(mean, scale, np.zeros_like(mean), 1e8)
    np.testing.assert_allclose(merged, (mean, scale), rtol=1e-9)


def test_merge_beyond_the_heads_gives_the_toys_top_posterior():
    # q(z_2|x) is the prior times a Gaussian likelihood of z_2: one merge is exact.
    model, x = theory_linear.toy()
    gain = model.weights @ model.top  # x = gain z_2 + noise
    noise = model.covariance - np.outer(gain, gain)
    precision = gain @ np.linalg.solve(noise, gain)
    mean = gain @ np.linalg.solve(noise, x) / precision
    merged, scale = theory.precision_merge(mean, precision**-0.5, 0.0, 1.0)
    expected_mean, covariance = model.posterior(x)
    assert float(merged) == pytest.approx(expected_mean[2])
    assert float(scale) ** 2 == pytest.approx(covariance[2, 2])


def test_sampled_divergences_of_the_toy_are_the_exact_ones():
    model, x, priors = toy_chain()
    (mean, covariance), (above, variance) = model.best_factored(x)
    exact = model.terms(x, (mean, covariance), (above, variance))
    num = 100_000
    # The exact q(z_1|x) has a full block; its KL is the diagonal one's plus a constant.
    scale = np.sqrt(np.diag(covariance))
    constant = 0.5 * (np.log(np.prod(scale**2)) - np.linalg.slogdet(covariance)[1])
    posteriors = [
        (np.tile(mean, (num, 1)), np.tile(scale, (num, 1))),
        (np.tile(above, (num, 1)), np.full((num, 1), variance[0, 0] ** 0.5)),
    ]
    noise = [random.normal(size=(num, 2)), random.normal(size=(num, 1))]
    samples, used, seen = theory.infer(posteriors, priors, noise)
    first, second = (np.asarray(kl) for kl in theory.layer_kls(used, seen))
    error = first.std() / num**0.5
    assert abs(first.mean() + constant - exact.kl_1) < 4 * error
    assert abs(first.mean() + constant - exact.kl_1_at_mean) > 40 * error
    np.testing.assert_allclose(second, exact.kl_2, rtol=1e-9)
    np.testing.assert_allclose(np.mean(samples[0], axis=0), mean, atol=0.01)


def test_ladder_merges_with_the_prior_at_the_sample_above():
    _, _, priors = toy_chain()
    posteriors = [gaussians(6, 2), gaussians(6, 1)]
    noise = [random.normal(size=(6, 2)), random.normal(size=(6, 1))]
    samples, used, seen = theory.infer(posteriors, priors, noise, ladder=True)
    top = theory.precision_merge(*posteriors[1], 0.0, 1.0)
    np.testing.assert_allclose(used[1], top)
    np.testing.assert_allclose(samples[1], top[0] + top[1] * noise[1])
    np.testing.assert_allclose(seen[0][0], samples[1] * np.array([1.2, -0.6]))
    for (_, merged), (_, below), (_, above) in zip(used, posteriors, seen, strict=True):
        assert np.all(merged < below) and np.all(merged < above)


@pytest.mark.parametrize(("vary", "term"), [(1, "z_1"), (2, "z_2")])
def test_one_layer_that_draws_gives_its_term_of_the_variance(vary, term):
    model, _, priors = toy_chain()
    noise = [random.normal(size=(200_000, 2)), random.normal(size=(200_000, 1))]
    z = np.asarray(theory.sample_chain(priors, noise, vary)) * np.ones((200_000, 1))
    spread = (z @ model.weights.T).var(axis=0).sum()
    assert spread == pytest.approx(model.variance_budget()[term], rel=0.02)


def test_the_chain_draws_all_layers_or_none():
    model, _, priors = toy_chain()
    noise = [random.normal(size=(200_000, 2)), random.normal(size=(200_000, 1))]
    z = np.asarray(theory.sample_chain(priors, noise, "all"))
    np.testing.assert_allclose(np.cov(z.T), model.layer_covariance, atol=0.02)
    np.testing.assert_array_equal(theory.sample_chain(priors, noise, None), [[0, 0]])


def test_free_bits_floor_the_batch_mean_and_not_the_examples():
    kl = np.array([0.1, 0.2, 3.0])  # mean 1.1
    np.testing.assert_array_equal(theory.free_bits(kl, 1.0), kl)
    floored = np.asarray(theory.free_bits(kl, 2.0))
    np.testing.assert_array_equal(floored, [2.0, 2.0, 2.0])
    assert np.maximum(kl, 1.0).mean() > np.mean(theory.free_bits(kl, 1.0))


def test_warm_up_rises_to_one_and_stays():
    weights = [theory.warm_up(epoch, 4) for epoch in range(7)]
    assert weights == [0, 0.25, 0.5, 0.75, 1, 1, 1]
    assert theory.warm_up(0, 0) == 1


def test_bound_subtracts_every_layer_once():
    bound = theory.hierarchical_bound(np.array([1.0, 2.0]), [np.ones(2), np.ones(2)])
    np.testing.assert_array_equal(bound, [-1.0, 0.0])
    half = theory.hierarchical_bound(np.array([1.0]), [np.ones(1)], weight=0.5)
    np.testing.assert_array_equal(half, [0.5])


def test_deviations_start_at_one_and_have_a_floor():
    assert float(theory.positive(np.float64(0.0))) == pytest.approx(1.0, abs=1e-6)
    assert pytest.approx(0.541325, abs=1e-6) == theory.UNIT_SHIFT
    for scale in (0.0011, 0.25, 1.0, 40.0):
        raw = np.float64(theory.positive_inverse(scale))
        assert float(theory.positive(raw)) == pytest.approx(scale)
    lowest = float(theory.positive(np.float64(-1e4)))
    assert lowest == pytest.approx(theory.SMALLEST_SCALE)


def test_gaussian_likelihood_is_the_density_of_all_pixels():
    x, mean = random.normal(size=(2, 3, 2, 2, 1))
    scale = random.uniform(0.1, 1.0, size=(2, 2, 1))
    expected = tfd.Independent(tfd.Normal(mean, scale), 3).log_prob(x)
    found = theory.gaussian_log_likelihood(x, mean, scale)
    np.testing.assert_allclose(found, expected, rtol=FLOAT64)


def test_uniform_prediction_costs_eight_bits_a_value():
    x = random.integers(0, 256, size=(2, 4, 4, 3)) / 255
    logits = np.zeros((2, 4, 4, 3, 256))
    found = theory.categorical_log_likelihood(x.astype("float32"), logits)
    np.testing.assert_allclose(found, -48 * 8 * np.log(2), rtol=1e-6)


def test_categorical_likelihood_picks_the_value_of_each_pixel():
    index = random.integers(0, 5, size=(3, 2, 2, 1))
    logits = random.normal(size=(3, 2, 2, 1, 5))
    expected = tfd.Independent(tfd.Categorical(logits=logits), 3).log_prob(index)
    found = theory.categorical_log_likelihood((index / 4).astype("float32"), logits)
    np.testing.assert_allclose(found, expected, rtol=1e-5)
