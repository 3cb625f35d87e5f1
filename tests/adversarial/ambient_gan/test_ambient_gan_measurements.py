"""Every measurement model against NumPy, SciPy and Keras's own image operations."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from scipy import ndimage, signal

from lessons.adversarial.ambient_gan import data, projections
from lessons.adversarial.ambient_gan.config import MEASUREMENTS, PRESETS
from lessons.adversarial.ambient_gan.measurements import (
    BlockPatch,
    BlockPixels,
    ConvolveNoise,
    ExtractPatch,
    Identity,
    KeepPatch,
    Measurement,
)
from lessons.adversarial.ambient_gan.projections import (
    GaussianProjection,
    PadRotateProject,
)
from lessons.toolkit.errors import UserError

FLOAT32 = 1e-5
SHAPE = (6, 8, 2)


@pytest.fixture
def images():
    random = np.random.default_rng(0)
    return random.uniform(0.1, 1, size=(5, *SHAPE)).astype(np.float32)


def make(name, shape=SHAPE):
    return data.make_measurement(name, shape, PRESETS["smoke"].replace(patch=3))


@pytest.mark.parametrize("name", MEASUREMENTS)
def test_shapes_are_as_announced_also_for_one_image(name, images):
    measurement = make(name)
    for count in (5, 1):
        found = measurement(images[:count], seed=1)
        assert found.shape == (count, *measurement.output_shape)
        assert found.dtype == tf.float32


@pytest.mark.parametrize("name", MEASUREMENTS)
def test_same_seed_same_measurement_and_another_image_another_theta(name, images):
    measurement = make(name)
    first, again = (np.asarray(measurement(images, seed=3)) for _ in range(2))
    np.testing.assert_array_equal(first, again)
    copies = np.repeat(images[:1], 40, axis=0)
    drawn = np.asarray(measurement(copies, seed=3)).reshape(40, -1)
    assert len(np.unique(drawn, axis=0)) > 10  # a patch of 3 has 24 places


@pytest.mark.parametrize("name", MEASUREMENTS)
def test_gradient_with_respect_to_the_image_is_that_of_finite_differences(name):
    measurement = make(name, (5, 5, 1))
    random = np.random.default_rng(1)
    x = tf.constant(random.uniform(size=(1, 5, 5, 1)), tf.float64)
    theta = measurement.sample_theta(1, seed=4)
    weights = tf.constant(random.normal(size=(1, *measurement.output_shape)))

    def loss(x):
        return tf.reduce_sum(
            weights * tf.cast(measurement.measure(x, theta), "float64")
        )

    with tf.GradientTape() as tape:
        tape.watch(x)
        value = loss(x)
    found = tape.gradient(value, x).numpy()[0, 2, 3, 0]
    bump = np.zeros((1, 5, 5, 1))
    bump[0, 2, 3, 0] = 1e-3
    expected = float(loss(x + bump) - loss(x - bump)) / 2e-3
    assert found == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("name", MEASUREMENTS)
def test_compiled_with_xla_measures_the_same(name, images):
    measurement = make(name)
    theta = measurement.sample_theta(5, seed=0)
    compiled = tf.function(measurement.measure, jit_compile=True)
    np.testing.assert_allclose(
        compiled(images, theta), measurement.measure(images, theta), atol=FLOAT32
    )


@pytest.mark.parametrize("name", MEASUREMENTS)
def test_saved_and_restored_measurement_is_the_same(name, images):
    measurement = make(name)
    saved = keras.saving.serialize_keras_object(measurement)
    restored = keras.saving.deserialize_keras_object(saved)
    assert restored.get_config() == measurement.get_config()
    np.testing.assert_array_equal(restored(images, seed=2), measurement(images, seed=2))


def test_block_pixels_keeps_or_zeroes_whole_pixels(images):
    found = np.asarray(BlockPixels(SHAPE, 0.5)(images, seed=0))
    kept = found == images
    assert np.all(kept | (found == 0))
    np.testing.assert_array_equal(kept[..., 0], kept[..., 1])


def test_block_pixels_of_the_official_code_masks_channels_and_keeps_the_mean():
    ones = np.ones((2000, *SHAPE), np.float32)
    found = np.asarray(BlockPixels(SHAPE, 0.8, per_channel=True, rescale=True)(ones, 0))
    assert np.any((found[..., 0] == 0) != (found[..., 1] == 0))
    # 192,000 pixels of mean 1 and deviation 2: four standard errors are 0.018
    assert found.mean() == pytest.approx(1.0, abs=0.018)


def test_block_pixels_blocks_with_probability_p():
    mask = np.asarray(BlockPixels((10, 10, 1), 0.8).sample_theta(1000, seed=0))
    # 100,000 pixels: four standard errors are 0.005
    assert mask.mean() == pytest.approx(0.2, abs=0.005)
    assert np.all(np.asarray(BlockPixels(SHAPE, 1.0).sample_theta(3, seed=0)) == 0)
    assert np.all(np.asarray(BlockPixels(SHAPE, 0.0).sample_theta(3, seed=0)) == 1)


def test_blocked_pixels_get_no_gradient_and_the_mean_gradient_is_1_minus_p():
    measurement = BlockPixels((4, 4, 1), 0.75)
    x = tf.ones((4000, 4, 4, 1))
    weights = tf.random.stateless_normal((4, 4, 1), (1, 2))
    theta = measurement.sample_theta(4000, seed=5)
    with tf.GradientTape() as tape:
        tape.watch(x)
        loss = tf.reduce_sum(weights * measurement.measure(x, theta))
    gradient = tape.gradient(loss, x).numpy()
    assert np.all(gradient[np.asarray(theta) == 0] == 0)
    # 4,000 draws of deviation 0.43: four standard errors are 0.027
    assert np.abs(gradient.mean(axis=0) / weights - 0.25).max() < 0.03


def test_convolution_is_scipys_with_zeros_around(images):
    measurement = ConvolveNoise(SHAPE, noise=0.0)
    found = np.asarray(measurement(images, seed=0))
    expected = [
        [signal.convolve2d(x[..., c], measurement.kernel, "same") for c in range(2)]
        for x in images.astype(np.float64)
    ]
    np.testing.assert_allclose(found, np.moveaxis(expected, 1, -1), atol=FLOAT32)


def test_noise_has_its_standard_deviation():
    noise = np.asarray(ConvolveNoise((20, 20, 1), 0.3).sample_theta(250, seed=0))
    # 100,000 numbers: the deviation's relative standard error is 0.22 %
    assert noise.std() == pytest.approx(0.3, rel=0.01)


def test_patches_are_the_slices_of_the_image(images):
    theta = np.array([[0, 0], [3, 5], [1, 2], [2, 0], [0, 5]], np.int32)
    squares = [x[t : t + 3, c : c + 3] for x, (t, c) in zip(images, theta, strict=True)]
    found = ExtractPatch(SHAPE, 3).measure(images, theta)
    np.testing.assert_allclose(found, squares, atol=FLOAT32)
    block = np.asarray(BlockPatch(SHAPE, 3).measure(images, theta))
    keep = np.asarray(KeepPatch(SHAPE, 3).measure(images, theta))
    np.testing.assert_array_equal(block + keep, images)
    for i, (top, left) in enumerate(theta):
        np.testing.assert_array_equal(
            keep[i, top : top + 3, left : left + 3], squares[i]
        )
        assert np.count_nonzero(keep[i]) == 18


def test_patch_given_back_its_size_stands_in_the_middle(images):
    theta = np.zeros((5, 2), np.int32)
    padded = np.asarray(ExtractPatch(SHAPE, 2, pad_back=True).measure(images, theta))
    assert padded.shape == images.shape
    np.testing.assert_allclose(padded[:, 2:4, 3:5], images[:, :2, :2], atol=FLOAT32)
    assert np.count_nonzero(padded) == 5 * 8


@pytest.mark.parametrize(("code", "last"), [(False, 4), (True, 3)])
def test_corners_reach_the_last_place_except_in_the_official_code(code, last):
    theta = np.asarray(BlockPatch((8, 8, 1), 4, code).sample_theta(4000, seed=0))
    for corner in theta.T:
        counts = np.bincount(corner)
        assert len(counts) == last + 1
        # uniform: 4000 / (last + 1), deviation below 30
        assert np.abs(counts - 4000 / (last + 1)).max() < 120


@pytest.mark.parametrize("degrees", [0, 90, 37, -120])
def test_rotation_is_that_of_scipy(degrees):
    image = np.random.default_rng(2).uniform(size=(9, 9)).astype(np.float32)
    image[:2], image[-2:], image[:, :2], image[:, -2:] = 0, 0, 0, 0
    theta = np.array([np.deg2rad(degrees)], np.float32)
    found = np.asarray(projections.rotate(image[None, ..., None], theta))[0, ..., 0]
    expected = ndimage.rotate(
        image, degrees, reshape=False, order=1, mode="grid-constant"
    )
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_rotation_is_keras_affine_transform(images):
    square = images[:, :, :6]
    theta = np.array([0.3, -2.0, 1.0, 3.0, 0.0], np.float32)
    c, s, m = np.cos(theta), np.sin(theta), 2.5
    zero = np.zeros_like(c)
    rows = [c, -s, m - c * m + s * m, s, c, m - s * m - c * m, zero, zero]
    expected = keras.ops.image.affine_transform(
        square, np.stack(rows, axis=1), fill_mode="constant"
    )
    found = projections.rotate(square, theta)
    np.testing.assert_allclose(found, expected, atol=1e-4)


def test_projection_at_0_and_90_degrees_is_column_and_row_sums(images):
    square = images[:, :, :6]
    measurement = PadRotateProject((6, 6, 2), pad=3)
    for angle, axis in ((0.0, 1), (np.pi / 2, 2)):
        theta = np.full((5, 1), angle, np.float32)
        found = np.reshape(measurement.measure(square, theta), (5, 12, 2))
        np.testing.assert_allclose(found[:, 3:9], square.sum(axis=axis), atol=1e-4)
        np.testing.assert_allclose(found[:, :3], 0, atol=1e-4)


def test_padding_is_the_papers():
    assert [side + 2 * projections.enough_padding(side) for side in (8, 28, 64)] == [
        12,
        40,
        92,
    ]
    assert PadRotateProject((28, 28, 1)).output_shape == (40,)
    assert PadRotateProject((64, 64, 3)).output_shape == (92 * 3,)
    assert PadRotateProject((8, 8, 1), 2, with_theta=True).output_shape == (26,)


def test_angles_are_appended_in_radians(images):
    measurement = PadRotateProject(SHAPE, 2, with_theta=True)
    theta = measurement.sample_theta(5, seed=1)
    assert np.all(np.abs(theta) <= np.pi)
    found = np.asarray(measurement.measure(images, theta))
    np.testing.assert_array_equal(found[:, -2:], theta)
    without = PadRotateProject(SHAPE, 2).measure(images, theta)
    np.testing.assert_array_equal(found[:, :-2], without)


def test_enough_padding_keeps_the_mass_of_the_image():
    image = np.zeros((200, 8, 8, 1), np.float32)
    image[:, 0, 0] = image[:, 7, 2] = image[:, 3, 4] = 1.0
    theta = np.linspace(-np.pi, np.pi, 200, dtype=np.float32)[:, None]
    sums = np.sum(PadRotateProject((8, 8, 1)).measure(image, theta), axis=1)
    lost = np.sum(PadRotateProject((8, 8, 1), pad=0).measure(image, theta), axis=1)
    assert sums.mean() == pytest.approx(3.0, rel=0.02)
    assert sums.min() > 2  # bilinear: single pixels weigh more or less on the way
    assert lost.min() < 1.8  # two corners are outside at 45 degrees


def test_gaussian_projection_is_a_pair(images):
    measurement = GaussianProjection(SHAPE)
    found = np.asarray(measurement(images, seed=0))
    direction, product = found[:, :-1], found[:, -1]
    expected = np.sum(direction * images.reshape(5, -1), axis=1)
    np.testing.assert_allclose(product, expected, atol=1e-4)


def test_identity_sees_everything(images):
    assert Identity(SHAPE)(images) is images
    assert Identity(SHAPE).keeps_shape


@pytest.mark.parametrize(
    ("attempt", "named"),
    [
        (lambda: BlockPixels(SHAPE, 1.5), "p must be"),
        (lambda: BlockPixels(SHAPE, 1.0, rescale=True), "below 1"),
        (lambda: ConvolveNoise(SHAPE, -0.1), "at least 0"),
        (lambda: ConvolveNoise(SHAPE, size=4), "odd"),
        (lambda: BlockPatch(SHAPE, 7), "from 1 to 6"),
        (lambda: BlockPatch(SHAPE, 6, code_offsets=True), "from 1 to 5"),
        (lambda: PadRotateProject(SHAPE, 0), "num_angles"),
        (lambda: Identity((8, 8)), "height, width, channels"),
        (lambda: data.make_measurement("fog", SHAPE, PRESETS["smoke"]), "block_pixels"),
    ],
)
def test_impossible_measurements_are_refused(attempt, named):
    with pytest.raises(UserError, match=named):
        attempt()


def test_a_measurement_without_a_rule_says_so(images):
    with pytest.raises(NotImplementedError):
        Measurement(SHAPE)(images)


def test_gradient_of_the_rotation_is_its_transpose_unlike_kerass_own():
    random = np.random.default_rng(3)
    images, weights = random.normal(size=(2, 4, 9, 9, 1)).astype(np.float32)
    direction = random.normal(size=images.shape).astype(np.float32)
    theta = np.array([0.4, 1.3, -2.2, 2.9], np.float32)
    c, s, zero = np.cos(theta), np.sin(theta), np.zeros(4, np.float32)
    rows = [c, -s, 4 - 4 * c + 4 * s, s, c, 4 - 4 * s - 4 * c, zero, zero]

    def gap(turn):
        x = tf.constant(images)
        with tf.GradientTape() as tape:
            tape.watch(x)
            loss = tf.reduce_sum(weights * turn(x))
        slope = np.sum(tape.gradient(loss, x) * direction)
        return abs(slope - np.sum(weights * turn(tf.constant(direction))))  # linear

    assert gap(lambda x: projections.rotate(x, theta)) < 1e-3
    transform = np.stack(rows, axis=1)
    assert gap(lambda x: keras.ops.image.affine_transform(x, transform)) > 0.1
