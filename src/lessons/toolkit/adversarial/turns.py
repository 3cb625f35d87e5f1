"""Two networks that take turns.

`Adversarial` has two networks, two optimizers, whose turn it is, a running average of
the generator and a critic that can be frozen. A method adds its two losses.
"""

import keras
import tensorflow as tf
from keras import ops

from lessons.toolkit.errors import UserError
from lessons.toolkit.two_optimizers import TwoOptimizers


def is_critic_turn(step, critic_updates, generator_updates):
    """Whose update step `step` is, counted from 0; the critic comes first.

    Args:
        step: number of the update.
        critic_updates, generator_updates: how many of each make a cycle: 1 and 3 in
            OT-GAN's algorithm 1, 5 and 1 in a Wasserstein GAN.

    Returns:
        A truth value, or a tensor of them.
    """
    return step % (critic_updates + generator_updates) < critic_updates


class Adversarial(TwoOptimizers, keras.Model):
    """Two networks that are updated in turns, one update per training step.

    Compiled with `compile(generator_optimizer, critic_optimizer)`, trained with
    `fit(examples)`. A step takes one batch and updates the critic or the generator, as
    `is_critic_turn` says; both updates are in the same compiled step.

    Args:
        generator: codes (and labels) to examples.
        critic: examples (and labels) to features.
        critic_updates, generator_updates: updates of each in one cycle.
        average_decay: memory of the running average of the generator's weights,
            from which `sample` draws; 0 for the last weights.
        seed: of the codes.
        **kwargs: for `keras.Model`.
    """

    second_optimizer = "critic_optimizer"

    def __init__(
        self,
        generator,
        critic,
        *,
        critic_updates=1,
        generator_updates=1,
        average_decay=0.0,
        seed=None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        if min(critic_updates, generator_updates) < 0 or generator_updates == 0:
            raise UserError(
                "generator_updates must be at least 1 and critic_updates at least 0, "
                f"got {generator_updates!r} and {critic_updates!r}."
            )
        self.generator, self.critic = generator, critic
        self.critic_updates = critic_updates
        self.generator_updates = generator_updates
        self.average_decay, self.seed = average_decay, seed
        self.average = keras.models.clone_model(generator)
        self.average.set_weights(generator.get_weights())
        self.average.trainable = False
        self.seed_generator = keras.random.SeedGenerator(seed)
        self.step = self._flag("step", "int32")
        self.frozen = self._flag("frozen", "bool")
        self.loss_metric = keras.metrics.Mean("loss")
        self.critic_optimizer = None

    def build(self, input_shape):
        """Nothing is left to make: the networks have their weights."""

    def _flag(self, name, dtype):
        return self.add_weight(
            name=name, shape=(), dtype=dtype, initializer="zeros", trainable=False
        )

    @property
    def latent_dim(self):
        """Size of a code."""
        return ops.shape(self.generator.inputs[0])[-1]

    def compile(self, optimizer, critic_optimizer, **options):
        """Prepare for `fit`.

        Args:
            optimizer: of the generator.
            critic_optimizer: of the critic; not the same instance as `optimizer`.
            **options: for `keras.Model.compile`, such as `jit_compile`.

        Raises:
            UserError: both are the same object, or several devices share the batch.
        """
        self.check_optimizers(optimizer, critic_optimizer)
        super().compile(optimizer=optimizer, **options)
        if not self.built:  # not in __init__: a subclass may add metrics after it
            self.build(self.generator.input_shape)
        self.critic_optimizer = self.scaled(critic_optimizer)
        self.optimizer.build(self.generator.trainable_variables)
        self.critic_optimizer.build(self.critic.trainable_variables)

    def critic_loss(self, data, codes):
        """What the critic minimises, a scalar."""
        raise TypeError("Adversarial has no losses of its own: use a subclass.")

    def generator_loss(self, data, codes):
        """What the generator minimises, a scalar."""
        raise TypeError("Adversarial has no losses of its own: use a subclass.")

    def codes(self, count, seed=None):
        """Random codes, standard normal, shape (count, latent).

        Args:
            count: how many.
            seed: a number for the same codes every time; None goes on drawing.
        """
        seed = self.seed_generator if seed is None else seed
        return keras.random.normal((count, self.latent_dim), seed=seed)

    def train_step(self, data):
        """One update, of the critic or of the generator.

        Raises:
            UserError: examples were given weights.
        """
        x, labels, weights = keras.utils.unpack_x_y_sample_weight(data)
        if weights is not None:
            raise UserError(
                "sample_weight does not fit networks that compare whole batches with "
                "each other. Allowed: None."
            )
        data = x if labels is None else (x, labels)
        codes = self.codes(ops.shape(x)[0])
        if self.critic_updates:
            turn = is_critic_turn(
                self.step.value, self.critic_updates, self.generator_updates
            )
            loss = tf.cond(
                tf.logical_and(turn, tf.logical_not(self.frozen.value)),
                lambda: self.update_critic(data, codes),
                lambda: self.update_generator(data, codes),
            )
        else:
            loss = self.update_generator(data, codes)
        self.step.assign(self.step + 1)
        self.loss_metric.update_state(loss)
        return {"loss": self.loss_metric.result()}

    def update_critic(self, data, codes):
        """One step of the critic's optimizer; the loss before it."""
        weights = self.critic.trainable_variables
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch([weight.value for weight in weights])
            loss = self.critic_loss(data, codes)
            scaled = self.critic_optimizer.scale_loss(loss)
        gradients = tape.gradient(scaled, [weight.value for weight in weights])
        self.critic_optimizer.apply(gradients, weights)
        return loss

    def update_generator(self, data, codes):
        """One step of the generator's optimizer and of the average; the loss."""
        weights = self.generator.trainable_variables
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch([weight.value for weight in weights])
            loss = self.generator_loss(data, codes)
            scaled = self.optimizer.scale_loss(loss)
        gradients = tape.gradient(scaled, [weight.value for weight in weights])
        self.optimizer.apply(gradients, weights)
        # all weights, so that statistics of batch normalisation come along
        pairs = zip(self.average.weights, self.generator.weights, strict=True)
        for mean, weight in pairs:
            mean.assign(mean + (1.0 - self.average_decay) * (weight - mean))
        return loss

    def call(self, codes, training=False):
        """Examples of the generator's last weights."""
        return self.generator(codes, training=training)

    def sample(self, num_samples, seed=0, labels=None):
        """Examples of the averaged generator, as a NumPy array."""
        codes = self.codes(num_samples, seed)
        inputs = codes if labels is None else [codes, ops.convert_to_tensor(labels)]
        return ops.convert_to_numpy(self.average(inputs, training=False))

    def freeze_critic(self):
        """From here on every step updates the generator."""
        self.frozen.assign(True)

    def get_config(self):
        """The arguments, for saving."""
        serialize = keras.saving.serialize_keras_object
        config = {
            "generator": serialize(self.generator),
            "critic": serialize(self.critic),
            "critic_updates": self.critic_updates,
            "generator_updates": self.generator_updates,
            "average_decay": self.average_decay,
            "seed": self.seed,
        }
        return {**super().get_config(), **config}

    @classmethod
    def from_config(cls, config):
        """The model of `get_config`."""
        for name in ("generator", "critic"):
            config[name] = keras.saving.deserialize_keras_object(config[name])
        return cls(**config)
