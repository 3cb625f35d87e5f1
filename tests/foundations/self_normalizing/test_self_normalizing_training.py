"""Alpha dropout, gradient gains, sizes, the scaled tanh, propagation."""

import numpy as np
import pytest
from scipy import integrate, stats

from lessons.foundations.self_normalizing import paper, propagation, theory
from lessons.foundations.self_normalizing import theory_training as training
from lessons.toolkit.errors import UserError


@pytest.mark.parametrize(
    ("keep", "expected"),
    [
        (0.95, (0.95484448, 0.08393557)),
        (0.9, (0.92128452, 0.16197097)),
        (0.5, (0.88640489, 0.77919393)),
        (1.0, (1.0, 0.0)),
    ],
)
def test_dropout_constants_are_the_sheets(keep, expected):
    assert training.dropout_affine(1 - keep) == pytest.approx(expected, abs=1e-8)


@pytest.mark.parametrize(("mean", "variance"), [(0.0, 1.0), (0.4, 2.5), (-1.0, 0.3)])
def test_dropout_keeps_any_mean_and_variance(mean, variance):
    # Exactly, for a variable with two values; no sampling.
    rate = 0.2
    scale, shift = training.dropout_affine(rate, mean, variance)
    values = np.array([mean - variance**0.5, mean + variance**0.5])
    values = np.append(values, training.ALPHA_PRIME) * scale + shift
    weights = np.array([(1 - rate) / 2, (1 - rate) / 2, rate])
    after = weights @ values
    assert after == pytest.approx(mean, abs=1e-12)
    assert weights @ (values - after) ** 2 == pytest.approx(variance, abs=1e-12)


@pytest.mark.parametrize("rate", [-0.1, 1.0, 1.5])
def test_impossible_rates_are_refused(rate):
    with pytest.raises(UserError, match="rate"):
        training.dropout_affine(rate)


def test_gradient_gains_equal_quadrature():
    def slope(z):
        return theory.LAMBDA * (1.0 if z > 0 else theory.ALPHA * np.exp(z))

    def expectation(power):
        def integrand(z):
            return slope(z) ** power * stats.norm.pdf(z)

        sides = ((-12, 0), (0, 12))
        return sum(integrate.quad(integrand, *side)[0] for side in sides)

    expected = [expectation(1), expectation(2)]
    assert training.gradient_gain() == pytest.approx(expected, abs=1e-9)
    assert training.gradient_gain()[1] == pytest.approx(1.0715750, abs=1e-7)


@pytest.mark.parametrize(
    ("slope", "expected"), [(0.5, 0.719), (1.5, 0.322), (3.0, 0.157)]
)
def test_scaled_tanh_attracts_variance_one(slope, expected):
    scale, derivative = training.scaled_tanh(slope)
    assert derivative == pytest.approx(expected, abs=5e-4)

    def variance(nu):
        def integrand(z):
            return (scale * np.tanh(slope * z * nu**0.5)) ** 2 * stats.norm.pdf(z)

        return integrate.quad(integrand, -12, 12)[0]

    assert variance(1.0) == pytest.approx(1.0, abs=1e-9)
    difference = (variance(1.001) - variance(0.999)) / 0.002
    assert difference == pytest.approx(derivative, abs=1e-6)


def test_parameter_counts_are_the_published_ones():
    for (features, depth), expected in paper.PAPER_PARAMETERS.items():
        assert training.parameter_count(features, features, depth, 10) == expected


def test_conic_widths_fall_by_one_factor():
    assert training.conic_widths(64, 4, 4) == [64, 32, 16, 8]
    assert min(training.conic_widths(5, 3, 20)) >= 3


@pytest.fixture(scope="module")
def inputs():
    return np.random.default_rng(0).standard_normal((500, 256))


@pytest.mark.parametrize(("mean", "deviation"), [(0, 1), (0.1, 1.5**0.5), (1, 4)])
def test_selu_brings_inputs_to_zero_and_one(inputs, mean, deviation):
    means, variances, _ = propagation.propagate(
        "SELU, 1/n", mean + deviation * inputs, 32
    )
    assert abs(means[-1]) < 0.06
    assert variances[-1] == pytest.approx(1, abs=0.12)


@pytest.mark.parametrize(
    ("pair", "low", "high"),
    [
        ("ReLU, 1/n", 0, 1e-8),
        ("tanh, 1/n", 0.005, 0.03),
        ("ELU, 1/n", 0.001, 0.02),
        ("SELU, 2/n", 50, 1000),
    ],
)
def test_other_pairs_leave_variance_one(inputs, pair, low, high):
    _, variances, _ = propagation.propagate(pair, inputs, 32)
    assert low < variances[-1] < high


def test_kept_activations_have_the_moments_reported(inputs):
    means, variances, kept = propagation.propagate("SELU, 1/n", inputs, 3, keep=(2,))
    assert list(kept) == [2]
    assert kept[2].mean(dtype=float) == pytest.approx(means[2], abs=1e-9)
    assert kept[2].var(dtype=float) == pytest.approx(variances[2], abs=1e-9)


def test_unknown_pair_is_refused(inputs):
    with pytest.raises(UserError, match="SELU, 1/n"):
        propagation.propagate("SELU", inputs, 1)
