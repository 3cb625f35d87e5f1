"""The original GAN, and the Wasserstein GAN with a gradient penalty (WGAN-GP)."""

import keras
import tensorflow as tf
from keras import ops

from lessons.toolkit.adversarial import theory
from lessons.toolkit.adversarial.turns import Adversarial


def points_between(real, fake, seed):
    """Random points on the lines between data and samples, one on each line.

    Args:
        real, fake: shape (batch, ...) each.
        seed: a number, or a `keras.random.SeedGenerator`.

    Returns:
        The shape and dtype of `fake`.
    """
    shape = (ops.shape(real)[0],) + (1,) * (len(real.shape) - 1)
    fraction = keras.random.uniform(shape, seed=seed)
    return fraction * real + (1.0 - fraction) * fake


@keras.saving.register_keras_serializable("lessons")
class GAN(Adversarial):
    """The original GAN with the non-saturating loss; the critic gives one logit."""

    def fakes(self, codes):
        """What the critic sees of the generator, one example per code."""
        return self.generator(codes, training=True)

    def scores(self, data, codes):
        """Critic values of data and samples, one critic call, each (batch,)."""
        fake = self.fakes(codes)
        both = ops.concatenate([ops.cast(data, fake.dtype), fake])
        return ops.split(self.critic(both, training=True)[:, 0], 2)

    def critic_loss(self, data, codes):
        """Cross-entropy of telling data from samples, `theory.gan_critic_loss`."""
        return theory.gan_critic_loss(*self.scores(data, codes))

    def generator_loss(self, data, codes):
        """Cross-entropy of taking samples for data, `theory.non_saturating_loss`."""
        return theory.non_saturating_loss(self.scores(data, codes)[1])


@keras.saving.register_keras_serializable("lessons")
class PenalizedWGAN(GAN):
    """WGAN-GP: the critic's slope is pulled to 1 between data and samples.

    Args:
        generator, critic: as for `Adversarial`.
        penalty: weight of the gradient penalty.
        critic_updates: per update of the generator.
        **kwargs: for `Adversarial`.
    """

    def __init__(self, generator, critic, *, penalty=10.0, critic_updates=5, **kwargs):
        super().__init__(generator, critic, critic_updates=critic_updates, **kwargs)
        self.penalty = penalty

    def critic_loss(self, data, codes):
        """Minus the dual value, plus the penalty at random points between."""
        fake = self.fakes(codes)
        real = ops.cast(data, fake.dtype)
        between = points_between(real, fake, self.seed_generator)
        with tf.GradientTape() as tape:
            tape.watch(between)
            # One critic call for all three; the sum's gradient is each point's own.
            scores = self.critic(ops.concatenate([real, fake, between]), training=True)
            real_score, fake_score, score = ops.split(scores[:, 0], 3)
        slope = tape.gradient(score, between)
        dual = theory.wasserstein_critic_loss(real_score, fake_score)
        return dual + self.penalty * theory.gradient_penalty(slope)

    def generator_loss(self, data, codes):
        """The part of the dual value that depends on the generator."""
        return theory.linear_generator_loss(self.scores(data, codes)[1])

    def get_config(self):
        """The arguments, for saving."""
        return {**super().get_config(), "penalty": self.penalty}
