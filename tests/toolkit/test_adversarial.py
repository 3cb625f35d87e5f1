"""Networks that take turns: whose turn it is, what each update changes."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import ops

from lessons.toolkit.adversarial import (
    GAN,
    Adversarial,
    PenalizedWGAN,
    is_critic_turn,
    points_between,
    theory,
)
from lessons.toolkit.errors import UserError

FLOAT32 = 1e-5


class Pair(Adversarial):
    """The simplest game: the critic tells data from samples by their mean."""

    def critic_loss(self, data, codes):
        fake = self.generator(codes, training=True)
        gap = ops.mean(self.critic(data)) - ops.mean(self.critic(fake))
        return ops.square(gap - 1.0)

    def generator_loss(self, data, codes):
        fake = self.generator(codes, training=True)
        return ops.square(ops.mean(self.critic(data)) - ops.mean(self.critic(fake)))


def make(**options):
    keras.utils.set_random_seed(0)
    layers = [keras.layers.Dense(4), keras.layers.BatchNormalization()]
    generator = keras.Sequential([keras.Input((3,)), *layers])
    critic = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
    model = Pair(generator, critic, seed=0, **options)
    model.compile(keras.optimizers.Adam(0.01), keras.optimizers.Adam(0.01))
    return model


def test_critic_is_updated_once_in_four_steps():
    turns = [bool(is_critic_turn(step, 1, 3)) for step in range(9)]
    assert turns == [True, False, False, False] * 2 + [True]
    assert sum(is_critic_turn(step, 5, 1) for step in range(60)) == 50


def test_average_takes_in_the_statistics_of_batch_normalisation():
    model = make(critic_updates=0)
    model.fit(np.ones((32, 4), np.float32), batch_size=8, verbose=0)
    pairs = zip(model.average.weights, model.generator.weights, strict=True)
    for mean, weight in pairs:
        np.testing.assert_allclose(mean, weight, atol=1e-6)
    moving = model.generator.layers[1].moving_variance
    assert not np.allclose(moving, 1.0)


def test_codes_are_repeated_by_a_seed_and_drawn_anew_without():
    model = make()
    np.testing.assert_array_equal(model.codes(5, seed=3), model.codes(5, seed=3))
    assert not np.array_equal(model.codes(5), model.codes(5))


def test_base_class_has_no_losses():
    model = make()
    bare = Adversarial(model.generator, model.critic)
    for loss in (bare.generator_loss, bare.critic_loss):
        with pytest.raises(TypeError, match="subclass"):
            loss(None, None)


def test_its_generator_is_what_is_exported(tmp_path):
    model = make()
    codes = model.codes(5, seed=3)
    expected = model(codes)
    model.export(str(tmp_path / "exported"), verbose=False)
    archive = tf.saved_model.load(str(tmp_path / "exported"))
    np.testing.assert_allclose(archive.serve(codes), expected, atol=1e-6)


def test_weights_of_examples_are_refused():
    model = make()
    model.run_eagerly = True
    with pytest.raises(UserError, match="sample_weight"):
        model.train_on_batch(np.ones((8, 4), np.float32), sample_weight=np.ones(8))


def test_gan_losses_are_the_plain_formulas():
    real, fake = np.array([0.3, -2.0]), np.array([1.5, -0.1])
    d_real, d_fake = 1 / (1 + np.exp(-real)), 1 / (1 + np.exp(-fake))
    expected = -np.mean(np.log(d_real)) - np.mean(np.log(1 - d_fake))
    assert float(theory.gan_critic_loss(real, fake)) == pytest.approx(expected)
    expected = -np.mean(np.log(d_fake))
    assert float(theory.non_saturating_loss(fake)) == pytest.approx(expected)


def test_gan_losses_stay_finite_for_huge_logits():
    huge = np.array([1e4, -1e4])
    assert np.isfinite(float(theory.gan_critic_loss(huge, -huge)))


def test_gradient_penalty_by_hand():
    gradient = np.array([[3.0, 4.0], [0.0, 1.0]])  # lengths 5 and 1
    found = float(theory.gradient_penalty(gradient))
    assert found == pytest.approx(8.0, abs=FLOAT32)


def test_wasserstein_losses_add_up_to_minus_the_mean_of_the_data():
    real, fake = np.array([1.0, 3.0]), np.array([-2.0, 5.0])
    critic = float(theory.wasserstein_critic_loss(real, fake))
    assert critic == pytest.approx(1.5 - 2.0)
    generator = float(theory.linear_generator_loss(fake))
    assert critic + generator == pytest.approx(-2.0)


def test_penalty_is_zero_for_a_critic_of_slope_one():
    points = np.random.default_rng(0).normal(size=(32, 2)).astype(np.float32)
    generator = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    slope = keras.layers.Dense(1)
    critic = keras.Sequential([keras.Input((2,)), slope])
    slope.kernel.assign([[0.6], [0.8]])
    codes = np.random.default_rng(1).normal(size=(32, 3)).astype(np.float32)
    fake = generator(codes).numpy()
    expected = np.mean(fake @ [0.6, 0.8]) - np.mean(points @ [0.6, 0.8])
    model = PenalizedWGAN(generator, critic)
    assert float(model.critic_loss(points, codes)) == pytest.approx(expected, abs=1e-4)
    slope.kernel.assign([[1.2], [1.6]])  # slope 2: the penalty is 10
    assert float(model.critic_loss(points, codes)) == pytest.approx(
        2 * expected + 10, abs=1e-3
    )


def test_gan_trains_on_the_losses_of_theory():
    rng = np.random.default_rng(0)
    generator = keras.Sequential([keras.Input((3,)), keras.layers.Dense(4)])
    critic = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
    model = GAN(generator, critic)
    data, codes = (rng.normal(size=(8, size)).astype(np.float32) for size in (4, 3))
    real, fake = critic(data)[:, 0], critic(generator(codes))[:, 0]
    found = float(model.critic_loss(data, codes))
    assert found == pytest.approx(float(theory.gan_critic_loss(real, fake)))
    found = float(model.generator_loss(data, codes))
    assert found == pytest.approx(float(theory.non_saturating_loss(fake)))


def test_points_between_lie_on_the_lines_at_places_of_their_own():
    real = np.zeros((500, 2, 1), np.float32)
    places = points_between(real, real + 1, seed=0).numpy()
    np.testing.assert_array_equal(places[:, 0], places[:, 1])
    assert 0 <= places.min() and places.max() <= 1
    assert abs(places.mean() - 0.5) < 0.05
    assert len(np.unique(places[:, 0])) > 400
