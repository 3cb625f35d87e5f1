"""WAE-GAN (algorithm 1 of arXiv:1711.01558): a discriminator of codes as the penalty.

With the squared cost it is the adversarial autoencoder of Makhzani et al. 2015
(arXiv:1511.05644) for a Gaussian likelihood, which therefore minimises transport too.
"""

import keras
import tensorflow as tf
from keras import ops

from lessons.autoencoders.wasserstein_autoencoder import theory
from lessons.autoencoders.wasserstein_autoencoder.model import Autoencoder
from lessons.toolkit import runtime
from lessons.toolkit.two_optimizers import TwoOptimizers


@keras.saving.register_keras_serializable("lessons")
class WAEGAN(TwoOptimizers, Autoencoder):
    """An autoencoder whose codes try to pass for draws of the prior.

    Compiled with `compile(optimizer, discriminator_optimizer)`. One step computes the
    gradients of both sides from one forward pass, then applies both. Metrics: `loss`,
    `cost`, `penalty` (the encoder's) and `discriminator` (nats; 2 log 2 if it cannot
    tell the two apart).

    Args:
        encoder, decoder: as for `Autoencoder`.
        discriminator: codes to one logit.
        prior_aware: whether the logarithm of the prior's density is added to the
            logit.
        **kwargs: for `Autoencoder`.
    """

    second_optimizer = "discriminator_optimizer"
    networks = ("encoder", "decoder", "discriminator")

    def __init__(self, encoder, decoder, discriminator, *, prior_aware=False, **kwargs):
        super().__init__(encoder, decoder, discriminator, **kwargs)
        self.prior_aware = prior_aware
        self.discriminator_optimizer = None

    def add_metrics(self):
        """The loss, and that of the discriminator."""
        self.loss_metric = keras.metrics.Mean("loss")
        self.discriminator_metric = keras.metrics.Mean("discriminator")

    @property
    def is_adversarial_autoencoder(self):
        """Whether this is the method of Makhzani et al."""
        return self.cost == "squared"

    def compile(self, optimizer, discriminator_optimizer, **options):
        """Prepare for `fit`.

        Args:
            optimizer: of encoder and decoder.
            discriminator_optimizer: of the discriminator; not the same instance as
                `optimizer`.
            **options: for `keras.Model.compile`.

        Raises:
            UserError: both are the same object, or several devices share the batch.
        """
        self.check_optimizers(optimizer, discriminator_optimizer)
        super().compile(optimizer=optimizer, **options)
        self.discriminator_optimizer = self.scaled(discriminator_optimizer)
        self.optimizer.build(self.autoencoder_weights)
        self.discriminator_optimizer.build(self.discriminator.trainable_variables)

    @property
    def autoencoder_weights(self):
        """What the first optimizer trains."""
        return self.encoder.trainable_variables + self.decoder.trainable_variables

    def logits(self, codes):
        """The discriminator's, shape (batch,): high for draws of the prior."""
        logits = self.discriminator(codes, training=True)[:, 0]
        if self.prior_aware:
            logits = logits + theory.log_prior(codes, self.prior_scale)
        return logits

    def losses_of(self, x, sample_weight=None, training=True):
        """(autoencoder's loss, discriminator's loss) of a batch, two scalars.

        Args:
            x: shape (batch, height, width, channels).
            sample_weight: factors of the images' costs, (batch,) or (batch, 1), or
                None. Penalties are of all codes together and have no factors.
            training: whether batch statistics are those of the batch.
        """
        output = self(x, training=training)
        count = ops.shape(output.codes)[0]
        # One call for draws and codes. The gradient of each loss is taken with respect
        # to its own side only, so nothing needs to be held back.
        logits = self.logits(ops.concatenate([self.prior(count), output.codes]))
        encoder_loss = theory.encoder_loss(logits[count:])
        discriminator_loss = theory.discriminator_loss(logits[:count], logits[count:])
        costs = theory.transport_cost(
            ops.cast(x, "float32"), output.reconstruction, self.cost
        )
        for metric, values, weights in (
            (self.cost_metric, costs, sample_weight),
            (self.penalty_metric, encoder_loss, None),
            (self.discriminator_metric, discriminator_loss, None),
        ):
            metric.update_state(values, weights)
        if sample_weight is not None:
            weights = ops.cast(sample_weight, costs.dtype)
            costs = costs * ops.reshape(weights, ops.shape(costs))
        autoencoder_loss = runtime.batch_loss(
            self.cost_weight * costs + self.penalty_weight * encoder_loss
        )
        self.loss_metric.update_state(autoencoder_loss)
        charged = runtime.batch_loss(self.penalty_weight * discriminator_loss)
        return autoencoder_loss, charged

    def train_step(self, data):
        """One update of both sides from the same forward pass."""
        x, _, sample_weight = keras.utils.unpack_x_y_sample_weight(data)
        sides = (
            (self.optimizer, self.autoencoder_weights),
            (self.discriminator_optimizer, self.discriminator.trainable_variables),
        )
        with tf.GradientTape(persistent=True) as tape:
            losses = self.losses_of(x, sample_weight)
            losses = [
                optimizer.scale_loss(loss)
                for (optimizer, _), loss in zip(sides, losses, strict=True)
            ]
        gradients = [
            tape.gradient(loss, [weight.value for weight in weights])
            for (_, weights), loss in zip(sides, losses, strict=True)
        ]
        for (optimizer, weights), found in zip(sides, gradients, strict=True):
            optimizer.apply(found, weights)
        return {metric.name: metric.result() for metric in self.own_metrics}

    def test_step(self, data):
        """The metrics without an update."""
        x, _, sample_weight = keras.utils.unpack_x_y_sample_weight(data)
        self.losses_of(x, sample_weight, training=False)
        return {metric.name: metric.result() for metric in self.own_metrics}

    @property
    def own_metrics(self):
        """The running means that a step returns."""
        return (
            self.loss_metric,
            self.cost_metric,
            self.penalty_metric,
            self.discriminator_metric,
        )

    def get_config(self):
        """The arguments, for saving."""
        return {**super().get_config(), "prior_aware": self.prior_aware}
