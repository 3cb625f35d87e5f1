"""Networks: sizes, a training step by hand, and the replay in whole numbers."""

import keras
import numpy as np
import pytest

from lessons.efficiency.wage import config, data, experiment, integers, networks, paper
from lessons.efficiency.wage.model import IntegerClassifier
from lessons.efficiency.wage.variants import VARIANTS
from lessons.toolkit import runtime
from lessons.toolkit.errors import UserError

SHAPE = (8, 8, 1)
rng = np.random.default_rng(0)
IMAGES = rng.integers(0, 17, (16, *SHAPE)).astype(np.float32) / 16
LABELS = rng.integers(0, 10, 16)


@pytest.mark.parametrize("name", ["paper_lenet", "paper"])
def test_published_networks_have_the_published_weights_and_scales(name):
    settings = config.PRESETS[name]
    shape, classes = data.shape_and_classes(settings)
    built = experiment.build_model(settings, VARIANTS["wage"], shape, classes)
    assert runtime.num_parameters(built) == paper.PAPER_PARAMETERS[name]
    slug = {"paper_lenet": "lenet", "paper": "vgg7"}[name]
    assert tuple(x.scale for x in built.products) == paper.ALPHAS[slug]["paper"]
    costs = networks.costs(settings.network, shape, classes)
    sizes = [int(np.prod(x.kernel.shape)) for x in built.products]
    assert sizes == [c.weights for c in costs]


def q(x, bits):
    size = 2.0 ** (1 - bits)
    return np.clip(np.round(x / size) * size, size - 1, 1 - size)


def scaled(x):
    return x / 2.0 ** np.round(np.log2(np.abs(x).max()))


def step_by_hand(kernels, alphas, rate, weights=None):
    """One step of the paper's algorithm in NumPy, with rounding to the nearest."""
    values = q(2 * IMAGES.reshape(16, -1).astype(np.float64) - 1, 8)
    inputs, inside = [], []
    for kernel, alpha in zip(kernels, alphas, strict=True):
        inputs.append(values)
        inside.append(values @ q(kernel, 2) / alpha)
        values = q(np.maximum(inside[-1], 0), 8)
    errors = inside[-1] - np.eye(10)[LABELS]
    losses = 0.5 * (errors**2).sum(axis=1)
    if weights is not None:
        errors = errors * weights[:, None]
    errors = q(scaled(errors), 8)
    new = []
    for place in reversed(range(len(kernels))):
        gradient = inputs[place].T @ errors / alphas[place]
        change = np.round(rate * scaled(gradient)) / 128
        new.insert(0, np.clip(kernels[place] - change, -127 / 128, 127 / 128))
        if place:
            errors = errors @ q(kernels[place], 2).T / alphas[place]
            errors = errors * (np.maximum(inside[place - 1], 0) <= 127 / 128)
            errors = q(scaled(errors), 8) * (inside[place - 1] > 0)
    return losses, new


@pytest.mark.parametrize("weights", [None, rng.integers(1, 4, 16).astype(np.float32)])
def test_a_training_step_is_the_papers_by_hand(weights):
    settings = config.PRESETS["laptop"].replace(network="32FC-24FC", rate=4.0)
    model = experiment.compiled(settings, VARIANTS["nearest"], SHAPE)
    kernels = [x.kernel.numpy().astype(np.float64) for x in model.products]
    for _ in range(3):
        losses, kernels = step_by_hand(
            kernels, [x.scale for x in model.products], 4.0, weights
        )
        logs = model.train_on_batch(
            IMAGES, LABELS, sample_weight=weights, return_dict=True
        )
        factors = 1 if weights is None else weights
        assert logs["loss"] == pytest.approx(np.mean(losses * factors), rel=1e-5)
        for layer, kernel in zip(model.products, kernels, strict=True):
            np.testing.assert_array_equal(layer.kernel.numpy(), kernel)
        model.reset_metrics()


@pytest.mark.parametrize("network", ["20FC-20FC", "6C3-MP2-5C3-MP2-12FC", "4C5/2-9FC"])
@pytest.mark.parametrize("recipe", ["paper", "code"])
def test_the_replay_in_whole_numbers_is_exact(network, recipe):
    settings = config.PRESETS["laptop"].replace(network=network, recipe=recipe)
    model = experiment.compiled(settings, VARIANTS["wage"], SHAPE)
    model.fit(IMAGES, LABELS, epochs=3, batch_size=4, verbose=0)
    found = integers.replay(model, IMAGES)
    assert found.dtype == np.int32
    scale = 2.0**-8 / model.products[-1].scale
    np.testing.assert_array_equal(found * scale, model.predict(IMAGES, verbose=0))


def test_the_replay_differs_where_the_network_is_another():
    model = experiment.compiled(config.PRESETS["laptop"], VARIANTS["wage"], SHAPE)
    whole = integers.replay(model, IMAGES) * 2.0**-8 / model.products[-1].scale
    stored = [layer.kernel.numpy() for layer in model.products]
    values = q(2 * IMAGES.reshape(16, -1) - 1, 8)
    for kernel, layer in zip(stored, model.products, strict=True):
        last = values @ kernel / layer.scale  # the stored weights, not the ternary ones
        values = q(np.maximum(last, 0), 8)
    assert np.abs(last - whole).max() > 0.01


def test_sixteen_bits_are_too_few_for_a_sum_of_259_products():
    assert integers.most_inputs(16) == 258
    assert 258 * 127 <= 2**15 - 1 < 259 * 127
    model = IntegerClassifier((1, 300, 1), 2, "3FC", (2, 8, 8, 8))
    model.products[0].kernel.assign(np.full((300, 3), 0.5))
    bright = np.ones((1, 1, 300, 1))
    wide = integers.replay(model, bright)
    narrow = integers.replay(model, bright, np.int16)
    assert not np.array_equal(wide, narrow)
    exact = model.predict(bright, verbose=0) * 2**8 * model.products[-1].scale
    np.testing.assert_array_equal(wide, exact)


def test_shifts_round_to_the_nearest_with_ties_to_even():
    sums = np.arange(-2000, 2001, dtype=np.int32)
    for places in range(6):
        expected = np.rint(sums / 2.0**places)
        np.testing.assert_array_equal(integers.shift_right(sums, places), expected)


def test_values_off_the_grid_and_real_networks_are_refused():
    assert integers.to_integers([0.5, -0.25], 8).tolist() == [64, -32]
    for values in ([0.3], [1.0]):
        with pytest.raises(UserError, match="grid of 8 bits"):
            integers.to_integers(values, 8)
    real = experiment.compiled(config.PRESETS["smoke"], VARIANTS["vanilla"], SHAPE)
    with pytest.raises(UserError, match="whole numbers"):
        integers.replay(real, IMAGES)


def test_below_the_least_limit_nothing_is_left_to_train():
    settings = config.PRESETS["laptop"].replace(beta=0.5, network="200FC-200FC")
    model = experiment.compiled(settings, VARIANTS["wage"], (12, 12, 1))
    assert all(np.all(integers.ternary(x) == 0) for x in model.products)
    images = np.random.default_rng(0).random((8, 12, 12, 1), dtype=np.float32)
    before = [x.kernel.numpy() for x in model.products]
    model.fit(images, LABELS[:8], epochs=2, verbose=0)
    for old, layer in zip(before, model.products, strict=True):
        assert np.array_equal(old, layer.kernel.numpy())


def test_only_the_last_layer_learns_where_that_is_asked_for():
    model = experiment.compiled(config.PRESETS["smoke"], VARIANTS["last_layer"], SHAPE)
    before = [x.kernel.numpy() for x in model.products]
    model.fit(IMAGES, LABELS, verbose=0)
    same = [
        np.array_equal(old, x.kernel.numpy())
        for old, x in zip(before, model.products, strict=True)
    ]
    assert same == [True, False]


def test_loss_and_augmentation():
    with pytest.raises(UserError, match="loss"):
        IntegerClassifier(SHAPE, 10, "4FC", loss="hinge")
    model = IntegerClassifier((32, 32, 3), 10, "4C3-MP2-8FC", augment=True)
    images = np.random.default_rng(0).random((4, 32, 32, 3), dtype=np.float32)
    still = model(images, training=False)
    assert np.array_equal(still, model(images, training=False))
    assert not np.array_equal(still, model(images, training=True))
    assert isinstance(
        keras.saving.deserialize_keras_object(
            keras.saving.serialize_keras_object(model)
        ),
        IntegerClassifier,
    )


def test_labels_that_are_no_classes_are_refused_or_stop_the_training():
    model = IntegerClassifier(SHAPE, 4, "8FC")
    model.compile("sgd", run_eagerly=True)
    images, labels = np.zeros((3, *SHAPE), np.float32), np.array([0, 3, 4])
    with pytest.raises(UserError, match="from 0 to 3, got 4"):
        model.fit(images, labels, verbose=0)
    outputs = model(images)
    assert np.isfinite(model.compute_loss(images, labels % 4, outputs))
    assert np.isnan(model.compute_loss(images, labels, outputs))
