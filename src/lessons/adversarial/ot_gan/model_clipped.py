"""The Wasserstein GAN with clipped weights; the other baselines are the toolkit's."""

import keras
from keras import ops

from lessons.toolkit.adversarial import GAN, theory


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
        return theory.wasserstein_critic_loss(*self.scores(data, codes))

    def generator_loss(self, data, codes):
        """The part of the dual value that depends on the generator."""
        return theory.linear_generator_loss(self.scores(data, codes)[1])

    def update_critic(self, data, codes):
        """A step of the optimizer, then the weights are clipped."""
        loss = super().update_critic(data, codes)
        for weight in self.critic.trainable_variables:
            weight.assign(ops.clip(weight, -self.clip, self.clip))
        return loss

    def get_config(self):
        """The arguments, for saving."""
        return {**super().get_config(), "clip": self.clip}
