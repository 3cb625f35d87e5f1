"""Windows, divergences and gradients against independent routes in NumPy."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from lessons.sequences.draw import theory, theory_routes
from lessons.toolkit.errors import UserError

RNG = np.random.default_rng(15)
FLOAT32 = 2e-6


def column(*numbers):
    return np.array(numbers, "float32")[:, None]


def bank(center, stride, deviation, size, length, dtype="float64"):
    numbers = (np.array([[v]], dtype) for v in (center, stride, deviation**2))
    return np.asarray(theory.filterbank(*numbers, size, length))[0]


@pytest.mark.parametrize("size, length", [(2, 5), (4, 8), (5, 16), (3, 2)])
def test_filters_are_those_written_pixel_by_pixel(size, length):
    for center, stride, deviation in ((3.2, 0.7, 0.5), (-2.0, 2.0, 1.4), (20, 1, 3)):
        found = bank(center, stride, deviation, size, length)
        expected = theory_routes.filters(center, stride, deviation, size, length)
        np.testing.assert_allclose(found, expected, atol=1e-12)


def test_rows_sum_to_one_far_outside_where_a_floor_loses_all():
    far = bank(200.0, 1.0, 0.5, 4, 20)
    np.testing.assert_allclose(far.sum(axis=1), 1, atol=1e-12)
    np.testing.assert_allclose(far[:, -1], 1)  # the border pixel
    floor = theory_routes.filters(200.0, 1.0, 0.5, 4, 20, "floor")
    assert np.all(floor.sum(axis=1) == 0)
    density = theory_routes.filters(1.0, 1.0, 1.0, 2, 20, "density")
    assert np.all(density.sum(axis=1) < 0.9)  # mass is lost at the border


def test_five_numbers_of_zero_spread_the_window_over_the_image():
    found = theory.window(np.zeros((2, 5), "float32"), 8, 8, 4)
    places = np.asarray(theory.centers(found.x, found.stride, 4))
    np.testing.assert_allclose(places, [[1, 10 / 3, 17 / 3, 8]] * 2, rtol=1e-6)
    wide = theory.window(np.zeros((1, 5), "float32"), 7, 9, 3)
    assert float(wide.x[0, 0]) == 5 and float(wide.y[0, 0]) == 4
    assert float(wide.stride[0, 0]) == 4  # (max(7, 9) - 1) / (3 - 1)
    extreme = theory.window(np.array([[0, 0, 99, -99, 99]], "float32"), 8, 8, 4)
    assert all(np.isfinite(np.asarray(value)).all() for value in extreme)
    with pytest.raises(UserError, match="at least 2"):
        theory.window(np.zeros((1, 5), "float32"), 8, 8, 1)


def test_whole_numbers_are_places_too():
    whole = (np.array([[v]]) for v in (3, 1, 2))
    real = (np.array([[v]], "float32") for v in (3, 1, 2))
    np.testing.assert_allclose(
        theory.filterbank(*whole, 2, 5), theory.filterbank(*real, 2, 5), rtol=1e-6
    )


def random_window(batch, height, width, size):
    numbers = RNG.normal(0, 0.5, (batch, 5)).astype("float32")
    found = theory.window(numbers, height, width, size)
    return *theory.filters(found, height, width, size), found.intensity


def test_reading_is_two_products_for_every_channel():
    rows, columns, intensity = random_window(2, 7, 9, 3)
    images = RNG.normal(size=(2, 7, 9, 2)).astype("float32")
    found = theory.read(theory.planes(images), rows, columns, intensity)
    for b in range(2):
        for c in range(2):
            expected = rows[b] @ images[b, :, :, c] @ np.transpose(columns[b])
            np.testing.assert_allclose(
                found[b, :, c], intensity[b, 0] * expected, atol=1e-5
            )


def test_writing_is_the_transpose_of_reading_up_to_the_intensity():
    rows, columns, intensity = random_window(2, 7, 9, 3)
    x = RNG.normal(size=(2, 7, 2, 9)).astype("float32")
    w = RNG.normal(size=(2, 3, 2, 3)).astype("float32")
    read = theory.read(x, rows, columns, intensity)
    written = theory.write(w, rows, columns, intensity)
    left = np.sum(read * w, axis=(1, 2, 3)) / np.asarray(intensity)[:, 0]
    right = np.sum(x * written, axis=(1, 2, 3)) * np.asarray(intensity)[:, 0]
    np.testing.assert_allclose(left, right, rtol=1e-4)
    # Control: with the filters of rows and columns exchanged the shapes do not fit.
    with pytest.raises((ValueError, tf.errors.InvalidArgumentError)):
        theory.write(w, columns, rows, intensity)[:, :7, :, :9] - x


def test_narrow_filters_on_every_pixel_give_back_what_was_read():
    image = RNG.random((8, 8))
    for deviation, least, most in ((0.05, 0, 1e-12), (0.5, 0.1, 0.3)):
        filters = bank(4.5, 1.0, deviation, 8, 8)
        error = np.abs(filters - np.eye(8)).max()
        assert least <= error <= most
    filters = bank(4.5, 1.0, 0.05, 8, 8)
    back = filters.T @ (filters @ image @ filters.T) @ filters
    np.testing.assert_allclose(back, image, atol=1e-12)


def test_window_and_blob_move_together():
    grid = np.mgrid[1:21, 1:21]

    def patch(x, y, deviation):
        blob = np.exp(-((grid[1] - x) ** 2 + (grid[0] - y) ** 2) / 2)
        return theory_routes.soft_read(blob, x, y, 1.0, deviation, 5)

    assert np.abs(patch(8, 9, 0.5) - patch(11, 11, 0.5)).max() < 1e-9
    assert np.abs(patch(8, 9, 0.5) - patch(19, 19, 0.5)).max() > 1e-3  # at the border


def test_slope_in_the_centre_is_its_formula():
    center = tf.constant([[3.3]], tf.float64)
    variance, stride = (tf.constant([[v]], tf.float64) for v in (0.49, 1.2))
    with tf.GradientTape() as tape:
        tape.watch(center)
        found = theory.filterbank(center, stride, variance, 3, 7)
    slope = np.asarray(tape.jacobian(found, center)).reshape(3, 7)
    values = np.asarray(found)[0]
    pixels = np.arange(1, 8)
    mean = values @ pixels
    formula = values * (pixels - mean[:, None]) / 0.49
    np.testing.assert_allclose(slope, formula, atol=1e-12)
    high, low = (bank(3.3 + h, 1.2, 0.7, 3, 7) for h in (1e-5, -1e-5))
    np.testing.assert_allclose(slope, (high - low) / 2e-5, atol=1e-8)


def test_divergences_are_zero_at_the_prior_and_the_integral_elsewhere():
    zeros = np.zeros((64, 2, 100))
    assert np.all(np.asarray(theory.kl_standard(zeros, zeros)) == 0)
    m, s, p, r = RNG.normal(size=(4, 3, 5)) * 0.5
    found = theory.kl_gaussians(m, s, p, r)
    for row in range(3):
        expected = theory_routes.gaussian_kl(
            m[row], np.diag(np.exp(2 * s[row])), p[row], np.diag(np.exp(2 * r[row]))
        )
        assert float(found[row]) == pytest.approx(expected, rel=1e-6)
    standard = theory.kl_gaussians(m, s, np.zeros_like(m), np.zeros_like(m))
    np.testing.assert_allclose(theory.kl_standard(m, s), standard, rtol=1e-6)


def test_a_path_costs_the_sum_of_its_expected_steps():
    law, prior, steps = (0.7, 0.3, 0.8), (0.4, -0.1, 1.1), 6
    whole = theory_routes.gaussian_kl(
        *theory_routes.path(*law, steps), *theory_routes.path(*prior, steps)
    )
    mean, covariance = theory_routes.path(*law, steps)
    codes = RNG.multivariate_normal(mean, covariance, 40_000)
    found = theory_routes.step_kls(codes, law, prior).sum(axis=1)
    error = found.std() / np.sqrt(len(found))
    assert found.mean() == pytest.approx(whole, abs=4 * error)
    assert error < 0.01 * whole
    fixed = theory_routes.gaussian_kl(mean, covariance, np.zeros(6), np.eye(6))
    assert abs(fixed - whole) > 20 * error  # another prior, another number


def test_a_prior_that_follows_saves_what_the_formula_says():
    rho, steps = 0.8, 10
    gaps = np.abs(np.subtract.outer(np.arange(steps), np.arange(steps)))
    covariance = rho**gaps  # AR(1) with standard normal marginals
    expected = theory_routes.gaussian_kl(
        np.zeros(steps), covariance, np.zeros(steps), np.eye(steps)
    )
    assert theory_routes.saving(rho, steps) == pytest.approx(expected, rel=1e-9)
    assert theory_routes.saving(rho, steps) == pytest.approx(4.597431, abs=1e-6)


def test_losses_of_pixels_are_log_densities():
    values, logits = RNG.random((3, 4, 5, 1)), RNG.normal(0, 3, (3, 4, 5, 1))
    p = 1 / (1 + np.exp(-logits))
    expected = -np.sum(values * np.log(p) + (1 - values) * np.log(1 - p), (1, 2, 3))
    np.testing.assert_allclose(theory.bernoulli_loss(values, logits), expected)
    extreme = theory.bernoulli_loss(np.ones((1, 1)), np.full((1, 1), -800.0))
    assert float(extreme[0]) == pytest.approx(800)
    from scipy.stats import norm

    log_std = RNG.normal(0, 0.5, values.shape)
    expected = -norm.logpdf(values, logits, np.exp(log_std)).sum(axis=(1, 2, 3))
    found = theory.gaussian_loss(values, logits, log_std)
    np.testing.assert_allclose(found, expected)


def test_every_step_gets_the_same_gradient_from_the_canvas_that_adds():
    evidence = tf.Variable(RNG.normal(size=(1, 4, 3)))
    y, alpha = 2, 10.0
    slopes = {}
    for name, keep in (("adds", 1.0), ("forgets", 0.5)):
        with tf.GradientTape() as tape:
            logits = tf.zeros((1, 3), tf.float64)
            for t in range(4):
                logits = keep * logits + evidence[:, t]
            loss = theory.hybrid_loss(0.0, 0.0, theory.class_loss([y], logits), alpha)
        slopes[name] = np.asarray(tape.gradient(loss, evidence))[0]
    p = np.exp(evidence.numpy().sum(axis=1))[0]
    expected = alpha * (p / p.sum() - np.eye(3)[y])
    np.testing.assert_allclose(slopes["adds"], [expected] * 4, atol=1e-7)
    assert np.ptp(slopes["forgets"], axis=0).max() > 0.1


def test_gradients_of_a_place_by_three_routes():
    grid = np.linspace(0, 22, 221)
    rows = np.mgrid[1:21, 1:21]
    blob = np.exp(-((rows[1] - 11.3) ** 2 + (rows[0] - 10) ** 2) / 8)
    values = theory_routes.soft_rewards(blob, 11.3, 10, 0.7, 5, grid)
    places = RNG.normal(9, 1, 40_000).clip(0.5, 21.5)

    def soft(x):
        return np.interp(x, grid, values)

    def hard(x):
        return theory_routes.hard_rewards(blob, 11, 10, 5, x)

    for reward in (soft, hard):
        found = theory_routes.place_gradients(reward, 9.0, 1.0, places)
        error = found.reinforce.std() / np.sqrt(len(places))
        assert found.reinforce.mean() == pytest.approx(found.exact, abs=4 * error)
        assert error < 0.02 * found.exact
    found = theory_routes.place_gradients(soft, 9.0, 1.0, places)
    assert found.pathwise.mean() == pytest.approx(found.exact, rel=0.01)
    assert found.reinforce.var() > 15 * found.pathwise.var()
    plain = theory_routes.place_gradients(soft, 9.0, 1.0, places, baseline=False)
    assert plain.reinforce.var() > 2 * found.reinforce.var()
    slopes = theory_routes.place_gradients(hard, 9.0, 1.0, places[:2000], step=1e-9)
    assert np.mean(slopes.pathwise != 0) < 0.01  # nothing to follow


def test_the_class_canvas_adds_an_affine_map_of_reading_and_code():
    before, r, z = (RNG.normal(size=(2, n)) for n in (3, 4, 2))
    kernel, bias = RNG.normal(size=(6, 3)), RNG.normal(size=3)
    found = theory.class_canvas(before, r, z, kernel, bias)
    np.testing.assert_allclose(found, before + r @ kernel[:4] + z @ kernel[4:] + bias)
    assert keras.ops.shape(found) == (2, 3)
