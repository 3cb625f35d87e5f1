"""GANs under every regulariser, and the published networks."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from lessons.adversarial.spectral_normalization import (
    experiment,
    networks,
    networks_images,
    paper,
)
from lessons.adversarial.spectral_normalization.config import PRESETS, SETTINGS
from lessons.adversarial.spectral_normalization.layers import Normalized
from lessons.adversarial.spectral_normalization.model import RegularizedGAN, matrices
from lessons.adversarial.spectral_normalization.variants import VARIANTS
from lessons.toolkit.errors import UserError

SMOKE = PRESETS["smoke"]
SPECTRAL = VARIANTS["spectral"]
SHAPE = (4, 4, 1)


@pytest.fixture
def images():
    images = np.random.default_rng(0).uniform(-1, 1, size=(32, *SHAPE))
    return images.astype(np.float32)


def make(variant="spectral", num_classes=0, **changes):
    config = SMOKE.replace(**changes)
    return experiment.compiled(
        config, VARIANTS[variant], SETTINGS["C"], SHAPE, num_classes=num_classes
    )


def changed(before, network):
    after = network.get_weights()
    return [not np.array_equal(a, b) for a, b in zip(before, after, strict=True)]


@pytest.mark.parametrize("variant", VARIANTS)
def test_each_turn_changes_every_weight_of_one_network(variant, images):
    model = make(variant)
    codes = model.codes(len(images))
    weights = model.generator.trainable_variables
    kept = [w.numpy() for w in weights], model.critic.get_weights()
    model.update_generator(images, codes)
    assert all(not np.array_equal(a, b) for a, b in zip(kept[0], weights, strict=True))
    if not model.uses_batches:  # whose averages move with every call
        assert not any(changed(kept[1], model.critic))
    weights = model.critic.trainable_variables
    kept = [w.numpy() for w in weights]
    model.update_critic(images, codes)
    moved = [not np.array_equal(a, b) for a, b in zip(kept, weights, strict=True)]
    # A constant added to a Wasserstein critic has no gradient.
    assert sum(moved) == len(moved) - (model.loss_name == "wasserstein")


def test_power_iterations_advance_once_per_critic_update(images):
    model = make()
    layer = next(x for x in model.critic.layers if isinstance(x, Normalized))
    codes = model.codes(len(images))
    matrix, start = layer.kernel.numpy().T, layer.left.numpy()
    model.update_critic(images, codes)
    right = matrix.T @ start
    once = matrix @ (right / np.linalg.norm(right))
    np.testing.assert_allclose(layer.left, once / np.linalg.norm(once), atol=1e-5)
    kept = layer.left.numpy()
    model.update_generator(images, codes)
    np.testing.assert_array_equal(layer.left, kept)


def test_one_critic_update_is_adam_on_equation_12(images):
    # One linear layer, so that the whole gradient is known: a logit f = W_SN x.
    model = make()
    inputs = keras.Input(SHAPE)
    flat = keras.layers.Flatten()(inputs)
    critic = keras.Model(inputs, networks.head(flat, [], SPECTRAL, use_bias=False))
    model = RegularizedGAN(model.generator, critic, loss="wasserstein", seed=0)
    model.compile(keras.optimizers.SGD(), keras.optimizers.SGD(1.0))
    (layer,) = [x for x in critic.layers if isinstance(x, Normalized)]
    raw = layer.kernel.numpy()[:, 0].astype(float)
    codes = model.codes(32)
    fake = model.generator(codes, training=True).numpy()
    model.update_critic(images, codes)
    plain = np.mean(fake.reshape(32, -1) - images.reshape(32, -1), axis=0)
    # For one row sigma = |w|, v = w / |w|: the gradient loses its part along w.
    along = raw / np.linalg.norm(raw)
    gradient = (plain - (plain @ along) * along) / np.linalg.norm(raw)
    np.testing.assert_allclose(layer.kernel[:, 0], raw - gradient, atol=1e-5)


def test_clipped_weights_stay_within_their_bound(images):
    model = make("clipping", clip=0.02)
    model.update_critic(images, model.codes(32))
    largest = max(np.abs(w).max() for w in model.critic.get_weights())
    assert largest <= np.float32(0.02)


@pytest.mark.parametrize("variant", ["gan_gp", "orthonormal"])
def test_penalties_are_added_to_the_loss(variant, images):
    model = make(variant)
    codes = model.codes(32)
    full = float(model.critic_loss(images, codes))
    weight = model.gradient_penalty or model.orthonormal_penalty
    model.gradient_penalty = model.orthonormal_penalty = 0.0
    bare = float(model.critic_loss(images, codes))
    kernels = [np.asarray(m, np.float64) for m in matrices(model.critic)]
    if variant == "orthonormal":
        values = [np.linalg.svd(k, compute_uv=False) for k in kernels]
        expected = sum(np.sum((v**2 - 1) ** 2) for v in values)
        assert full - bare == pytest.approx(weight * expected, abs=1e-3)
    else:
        assert (
            0
            < full - bare
            < weight * max(1, np.prod([np.linalg.norm(k, 2) for k in kernels])) ** 2
        )


def test_hinge_model_uses_hinge_losses(images):
    model = make("none", loss="hinge")  # no power iteration that a call would move
    codes = model.codes(32)
    fake = model.generator(codes, training=True)
    real, made = (model.critic(x)[:, 0].numpy() for x in (images, fake))
    expected = np.maximum(0, 1 - real).mean() + np.maximum(0, 1 + made).mean()
    assert float(model.critic_loss(images, codes)) == pytest.approx(expected, abs=1e-5)
    expected = -model.critic(fake).numpy().mean()
    assert float(model.generator_loss(images, codes)) == pytest.approx(
        expected, abs=1e-5
    )


@pytest.mark.parametrize("kind", ["projection", "concat"])
def test_conditional_critic_uses_the_label(kind, images, tmp_path):
    model = make(num_classes=3, head=kind, loss="hinge", generator_batches=2)
    labels = np.eye(3, dtype=np.float32)[np.arange(32) % 3]
    data = tf.constant(images), tf.constant(labels)
    for update in (model.update_critic, model.update_generator):
        assert np.isfinite(float(update(data, model.codes(32))))
    values = [model.critic([images, np.roll(labels, k, 1)]).numpy() for k in (0, 1)]
    assert np.abs(values[0] - values[1]).max() > 1e-4
    samples = [model.sample(32, labels=np.roll(labels, k, 1)) for k in (0, 1)]
    assert np.abs(samples[0] - samples[1]).max() > 0
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(loaded.sample(32, labels=labels), samples[0])


def test_critic_scores_in_float32_under_mixed_precision(images):
    policy = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        assert make().critic(images).dtype == tf.float32
    finally:
        keras.config.set_dtype_policy(policy)


def test_projection_adds_the_embedding_times_the_features():
    features, label = keras.Input((4,)), keras.Input((3,))
    model = keras.Model([features, label], networks.head(features, [label], SPECTRAL))
    value, embed = [x for x in model.layers if isinstance(x, Normalized)]
    if value.units != 1:
        value, embed = embed, value
    h = np.random.default_rng(0).normal(size=(3, 4)).astype(np.float32)
    found = model([h, np.eye(3, dtype=np.float32)]).numpy()[:, 0]
    w = np.ravel(value.normalized_kernel())
    table = np.asarray(embed.normalized_kernel())
    np.testing.assert_allclose(found, h @ w + np.sum(table * h, axis=1), atol=1e-5)


def count(network, trainable=True):
    weights = network.trainable_weights if trainable else network.non_trainable_weights
    return sum(int(np.prod(w.shape)) for w in weights)


def test_published_cnn_has_the_sheets_parameters():
    generator, critic = experiment.build_networks(
        PRESETS["paper"], SPECTRAL, (32, 32, 3)
    )
    assert count(generator) == paper.PAPER_PARAMETERS["generator"]
    assert count(critic) == paper.PAPER_PARAMETERS["critic"]
    assert count(critic, trainable=False) == paper.PAPER_LEFT_VECTORS
    assert count(generator, trainable=False) == 896  # averages of BN
    kernels = [x.kernel.shape for x in critic.layers if isinstance(x, Normalized)]
    assert [int(np.prod(k)) for k in kernels] == [
        1728,
        65536,
        73728,
        262144,
        294912,
        1048576,
        1179648,
        8192,
    ]
    assert generator.output_shape == (None, 32, 32, 3)


def test_stl_sized_cnn_has_maps_of_six():
    generator, critic = experiment.build_networks(
        PRESETS["paper"], SPECTRAL, (48, 48, 3)
    )
    assert generator.output_shape == (None, 48, 48, 3)
    assert count(critic) == paper.PAPER_PARAMETERS["critic"] + 512 * (36 - 16)


def test_published_resnet_has_the_parameters_of_its_tables():
    def conv(size, channels, outputs, bias=1):
        return outputs * (size**2 * channels + bias)

    generator, critic = experiment.build_networks(
        PRESETS["paper_resnet"], SPECTRAL, (32, 32, 3)
    )
    up = 2 * conv(3, 256, 256) + conv(1, 256, 256) + 2 * 2 * 256
    expected = 129 * 4096 + 3 * up + 2 * 256 + conv(3, 256, 3)
    assert count(generator) == expected
    first = conv(3, 3, 128) + conv(3, 128, 128) + conv(1, 3, 128)
    second = 2 * conv(3, 128, 128) + conv(1, 128, 128)
    rest = 2 * 2 * conv(3, 128, 128)
    assert count(critic) == first + second + rest + 128
    assert generator.output_shape == (None, 32, 32, 3)
    assert critic.output_shape == (None, 1)


@pytest.mark.parametrize("kind", ["projection", "concat"])
def test_conditional_resnet_takes_labels(kind):
    config = PRESETS["paper_resnet"].replace(
        generator_units=(8, 8), critic_units=(8, 8, 8, 8), head=kind
    )
    generator, critic = experiment.build_networks(config, SPECTRAL, (8, 8, 3), 10)
    labels = tf.eye(10)[:2]
    images = generator([tf.random.normal((2, 128)), labels])
    assert images.shape == (2, 8, 8, 3)
    assert critic([images, labels]).shape == (2, 1)


def test_global_pooling_sums_over_positions():
    critic = networks_images.resnet_critic((8, 8, 1), (4, 4), SPECTRAL)
    before = next(x for x in critic.layers if "global_average" in x.name)
    after = next(x for x in critic.layers if "rescaling" in x.name)
    probe = keras.Model(critic.input, [before.input, after.output])
    maps, pooled = probe(np.random.default_rng(0).normal(size=(2, 8, 8, 1)))
    np.testing.assert_allclose(pooled, np.sum(maps, axis=(1, 2)), rtol=1e-5)


def test_impossible_models_are_refused():
    model = make()
    nets = model.generator, model.critic
    with pytest.raises(UserError, match="hinge"):
        RegularizedGAN(*nets, loss="hinged")
    critic = make("batch_norm").critic
    with pytest.raises(UserError, match="batch normalisation"):
        RegularizedGAN(nets[0], critic, gradient_penalty=1.0)
    with pytest.raises(UserError, match="residual"):
        networks_images.resnet_critic((8, 8, 1), (4, 4), VARIANTS["layer_norm"])
    with pytest.raises(UserError, match="doubled"):
        networks_images.cnn_generator(8, (8, 8), (7, 7, 1))
    with pytest.raises(UserError, match="labels"):
        experiment.build_networks(PRESETS["paper"], SPECTRAL, (32, 32, 3), 10)
