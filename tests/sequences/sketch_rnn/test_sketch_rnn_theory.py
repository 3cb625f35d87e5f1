"""Equations of the lesson, each by a second route."""

import numpy as np
import pytest
import tensorflow_probability as tfp
from keras import ops
from scipy import integrate, stats

from lessons.sequences.sketch_rnn import figures_points, theory, theory_routes
from lessons.toolkit.data import strokes
from lessons.toolkit.errors import UserError

EXACT, FLOAT32 = 1e-12, 2e-5
tfd = tfp.distributions


def numbers_and_rows(batch=3, steps=5, num_mixtures=4, seed=0):
    rng = np.random.default_rng(seed)
    numbers = rng.normal(size=(batch, steps, 6 * num_mixtures + 3))
    rows = np.zeros((batch, steps, 5))
    rows[..., :2] = rng.normal(size=(batch, steps, 2))
    rows[..., 2:] = np.eye(3)[rng.integers(0, 2, (batch, steps))]
    for i in range(batch):
        rows[i, steps - i :] = (0, 0, 0, 0, 1)
    return numbers, rows


def test_the_density_is_scipys_and_integrates_to_one():
    raw = np.arctanh(0.6 / theory.CORRELATION_LIMIT)
    numbers = np.array([0, 0, 0, 0, 0.3, -0.2, np.log(0.8), np.log(0.5), raw])
    law = theory.step_of(numbers[None], 1)

    def density(x, y):
        rows = np.array([[x, y, 1, 0, 0]])
        return float(np.exp(-theory.offset_losses(law, rows)[0]))

    cov = [[0.64, 0.24], [0.24, 0.25]]
    expected = stats.multivariate_normal((0.3, -0.2), cov).pdf((0.5, 0.1))
    assert expected == pytest.approx(0.41152072, abs=1e-8)
    assert density(0.5, 0.1) == pytest.approx(expected, abs=EXACT)
    grid = np.linspace(-8, 8, 641)
    points = np.stack(np.meshgrid(grid, grid), axis=-1).reshape(-1, 2)
    log_density = theory_routes.gaussian_log_density(
        points, np.array([0.3, -0.2]), np.broadcast_to(cov, (len(points), 2, 2))
    )
    plane = np.exp(log_density).reshape(641, 641)
    whole = integrate.trapezoid(integrate.trapezoid(plane, grid), grid)
    assert whole == pytest.approx(1, abs=1e-10)


def test_the_mixture_is_that_of_another_library():
    numbers, rows = numbers_and_rows()
    law = theory.step_of(numbers, 4)
    tril = np.zeros((3, 5, 4, 2, 2))
    scales, rho = np.asarray(law.scales), np.asarray(law.correlations)
    tril[..., 0, 0] = scales[..., 0]
    tril[..., 1, 0] = rho * scales[..., 1]
    tril[..., 1, 1] = np.sqrt(1 - rho**2) * scales[..., 1]
    mixture = tfd.MixtureSameFamily(
        tfd.Categorical(logits=np.asarray(law.weight_logits)),
        tfd.MultivariateNormalTriL(np.asarray(law.means), tril),
    )
    expected = -mixture.log_prob(rows[..., :2]).numpy() * (rows[..., 4] < 0.5)
    np.testing.assert_allclose(theory.offset_losses(law, rows), expected, atol=1e-10)


def test_reconstruction_loss_is_the_second_route():
    numbers, rows = numbers_and_rows()
    found = theory.reconstruction_loss(theory.step_of(numbers, 4), rows)
    routes = theory_routes.losses(numbers, rows, 4)
    np.testing.assert_allclose(found, routes["offset"] + routes["pen"], atol=1e-10)
    # The first row after the end is the last that the real part counts.
    assert np.all(routes["pen_real"] <= routes["pen"] + EXACT)
    assert routes["pen_real"][1] == pytest.approx(routes["pen"][1])
    assert routes["pen_real"][2] < routes["pen"][2]


def test_zeros_give_the_numbers_of_a_hand_computation():
    rows = np.array([[(1, 0, 1, 0, 0), (0, 1, 0, 1, 0), *[(0, 0, 0, 0, 1)] * 2]], float)
    law = theory.step_of(np.zeros((1, 4, 9)), 1)
    offset = ops.mean(theory.offset_losses(law, rows))
    assert float(offset) == pytest.approx((np.log(2 * np.pi) + 0.5) / 2, abs=EXACT)
    whole = float(theory.reconstruction_loss(law, rows)[0])
    assert whole == pytest.approx(2.26755, abs=1e-5)
    pen = float(ops.mean(theory.pen_losses(law, rows)))
    assert pen == pytest.approx(np.log(3), abs=EXACT)


def test_far_points_cost_much_and_teach():
    import tensorflow as tf

    numbers = tf.Variable(np.zeros((1, 1, 9)), dtype="float32")
    rows = np.array([[(1e3, -1e3, 1, 0, 0)]], "float32")
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(theory.offset_losses(theory.step_of(numbers, 1), rows))
    assert float(loss) == pytest.approx(1e6, rel=1e-4)
    gradient = tape.gradient(loss, numbers).numpy()
    assert np.all(np.isfinite(gradient)) and gradient[0, 0, 4] == pytest.approx(-1e3)


def test_a_saturated_correlation_stays_finite():
    law = theory.step_of(np.full((1, 1, 9), 40.0, "float32"), 1)
    assert float(law.correlations[0, 0, 0]) == pytest.approx(0.99)
    with pytest.raises(UserError, match="has 9 numbers, got 10"):
        theory.step_of(np.zeros((1, 1, 10)), 1)


@pytest.mark.parametrize("factor", [3.0, 0.2])
def test_scaling_moves_the_loss_by_two_logarithms_a_real_point(factor):
    numbers, rows = numbers_and_rows()
    scaled, moved = rows.copy(), numbers.copy()
    scaled[..., :2] *= factor
    moved[..., 7:15] *= factor  # both means of the four components
    moved[..., 15:23] += np.log(factor)
    losses = [
        np.asarray(theory.reconstruction_loss(theory.step_of(n, 4), r))
        for n, r in ((numbers, rows), (moved, scaled))
    ]
    share = (rows[..., 4] < 0.5).mean(axis=1)
    np.testing.assert_allclose(losses[1] - losses[0], 2 * np.log(factor) * share)


def test_divergence_is_tfps_divided_by_the_number_of_dimensions():
    mean, log_var = np.array([[0.5, -1, 0, 2]]), np.array([[0, -1, 0.5, -2]])
    found = float(theory.kl_loss(mean, log_var)[0])
    assert found == pytest.approx(0.862742, abs=1e-6)
    code = tfd.MultivariateNormalDiag(mean, np.exp(log_var / 2))
    prior = tfd.MultivariateNormalDiag(np.zeros((1, 4)), np.ones((1, 4)))
    expected = float(tfd.kl_divergence(code, prior)[0])
    assert found == pytest.approx(expected / 4, abs=EXACT)
    assert theory_routes.kl_divergence(mean, log_var)[0] == pytest.approx(expected)
    as_deviation = float(theory.kl_loss(mean, 2 * log_var)[0])
    assert as_deviation == pytest.approx(1.26524, abs=1e-5)  # the mistake, told apart


def test_annealing_and_floor():
    assert float(theory.annealed(0, 0.01, 0.99995)) == pytest.approx(0.01)
    assert float(theory.annealed(10**6, 0.01, 0.99995)) == pytest.approx(1)
    assert float(theory.annealed(0.0, 0.01, 0.0)) == pytest.approx(0.01)
    assert float(theory.annealed(1.0, 0.01, 0.0)) == pytest.approx(1)
    code = [0.5 - 0.495 * 0.99995**t for t in (0, 100, 40_000)]
    ours = [float(0.5 * theory.annealed(t, 0.01, 0.99995)) for t in (0, 100, 40_000)]
    np.testing.assert_allclose(ours, code, rtol=1e-3)
    assert float(theory.kl_term(0.01, 0.5, 0.2, 1.0)) == pytest.approx(0.1)
    assert float(theory.kl_term(0.3, 0.5, 0.2, 0.5)) == pytest.approx(0.075)


def test_below_the_floor_the_gradient_is_zero_above_it_is_not():
    import tensorflow as tf

    slopes = []
    for value in (0.1, 0.3):
        kl = tf.Variable(value)
        with tf.GradientTape() as tape:
            term = theory.kl_term(kl, 0.5, 0.2, 1.0)
        slopes.append(float(tape.gradient(term, kl)))
    assert slopes == [0, pytest.approx(0.5)]


def test_temperature_flattens_the_pen_and_scales_the_variance():
    logits = np.log([[0.7, 0.25, 0.05]])
    numbers = np.concatenate([logits, np.zeros((1, 6))], axis=1)
    entropies = []
    for tau in (1, 0.5, 0.1):
        law = theory.at_temperature(theory.step_of(numbers, 1), tau)
        entropies.append(theory_routes.entropy(law.pen_logits)[0])
    np.testing.assert_allclose(entropies, (0.7460, 0.3802, 0.00038), atol=6e-5)
    law = theory.step_of(numbers, 1)
    half = theory.at_temperature(law, 0.5)
    found = ops.softmax(half.pen_logits)[0]
    np.testing.assert_allclose(found, (0.88288, 0.11261, 0.00450), atol=1e-5)
    np.testing.assert_allclose(half.scales**2, 0.5 * law.scales**2)
    squared = theory.at_temperature(law, 0.5, squared=True)
    np.testing.assert_allclose(squared.scales, 0.5 * law.scales)
    np.testing.assert_array_equal(half.means, law.means)


def test_entropy_of_one_gaussian_moves_by_the_logarithm_of_the_temperature():
    cov = np.array([[0.64, 0.24], [0.24, 0.25]])
    found = [stats.multivariate_normal(cov=t * cov).entropy() for t in (1, 0.5, 0.25)]
    np.testing.assert_allclose(found, (1.698443, 1.005296, 0.312148), atol=1e-6)
    np.testing.assert_allclose(np.diff(found), np.log(0.5))


def test_the_heaviest_component_need_not_be_the_mode():
    wide, narrow = 0.6 / (2 * np.pi * 100), 0.4 / (2 * np.pi * 0.01)
    assert (wide, narrow) == (
        pytest.approx(0.00095, abs=1e-5),
        pytest.approx(6.37, abs=0.01),
    )


def test_paths_between_codes():
    rng = np.random.default_rng(0)
    pairs = rng.normal(size=(2000, 2, 128))
    norms = {
        path.__name__: np.mean([np.linalg.norm(path(*p, 0.5)) for p in pairs])
        for path in (theory.lerp, theory.slerp)
    }
    length = np.linalg.norm(pairs, axis=-1).mean()
    assert norms["lerp"] == pytest.approx(length / np.sqrt(2), rel=5e-3)
    assert norms["slerp"] == pytest.approx(length, rel=5e-3)
    a, b = pairs[0]
    np.testing.assert_allclose(theory.slerp(a, b, [0, 1]), [a, b])
    unit = [v / np.linalg.norm(v) for v in (a, b)]
    on_sphere = theory.slerp(*unit, np.linspace(0, 1, 7))
    np.testing.assert_allclose(np.linalg.norm(on_sphere, axis=1), 1)
    steps = np.sum(on_sphere[1:] * on_sphere[:-1], axis=1)
    np.testing.assert_allclose(steps, steps[0])  # equal angles


@pytest.mark.parametrize("second", [(1.0, 2.0), (-1.0, -2.0), (0.0, 0.0)])
def test_slerp_of_codes_without_an_angle_is_a_line(second):
    first = np.array([1.0, 2.0])
    found = theory.slerp(first, second, [0.25, 0.5])
    np.testing.assert_allclose(found, theory.lerp(first, second, [0.25, 0.5]))


def test_parts_of_a_bound_are_divided_by_different_numbers():
    assert theory.per_drawing(-1.5, 0.25, 25, 8) == pytest.approx(-35.5)


def test_the_promise_of_simplification_is_the_segments():
    rng = np.random.default_rng(0)
    broken = 0
    for _ in range(60):
        walk = rng.normal(size=(20, 2)).cumsum(axis=0)
        kept = theory_routes.simplified(walk, 0.7)
        np.testing.assert_array_equal(kept, strokes.kept_points(walk, 0.7))
        assert theory_routes.left_out(walk, kept) <= 0.7
        endless = theory_routes.simplified(walk, 0.7, endless=True)
        broken += theory_routes.left_out(walk, endless) > 0.7
    assert broken > 0
    hook = np.array([(0, 0), (4, 0.5), (1, 0)], float)
    assert theory_routes.simplified(hook, 1.0, endless=True) == [0, 2]
    assert theory_routes.left_out(hook, [0, 2]) == pytest.approx(np.hypot(3, 0.5))


def test_covariances_are_those_of_the_other_route():
    numbers = np.random.default_rng(0).normal(size=(3, 15))
    law = theory.step_of(numbers, 2)
    expected = theory_routes.laws(numbers, 2)[3]
    np.testing.assert_allclose(figures_points.covariances(law), expected)
    colder = figures_points.covariances(theory.at_temperature(law, 0.25))
    np.testing.assert_allclose(colder, expected / 4)
