r"""Models of the trait, $y = f(x, z, e)$: with a density, or with noise inside.

* "additive": $y = f(x, z) + s e$ with one deviation $s$;
* "gaussian": $y = f(x, z) + s(x, z) e$, mean and deviation from one network;
* "implicit": $y = \mathrm{NN}(x, z, e)$, fitted without a density.
"""

import keras
import tensorflow as tf
from keras import ops

from lessons.control.implicit_causal_model import theory
from lessons.control.implicit_causal_model.networks import mlp
from lessons.toolkit import runtime
from lessons.toolkit.errors import UserError, unknown

LAWS = ("additive", "gaussian", "implicit")
CLIP = 20.0  # of r: a ratio network may find two laws that do not touch


@keras.saving.register_keras_serializable("lessons")
class TraitModel(keras.Model):
    r"""A trait given SNPs and the latent of the person; `fit(features, y)`.

    The loss of the first two laws is minus the log-density. The implicit law has two
    networks that take turns within a step: first the ratio network, `ratio_steps`
    times, on `theory.ratio_loss`; then the trait's network lowers r at the traits that
    it simulates, whose gradient goes through them. Since at its best
    $r = \log p(y \mid x, z) - \log q(y \mid x, z)$, the mean of r there is KL(p, q).

    Each law adds a prior over N: $\lambda$ times the group lasso of the first layer's
    weights of each SNP, and half the squares of all others.

    Args:
        num_features: columns of the features: SNPs, then coordinates of z.
        num_snps: how many of the first columns are SNPs.
        num_people: N, which shares out the prior.
        law: one of `LAWS`.
        units: hidden layers of the trait's network; none for a linear trait.
        noise_dim: coordinates of the noise e.
        lasso: λ.
        ratio_units: hidden layers of the ratio network.
        ratio_steps: updates of the ratio network for each of the trait's.
        batch_norm: whether hidden layers of the trait's network are normalised.
        activation: of hidden layers.
        seed: of first weights and noise.
        **kwargs: for `keras.Model`.

    Raises:
        UserError: a size, weight or name that cannot be.
    """

    def __init__(
        self,
        num_features,
        *,
        num_snps=0,
        num_people=1,
        law="implicit",
        units=(32, 32),
        noise_dim=1,
        lasso=0.0,
        ratio_units=(32, 32),
        ratio_steps=1,
        batch_norm=False,
        activation="relu",
        seed=0,
        **kwargs,
    ):
        super().__init__(**kwargs)
        if law not in LAWS:
            raise unknown("law", law, LAWS)
        if not (0 <= num_snps <= num_features and lasso >= 0):
            raise UserError(
                "num_snps must be from 0 to num_features and lasso at least 0, got "
                f"{num_snps} of {num_features} and {lasso}."
            )
        if min(num_features, num_people, noise_dim, ratio_steps) < 1:
            raise UserError(
                "num_features, num_people, noise_dim and ratio_steps must be at least "
                f"1, got {num_features}, {num_people}, {noise_dim} and {ratio_steps}."
            )
        self.arguments = {
            "num_features": num_features,
            "num_snps": num_snps,
            "num_people": num_people,
            "law": law,
            "units": tuple(units),
            "noise_dim": noise_dim,
            "lasso": lasso,
            "ratio_units": tuple(ratio_units),
            "ratio_steps": ratio_steps,
            "batch_norm": batch_norm,
            "activation": activation,
            "seed": seed,
        }
        self.implicit, start = law == "implicit", 5000 * seed % 2**31
        self.network = mlp(
            num_features + noise_dim * self.implicit,
            tuple(units),
            2 if law == "gaussian" else 1,
            batch_norm,
            start,
            activation,
            "trait_network",
        )
        self.ratio, self.ratio_optimizer = None, None
        if self.implicit:
            widths, other = tuple(ratio_units), start + 20
            self.ratio = mlp(
                num_features + 1, widths, 1, False, other, activation, "ratio_network"
            )
            self.loss_metric = keras.metrics.Mean("loss")
            self.ratio_metric = keras.metrics.Mean("ratio_loss")
        self.seed_generator = keras.random.SeedGenerator(seed)
        self.build((None, num_features))

    def build(self, input_shape):
        """Make the common deviation, if the law has one."""
        if self.arguments["law"] == "additive" and not self.built:
            self.log_sd = self.add_weight(
                name="log_sd", shape=(), initializer="zeros", dtype="float32"
            )
        self.built = True

    def call(self, features, training=False):
        """A simulated trait for each row, shape (batch, 1)."""
        noise = self._noise(features)
        if self.implicit:
            return self._simulated(features, noise, training)
        mean, log_sd = self.moments(features, training)
        return mean[:, None] + ops.exp(log_sd)[:, None] * noise[:, :1]

    def _noise(self, features):
        shape = ops.shape(features)[0], self.arguments["noise_dim"]
        return keras.random.normal(shape, seed=self.seed_generator)

    def _simulated(self, features, noise, training):
        both = ops.concatenate([ops.cast(features, noise.dtype), noise], axis=1)
        return self.network(both, training=training)

    def moments(self, features, training=False):
        """Mean and log-deviation of each row's trait, where the law has a density."""
        found = self.network(features, training=training)
        if self.arguments["law"] == "gaussian":
            return found[:, 0], ops.clip(found[:, 1], -7.0, 7.0)
        return found[:, 0], self.log_sd + 0.0 * found[:, 0]

    def compute_loss(
        self, x=None, y=None, y_pred=None, sample_weight=None, training=True
    ):
        """Minus the log-density, in nats, and the prior's share."""
        mean, log_sd = self.moments(x, training)
        y = ops.reshape(ops.cast(y, "float32"), (-1,))
        losses = theory.gaussian_nll(y, mean, log_sd) + self.prior()
        return runtime.batch_loss(losses, sample_weight)

    def prior(self):
        r"""$-\log p(\theta) / N$ without constants."""
        given, total = self.arguments, 0.0
        for place, weight in enumerate(self.network.trainable_weights):
            weight = ops.cast(weight, "float32")
            if place == 0 and given["num_snps"]:
                total += given["lasso"] * theory.group_lasso(weight, given["num_snps"])
                weight = weight[given["num_snps"] :]
            total += 0.5 * ops.sum(ops.square(weight))
        return total / given["num_people"]

    def log_ratio(self, features, y):
        """R of the ratio network, clipped, shape (batch,).

        Args:
            features: shape (batch, features).
            y: traits, shape (batch, 1).
        """
        both = ops.concatenate([ops.cast(features, "float32"), y], axis=1)
        return ops.clip(self.ratio(both)[:, 0], -CLIP, CLIP)

    def compile(self, optimizer, ratio_optimizer=None, **options):
        """Prepare for `fit`.

        Args:
            optimizer: of the trait's network.
            ratio_optimizer: of the ratio network; needed by the implicit law.
            **options: for `keras.Model.compile`.

        Raises:
            UserError: several devices, or an optimizer is missing.
        """
        if tf.distribute.get_strategy().num_replicas_in_sync > 1:
            raise UserError(
                "networks that take turns within one step cannot share a batch between "
                "several devices. Allowed: strategy=none."
            )
        super().compile(optimizer=optimizer, **options)
        if not self.implicit:
            return
        if ratio_optimizer is None:
            raise UserError("the implicit law needs a ratio_optimizer, got None.")
        self.ratio_optimizer = ratio_optimizer
        optimizer.build(self.network.trainable_variables)
        ratio_optimizer.build(self.ratio.trainable_variables)

    def get_compile_config(self):
        """The optimizers, for saving; None where the model is not compiled."""
        if not self.compiled:
            return None
        kept = [self.optimizer] + [self.ratio_optimizer] * self.implicit
        return {"optimizers": [keras.saving.serialize_keras_object(o) for o in kept]}

    def compile_from_config(self, config):
        """Compile as `get_compile_config` describes, when a model is loaded."""
        self.compile(*map(keras.saving.deserialize_keras_object, config["optimizers"]))
        if not self.implicit:
            self.optimizer.build(self.trainable_variables)

    def train_step(self, data):
        """One step: of minus the log-density, or of the two networks in turn.

        Raises:
            UserError: examples of the implicit law were given weights.
        """
        if not self.implicit:
            return super().train_step(data)
        x, y, weights = keras.utils.unpack_x_y_sample_weight(data)
        if weights is not None:
            raise UserError(
                "sample_weight does not fit networks that compare simulated with "
                "observed traits. Allowed: None."
            )
        x = ops.cast(x, "float32")
        y = ops.reshape(ops.cast(y, "float32"), (-1, 1))
        for _ in range(self.arguments["ratio_steps"]):
            simulated = self._simulated(x, self._noise(x), True)
            with tf.GradientTape() as tape:
                loss = ops.mean(
                    theory.ratio_loss(
                        self.log_ratio(x, simulated), self.log_ratio(x, y)
                    )
                )
            self._apply(self.ratio_optimizer, tape, loss, self.ratio)
        self.ratio_metric.update_state(loss)
        with tf.GradientTape() as tape:
            simulated = self._simulated(x, self._noise(x), True)
            loss = ops.mean(self.log_ratio(x, simulated)) + self.prior()
        self._apply(self.optimizer, tape, loss, self.network)
        self.loss_metric.update_state(loss)
        return {
            "loss": self.loss_metric.result(),
            "ratio_loss": self.ratio_metric.result(),
        }

    @staticmethod
    def _apply(optimizer, tape, loss, network):
        weights = network.trainable_variables
        optimizer.apply(tape.gradient(loss, weights), weights)

    def get_config(self):
        """The arguments, for saving."""
        return {**super().get_config(), **self.arguments}
