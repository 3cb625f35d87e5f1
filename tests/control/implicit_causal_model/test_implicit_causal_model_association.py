"""The classical tests, against statsmodels and SciPy, and under the null."""

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import optimize, stats

from lessons.control.implicit_causal_model import association as tests
from lessons.control.implicit_causal_model import simulators

N = 120


@pytest.fixture(scope="module")
def study():
    rng = np.random.default_rng(0)
    people = simulators.population("psd_0.1", N, 200, rng)
    x = simulators.draw_genotypes(people.frequencies, rng)
    x = x[:, (x.mean(axis=0) > 0.1) & (x.mean(axis=0) < 1.9)]
    return x, people.structure @ [0.0, 1.0, -1.0] + rng.standard_normal(N)


def test_least_squares_is_that_of_statsmodels(study):
    x, y = study
    parts = tests.principal_components(x, 3)
    collinear = np.column_stack([parts, parts[:, 0] + 2])
    for columns in (None, parts, collinear):
        found = tests.linear_tests(x, y, columns)
        for snp in (0, 17, 60):
            design = [np.ones(N), x[:, snp]]
            if columns is not None:
                design[1:1] = list(parts.T)
            fit = sm.OLS(y, np.column_stack(design)).fit()
            assert found.statistic[snp] == pytest.approx(fit.tvalues[-1], abs=1e-8)
            assert found.p[snp] == pytest.approx(fit.pvalues[-1], abs=1e-10)


def test_components_are_those_of_a_decomposition(study):
    x, _ = study
    left = np.linalg.svd(tests.standardized(x))[0][:, :2]
    found = tests.principal_components(x, 2)
    np.testing.assert_allclose(
        np.abs(left.T @ found) / np.sqrt(N), np.eye(2), atol=1e-9
    )


def test_the_mixed_model_is_generalised_least_squares(study):
    x, y = study
    relation = tests.kinship(x)
    fitted = tests.fit_mixed(y, relation)

    def loss(log_delta):
        cover = relation + np.exp(log_delta) * np.eye(N)
        inverse = np.linalg.inv(cover)
        mean = inverse.sum(axis=0) @ y / inverse.sum()
        scale = (y - mean) @ inverse @ (y - mean) / N
        law = stats.multivariate_normal(np.full(N, mean), scale * cover)
        return -law.logpdf(y)

    best = optimize.minimize_scalar(loss, bounds=(-5, 5), method="bounded")
    assert np.log(fitted.delta) == pytest.approx(best.x, abs=1e-3)
    ones = fitted.vectors.sum(axis=0)
    variances = np.maximum(fitted.values, 0) + fitted.delta
    value = tests.mixed_log_lik(fitted.vectors.T @ y, ones, variances)
    assert value == pytest.approx(-best.fun, abs=1e-4)
    found = tests.mixed_tests(x, y)
    cover = relation + fitted.delta * np.eye(N)
    for snp in (0, 17, 60):
        design = np.column_stack([np.ones(N), x[:, snp]])
        fit = sm.GLS(y, design, cover).fit()
        assert found.statistic[snp] == pytest.approx(fit.tvalues[-1], abs=1e-6)
        assert found.p[snp] == pytest.approx(fit.pvalues[-1], abs=1e-8)


def test_gcat_is_two_binomial_regressions(study):
    x, y = study
    factors, kept = tests.logistic_factors(x, 3)
    assert factors.shape == (N, 3) and 0 < kept.mean() <= 1
    found = tests.gcat_tests(x, y, factors)
    for snp in (0, 17, 60):
        both = np.column_stack([x[:, snp], 2 - x[:, snp]])
        low, high = (
            sm.GLM(both, design, sm.families.Binomial()).fit(tol=1e-12).llf
            for design in (factors, np.column_stack([factors, y]))
        )
        assert found.statistic[snp] == pytest.approx(2 * (high - low), abs=1e-5)
        assert found.p[snp] == pytest.approx(
            stats.chi2.sf(2 * (high - low), 1), abs=1e-5
        )
    scaled = tests.gcat_tests(
        x, 1e6 * y - 3, factors @ [[1, 2, 0], [0, 1, 0], [0, 1, 3]]
    )
    np.testing.assert_allclose(scaled.statistic, found.statistic, atol=1e-5)


def test_gcat_of_hand_and_of_separated_people():
    x = np.array([[0, 0, 1, 1, 2, 2]]).T
    y = np.array([-1.0, 0, 2, 0, 1, 2])
    found = tests.gcat_tests(x, y, np.ones((6, 1)))
    assert found.statistic[0] == pytest.approx(4.9150, abs=1e-3)
    apart = tests.gcat_tests(
        np.array([[0, 0, 2, 2]]).T, np.array([0.0, 0, 1, 1]), np.ones((4, 1))
    )
    assert apart.statistic[0] == pytest.approx(16 * np.log(2), abs=0.01)


def test_the_score_test_squares_products():
    rng = np.random.default_rng(1)
    x, r = rng.binomial(2, 0.3, (50, 4)), rng.normal(size=50)
    found = tests.score_tests(x, np.full((50, 4), 0.3), r)
    for snp in range(4):
        product = r * (x[:, snp] - 0.6)
        expected = product.sum() / np.sqrt((product**2).sum())
        assert found.statistic[snp] == pytest.approx(expected)
        assert found.p[snp] == pytest.approx(2 * stats.norm.sf(abs(expected)))


def test_snps_that_do_not_vary_have_p_one(study):
    x, y = study
    x = np.column_stack([np.ones(N, np.int8), x[:, :30]])
    factors, _ = tests.logistic_factors(study[0], 3)
    for found in (
        tests.linear_tests(x, y),
        tests.mixed_tests(x, y),
        tests.gcat_tests(x, y, factors),
    ):
        assert np.all(np.isfinite(found.p)) and np.all(found.p > 0)
    assert tests.linear_tests(x, y).p[0] == tests.mixed_tests(x, y).p[0] == 1


def test_p_values_are_uniform_where_nothing_is_to_be_found():
    """200 traits of noise, a few SNPs each, so that p-values hardly go together."""
    rng = np.random.default_rng(2)
    people = simulators.population("hapmap", N, 240, rng)
    x = simulators.draw_genotypes(people.frequencies, rng)
    x = x[:, (x.mean(axis=0) > 0.2) & (x.mean(axis=0) < 1.8)]
    parts = tests.principal_components(x, 2)
    factors, _ = tests.logistic_factors(x, 3)
    shift = people.structure @ [0.0, 1.0, 2.0]
    found = {"pca": [], "lmm": [], "gcat": [], "raw": []}
    for trait in range(60):
        y = shift + rng.standard_t(5, N)
        some = x[:, rng.permutation(x.shape[1])[:8]]
        found["raw"] += list(tests.linear_tests(some, y).p)
        found["pca"] += list(tests.linear_tests(some, y, parts).p)
        found["gcat"] += list(tests.gcat_tests(some, y, factors).p)
        if trait < 25:
            found["lmm"] += list(tests.mixed_tests(x, y).p[:8])
    for name, p in found.items():
        distance = stats.kstest(p, "uniform").pvalue
        assert (distance > 1e-3) == (name != "raw"), name
