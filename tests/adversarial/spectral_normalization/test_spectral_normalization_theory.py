"""Power iteration, normalisers and losses, each by an independent route."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from lessons.adversarial.spectral_normalization import theory
from lessons.adversarial.spectral_normalization import theory_exact as exact
from lessons.toolkit.adversarial import theory as dual
from lessons.toolkit.errors import UserError

EXACT = 1e-12  # float64, a few hundred operations
CONVERGED = 1e-9  # float64 after enough rounds of power iteration


@pytest.fixture
def matrix():
    return np.random.default_rng(0).normal(size=(20, 30))


@pytest.fixture
def first(matrix):
    """The first singular vectors, by LAPACK."""
    left, _, right = np.linalg.svd(matrix)
    return left[:, 0], right[0]


def start(count, seed=1):
    vector = np.random.default_rng(seed).normal(size=count)
    return vector / np.linalg.norm(vector)


def test_power_iteration_converges_to_the_first_singular_pair(matrix, first):
    norm, left, right = theory.power_iteration(matrix, start(20), 80)
    assert float(norm) == pytest.approx(np.linalg.norm(matrix, 2), abs=CONVERGED)
    sign = np.sign(np.sum(left * first[0]))
    np.testing.assert_allclose(sign * left, first[0], atol=1e-9)
    np.testing.assert_allclose(sign * right, first[1], atol=1e-9)


@pytest.mark.parametrize("shape", [(20, 30), (30, 20), (1, 5), (5, 1), (1, 1)])
@pytest.mark.parametrize("num_steps", [1, 3])
def test_estimate_never_exceeds_the_norm_and_vectors_have_length_one(shape, num_steps):
    matrix = np.random.default_rng(3).normal(size=shape)
    found = theory.power_iteration(matrix, start(shape[0]), num_steps)
    norm, left, right = (np.asarray(value) for value in found)
    assert float(norm) <= np.linalg.norm(matrix, 2) * (1 + EXACT)
    np.testing.assert_allclose(np.linalg.norm(left), 1, atol=EXACT)
    np.testing.assert_allclose(np.linalg.norm(right), 1, atol=EXACT)
    assert float(norm) == pytest.approx(left @ matrix @ right, abs=EXACT)


def test_error_shrinks_by_the_fourth_power_of_the_ratio(matrix):
    # The angle shrinks by (s2/s1)^2 a round, the estimate's error by its square.
    values = np.linalg.svd(matrix, compute_uv=False)
    errors = [
        values[0] - float(theory.power_iteration(matrix, start(20), n)[0])
        for n in (20, 21)
    ]
    ratio = errors[1] / errors[0]
    assert ratio == pytest.approx((values[1] / values[0]) ** 4, rel=1e-3)


def test_estimates_are_those_of_more_and_more_rounds(matrix):
    found = theory.estimates(matrix, start(20), 12)
    for rounds in (1, 2, 12):
        norm, _, _ = theory.power_iteration(matrix, start(20), rounds)
        assert float(found[rounds - 1]) == pytest.approx(float(norm), abs=EXACT)
    assert np.all(np.diff(found) > 0)


def test_one_round_is_exact_on_a_matrix_of_rank_one():
    matrix = np.outer([1.0, 2.0, 2.0], [3.0, 4.0])  # lengths 3 and 5
    norm = theory.power_iteration(matrix, np.array([1.0, 0.0, 0.0]))[0]
    assert float(norm) == pytest.approx(15.0, abs=1e-10)  # 1e-12 is under each length


def test_gradient_of_the_norm_is_the_outer_product(matrix, first):
    step = np.zeros_like(matrix)
    step[3, 4] = 1e-5
    up, down = (np.linalg.norm(matrix + s * step, 2) for s in (1, -1))
    assert (up - down) / 2e-5 == pytest.approx(first[0][3] * first[1][4], abs=1e-8)


def quadratic(normalized, target):
    """A loss of a normalised matrix, for gradients."""
    return tf.reduce_sum(tf.sin(normalized) * target)


def test_three_gradients_of_spectral_normalisation_agree(matrix, first):
    target = np.random.default_rng(2).normal(size=matrix.shape)
    variable = tf.Variable(matrix)
    with tf.GradientTape(persistent=True) as tape:
        by_svd = quadratic(variable / tf.linalg.svd(variable)[0][0], target)
        norm, _, _ = theory.power_iteration(variable.value(), first[0], 1)
        stopped = quadratic(variable / norm, target)
    normalized = matrix / np.linalg.norm(matrix, 2)
    formula = theory.normalized_gradient(
        np.cos(normalized) * target,
        normalized,
        np.linalg.norm(matrix, 2),
        np.outer(*first),
    )
    np.testing.assert_allclose(tape.gradient(by_svd, variable), formula, atol=EXACT)
    np.testing.assert_allclose(tape.gradient(stopped, variable), formula, atol=EXACT)


def test_equation_12_is_the_finite_difference_of_a_batch(matrix, first):
    random = np.random.default_rng(5)
    inputs, target = random.normal(size=(7, 30)), random.normal(size=(7, 20))

    def loss(weights):
        outputs = inputs @ (weights / np.linalg.norm(weights, 2)).T
        return np.mean(np.sum((outputs - target) ** 2, axis=1))

    outputs = inputs @ (matrix / np.linalg.norm(matrix, 2)).T
    found = theory.sn_gradient(matrix, *first, 2 * (outputs - target), inputs).numpy()
    for where in [(0, 0), (3, 4), (19, 29)]:
        step = np.zeros_like(matrix)
        step[where] = 1e-5
        slope = (loss(matrix + step) - loss(matrix - step)) / 2e-5
        assert found[where] == pytest.approx(slope, abs=1e-7)


def test_gradient_vanishes_where_it_is_a_multiple_of_the_first_pair(matrix, first):
    norm = np.linalg.norm(matrix, 2)
    pair = np.outer(*first)
    found = theory.normalized_gradient(2.5 * pair, matrix / norm, norm, pair)
    np.testing.assert_allclose(found, 0, atol=EXACT)


@pytest.mark.parametrize("kind", ["spectral", "frobenius"])
def test_gradient_is_orthogonal_to_the_weights(kind, matrix, first):
    # A normalised matrix does not change along its ray: no gradient points there.
    gradient = np.random.default_rng(4).normal(size=matrix.shape)
    norm = np.linalg.norm(matrix, 2 if kind == "spectral" else "fro")
    slope = np.outer(*first) if kind == "spectral" else matrix / norm
    found = theory.normalized_gradient(gradient, matrix / norm, norm, slope)
    assert float(np.sum(found * matrix)) == pytest.approx(0, abs=1e-11)


def test_frobenius_gradient_is_that_of_autodiff(matrix):
    target = np.random.default_rng(2).normal(size=matrix.shape)
    variable = tf.Variable(matrix)
    with tf.GradientTape() as tape:
        norm = theory.frobenius_norm(variable.value())
        loss = quadratic(variable / norm, target)
    normalized = matrix / np.linalg.norm(matrix)
    formula = theory.normalized_gradient(
        np.cos(normalized) * target, normalized, np.linalg.norm(matrix), normalized
    )
    np.testing.assert_allclose(tape.gradient(loss, variable), formula, atol=EXACT)


def test_weight_normalised_squares_sum_to_the_outputs(matrix):
    values = np.linalg.svd(theory.row_normalized(matrix), compute_uv=False)
    assert np.sum(values**2) == pytest.approx(20.0, abs=EXACT)
    assert values[0] < np.sqrt(20)


def test_weight_normalised_norm_is_largest_at_rank_one():
    rank_one = np.outer([1.0, -2.0, 3.0], [1.0, 1.0])
    norm = np.linalg.norm(theory.row_normalized(rank_one), 2)
    assert norm == pytest.approx(np.sqrt(3), abs=EXACT)


@pytest.mark.parametrize("shape", [(20, 30), (30, 20), (7, 7)])
def test_orthonormal_penalty_is_that_of_the_singular_values(shape):
    matrix = np.random.default_rng(0).normal(size=shape)
    values = np.linalg.svd(matrix, compute_uv=False)
    expected = np.sum((values**2 - 1) ** 2)
    assert float(theory.orthonormal_penalty(matrix)) == pytest.approx(expected)


def test_the_larger_gram_matrix_cannot_reach_the_identity():
    wide = np.linalg.qr(np.random.default_rng(0).normal(size=(30, 20)))[0].T
    assert float(theory.orthonormal_penalty(wide)) == pytest.approx(0, abs=EXACT)
    larger = np.linalg.norm(wide.T @ wide - np.eye(30)) ** 2
    assert larger == pytest.approx(30 - 20, abs=EXACT)


def test_convolution_kernels_are_reshaped_with_outputs_first():
    kernel = np.random.default_rng(0).normal(size=(3, 3, 2, 4))
    matrix = np.asarray(theory.as_matrix(kernel))
    assert matrix.shape == (4, 18)
    np.testing.assert_array_equal(matrix[1, :2], kernel[0, 0, :, 1])


def test_lipschitz_bound_holds_for_a_leaky_network():
    random = np.random.default_rng(0)
    weights = [random.normal(size=s) for s in [(16, 3), (16, 16), (1, 16)]]
    bound = float(
        theory.lipschitz_bound([np.linalg.norm(w, 2) for w in weights], [1.0, 1.0])
    )

    def network(x):
        for w in weights[:-1]:
            x = w @ x
            x = np.where(x > 0, x, 0.1 * x)
        return weights[-1] @ x

    x, y = random.normal(size=(2, 3, 500))
    ratios = np.abs(network(x) - network(y))[0] / np.linalg.norm(x - y, axis=0)
    assert ratios.max() < bound
    assert bound == pytest.approx(np.prod([np.linalg.norm(w, 2) for w in weights]))


def test_hinge_losses_at_their_corners():
    met = np.array([1.0, 3.0]), np.array([-1.0, -2.0])
    assert float(theory.hinge_critic_loss(*met)) == 0
    zeros = np.zeros(2)
    assert float(theory.hinge_critic_loss(zeros, zeros)) == 2
    assert float(theory.hinge_critic_loss(met[0] - 2, met[1])) == pytest.approx(1.0)
    assert float(dual.linear_generator_loss(np.array([1.0, 3.0]))) == -2


def test_optimal_hinge_critic_gives_the_total_variation():
    p, q = np.array([0.1, 0.4, 0.3, 0.2]), np.array([0.4, 0.3, 0.2, 0.1])
    best = exact.hinge_value(q, p, np.sign(q - p))
    assert best == pytest.approx(-2 + np.abs(p - q).sum(), abs=EXACT)
    assert best == pytest.approx(-1.4, abs=EXACT)
    random = np.random.default_rng(0)
    tried = [exact.hinge_value(q, p, random.normal(size=4)) for _ in range(200)]
    assert max(tried) < best


def test_optimal_discriminator_gives_the_jensen_shannon_divergence():
    p, q = np.array([0.1, 0.4, 0.3, 0.2]), np.array([0.4, 0.3, 0.2, 0.1])
    logits = exact.optimal_logits(q, p)
    middle = (p + q) / 2
    divergence = (q @ np.log(q / middle) + p @ np.log(p / middle)) / 2
    value = exact.gan_value(q, p, logits)
    assert value == pytest.approx(2 * divergence - np.log(4), abs=EXACT)
    assert value == pytest.approx(-1.255697, abs=1e-6)  # sheet
    for shift in (0.1, -0.1):
        assert exact.gan_value(q, p, logits + shift) < value


def test_stable_rank_counts_equal_directions():
    assert exact.stable_rank([2.0, 2.0, 2.0]) == pytest.approx(3)
    assert exact.stable_rank([5.0, 0.0]) == pytest.approx(1)


def test_operator_of_a_convolution_is_the_convolution():
    random = np.random.default_rng(0)
    kernel, image = random.normal(size=(3, 3, 2, 4)), random.normal(size=(1, 6, 6, 2))
    for stride in (1, 2):
        matrix = exact.convolution_operator(kernel, 6, stride)
        expected = keras.ops.conv(image, kernel, strides=stride, padding="same")
        np.testing.assert_allclose(
            image.ravel() @ matrix, np.ravel(expected), atol=EXACT
        )


def test_convolution_of_ones_reaches_the_bound_on_a_torus():
    kernel = np.ones((3, 3, 1, 1))
    assert exact.singular_values(kernel)[0] == pytest.approx(3)
    assert exact.circular_norm(kernel, 8) == pytest.approx(9)  # sqrt(9) times 3
    assert exact.operator_norm(kernel, 8) == pytest.approx(8.2909, abs=1e-4)
    # With zero padding the ones are a product of two tridiagonal matrices.
    side = np.linalg.norm(np.eye(8) + np.eye(8, k=1) + np.eye(8, k=-1), 2)
    assert exact.operator_norm(kernel, 8) == pytest.approx(side**2)


@pytest.mark.parametrize("stride", [1, 2])
def test_operator_norm_is_at_most_the_root_of_the_window_times_the_matrix(stride):
    for seed in range(5):
        kernel = np.random.default_rng(seed).normal(size=(3, 3, 2, 4))
        matrix = exact.singular_values(kernel)[0]
        norm = exact.operator_norm(kernel, 8, stride)
        assert norm <= 3 * matrix
        assert norm > 1.1 * matrix  # and the matrix alone is no bound
    assert exact.circular_norm(kernel, 8) <= 3 * matrix


def test_random_spectra_are_feasible():
    weight = exact.random_spectra("weight", 16, 50)
    np.testing.assert_allclose(weight.sum(axis=1), 16)
    spectral = exact.random_spectra("spectral", 16, 50)
    np.testing.assert_array_equal(spectral[:, 0], 1)
    assert spectral.min() >= 0
    assert np.all(np.diff(weight) <= 0) and np.all(np.diff(spectral) <= 0)
    with pytest.raises(UserError, match="spectral"):
        exact.random_spectra("frobenius", 16, 1)


def test_flops_of_a_power_iteration_are_those_of_two_examples():
    power, batch = exact.dense_flops(128, 64, 64)
    forward_of_one = 2 * 128 * 64
    assert power == 2 * forward_of_one
    assert power / batch == pytest.approx(exact.power_fraction(64))
    assert exact.power_fraction(64) == pytest.approx(0.0104, abs=1e-4)
    assert exact.power_fraction(64, 256) == pytest.approx(0.0104 / 256, rel=0.01)
