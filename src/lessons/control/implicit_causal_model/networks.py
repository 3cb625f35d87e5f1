"""The three networks: of SNPs, of the trait, and the one that compares traits."""

import keras
from keras import layers, ops


def stack(widths, name, seed, batch_norm=False, activation="relu"):
    """Dense layers with an activation, each normalised before it if asked for."""
    found = []
    for place, width in enumerate(widths):
        found.append(
            layers.Dense(
                width,
                kernel_initializer=keras.initializers.HeNormal(seed + place),
                name=f"{name}_{place + 1}",
            )
        )
        if batch_norm:
            found.append(layers.BatchNormalization(name=f"{name}_norm_{place + 1}"))
        found.append(layers.Activation(activation, name=f"{name}_act_{place + 1}"))
    return found


@keras.saving.register_keras_serializable("lessons")
class SnpNetwork(layers.Layer):
    r"""Logits of every pair of a person and a SNP: $\mathrm{NN}([z_n, w_m])$.

    The first layer is computed for people and for SNPs and added, $A z_n + B w_m$, so
    that its cost is not that of the pairs. With `skip`, $z_n^T w_m$ is added: without
    hidden layers that is logistic factor analysis.

    Args:
        latent_dim: K.
        units: widths of the hidden layers; none for logistic factor analysis.
        skip: whether the bilinear term is added.
        batch_norm: whether hidden layers are normalised (over pairs).
        seed: of the first weights.
        **kwargs: for `Layer`.
    """

    def __init__(
        self, latent_dim, units=(), skip=True, batch_norm=False, seed=0, **kwargs
    ):
        super().__init__(**kwargs)
        self.latent_dim, self.units, self.skip = latent_dim, tuple(units), skip
        self.batch_norm, self.seed = batch_norm, seed
        start = keras.initializers.VarianceScaling(2.0, "fan_in", "normal", seed)
        self.people = self.snps = self.out = None
        self.hidden = []
        if self.units:
            self.people = layers.Dense(
                units[0], kernel_initializer=start, name="of_people"
            )
            other = keras.initializers.VarianceScaling(
                2.0, "fan_in", "normal", seed + 1
            )
            self.snps = layers.Dense(
                units[0], use_bias=False, kernel_initializer=other, name="of_snps"
            )
            first = [layers.BatchNormalization(name="norm_0")] if batch_norm else []
            first.append(layers.Activation("relu", name="act_0"))
            self.hidden = first + stack(units[1:], "pairs", seed + 2, batch_norm)
            self.out = layers.Dense(
                1,
                kernel_initializer=keras.initializers.RandomNormal(0.0, 0.05, seed + 9),
                name="logit",
            )

    def build(self, input_shape=None):
        """Make the weights; people and SNPs have the same number of coordinates."""
        if self.units:
            self.people.build((None, self.latent_dim))
            self.snps.build((None, self.latent_dim))
            shape = (None, None, self.units[0])
            for layer in self.hidden:
                layer.build(shape)
                shape = layer.compute_output_shape(shape)
            self.out.build(shape)
        self.built = True

    def call(self, z, w, training=False):
        """Logits, shape (people, SNPs), of z (people, K) and w (SNPs, K)."""
        logits = 0.0
        if self.skip:
            logits = ops.cast(ops.matmul(z, ops.transpose(w)), "float32")
        if self.units:
            pairs = self.people(z)[:, None] + self.snps(w)[None]
            for layer in self.hidden:
                if isinstance(layer, layers.BatchNormalization):
                    pairs = layer(pairs, training=training)
                else:
                    pairs = layer(pairs)
            logits = logits + ops.cast(self.out(pairs)[..., 0], "float32")
        return logits

    def get_config(self):
        """The arguments, for saving."""
        return {
            **super().get_config(),
            "latent_dim": self.latent_dim,
            "units": self.units,
            "skip": self.skip,
            "batch_norm": self.batch_norm,
            "seed": self.seed,
        }


def mlp(num_inputs, units, num_outputs, batch_norm, seed, activation, name):
    """A network from [SNPs, z, noise] to a trait, or from [SNPs, z, y] to one logit.

    Args:
        num_inputs: SNPs, coordinates of z, and of the noise or 1 for y, together.
        units: widths of the hidden layers.
        num_outputs: 2 for a mean and a log-deviation, else 1.
        batch_norm: whether hidden layers are normalised.
        seed: of the first weights.
        activation: of the hidden layers.
        name: of the network.

    Returns:
        A functional `keras.Model`.
    """
    inputs = keras.Input((num_inputs,))
    values = inputs
    for layer in stack(units, "hidden", seed, batch_norm, activation):
        values = layer(values)
    start = keras.initializers.LecunNormal(seed + 9)
    last = layers.Dense(num_outputs, kernel_initializer=start, name="out")
    outputs = layers.Activation("linear", dtype="float32", name="result")(last(values))
    return keras.Model(inputs, outputs, name=name)
