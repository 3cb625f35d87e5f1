"""Algorithms 1 and 2 and their baselines as Keras models."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from lessons.adversarial.ot_gan import experiment, networks, theory
from lessons.adversarial.ot_gan.config import PRESETS
from lessons.adversarial.ot_gan.model import OTGAN
from lessons.adversarial.ot_gan.model_clipped import ClippedWGAN
from lessons.adversarial.ot_gan.variants import VARIANTS
from lessons.toolkit.adversarial import GAN, PenalizedWGAN
from lessons.toolkit.errors import UserError

SMOKE = PRESETS["smoke"]


@pytest.fixture
def points():
    return np.random.default_rng(0).normal(size=(32, 2)).astype(np.float32)


def make(variant="ot_gan", num_classes=0, **changes):
    # The log form compiles in half the time; the contract trains the other one.
    config = SMOKE.replace(**{"form": "log"} | changes)
    return experiment.compiled(config, VARIANTS[variant], (2,), num_classes)


def changed(before, network):
    return [
        not np.array_equal(a, b)
        for a, b in zip(before, network.get_weights(), strict=True)
    ]


@pytest.mark.parametrize("variant", VARIANTS)
def test_each_turn_changes_every_weight_of_one_network(variant, points):
    model = make(variant)
    codes = model.codes(len(points))
    kept = [n.get_weights() for n in (model.generator, model.critic)]
    model.update_generator(points, codes)
    assert all(changed(kept[0], model.generator))
    assert not any(changed(kept[1], model.critic))
    if variant != "fixed_cost":
        kept[0] = model.generator.get_weights()
        model.update_critic(points, codes)
        # A constant added to a Wasserstein critic has no gradient.
        still = int(VARIANTS[variant].loss in ("wgan_gp", "wgan_clip"))
        assert sum(changed(kept[1], model.critic)) == len(kept[1]) - still
        assert not any(changed(kept[0], model.generator))


def test_steps_alternate_as_algorithm_1_says(points):
    model, turns = make("random_matching"), []  # turns do not depend on the matching
    step = tf.function(model.train_step)
    for _ in range(8):
        before = model.critic.get_weights()
        step(points)
        turns.append(any(changed(before, model.critic)))
    assert turns == [True, False, False, False] * 2


def test_frozen_critic_does_not_move_and_the_generator_does(points):
    model = make("random_matching")
    model.freeze_critic()
    kept = [n.get_weights() for n in (model.generator, model.critic)]
    model.fit(points, batch_size=8, verbose=0)
    assert any(changed(kept[0], model.generator))
    assert not any(changed(kept[1], model.critic))


def test_generator_gradient_is_that_of_constant_matchings(points):
    model = make(generator_updates=3)
    codes = model.codes(32)
    weights = [w.value for w in model.generator.trainable_variables]
    with tf.GradientTape(persistent=True) as tape:
        loss = model.generator_loss(points, codes)
        batches = model.features(points, codes)
        costs = theory.pair_costs(batches, theory.PAIRS, theory.cosine_cost)
        frozen = tf.constant(model.match(costs).numpy())
        expected = tf.tensordot(
            tf.constant(theory.WEIGHTS), tf.reduce_sum(costs * frozen, (1, 2)), 1
        )
    for a, b in zip(
        tape.gradient(loss, weights), tape.gradient(expected, weights), strict=True
    ):
        np.testing.assert_allclose(a, b, atol=1e-6)


def test_critic_maximises_what_the_generator_minimises(points):
    model = make()
    codes = model.codes(32)
    generator = float(model.generator_loss(points, codes))
    assert float(model.critic_loss(points, codes)) == pytest.approx(-generator)


def test_fixed_cost_trains_no_critic():
    assert make("fixed_cost").critic_updates == 0


def test_conditional_loss_uses_cross_batches_only(points):
    model = make(num_classes=3, conditional=True)
    points = tf.constant(points)
    labels = tf.one_hot(np.arange(32) % 3, 3)
    codes = model.codes(32)
    found = float(model.generator_loss((points, labels), codes))
    fake = model.generator([codes, labels])
    features = model.critic([tf.concat([points, fake], 0), tf.concat([labels] * 2, 0)])
    x, x2, y, y2 = tf.unstack(tf.reshape(features, (4, 16, -1)))
    costs = tf.stack(
        [1 - a @ tf.transpose(b) for a, b in ((x, y2), (x2, y), (x, x2), (y, y2))]
    )
    values = tf.reduce_sum(costs * model.match(costs), (1, 2))
    expected = values[0] + values[1] - values[2] - values[3]
    assert found == pytest.approx(float(expected), abs=1e-6)


def test_clipped_critic_stays_within_its_bound(points):
    model = make("wgan_clip", clip=0.05)
    model.fit(points, batch_size=8, epochs=3, verbose=0)
    largest = max(np.abs(w).max() for w in model.critic.get_weights())
    assert largest <= np.float32(0.05)


def test_compiled_update_agrees_with_the_eager_one(points):
    codes, updated = make().codes(32), []  # XLA draws other numbers: draw them once
    for wrap in (lambda f: f, lambda f: tf.function(f, jit_compile=True)):
        model = make(form="stabilised")

        def both(model=model):
            model.update_generator(points, codes)
            model.update_critic(points, codes)

        wrap(both)()
        updated.append(np.concatenate([w.ravel() for w in model.get_weights()]))
    # Adam's first step moves each weight by the rate, whatever the gradient's size.
    np.testing.assert_allclose(updated[1], updated[0], atol=1e-5)


def test_a_batch_of_two_is_the_smallest(points):
    model = make()
    assert np.isfinite(float(model.update_generator(points[:2], model.codes(2))))
    with pytest.raises(UserError, match="at least 2"):
        model.generator_loss(points[:1], model.codes(1))


def test_features_are_float32_under_mixed_precision(points):
    policy = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        features = make().critic(points)
    finally:
        keras.config.set_dtype_policy(policy)
    assert features.dtype == tf.float32
    np.testing.assert_allclose(np.linalg.norm(features, axis=1), 1, atol=1e-5)


def test_average_follows_the_generator(points):
    model = make(average_decay=0.5)
    start = [w.copy() for w in model.generator.get_weights()]
    model.update_generator(points, model.codes(32))
    middle = zip(start, model.generator.get_weights(), strict=True)
    for found, (a, b) in zip(model.average.get_weights(), middle, strict=True):
        np.testing.assert_allclose(found, (a + b) / 2, atol=1e-6)


def test_without_biases_the_cosine_cost_is_blind_to_the_radius(points):
    for scale, blind in ((0.0, True), (1.0, False)):
        critic = networks.dense_critic((2,), (32, 32), 16, bias_scale=scale)
        cosine = np.sum(critic(points) * critic(3 * points), axis=1)
        assert np.allclose(cosine, 1, atol=1e-6) == blind


def test_images_take_the_codes_of_the_paper_and_are_mirrored():
    config = SMOKE.replace(source="images", generator_units=(4, 4), critic_units=(4, 4))
    model = experiment.compiled(config, VARIANTS["ot_gan"], (8, 8, 3))
    codes = model.codes(4000, seed=0).numpy()
    assert -1 <= codes.min() < -0.99 and 0.99 < codes.max() <= 1
    assert codes.var() == pytest.approx(1 / 3, rel=0.05)  # a normal code's is 1
    left = np.zeros((1000, 8, 8, 3), np.float32)
    left[:, :, 0] = 1.0
    seen = model.mirrored(left).numpy()
    is_left, is_right = seen[:, 0, 0, 0] == 1, seen[:, 0, -1, 0] == 1
    np.testing.assert_array_equal(is_left, ~is_right)
    np.testing.assert_array_equal(seen[is_right], np.flip(left[is_right], axis=2))
    assert 0.42 < is_left.mean() < 0.58  # five standard errors


def test_points_take_normal_codes_and_stay_as_they_are(points):
    model = make()
    assert model.codes(4000, seed=0).numpy().var() == pytest.approx(1.0, rel=0.05)
    assert not model.mirrors


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"cost": "manhattan"}, "euclidean"),
        ({"matching": "greedy"}, "sinkhorn"),
        ({"form": "plain"}, "stabilised"),
        ({"generator_updates": 0}, "generator_updates"),
    ],
)
def test_impossible_arguments_are_refused(options, named):
    nets = make().generator, make().critic
    with pytest.raises(UserError, match=named):
        OTGAN(*nets, **options)


def test_baselines_share_the_gans_networks():
    assert issubclass(ClippedWGAN, GAN)
    assert issubclass(PenalizedWGAN, GAN)
    assert make("wgan_gp").critic.count_params() == make("gan").critic.count_params()
