r"""OT-GAN: algorithms 1 and 2 of arXiv:1803.05573 as Keras models.

`Adversarial` holds what every method here shares: two networks, two optimizers, whose
turn it is, and a critic that can be frozen. A method adds its two losses.
"""

import keras
import tensorflow as tf
from keras import ops

from lessons.adversarial.ot_gan import sinkhorn, theory
from lessons.toolkit.errors import UserError, unknown

COSTS = ("cosine", "euclidean")
MATCHINGS = ("sinkhorn", "random")


class Adversarial(keras.Model):
    """Two networks that are updated in turns, one update per training step.

    Compiled with `compile(generator_optimizer, critic_optimizer)`, trained with
    `fit(examples)`. A step takes one batch and updates the critic or the generator, as
    `theory.is_critic_turn` says; both updates are in the same compiled step.

    Args:
        generator: codes (and labels) to examples.
        critic: examples (and labels) to features.
        critic_updates, generator_updates: updates of each in one cycle.
        average_decay: memory of the running average of the generator's weights,
            from which `sample` draws; 0 for the last weights.
        seed: of the codes.
        **kwargs: for `keras.Model`.
    """

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
        self.built = True

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
            critic_optimizer: of the critic; another object.
            **options: for `keras.Model.compile`, such as `jit_compile`.
        """
        if tf.distribute.get_strategy().num_replicas_in_sync > 1:
            raise UserError(
                "a matching couples all examples of a batch, so a batch cannot be "
                "shared by several devices. Allowed: strategy=none."
            )
        super().compile(optimizer=optimizer, **options)
        self.critic_optimizer = critic_optimizer
        optimizer.build(self.generator.trainable_variables)
        critic_optimizer.build(self.critic.trainable_variables)

    def get_compile_config(self):
        """Both optimizers, for saving."""
        serialize = keras.saving.serialize_keras_object
        return {
            "optimizer": serialize(self.optimizer),
            "critic_optimizer": serialize(self.critic_optimizer),
        }

    def compile_from_config(self, config):
        """Compile as `get_compile_config` describes, when a model is loaded."""
        self.compile(*map(keras.saving.deserialize_keras_object, config.values()))

    def critic_loss(self, data, codes):
        """What the critic minimises, a scalar."""
        raise TypeError("Adversarial has no losses of its own: use OTGAN or a rival.")

    def generator_loss(self, data, codes):
        """What the generator minimises, a scalar."""
        raise TypeError("Adversarial has no losses of its own: use OTGAN or a rival.")

    def codes(self, count):
        """Random codes, shape (count, latent)."""
        return keras.random.normal((count, self.latent_dim), seed=self.seed_generator)

    def train_step(self, data):
        """One update, of the critic or of the generator."""
        codes = self.codes(ops.shape(tf.nest.flatten(data)[0])[0])
        if self.critic_updates:
            turn = theory.is_critic_turn(
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
        gradients = tape.gradient(loss, [weight.value for weight in weights])
        self.critic_optimizer.apply(gradients, weights)
        return loss

    def update_generator(self, data, codes):
        """One step of the generator's optimizer and of the average; the loss."""
        weights = self.generator.trainable_variables
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch([weight.value for weight in weights])
            loss = self.generator_loss(data, codes)
        gradients = tape.gradient(loss, [weight.value for weight in weights])
        self.optimizer.apply(gradients, weights)
        for mean, weight in zip(self.average.weights, weights, strict=True):
            mean.assign(mean + (1.0 - self.average_decay) * (weight - mean))
        return loss

    def call(self, codes, training=False):
        """Examples of the generator's last weights."""
        return self.generator(codes, training=training)

    def sample(self, num_samples, seed=0, labels=None):
        """Examples of the averaged generator, as a NumPy array."""
        codes = keras.random.normal((num_samples, self.latent_dim), seed=seed)
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


@keras.saving.register_keras_serializable("lessons")
class OTGAN(Adversarial):
    """Generator and critic of algorithm 1; of algorithm 2 if they take labels.

    A batch of 2K examples, drawn at random, is two batches X, X' of K. Networks with
    labels need `fit(examples, one_hot_labels)`; then the loss is algorithm 2's.

    Args:
        generator, critic: as for `Adversarial`; the critic gives unit features.
        epsilon: regularisation of the matching, the paper's 1 / lambda.
        num_iterations: Sinkhorn iterations.
        form: of the iteration, see `sinkhorn.FORMS`.
        cost: "cosine" of the critic's features, or "euclidean" between the examples
            themselves (no critic is used or trained then).
        matching: "sinkhorn", or "random" for the uniform coupling (the ablations).
        generator_updates: per update of the critic; the paper has 3.
        **kwargs: for `Adversarial`.
    """

    def __init__(
        self,
        generator,
        critic,
        *,
        epsilon=0.02,
        num_iterations=15,
        form="stabilised",
        cost="cosine",
        matching="sinkhorn",
        generator_updates=3,
        **kwargs,
    ):
        for kind, given, allowed in (
            ("cost", cost, COSTS),
            ("matching", matching, MATCHINGS),
            ("form", form, sinkhorn.FORMS),
        ):
            if given not in allowed:
                raise unknown(kind, given, allowed)
        updates = 0 if cost == "euclidean" else kwargs.pop("critic_updates", 1)
        kwargs |= {"critic_updates": updates, "generator_updates": generator_updates}
        super().__init__(generator, critic, **kwargs)
        self.epsilon, self.num_iterations, self.form = epsilon, num_iterations, form
        self.cost, self.matching = cost, matching
        self.conditional = len(critic.inputs) == 2

    def features(self, data, codes):
        """Features of X, X', Y, Y' as one tensor, (4, K, features)."""
        real, label = data if self.conditional else (data, None)
        half = ops.shape(real)[0] // 2
        if isinstance(half, int) and not half:
            raise UserError(
                "a batch of one example cannot be halved into two mini-batches. "
                "Allowed: batch_size at least 2."
            )
        real, codes = real[: 2 * half], codes[: 2 * half]
        if self.conditional:
            label = label[: 2 * half]
            fake = self.generator([codes, label], training=True)
        else:
            fake = self.generator(codes, training=True)
        examples = ops.concatenate([ops.cast(real, fake.dtype), fake])
        if self.cost == "cosine":
            labels = [ops.concatenate([label, label])] if self.conditional else []
            inputs = [examples, *labels] if labels else examples
            examples = self.critic(inputs, training=True)
        return ops.reshape(examples, (4, half, -1))

    def generator_loss(self, data, codes):
        """The weighted sum of mini-batch distances; matchings are constants."""
        cost = {"cosine": theory.cosine_cost, "euclidean": theory.euclidean_cost}
        pairs, weights = theory.PAIRS, theory.WEIGHTS
        if self.conditional:
            pairs = theory.CONDITIONAL_PAIRS
            weights = theory.CONDITIONAL_WEIGHTS
        batches = self.features(data, codes)
        costs = theory.pair_costs(batches, pairs, cost[self.cost])  # (pairs, K, K)
        values = theory.matched_cost(costs, self.match(costs))
        return theory.weighted_sum(values, weights)

    def critic_loss(self, data, codes):
        """The negative of the generator's: the critic maximises the distance."""
        return -self.generator_loss(data, codes)

    def match(self, costs):
        """Couplings of all pairs at once, without gradient, (pairs, K, K)."""
        if self.matching == "random":
            entries = ops.cast(ops.prod(ops.shape(costs)[-2:]), costs.dtype)
            return ops.ones_like(costs) / entries
        return sinkhorn.matching(
            costs, self.epsilon, self.num_iterations, form=self.form
        )

    def get_config(self):
        """The arguments, for saving."""
        names = ("epsilon", "num_iterations", "form", "cost", "matching")
        return {**super().get_config(), **{name: getattr(self, name) for name in names}}
