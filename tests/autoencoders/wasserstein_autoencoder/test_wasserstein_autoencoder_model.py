"""Autoencoders and their penalties as Keras models."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from lessons.autoencoders.vae import theory as vae_theory
from lessons.autoencoders.wasserstein_autoencoder import (
    evaluation,
    experiment,
    networks,
    theory,
)
from lessons.autoencoders.wasserstein_autoencoder.config import PRESETS
from lessons.autoencoders.wasserstein_autoencoder.model import VAE, WAEMMD, Autoencoder
from lessons.autoencoders.wasserstein_autoencoder.model_gan import WAEGAN
from lessons.autoencoders.wasserstein_autoencoder.paper import PAPER_PARAMETERS
from lessons.autoencoders.wasserstein_autoencoder.pretraining import pretrain
from lessons.autoencoders.wasserstein_autoencoder.variants import VARIANTS
from lessons.toolkit import runtime
from lessons.toolkit.errors import UserError

SMOKE = PRESETS["smoke"]
SHAPE = (8, 8, 1)
KINDS = ("ae", "wae_mmd", "wae_gan", "vae")  # one of each class


@pytest.fixture
def images():
    return np.random.default_rng(0).random((24, *SHAPE), dtype=np.float32)


def make(variant, compiled=True, **changes):
    keras.utils.set_random_seed(0)
    config = SMOKE.replace(**changes)
    model = experiment.build_model(config, VARIANTS[variant], SHAPE)
    if compiled:
        adam = [keras.optimizers.Adam(1e-2, 0.5)]
        if isinstance(model, WAEGAN):
            adam.append(keras.optimizers.Adam(1e-3, 0.5))
        model.compile(*adam, run_eagerly=True)  # the contract's tests compile
    return model


def weights_of(model):
    return [w.numpy() for w in model.trainable_weights]


@pytest.mark.parametrize("variant", KINDS)
def test_one_step_changes_every_trainable_weight(variant, images):
    model = make(variant)
    before = weights_of(model)
    model.fit(images, batch_size=24, verbose=0)
    for old, weight in zip(before, model.trainable_weights, strict=True):
        # A bias before a batch normalisation has no gradient but rounding's.
        assert not np.array_equal(old, weight.numpy()), weight.path


def test_the_loss_is_cost_plus_weighted_penalty(images):
    model = make("wae_mmd", mmd_weight=7.0, cost_weight=0.5)
    output = model(images)
    model.seed_generator.state.assign([0, 0])
    loss = float(model.compute_loss(images, y_pred=output))
    model.seed_generator.state.assign([0, 0])
    draws = model.prior(len(images))
    estimate = theory.mmd_u(draws, output.codes, theory.multiscale_imq(4))
    error = np.sum((images - output.reconstruction) ** 2, axis=(1, 2, 3))
    assert loss == pytest.approx(0.5 * error.mean() + 7 * float(estimate), rel=1e-5)


def test_vae_loss_is_that_of_the_vae_lesson_times_twice_the_variance(images):
    model = make("vae", variance=0.2)
    output = model(images)
    loss = float(model.compute_loss(images, y_pred=output))
    cost = vae_theory.cost(
        images, output.reconstruction, output.mean, output.scale, 0.2
    )
    assert loss == pytest.approx(0.4 * float(np.mean(cost)), rel=1e-5)


def test_adversarial_autoencoder_is_wae_gan_with_the_squared_cost(images):
    # Makhzani et al.: -log p(x|z) of variance v, plus the encoder's -log D(q).
    v = 0.15
    model = make("wae_gan", gan_weight=2 * v)
    assert model.is_adversarial_autoencoder
    assert not make("wae_gan", cost="euclidean").is_adversarial_autoencoder
    output = model(images)
    loss, _ = model.losses_of(images, training=False)
    fit = vae_theory.squared_error(images, output.reconstruction) / (2 * v)
    fooled = -np.log(keras.ops.sigmoid(model.discriminator(output.codes)[:, 0]))
    assert float(loss) == pytest.approx(2 * v * np.mean(fit + fooled), rel=1e-5)


def test_the_two_sides_of_wae_gan_pull_a_code_in_opposite_directions(images):
    model = make("wae_gan")
    codes = tf.constant(model.encode(images))
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(codes)
        logits = model.logits(codes)
        fooled = theory.encoder_loss(logits)
        told = theory.discriminator_loss(tf.zeros_like(logits), logits)
    one, other = (tape.gradient(loss, codes).numpy() for loss in (fooled, told))
    # Both are multiples of the logit's gradient: of -D' and of +D'.
    assert np.all(one * other <= 0)
    assert np.any(one * other < 0)


def test_each_side_is_moved_by_its_own_loss_only(images):
    model = make("wae_gan")
    still = keras.optimizers.SGD(0.0)
    model.compile(still, keras.optimizers.SGD(0.1), run_eagerly=True)
    before = [w.numpy() for w in model.autoencoder_weights]
    theirs = [w.numpy() for w in model.discriminator.trainable_variables]
    model.fit(images, batch_size=24, verbose=0)
    for old, new in zip(before, model.autoencoder_weights, strict=True):
        np.testing.assert_array_equal(old, new.numpy())
    assert any(
        not np.array_equal(old, new.numpy())
        for old, new in zip(
            theirs, model.discriminator.trainable_variables, strict=True
        )
    )


def test_discriminator_gets_the_prior_by_hand(images):
    model = make("wae_gan", prior_aware=True)
    codes = model.encode(images)
    plain = model.discriminator(codes)[:, 0]
    expected = plain + theory.log_prior(codes)
    np.testing.assert_allclose(model.logits(codes), expected, rtol=1e-5)


@pytest.mark.parametrize("variant", ["wae_rbf", "wae_mmd_random"])
def test_a_batch_of_one_and_a_ragged_last_batch_are_trained_on(variant, images):
    # The kinds that the contract's examples leave out.
    model = make(variant)
    history = model.fit(images[:9], batch_size=4, verbose=0).history
    assert np.all(np.isfinite(history["loss"]))
    assert all(np.all(np.isfinite(w)) for w in weights_of(model))


def test_weights_of_images_weigh_the_cost_of_wae_gan(images):
    model = make("wae_gan")
    weights = np.zeros(24, "float32")
    weights[:2] = 12.0  # the mean of 24 is then that of two
    model.losses_of(images, weights[:, None], training=False)
    error = np.sum((model.reconstruct(images) - images) ** 2, axis=(1, 2, 3))
    assert float(model.cost_metric.result()) == pytest.approx(error[:2].mean(), 1e-5)
    state = model.seed_generator.state.numpy()
    losses = []
    for given in (None, weights):
        model.seed_generator.state.assign(state)
        losses.append(float(model.losses_of(images, given, training=False)[0]))
    difference = error[:2].mean() - error.mean()
    assert losses[1] - losses[0] == pytest.approx(difference, rel=1e-3)


def test_one_code_is_charged_nothing(images):
    model = make("wae_mmd")
    assert float(model.penalty(model(images[:1]))) == 0


@pytest.mark.parametrize(
    ("policy", "variant"),
    [
        ("mixed_bfloat16", "wae_mmd"),
        ("mixed_bfloat16", "vae"),
        ("mixed_float16", "wae_gan"),
    ],
)
def test_mixed_precision_keeps_codes_and_images_in_float32(policy, variant, images):
    kept = keras.config.dtype_policy()
    keras.config.set_dtype_policy(policy)
    try:
        model = make(variant)
        history = model.fit(images, batch_size=12, verbose=0).history
        output = model(images)
    finally:
        keras.config.set_dtype_policy(kept)
    assert np.isfinite(history["loss"][0])
    assert output.codes.dtype == output.reconstruction.dtype == tf.float32


@pytest.mark.parametrize(
    ("preset", "shape"), [("paper", (28, 28, 1)), ("paper_celeba", (64, 64, 3))]
)
def test_published_networks_have_their_parameters(preset, shape):
    config = PRESETS[preset]
    encoder, decoder = experiment.build_networks(config, shape)
    judge = networks.discriminator(config.latent_dim, config.discriminator_units)
    assert encoder.output_shape == (None, config.latent_dim)
    assert decoder.output_shape == (None, *shape)
    for network in (encoder, decoder, judge):
        if network.name in PAPER_PARAMETERS[preset]:
            count = runtime.num_parameters(network)
            assert count == PAPER_PARAMETERS[preset][network.name]


def test_convolutional_pair_trains(images):
    model = make("wae_mmd", family="conv")
    assert np.isfinite(model.fit(images, batch_size=12, verbose=0).history["loss"][0])
    with pytest.raises(UserError, match="does not divide"):
        make("wae_mmd", family="conv", decoder_filters=(8, 8, 8, 8, 8))


@pytest.mark.parametrize("variant", ["wae_mmd", "wae_mmd_random"])
def test_pretraining_brings_moments_together(variant, images):
    model = make(variant)
    many = np.tile(images, (10, 1, 1, 1))
    losses = pretrain(model, many, num_steps=60, batch_size=200, rate=1e-2, enough=0.0)
    assert len(losses) == 60
    assert losses[-1] < 0.5 * losses[0]
    assert len(pretrain(model, many, num_steps=9, enough=100.0)) == 1


def test_interpolation_ends_at_the_reconstructions(images):
    model = make("wae_mmd")
    path = model.interpolate(images[0], images[1], 5)
    np.testing.assert_allclose(path[[0, -1]], model.reconstruct(images[:2]), atol=1e-5)


def test_input_noise_is_for_training_only(images):
    model = make("ae", input_noise=0.5)
    np.testing.assert_array_equal(model.encode(images), model.encode(images))
    twice = [model.draw(images, training=True)[2].numpy() for _ in range(2)]
    assert not np.allclose(*twice)


def test_wae_mmd_finds_the_optimal_coupling_of_two_gaussians():
    """Data N(0, 4), decoder 1.5 z: the best encoder is x / 2, at a cost of 0.25."""
    keras.utils.set_random_seed(0)
    x, z = keras.Input((1, 1, 1)), keras.Input((1,))
    flat = keras.layers.Flatten()(x)
    encoder = keras.Model(x, keras.layers.Dense(1, name="mean")(flat))
    stretch = keras.layers.Dense(1, use_bias=False)
    decoder = keras.Model(z, keras.layers.Reshape((1, 1, 1))(stretch(z)))
    stretch.kernel.assign([[1.5]])
    decoder.trainable = False
    model = WAEMMD(encoder, decoder, penalty_weight=100.0, seed=0)
    model.compile(keras.optimizers.Adam(0.01), steps_per_execution=40)
    data = np.random.default_rng(0).normal(scale=2, size=(20_000, 1, 1, 1))
    model.fit(data.astype(np.float32), batch_size=500, epochs=15, verbose=0)
    slope, shift = (w.numpy().item() for w in encoder.trainable_weights)
    assert slope == pytest.approx(0.5, abs=0.02)
    assert shift == pytest.approx(0, abs=0.05)
    cost = np.mean((model.reconstruct(data) - data) ** 2)
    assert cost == pytest.approx(0.25, abs=0.06)


@pytest.mark.parametrize(
    ("build", "named"),
    [
        (lambda pair: Autoencoder(*pair, cost="cosine"), "euclidean"),
        (lambda pair: Autoencoder(*pair, cost_weight=0.0), "cost_weight"),
        (lambda pair: WAEMMD(*pair, kernel="linear"), "imq"),
        (lambda pair: VAE(*pair), "two outputs"),
    ],
)
def test_impossible_models_are_refused(build, named):
    pair = experiment.build_networks(SMOKE, SHAPE)
    with pytest.raises(UserError, match=named):
        build(pair)


def test_one_optimizer_for_both_sides_is_refused():
    model = make("wae_gan", compiled=False)
    adam = keras.optimizers.Adam()
    with pytest.raises(UserError, match="must be two objects"):
        model.compile(adam, adam)


def test_mismatch_of_the_evaluation_is_that_of_theory():
    codes = np.random.default_rng(1).normal(size=(60, 8)) * 0.5
    draws = np.random.default_rng((0, 8)).normal(size=codes.shape)
    expected = float(theory.mmd_u(draws, codes, theory.multiscale_imq(8)))
    assert evaluation.code_mismatch(codes) == pytest.approx(expected, rel=1e-6)
