"""A GAN whose critic is controlled in any of the compared ways."""

import keras
import tensorflow as tf
from keras import layers, ops

from lessons.adversarial.spectral_normalization import theory
from lessons.adversarial.spectral_normalization.layers import Normalized
from lessons.toolkit.adversarial import Adversarial, points_between
from lessons.toolkit.adversarial import theory as dual
from lessons.toolkit.errors import UserError, unknown

# (critic's loss of real and fake values, generator's loss of fake values)
LOSSES = {
    "standard": (dual.gan_critic_loss, dual.non_saturating_loss),
    "hinge": (theory.hinge_critic_loss, dual.linear_generator_loss),
    "wasserstein": (dual.wasserstein_critic_loss, dual.linear_generator_loss),
}


@keras.saving.register_keras_serializable("lessons")
class RegularizedGAN(Adversarial):
    """Generator and critic, with any loss and any control of the critic.

    Each critic update calls the critic once, on data, samples and, for the gradient
    penalty, points between: normalised layers then do one power iteration and all
    examples see the same weights. A generator update does none. Networks with labels
    need `fit(examples, one_hot_labels)`.

    Args:
        generator, critic: as for `Adversarial`; the critic gives one number.
        loss: a key of `LOSSES`.
        clip: weights of the critic stay in [-clip, clip]; None for no clipping.
        gradient_penalty: weight of WGAN-GP's penalty.
        orthonormal_penalty: weight of the penalty on all of the critic's kernels.
        generator_batches: batches of codes in one generator update.
        **kwargs: for `Adversarial`.

    Raises:
        UserError: unknown loss, or a gradient penalty beside batch normalisation,
            where one example's slope depends on the others.
    """

    def __init__(
        self,
        generator,
        critic,
        *,
        loss="standard",
        clip=None,
        gradient_penalty=0.0,
        orthonormal_penalty=0.0,
        generator_batches=1,
        **kwargs,
    ):
        if loss not in LOSSES:
            raise unknown("loss", loss, LOSSES)
        super().__init__(generator, critic, **kwargs)
        self.loss_name, self.clip = loss, clip
        self.gradient_penalty = gradient_penalty
        self.orthonormal_penalty = orthonormal_penalty
        self.generator_batches = generator_batches
        self.conditional = len(critic.inputs) == 2
        self.uses_batches = any(
            isinstance(layer, layers.BatchNormalization) for layer in critic.layers
        )
        if gradient_penalty and self.uses_batches:
            raise UserError(
                "the gradient penalty needs each example's own slope, which batch "
                "normalisation mixes. Allowed: a critic without it."
            )

    def split(self, data):
        """(examples, list of their labels: one entry or none)."""
        return (data[0], [data[1]]) if self.conditional else (data, [])

    def fakes(self, codes, labels):
        """Samples for codes, one each."""
        return self.generator([codes, *labels] if labels else codes, training=True)

    def values(self, examples, labels, training):
        """Critic values, shape (batch,)."""
        inputs = [examples, *labels] if labels else examples
        return self.critic(inputs, training=training)[:, 0]

    def critic_loss(self, data, codes):
        """The loss of data and samples, and the penalties."""
        real, labels = self.split(data)
        fake = self.fakes(codes, labels)
        batches = [ops.cast(real, fake.dtype), fake]
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            if self.gradient_penalty:
                between = points_between(*batches, self.seed_generator)
                tape.watch(between)
                batches.append(between)
            parts = self.parts(batches, labels)
        loss = LOSSES[self.loss_name][0](*parts[:2])
        if self.gradient_penalty:  # the sum's gradient is each point's own
            slope = tape.gradient(parts[2], between)
            loss += self.gradient_penalty * dual.gradient_penalty(slope)
        if self.orthonormal_penalty:
            grams = [theory.orthonormal_penalty(w) for w in matrices(self.critic)]
            loss += self.orthonormal_penalty * sum(grams)
        return loss

    def parts(self, batches, labels):
        """Critic values of several batches: in one call, so by the same weights.

        Batch normalisation needs a call for each: it is to see data alone and samples
        alone, as it does when the generator is updated.
        """
        if self.uses_batches:
            return [self.values(batch, labels, training=True) for batch in batches]
        labels = [ops.concatenate([rows] * len(batches)) for rows in labels]
        values = self.values(ops.concatenate(batches), labels, training=True)
        return ops.split(values, len(batches))

    def generator_loss(self, data, codes):
        """The loss of samples; the critic's power iterations stay where they are."""
        _, labels = self.split(data)
        more = self.generator_batches - 1
        if more:
            extra = self.codes(more * ops.shape(codes)[0])
            codes = ops.concatenate([codes, extra])
            labels = [ops.concatenate([rows] * (more + 1)) for rows in labels]
        fake = self.fakes(codes, labels)
        values = self.values(fake, labels, training=self.uses_batches)
        return LOSSES[self.loss_name][1](values)

    def update_critic(self, data, codes):
        """A step of the optimizer; then weights are clipped, if they are."""
        loss = super().update_critic(data, codes)
        if self.clip is not None:
            for weight in self.critic.trainable_variables:
                weight.assign(ops.clip(weight, -self.clip, self.clip))
        return loss

    def get_config(self):
        """The arguments, for saving."""
        own = {
            "loss": self.loss_name,
            "clip": self.clip,
            "gradient_penalty": self.gradient_penalty,
            "orthonormal_penalty": self.orthonormal_penalty,
            "generator_batches": self.generator_batches,
        }
        return {**super().get_config(), **own}


def matrices(critic):
    """The matrices that a critic's linear layers compute with, first layer first."""
    found = [layer for layer in critic.layers if isinstance(layer, Normalized)]
    return [theory.as_matrix(layer.normalized_kernel()) for layer in found]
