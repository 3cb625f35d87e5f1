"""When measurements determine the law: closed forms against brute force."""

import itertools

import numpy as np
import pytest

from lessons.adversarial.ambient_gan import (
    recoverability,
    theory,
    theory_fourier,
)
from lessons.adversarial.ambient_gan.measurements import (
    BlockPatch,
    BlockPixels,
    ExtractPatch,
    KeepPatch,
)
from lessons.adversarial.ambient_gan.projections import (
    GaussianProjection,
    PadRotateProject,
)
from lessons.toolkit.errors import UserError

EXACT = 1e-12
LAW = np.array([0.4, 0.05, 0.05, 0, 0, 0.1, 0.1, 0.3])  # three binary pixels


def random_law(size, seed=0):
    return np.random.default_rng(seed).dirichlet(np.ones(size))


@pytest.mark.parametrize(("levels", "pixels"), [(2, 3), (3, 2), (4, 1)])
def test_transition_is_the_sum_over_all_masks(levels, pixels):
    p = 0.3
    images = list(itertools.product(range(levels), repeat=pixels))
    expected = np.zeros((len(images),) * 2)
    for mask in itertools.product((0, 1), repeat=pixels):
        weight = np.prod([p if not m else 1 - p for m in mask])
        for j, image in enumerate(images):
            seen = tuple(v * m for v, m in zip(image, mask, strict=True))
            expected[images.index(seen), j] += weight
    found = theory.pixel_transition(pixels, p, levels)
    np.testing.assert_allclose(found, expected, atol=EXACT)
    np.testing.assert_allclose(found.sum(axis=0), 1, atol=EXACT)


@pytest.mark.parametrize("p", [0.0, 0.5, 0.9])
@pytest.mark.parametrize("n", [1, 2, 3])
def test_determinant_condition_and_norm_have_closed_forms(n, p):
    matrix = theory.pixel_transition(n, p)
    determinant = np.linalg.det(matrix)
    assert determinant == pytest.approx((1 - p) ** (n * 2 ** (n - 1)), rel=1e-9)
    assert np.linalg.cond(matrix) == pytest.approx(theory.condition_number(n, p))
    norm = np.linalg.norm(np.linalg.inv(matrix), 1)
    assert norm == pytest.approx(((1 + p) / (1 - p)) ** n)


def test_values_worked_out_by_hand():
    assert theory.condition_number(3, 0.5) == pytest.approx(17.944, abs=1e-3)
    assert theory.condition_number(3, 0.9) == pytest.approx(5974, abs=1)
    for p, expected in ((0.5, 0.3375), (0.8, 0.4704)):
        measured = theory.pixel_transition(3, p) @ LAW
        assert theory.total_variation(LAW, measured) == pytest.approx(expected)


@pytest.mark.parametrize(("levels", "pixels"), [(2, 5), (3, 3)])
def test_recovery_undoes_the_measurement(levels, pixels):
    law = random_law(levels**pixels)
    measured = theory.pixel_transition(pixels, 0.6, levels) @ law
    found = theory.recover(measured, 0.6, levels)
    np.testing.assert_allclose(found, law, atol=1e-10)


def test_nothing_is_recovered_when_all_pixels_are_blocked():
    assert np.linalg.matrix_rank(theory.pixel_transition(3, 1.0)) == 1
    with pytest.raises(np.linalg.LinAlgError):
        theory.recover(random_law(8), 1.0)


def test_recovery_from_samples_is_near():
    random = np.random.default_rng(0)
    drawn = random.choice(8, size=200_000, p=LAW)
    bits = (drawn[:, None] >> np.array([2, 1, 0])) & 1
    seen = (bits * (random.random(bits.shape) >= 0.5)) @ [4, 2, 1]
    measured = np.bincount(seen, minlength=8) / len(seen)
    error = theory.total_variation(theory.recover(measured, 0.5), LAW)
    assert error < 0.03
    assert theory.total_variation(measured, LAW) > 0.3


def test_sample_bound_grows_as_theorem_5_4_says():
    base = theory.sample_bound(2, 0.5, 0.1, 0.05)
    assert base == pytest.approx(4**4 / 0.01 * np.log(4 / 0.05))
    assert theory.sample_bound(2, 0.5, 0.05, 0.05) == pytest.approx(4 * base)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("p", [0.2, 0.9])
def test_measuring_cannot_make_laws_easier_to_tell_apart(seed, p):
    first, second = random_law(8, seed), random_law(8, seed + 100)
    matrix = theory.pixel_transition(3, p)
    before = theory.jensen_shannon(first, second)
    after = theory.jensen_shannon(matrix @ first, matrix @ second)
    assert 0 < after <= before
    blind = theory.pixel_transition(3, 1.0)
    assert theory.jensen_shannon(blind @ first, blind @ second) == pytest.approx(0)


def test_best_discriminator_beats_all_others_and_gives_jensen_shannon():
    real, fake = random_law(6, 1), random_law(6, 2)
    best = theory.best_discriminator(real, fake)
    value = theory.gan_value(real, fake, best)
    expected = 2 * theory.jensen_shannon(real, fake) - np.log(4)
    assert value == pytest.approx(expected, abs=EXACT)
    random = np.random.default_rng(0)
    for _ in range(20):
        other = np.clip(best + 0.05 * random.normal(size=6), 1e-3, 1 - 1e-3)
        assert theory.gan_value(real, fake, other) < value
    assert theory.jensen_shannon([1, 0], [0, 1]) == pytest.approx(np.log(2))


def test_counted_matrix_of_block_pixels_is_the_kronecker_product():
    masks = theory.all_images(1, 3)
    weights = [0.3 ** (3 - m.sum()) * 0.7 ** m.sum() for m in masks]
    found = recoverability.transition(BlockPixels((1, 3, 1), 0.3), masks, weights)
    np.testing.assert_allclose(found, theory.pixel_transition(3, 0.3), atol=EXACT)
    assert recoverability.rank(found) == 8


def test_one_pixel_at_a_time_gives_the_means_and_without_its_place_one_number():
    keep, extract = KeepPatch((2, 3, 1), 1), ExtractPatch((2, 3, 1), 1)
    # six means, and that the law sums to one
    assert recoverability.rank_of(keep, recoverability.corners(keep)) == 7
    assert recoverability.rank_of(extract, recoverability.corners(extract)) == 2


@pytest.mark.parametrize("shape", [(1, 4, 1), (2, 3, 1)])
def test_a_patch_that_is_always_hidden_hides_the_parity_and_only_that(shape):
    measurement = BlockPatch(shape, 1)
    matrix = recoverability.transition(measurement, recoverability.corners(measurement))
    np.testing.assert_allclose(matrix.sum(axis=0), 1, atol=EXACT)
    images = theory.all_images(*shape[:2])
    parity = (-1.0) ** images.sum(axis=(1, 2, 3))
    np.testing.assert_allclose(matrix @ parity, 0, atol=EXACT)
    assert recoverability.rank(matrix) == len(images) - 1


def test_projections_of_a_turned_image_have_the_same_law():
    images = theory.all_images(3, 3)
    turned = np.rot90(images, axes=(1, 2))
    measurement, angles = PadRotateProject((3, 3, 1)), recoverability.right_angles()
    first = recoverability.transition(measurement, angles, images=images)
    both = np.concatenate([images, turned])
    matrix = recoverability.transition(measurement, angles, images=both)
    np.testing.assert_allclose(matrix[:, :512], matrix[:, 512:], atol=EXACT)
    known = PadRotateProject((3, 3, 1), with_theta=True)
    told = recoverability.transition(known, angles)
    assert recoverability.rank(first) < recoverability.rank(told) < 512


@pytest.mark.parametrize("angle", [0.2, 0.7, 2.0])
def test_one_known_angle_that_is_no_right_angle_determines_every_law(angle):
    known = PadRotateProject((3, 3, 1), with_theta=True)
    assert recoverability.rank_of(known, np.array([[angle]], np.float32)) == 512
    direction = np.random.default_rng(0).normal(size=(1, 6)).astype(np.float32)
    assert recoverability.rank_of(GaussianProjection((2, 3, 1)), direction) == 64


def test_right_angles_show_row_and_column_sums_only():
    images = theory.all_images(2, 2)
    sums = [
        np.unique(images.sum(axis=axis)[..., 0], axis=0, return_inverse=True)[1]
        for axis in (1, 2)
    ]
    indicators = np.concatenate([np.eye(9)[which.ravel()].T for which in sums])
    known = PadRotateProject((2, 2, 1), with_theta=True)
    found = recoverability.rank_of(known, recoverability.right_angles())
    assert found == np.linalg.matrix_rank(indicators)


@pytest.mark.parametrize(("side", "angle"), [(2, 0.3), (3, 0.7)])
def test_an_unknown_angle_determines_all_but_turns_and_mirrors(side, angle):
    unknown = PadRotateProject((side, side, 1))
    angles = recoverability.matched_angles(angle)
    assert recoverability.rank_of(unknown, angles) == recoverability.shapes(side)
    # without their mirror images the same angles would give the image away
    assert recoverability.rank_of(unknown, angles[:1]) == 2 ** (side**2)


def test_shapes_are_the_orbits_of_turns_and_mirrors():
    # Burnside: the mean number of binary images that a turn or mirror leaves as it is
    assert recoverability.shapes(2) == (16 + 2 + 4 + 2 + 4 + 4 + 8 + 8) // 8
    fixed = [2**9, 2**3, 2**5, 2**3] + 4 * [2**6]
    assert recoverability.shapes(3) == sum(fixed) // 8 == 102


def test_equal_values_are_alike_and_others_are_not():
    values = np.array([3.0, 1.0, 3.0 + 1e-6, 1.0 + 1e-4, -2.0])
    assert theory.alike(values).tolist() == [3, 1, 3, 2, 0]


def test_moments_come_out_of_blocked_pixels():
    random = np.random.default_rng(0)
    images = random.random((5, 3))
    # at p = 1/2 every mask is as probable as any other: all of them are the expectation
    masks = np.array(list(itertools.product((0, 1), repeat=3)))
    measured = (images[:, None] * masks).reshape(-1, 3)
    mean, covariance = theory.masked_moments(measured, 0.5)
    np.testing.assert_allclose(mean, images.mean(axis=0), atol=EXACT)
    expected = np.cov(images.T, bias=True)
    np.testing.assert_allclose(covariance, expected, atol=EXACT)


def test_too_small_a_p_explains_the_measurements_and_too_large_a_p_does_not():
    measured = theory.pixel_transition(3, 0.8) @ LAW
    holes = theory.pixel_transition(3, 0.6) @ LAW
    np.testing.assert_allclose(theory.recover(measured, 0.5), holes, atol=EXACT)
    assert theory.recover(measured, 0.9).min() < -0.1


def test_moments_come_out_of_random_projections():
    random = np.random.default_rng(0)
    root = random.normal(size=(4, 4)) / 2
    mean = random.normal(size=4)
    x = mean + random.normal(size=(400_000, 4)) @ root.T
    directions = random.normal(size=x.shape)
    products = np.sum(directions * x, axis=1)
    found, covariance = theory.projection_moments(directions, products)
    np.testing.assert_allclose(found, mean, atol=0.02)
    np.testing.assert_allclose(covariance, root @ root.T, atol=0.15)
    np.testing.assert_array_equal(covariance, covariance.T)


def test_moments_are_exact_for_a_single_image():
    random = np.random.default_rng(1)
    directions = random.normal(size=(50, 3))
    mean, covariance = theory.projection_moments(directions, directions @ [1, 2, 3])
    np.testing.assert_allclose(mean, [1, 2, 3], atol=1e-10)
    np.testing.assert_allclose(covariance, 0, atol=1e-10)


def test_one_pixel_too_few_offsets_hides_the_middle_for_ever():
    right = theory.seen_probability(28, 14, blocked=True)
    wrong = theory.seen_probability(28, 14, num_offsets=14, blocked=True)
    assert 1 - right[13, 13] == pytest.approx((14 / 15) ** 2)
    assert wrong[13, 13] == 0
    assert np.all(right > 0)
    kept = theory.seen_probability(28, 14, num_offsets=14)
    assert np.all(kept[-1] == 0) and np.all(kept[:, -1] == 0)
    assert np.all(theory.seen_probability(28, 14) > 0)


def test_seen_probability_is_that_of_drawn_patches():
    measurement = KeepPatch((7, 7, 1), 3)
    seen = np.asarray(measurement.inside(measurement.sample_theta(4000, seed=0)))
    # at most 0.36: four standard errors are 0.03
    expected = theory.seen_probability(7, 3)
    np.testing.assert_allclose(seen.mean(axis=0)[..., 0], expected, atol=0.03)


def test_kernel_is_the_papers():
    kernel = theory_fourier.gaussian_kernel()
    taps = [0.0545, 0.2442, 0.4026, 0.2442, 0.0545]
    np.testing.assert_allclose(kernel, np.outer(taps, taps), atol=5e-5)
    assert kernel.sum() == pytest.approx(1, abs=EXACT)


def test_response_of_the_blur_on_28_pixels():
    factor = theory_fourier.response(theory_fourier.gaussian_kernel(), 28, 28)
    assert np.abs(factor.imag).max() < EXACT  # centred and symmetric
    assert factor[0, 0] == pytest.approx(1)
    assert np.abs(factor).min() == pytest.approx(5.4e-4, rel=0.01)


def test_wiener_without_noise_inverts_and_with_much_shrinks():
    images = np.random.default_rng(0).uniform(size=(3, 9, 7))
    kernel = theory_fourier.gaussian_kernel(0.6, 3)
    seen = theory_fourier.convolve(images, kernel)
    found = theory_fourier.wiener(seen, kernel, 0.0)
    np.testing.assert_allclose(found, images, atol=1e-9)
    assert np.abs(theory_fourier.wiener(seen, kernel, 1e6)).max() < 1e-5


def test_wiener_is_the_best_linear_filter_of_white_images():
    random = np.random.default_rng(0)
    kernel, noise = theory_fourier.gaussian_kernel(), 0.5
    images = random.normal(size=(400, 8, 8))
    seen = theory_fourier.convolve(images, kernel)
    seen = seen + noise * random.normal(size=seen.shape)

    def error(ratio):
        return np.mean((theory_fourier.wiener(seen, kernel, ratio) - images) ** 2)

    assert error(0.25) < min(error(0.15), error(0.4))


def test_kernel_with_a_zero_hides_an_alternating_pattern():
    kernel = np.array([[0.0, 0.5, 0.5]])
    factor = theory_fourier.response(kernel, 1, 8)
    assert np.abs(factor).min() < EXACT
    plain = np.full((1, 8), 0.5)
    striped = plain + 0.3 * (-1) ** np.arange(8)
    np.testing.assert_allclose(
        theory_fourier.convolve(striped, kernel),
        theory_fourier.convolve(plain, kernel),
        atol=EXACT,
    )


def test_characteristic_function_survives_blur_and_noise():
    random = np.random.default_rng(0)
    x = (random.random((200_000, 2)) < [0.3, 0.6]).astype(float)
    blur = np.array([[0.8, 0.2], [0.3, 0.7]])
    y = x @ blur.T + 0.5 * random.normal(size=x.shape)
    t = random.normal(size=(6, 2))
    found = theory_fourier.unblurred_characteristic(y, t, 0.5)
    # Independent pixels: a product of 1 - q + q e^{is}, at s = K^T t
    s = t @ blur
    expected = np.prod(1 - np.array([0.3, 0.6]) * (1 - np.exp(1j * s)), axis=1)
    np.testing.assert_allclose(found, expected, atol=0.02)


@pytest.mark.parametrize(
    "attempt",
    [
        lambda: theory.pixel_channel(1.2),
        lambda: theory.pixel_channel(0.5, levels=1),
        lambda: theory_fourier.gaussian_kernel(0),
    ],
)
def test_impossible_arguments_are_refused(attempt):
    with pytest.raises(UserError):
        attempt()
