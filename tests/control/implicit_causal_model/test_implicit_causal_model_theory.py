"""The equations of the lesson, each by another route."""

import numpy as np
import pytest
import tensorflow as tf
import tensorflow_probability as tfp
from scipy import integrate, stats

from lessons.control.implicit_causal_model import (
    genetics,
    interventions,
    simulators,
    theory,
    theory_routes,
)


def test_genotypes_have_the_law_of_two_draws():
    logits = np.random.default_rng(0).normal(0, 3, (4, 5))
    for copies in (0, 1, 2):
        x = np.full((4, 5), copies)
        found = theory.snp_log_lik(x, logits)
        law = tfp.distributions.Binomial(2.0, logits=logits)
        np.testing.assert_allclose(found, law.log_prob(x.astype(float)), atol=1e-6)
    law = genetics.genotype_law(0.37)
    np.testing.assert_allclose(law, stats.binom.pmf([0, 1, 2], 2, 0.37))


def test_extreme_logits_and_missing_genotypes():
    x = np.array([[2, 0, -1, 1]], np.int8)
    found = theory.snp_log_lik(x, tf.constant([[-800.0, 800, 5, 0]]))
    np.testing.assert_allclose(found, [[-1600, -1600, 0, np.log(0.5)]], rtol=1e-6)


def test_kl_to_the_prior():
    mean, log_sd = np.random.default_rng(1).normal(size=(2, 7))
    normal = tfp.distributions.Normal
    expected = tfp.distributions.kl_divergence(
        normal(mean, np.exp(log_sd)), normal(np.zeros(7), 1.0)
    )
    np.testing.assert_allclose(theory.gaussian_kl(mean, log_sd), expected, atol=1e-6)
    y = np.linspace(-2, 2, 7)
    found = theory.gaussian_nll(y, mean, log_sd)
    np.testing.assert_allclose(found, -stats.norm.logpdf(y, mean, np.exp(log_sd)))


def test_ratio_loss_is_two_cross_entropies():
    r = np.random.default_rng(2).normal(size=(2, 9))
    entropy = tf.nn.sigmoid_cross_entropy_with_logits
    expected = entropy(np.ones(9), r[0]) + entropy(np.zeros(9), r[1])
    np.testing.assert_allclose(theory.ratio_loss(*r), expected, atol=1e-7)


def test_the_group_lasso_has_a_slope_where_a_group_is_zero():
    kernel = np.random.default_rng(3).normal(size=(5, 4)).astype(np.float32)
    kernel[1] = 0
    variable = tf.Variable(kernel)
    with tf.GradientTape() as tape:
        loss = theory.group_lasso(variable, 3)
    norms = np.linalg.norm(kernel[:3], axis=1)
    assert float(loss) == pytest.approx(norms.sum(), rel=1e-5)
    slope = tape.gradient(loss, variable).numpy()
    assert np.all(np.isfinite(slope)) and not slope[[1, 3, 4]].any()
    np.testing.assert_allclose(slope[0], kernel[0] / norms[0], rtol=1e-5)


def test_populations_have_the_moments_of_drift():
    rng = np.random.default_rng(4)
    p, fst = np.full(100_000, 0.3), np.full(100_000, 0.1)
    drifted = simulators.balding_nichols(p, fst, 2, rng)
    x = simulators.draw_genotypes(drifted[:, 0], rng)
    found = drifted.mean(), drifted.var(), x.var(), np.mean(x == 1)
    expected = genetics.balding_nichols_moments(0.3, 0.1)
    np.testing.assert_allclose(found, expected, rtol=0.02)
    assert expected[1:] == pytest.approx((0.021, 0.462, 0.378))
    assert abs(np.corrcoef(drifted.T)[0, 1]) < 0.02


def test_a_confounder_makes_a_slope_and_an_intervention_removes_it():
    law = genetics.confounded_slope((0.2, 0.8), (0.0, 1.0))
    assert law == pytest.approx(0.30 / 0.68)
    world, rng = interventions.World((0.2, 0.8), (0.0, 1.0)), np.random.default_rng(5)
    member, x, y = world.sample(100_000, rng)
    assert np.polyfit(x, y, 1)[0] == pytest.approx(law, abs=0.02)
    for group in (0, 1):
        own = member == group
        assert abs(np.polyfit(x[own], y[own], 1)[0]) < 0.02
    forced = [world.sample(100_000, rng, do=a)[2].mean() for a in (0, 2)]
    assert abs(forced[1] - forced[0]) < 0.02
    acting = interventions.World((0.2, 0.8), (0.0, 1.0), effect=0.3)
    forced = [acting.sample(100_000, rng, do=a)[2].mean() for a in (0, 2)]
    assert forced[1] - forced[0] == pytest.approx(0.6, abs=0.02)


def test_precision_and_inflation():
    causal = np.arange(10) < 4
    assert genetics.precision(np.isin(np.arange(10), (0, 1, 7, 8)), causal) == 0.5
    assert genetics.precision(np.zeros(10, bool), causal) == 0.0
    p = (np.arange(2000) + 0.5) / 2000
    assert genetics.genomic_inflation(p) == pytest.approx(1, abs=1e-3)
    assert genetics.genomic_inflation(np.full(5, 0.01)) == pytest.approx(
        14.58, abs=0.01
    )
    assert genetics.expected_precision(2.8, 1490, 0.0025) == pytest.approx(
        0.429, abs=1e-3
    )


def test_posterior_of_a_scalar_latent():
    assert genetics.posterior_sd_known(1000) == pytest.approx(0.0574, abs=2e-4)
    assert genetics.posterior_sd_known(100) == pytest.approx(0.178, abs=1e-3)
    rng, grid = np.random.default_rng(6), np.linspace(-6, 6, 1201)
    w = rng.normal(size=40)
    x = rng.binomial(2, 0.4, (1, 40))

    def density(z):
        t = w * z
        return np.exp(np.sum(x[0] * t - 2 * np.logaddexp(0, t)) - z * z / 2 + 55)

    whole = integrate.quad(density, -6, 6)[0]
    mean = integrate.quad(lambda z: z * density(z), -6, 6)[0] / whole
    found, sd, low, high = genetics.posterior_on_grid(x, w, grid)
    assert found[0] == pytest.approx(mean, abs=1e-4)
    inside = integrate.quad(density, low[0], high[0])[0] / whole
    assert inside == pytest.approx(0.9, abs=0.02) and low[0] < found[0] < high[0]


def test_the_best_ratio_and_its_loss():
    y = np.linspace(-2, 3, 6)
    r = theory_routes.ratio_of_gaussians(y, (0, 1), (1, 1))
    np.testing.assert_allclose(r, 0.5 - y, atol=1e-12)
    loss = theory_routes.least_ratio_loss((0, 1), (1, 1))
    assert loss == pytest.approx(1.1635, abs=1e-4)
    assert theory_routes.least_ratio_loss((0, 1), (0, 1)) == pytest.approx(
        2 * np.log(2)
    )


def test_the_loop_is_right_only_with_other_peoples_traits():
    apart, together = theory_routes.settled(False), theory_routes.settled(True)
    np.testing.assert_allclose(apart, (0.5, 0.5), atol=1e-9)
    golden = (np.sqrt(5) - 1) / 2
    np.testing.assert_allclose(together, (golden / 2, golden), atol=1e-9)
    evidence = stats.norm(0, np.sqrt(2)).entropy()
    assert theory_routes.bound(*apart) == pytest.approx(-evidence, abs=1e-9)
    assert theory_routes.bound(*together) < -evidence - 0.05
    # By simulation: y given z has the law that the closed form says.
    rng = np.random.default_rng(7)
    y = rng.normal(0, np.sqrt(2), 400_000)
    z = 0.3 * y + np.sqrt(0.6) * rng.normal(size=400_000)
    slope, variance = theory_routes.law_given_z(0.3, 0.6)
    assert np.polyfit(z, y, 1)[0] == pytest.approx(slope, abs=0.01)
    assert np.var(y - slope * z) == pytest.approx(variance, abs=0.02)
