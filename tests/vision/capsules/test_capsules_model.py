"""CapsNet and the baseline: sizes and losses."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from lessons.toolkit.errors import UserError
from lessons.toolkit.runtime import num_parameters
from lessons.vision.capsules import (
    config,
    experiment,
    model_cnn,
    model_scenes,
    paper,
    theory,
)
from lessons.vision.capsules.model import CapsNet
from lessons.vision.capsules.model_cnn import SceneConvNet
from lessons.vision.capsules.variants import chosen

FLOAT32 = 1e-5
NETWORKS = chosen(config.PRESETS["paper"])


def small(kind="capsnet", **options):
    keras.utils.set_random_seed(0)
    if kind == "cnn":
        return SceneConvNet((12, 12, 1), seed=0, max_shift=1, **options)
    sizes = {"filters": 4, "kernel_size": 5, "primary_types": 2, "primary_dim": 4}
    sizes |= {"primary_kernel": 5, "class_dim": 4, "decoder_units": (8,)}
    routing = {"weight_scale": 0.4, **options.pop("routing", {})}
    options = {"reconstruction_weight": 0.002, "max_shift": 1, "seed": 0} | options
    return CapsNet((12, 12, 1), routing=routing, **sizes, **options)


@pytest.fixture(scope="module")
def scenes():
    return np.random.default_rng(0).random((20, 2, 12, 12, 1), dtype=np.float32) / 2


@pytest.fixture(scope="module")
def labels():
    first = np.arange(20) % 10
    return np.stack([first, (first + 3) % 10], axis=1)


@pytest.mark.parametrize(
    ("name", "options"),
    [("capsnet", {}), ("capsnet_plain", {"reconstruction_weight": 0})],
)
def test_the_paper_network_has_its_number_of_parameters(name, options):
    built = CapsNet((28, 28, 1), **options)
    assert num_parameters(built) == paper.PAPER_PARAMETERS[name]
    assert built.encoder.get_layer("conv").output.shape == (None, 20, 20, 256)
    assert built.encoder.get_layer("primary").output.shape == (None, 1152, 8)
    assert built.encoder.output.shape == (None, 10, 16)


def test_the_paper_preset_is_that_network():
    built = experiment.build_model(
        config.PRESETS["paper"], NETWORKS["capsnet_3"], (28, 28, 1)
    )
    assert num_parameters(built) == paper.PAPER_PARAMETERS["capsnet"]
    assert built.encoder.get_layer("classes").iterations == 3
    np.testing.assert_allclose(built.encoder.get_layer("conv").bias, 0.1)


def test_official_biases_are_160_more():
    with_bias = CapsNet((28, 28, 1), routing={"use_bias": True})
    count = num_parameters(with_bias)
    assert count == paper.PAPER_PARAMETERS["capsnet"] + 160


def test_on_36_pixels_there_are_3200_primary_capsules():
    preset = config.PRESETS["paper_multimnist"]
    built = experiment.build_model(preset, NETWORKS["capsnet_3"], (36, 36, 1))
    assert built.encoder.get_layer("primary").output.shape == (None, 3200, 8)
    assert num_parameters(built) == paper.PAPER_PARAMETERS["capsnet_multimnist"]


@pytest.mark.parametrize(("network", "side"), [("mnist", 28), ("multimnist", 36)])
def test_the_paper_baselines_have_their_number_of_parameters(network, side):
    counts = model_cnn.count_parameters(network, (side, side, 1))
    assert sum(counts) == paper.PAPER_PARAMETERS[f"cnn_{network}"]


def test_counting_by_arithmetic_agrees_with_a_built_network():
    counts = model_cnn.count_parameters("laptop", (12, 12, 1))
    assert sum(counts) == num_parameters(small("cnn")) == 56_730


def test_the_laptop_network_has_the_documented_size():
    built = experiment.build_model(
        config.PRESETS["laptop"], NETWORKS["capsnet_plain_3"], (12, 12, 1)
    )
    assert num_parameters(built) == 74_256
    assert built.encoder.get_layer("primary").output.shape == (None, 24, 8)


def test_the_loss_is_margin_plus_weighted_error_of_both_digits(scenes, labels):
    net = small()
    output = net(scenes)
    loss = float(net.compute_loss(x=scenes, y=labels, y_pred=output))
    lengths = np.linalg.norm(output.capsules, axis=-1)
    margin, error = np.zeros(20), np.zeros(20)
    for n in range(20):
        for k in range(10):
            if k in labels[n]:
                margin[n] += max(0, 0.9 - lengths[n, k]) ** 2
            else:
                margin[n] += 0.5 * max(0, lengths[n, k] - 0.1) ** 2
        for d in range(2):
            code = np.zeros((10, 4), "float32")
            code[labels[n, d]] = output.capsules[n, labels[n, d]]
            decoded = np.asarray(net.decoder(code.reshape(1, 40)))[0]
            error[n] += np.sum((decoded - scenes[n, d]) ** 2)
    assert loss == pytest.approx((margin + 0.002 * error).mean(), rel=1e-4)
    assert float(net.margin_metric.result()) == pytest.approx(margin.mean(), rel=1e-4)
    assert float(net.error_metric.result()) == pytest.approx(error.mean(), rel=1e-4)


def test_digits_move_in_training_only_and_the_decoder_is_told(scenes):
    net = small()
    np.testing.assert_array_equal(net(scenes).digits, scenes)
    moved = net(scenes, training=True)
    assert not np.array_equal(moved.digits, scenes)
    expected = net.encoder(model_scenes.overlay(moved.digits))
    np.testing.assert_allclose(moved.capsules, expected, atol=FLOAT32)


def test_the_baseline_sums_the_cross_entropy_of_the_classes(scenes, labels):
    net = small("cnn")
    logits = net(scenes)
    loss = float(net.compute_loss(x=scenes, y=labels, y_pred=logits))
    chance = 1 / (1 + np.exp(-np.asarray(logits, np.float64)))
    hot = np.zeros((20, 10))
    np.put_along_axis(hot, labels, 1, axis=1)
    expected = -np.log(np.where(hot == 1, chance, 1 - chance)).sum(axis=1).mean()
    assert loss == pytest.approx(expected, rel=1e-5)


def test_an_exclusive_baseline_uses_a_softmax(scenes, labels):
    net, scenes = small("cnn", exclusive=True), scenes[:, :1]
    logits = np.asarray(net(scenes), np.float64)
    loss = float(net.compute_loss(x=scenes, y=labels[:, :1], y_pred=net(scenes)))
    chances = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    expected = -np.log(chances[np.arange(20), labels[:, 0]]).mean()
    assert loss == pytest.approx(expected, rel=1e-5)


OPTIONAL = {"use_bias": True, "learn_priors": True, "orphan": True, "detach": True}


def test_one_step_changes_every_optional_weight_too(scenes, labels):
    net = small(routing=OPTIONAL | {"iterations": 2, "jit_routing": True})
    net.compile(keras.optimizers.SGD(1.0), run_eagerly=True)
    before = [weight.numpy() for weight in net.trainable_weights]
    net.train_on_batch(scenes, labels)
    assert {"bias", "log_priors"} <= {weight.name for weight in net.trainable_weights}
    for weight, old in zip(net.trainable_weights, before, strict=True):
        assert np.any(weight.numpy() != old), weight.path
        assert np.all(np.isfinite(weight.numpy()))


def test_without_a_decoder_nothing_is_decoded(scenes, labels):
    plain = small(reconstruction_weight=0)
    assert plain.decoder is None
    with pytest.raises(UserError, match="no decoder"):
        plain.decode(plain(scenes).capsules, labels)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: CapsNet((8, 8, 1)), "at least 17x17"),
        (lambda: CapsNet((28, 28, 3)), "image_shape"),
        (lambda: CapsNet((28, 28, 1), reconstruction_weight=-1), "reconstruction"),
        (lambda: SceneConvNet((28, 28, 1), network="lenet"), "unknown baseline"),
    ],
)
def test_impossible_networks_are_refused(make, words):
    with pytest.raises(UserError, match=words):
        make()


def test_lengths_are_probabilities_that_need_not_sum_to_one(scenes):
    lengths = np.asarray(small()(scenes).lengths)
    assert lengths.min() >= 0 and lengths.max() < 1
    zero = np.asarray(theory.length(tf.zeros((2, 10, 4))))
    assert zero.max() < 1e-4


@pytest.mark.parametrize("kind", ["capsnet", "cnn"])
@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda labels: np.where(labels == 3, 10, labels), "from 0 to 9, got 10"),
        (lambda labels: labels[:, 0], r"got shape \(20,\)"),
        (lambda labels: labels[:, :1], "scenes of 2 digits"),
    ],
    ids=["beyond the classes", "flat", "too few"],
)
def test_labels_that_do_not_fit_the_scenes_are_refused(
    kind, spoil, words, scenes, labels
):
    net = small(kind)
    net.compile("sgd", run_eagerly=True)
    with pytest.raises(UserError, match=words):
        net.fit(scenes, spoil(labels), verbose=0)


def test_a_class_that_does_not_exist_is_not_decoded_and_stops_training(scenes, labels):
    net = small()
    with pytest.raises(UserError, match="got 10"):
        net.decode(net(scenes).capsules, labels + 1)
    net.compile("sgd")
    data = tf.data.Dataset.from_tensors((scenes, labels + 1))
    assert np.isnan(net.fit(data, shuffle=False, verbose=0).history["loss"][0])
