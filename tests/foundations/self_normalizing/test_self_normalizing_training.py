"""Alpha dropout, gradient gains, sizes, the scaled tanh, propagation."""

import numpy as np
import pytest
import tensorflow as tf
from scipy import integrate, stats

from lessons.foundations.self_normalizing import model, paper, propagation, theory
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


def test_gradients_sent_back_are_those_of_autodiff(inputs):
    pair, small = "SELU, 1/n", inputs[:7, :16].astype("float32")
    squares, kept = propagation.propagate_back(pair, small, 3, keep=(0, 3))
    with tf.GradientTape() as tape:
        start = tape_input = tf.constant(small)
        tape.watch(tape_input)
        for weights in propagation._weights(16, 1.0, 3, seed=0):
            start = theory.selu(start @ weights)
        loss = tf.reduce_sum(start * kept[3])
    expected = tape.gradient(loss, tape_input).numpy()
    np.testing.assert_allclose(kept[0], expected, atol=1e-5)
    assert squares[0] == pytest.approx(np.mean(expected**2), rel=1e-5)
    assert squares.shape == (4,)


def test_gradients_of_selu_grow_as_predicted(inputs):
    gain = training.gradient_gain()[1]
    squares, _ = propagation.propagate_back("SELU, 1/n", inputs, 32)
    assert squares[0] / gain**32 == pytest.approx(1, abs=0.15)
    level, _ = propagation.propagate_back("ReLU, 2/n", inputs, 32)
    assert abs(level[0] / gain**32 - 1) > 0.5


@pytest.mark.parametrize("width", [16, 64])
def test_random_weights_are_seldom_in_the_box_of_theorem_1(width):
    rng = np.random.default_rng(1)
    weights = rng.standard_normal((width, 400_000), dtype="float32") / width**0.5
    found = propagation.premise(weights.sum(axis=0), (weights**2).sum(axis=0))
    expected = propagation.premise_of_random_weights(width)
    np.testing.assert_allclose(found, expected, rtol=0.03)
    assert found.both < 0.03


def test_width_brings_tau_into_the_box_but_not_omega():
    narrow, wide = (propagation.premise_of_random_weights(n) for n in (64, 10_000))
    assert wide.tau > 0.99 > 0.4 > narrow.tau
    assert wide.omega == narrow.omega < 0.08


@pytest.fixture(scope="module")
def stack():
    return model.build("snn", 64, 10, 3, 64, members=2)


def test_sums_of_weights_are_those_of_the_member(stack):
    omega, tau = propagation.layer_sums(stack, member=1)
    kernel = stack.get_layer("hidden_2").kernel.numpy()[1]
    np.testing.assert_allclose(omega[1], kernel.sum(axis=0), atol=1e-6)
    np.testing.assert_allclose(tau[1], (kernel**2).sum(axis=0), rtol=1e-5)
    assert omega.shape == tau.shape == (3, 64)


def test_moments_of_layers_follow_from_the_sums_of_their_weights(stack):
    # Each unit by itself would be predicted badly; the averages of a layer are not.
    features = np.random.default_rng(0).standard_normal((4000, 64)).astype("float32")
    omega, tau = propagation.layer_sums(stack)
    predicted = propagation.predicted_moments(omega, tau, 0.0, 1.0)
    measured = propagation.measured_moments(stack, features)
    np.testing.assert_allclose(measured[0], predicted[0], atol=0.05)
    np.testing.assert_allclose(measured[1], predicted[1], atol=0.1)
    np.testing.assert_allclose(
        propagation.predicted_moments([[0.3]], [[1.2]], 0.1, 0.9),
        [
            [0.1, theory.moment_map(0.1, 0.3, 0.9, 1.2).mean],
            [0.9, theory.moment_map(0.1, 0.3, 0.9, 1.2).variance],
        ],
    )


def test_a_layer_contracts_though_many_of_its_units_do_not(stack):
    omega, tau = propagation.layer_sums(stack)
    units, whole = propagation.contraction(omega, tau, 0.05, 1.2)
    assert np.mean(units > 1) > 0.3
    assert whole.max() < 0.85

    def one_layer(mean, variance):
        moments = propagation.predicted_moments(omega[:1], tau[:1], mean, variance)
        return np.array(moments)[:, 1]

    step = 1e-5
    by_mean = one_layer(0.05 + step, 1.2) - one_layer(0.05 - step, 1.2)
    by_variance = one_layer(0.05, 1.2 + step) - one_layer(0.05, 1.2 - step)
    jacobian = np.stack([by_mean, by_variance], axis=1) / (2 * step)
    expected = np.linalg.svd(jacobian, compute_uv=False)[0]
    assert whole[0] == pytest.approx(expected, abs=1e-6)
