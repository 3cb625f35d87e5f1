"""Networks that take turns: whose turn it is, what each update changes."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import ops

from lessons.toolkit.adversarial import Adversarial, is_critic_turn
from lessons.toolkit.errors import UserError


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
