"""Networks: sizes, order of layers, normalisation, first weights, bounds, mirroring."""

import dataclasses

import keras
import numpy as np
import pytest

from lessons.foundations.convnet_baseline import (
    config,
    experiment,
    layers,
    model,
    networks,
    paper,
    theory,
)
from lessons.foundations.convnet_baseline.layers import FeatureNormalization
from lessons.foundations.convnet_baseline.model import ConvNet
from lessons.foundations.convnet_baseline.networks import PUBLISHED
from lessons.foundations.convnet_baseline.variants import VARIANTS
from lessons.toolkit import runtime
from lessons.toolkit.errors import UserError

TINY = PUBLISHED["tiny"]
SHAPE = (16, 16, 3)
rng = np.random.default_rng(0)
IMAGES = rng.random((9, *SHAPE), dtype=np.float32)
LABELS = rng.integers(0, 2, 9)


@pytest.mark.parametrize("name", list(paper.PARAMETERS))
def test_built_networks_have_the_parameters_of_the_arithmetic(name):
    of = PUBLISHED[name]
    built = ConvNet((of.side, of.side, 3), of)
    assert runtime.num_parameters(built) == paper.PARAMETERS[name]
    stages = networks.stages(of)
    assert [x.kernel.shape[-1] for x in built.products] == [s.units for s in stages]
    fans = [int(np.prod(x.kernel.shape[:-1])) for x in built.products]
    assert fans == [s.fan_in for s in stages]


def test_the_two_builders_are_the_projects_networks():
    blog = model.baseline((48, 48, 3))
    assert runtime.num_parameters(blog) == 731_521
    rates = [x.rate for x in blog.stack if isinstance(x, keras.layers.Dropout)]
    assert rates == [0.5, 0.5]
    kernel = np.asarray(blog.products[1].kernel)
    assert 0.079 < np.abs(kernel).max() <= 0.08
    other = model.normalized((48, 48, 3), dense=(64,))
    assert sum(isinstance(x, keras.layers.BatchNormalization) for x in other.stack) == 4
    assert other(np.zeros((1, 48, 48, 3), np.float32)).shape == (1, 2)
    wide = model.baseline((32, 32, 3), channels=(2, 3, 4), dense=(5,), dropout=0)
    assert [x.kernel.shape[-1] for x in wide.products] == [2, 3, 4, 5, 1]


def by_hand(built, images):
    """The network's logits in NumPy, with loops over places."""
    mean, deviation = (np.asarray(w, np.float64) for w in built.normalization.weights)
    values, flat = (images.astype(np.float64) - mean) / deviation, False
    for layer in built.products[:-1]:
        kernel, bias = (np.asarray(w, np.float64) for w in layer.weights)
        if kernel.ndim == 2:
            if not flat:
                values, flat = values.reshape(len(values), -1), True
            values = np.maximum(values @ kernel + bias, 0)
            continue
        size, side = kernel.shape[0], values.shape[1] - kernel.shape[0] + 1
        out = np.zeros((len(values), side, side, kernel.shape[-1]))
        for y in range(side):
            for x in range(side):
                patch = values[:, y : y + size, x : x + size]
                out[:, y, x] = np.tensordot(patch, kernel, 3) + bias
        out, half = np.maximum(out, 0), side // 2
        out = out[:, : 2 * half, : 2 * half].reshape(len(out), half, 2, half, 2, -1)
        values = out.max(axis=(2, 4))
    kernel, bias = (np.asarray(w, np.float64) for w in built.products[-1].weights)
    return values @ kernel + bias


def test_logits_are_those_of_a_network_by_hand():
    built = ConvNet(SHAPE, TINY)
    built.adapt(IMAGES)
    expected = by_hand(built, IMAGES)
    np.testing.assert_allclose(built(IMAGES), expected, atol=1e-5)
    assert np.ptp(expected) > 0.05
    np.testing.assert_allclose(built.activations(IMAGES)[-1], built(IMAGES))
    assert len(built.activations(IMAGES)) == len(built.products)


def test_normalisation_takes_the_training_images_and_guards_constants():
    layer = FeatureNormalization()
    images = IMAGES.copy()
    images[:, 3, 3, 1] = 0.25
    layer.build(images.shape)
    layer.adapt(images)
    found = np.asarray(layer(images))
    np.testing.assert_allclose(found.mean(axis=0), 0, atol=1e-5)
    spread = found.std(axis=0)
    assert spread[3, 3, 1] == 0
    np.testing.assert_allclose(
        np.delete(spread.ravel(), 3 * 48 + 3 * 3 + 1), 1, rtol=1e-4
    )
    other = np.asarray(layer(images + 0.5))
    assert other[0, 3, 3, 1] == pytest.approx(0.5)  # Keras's would give 5 million
    built = ConvNet(SHAPE, TINY)
    with pytest.raises(UserError, match="shape"):
        built.adapt(IMAGES[:, :8])
    with pytest.raises(UserError, match="0, 1"):
        built.adapt(IMAGES * 255)


@pytest.mark.parametrize("outputs", [1, 2])
def test_loss_is_the_cross_entropy_and_a_softmax_of_two_is_a_sigmoid(outputs):
    built = ConvNet(SHAPE, dataclasses.replace(TINY, outputs=outputs))
    logits = rng.normal(size=(9, outputs)).astype(np.float32)
    z = logits[:, 0] if outputs == 1 else logits[:, 1] - logits[:, 0]
    losses = np.asarray(theory.binary_cross_entropy(z, LABELS))
    assert float(built.compute_loss(y=LABELS, y_pred=logits)) == pytest.approx(
        losses.mean(), rel=1e-5
    )
    weights = rng.uniform(0, 2, 9).astype(np.float32)
    weighted = built.compute_loss(
        y=LABELS[:, None], y_pred=logits, sample_weight=weights[:, None]
    )
    assert float(weighted) == pytest.approx((losses * weights).mean(), rel=1e-5)
    metric = built.accuracy_metric()
    metric.update_state(LABELS, logits)
    assert float(metric.result()) == pytest.approx(np.mean((z > 0) == LABELS))


def test_labels_that_are_no_classes_are_refused():
    built = experiment.compiled(config.PRESETS["smoke"], VARIANTS["adam"])
    with pytest.raises(UserError, match="labels must be"):
        built.fit(IMAGES, np.full(9, 2))
    loss = built.compute_loss(y=np.array([0, 3]), y_pred=np.zeros((2, 1), np.float32))
    assert np.isnan(float(loss))


def test_first_weights_are_uniform_or_glorots_and_follow_the_seed():
    small = ConvNet(SHAPE, TINY, scale=0.05)
    for layer in small.products:
        assert np.abs(layer.kernel).max() <= 0.05
        np.testing.assert_array_equal(layer.bias, 0)
    big = ConvNet((32, 32, 3), PUBLISHED["laptop"], scale=0.3)
    kernel = np.asarray(big.products[1].kernel)
    assert kernel.std() == pytest.approx(0.3 / 3**0.5, rel=0.03)
    glorot = np.asarray(ConvNet((32, 32, 3), PUBLISHED["laptop"]).products[1].kernel)
    assert np.abs(glorot).max() <= (6 / (2 * 400)) ** 0.5 < 1.01 * np.abs(glorot).max()
    again, other = ConvNet(SHAPE, TINY, seed=0), ConvNet(SHAPE, TINY, seed=1)
    first = ConvNet(SHAPE, TINY, seed=0).products[0].kernel
    np.testing.assert_array_equal(again.products[0].kernel, first)
    assert np.abs(other.products[0].kernel - first).max() > 0.01


def test_max_norm_bounds_each_unit_of_both_kinds_of_kernels():
    bound = layers.UnitNorms(0.5)
    for shape, axes in (((6, 4), 0), ((3, 3, 2, 4), (0, 1, 2))):
        kernel = rng.normal(size=shape).astype(np.float32)
        kernel[..., 0] *= 1e-3
        kernel[..., 1] = 0
        found = np.asarray(bound(kernel))
        norms = np.sqrt((found**2).sum(axis=axes))
        np.testing.assert_allclose(norms[2:], 0.5, rtol=1e-5)
        np.testing.assert_allclose(found[..., 0], kernel[..., 0], rtol=1e-4)
        assert np.all(found[..., 1] == 0)
    settings = config.PRESETS["smoke"].replace(max_norm=0.3, adam_rate=0.1)
    built = experiment.compiled(settings, VARIANTS["adam"], run_eagerly=True)
    built.train_on_batch(IMAGES, LABELS)
    for layer in built.products:
        kernel = np.asarray(layer.kernel)
        assert np.sqrt((kernel.reshape(-1, kernel.shape[-1]) ** 2).sum(0)).max() < 0.301


def test_images_are_mirrored_in_training_alone_and_not_in_place():
    built = ConvNet(SHAPE, TINY, flip=True, seed=3)
    before = IMAGES.copy()
    np.testing.assert_array_equal(built(IMAGES), built(IMAGES))
    both = np.stack([built(IMAGES), built(IMAGES[:, :, ::-1])])[..., 0]
    found = np.asarray(built(IMAGES, training=True))[:, 0]
    distance = np.abs(both - found).min(axis=0)
    np.testing.assert_allclose(distance, 0, atol=1e-5)
    chosen = np.abs(both - found).argmin(axis=0)
    assert 0 < chosen.mean() < 1
    np.testing.assert_array_equal(IMAGES, before)


def test_batch_norm_makes_biases_dead_and_the_scale_of_weights_free():
    of = dataclasses.replace(TINY, batch_norm=True, dead_biases=True)
    built = ConvNet(SHAPE, of)
    start = np.asarray(built(IMAGES, training=True))
    for layer in built.products[:-1]:
        layer.bias.assign(layer.bias + 7)
    np.testing.assert_allclose(built(IMAGES, training=True), start, atol=2e-4)
    for layer in built.products[:-1]:
        layer.kernel.assign(3 * layer.kernel)
    np.testing.assert_allclose(built(IMAGES, training=True), start, atol=3e-2)
    plain = ConvNet(SHAPE, TINY)
    start = np.asarray(plain(IMAGES))
    plain.products[0].kernel.assign(3 * plain.products[0].kernel)
    assert np.abs(plain(IMAGES) - start).max() > 5e-2


def test_hidden_biases_are_left_out_and_counted_out():
    of = dataclasses.replace(TINY, hidden_biases=False)
    built = ConvNet(SHAPE, of)
    assert [layer.use_bias for layer in built.products] == [False] * 4 + [True]
    hidden = sum(TINY.channels) + sum(TINY.dense)
    assert networks.count_parameters(TINY) - networks.count_parameters(of) == hidden
    assert runtime.num_parameters(built) == networks.count_parameters(of)


@pytest.mark.parametrize("wrong", [{"dropout": 1.0}, {"scale": 0}, {"max_norm": -1}])
def test_impossible_numbers_are_refused(wrong):
    with pytest.raises(UserError, match="must be"):
        ConvNet(SHAPE, TINY, **wrong)
    with pytest.raises(UserError, match="too small"):
        ConvNet((12, 12, 3), PUBLISHED["laptop"])
