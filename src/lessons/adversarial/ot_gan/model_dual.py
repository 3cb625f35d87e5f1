"""The rivals: the original GAN, and Wasserstein GANs, the dual route."""

import keras
import tensorflow as tf
from keras import ops

from lessons.adversarial.ot_gan import theory_dual
from lessons.toolkit.adversarial import Adversarial


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
        """Cross-entropy of telling data from samples."""
        return theory_dual.gan_critic_loss(*self.scores(data, codes))

    def generator_loss(self, data, codes):
        """Cross-entropy of samples taken for data."""
        return theory_dual.non_saturating_loss(self.scores(data, codes)[1])


@keras.saving.register_keras_serializable("lessons")
class ClippedWGAN(GAN):
    """Wasserstein GAN whose critic is kept Lipschitz by clipping its weights.

    Args:
        generator, critic: as for `Adversarial`.
        clip: weights of the critic stay in [-clip, clip].
        critic_updates: per update of the generator.
        **kwargs: for `Adversarial`.
    """

    def __init__(self, generator, critic, *, clip=0.01, critic_updates=5, **kwargs):
        super().__init__(generator, critic, critic_updates=critic_updates, **kwargs)
        self.clip = clip

    def critic_loss(self, data, codes):
        """Minus the dual value."""
        return theory_dual.wasserstein_critic_loss(*self.scores(data, codes))

    def generator_loss(self, data, codes):
        """The part of the dual value that depends on the generator."""
        return -ops.mean(self.scores(data, codes)[1])

    def update_critic(self, data, codes):
        """A step of the optimizer, then the weights are clipped."""
        loss = super().update_critic(data, codes)
        for weight in self.critic.trainable_variables:
            weight.assign(ops.clip(weight, -self.clip, self.clip))
        return loss

    def get_config(self):
        """The arguments, for saving."""
        return {**super().get_config(), "clip": self.clip}


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
        shape = (ops.shape(real)[0],) + (1,) * (len(real.shape) - 1)
        share = keras.random.uniform(shape, seed=self.seed_generator)
        between = share * real + (1.0 - share) * fake
        with tf.GradientTape() as tape:
            tape.watch(between)
            # One critic call for all three; the sum's gradient is each point's own.
            scores = self.critic(ops.concatenate([real, fake, between]), training=True)
            real_score, fake_score, score = ops.split(scores[:, 0], 3)
        slope = tape.gradient(score, between)
        dual = theory_dual.wasserstein_critic_loss(real_score, fake_score)
        return dual + self.penalty * theory_dual.gradient_penalty(slope)

    def generator_loss(self, data, codes):
        """The part of the dual value that depends on the generator."""
        return -ops.mean(self.scores(data, codes)[1])

    def get_config(self):
        """The arguments, for saving."""
        return {**super().get_config(), "penalty": self.penalty}
