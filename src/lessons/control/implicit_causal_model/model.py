r"""The model of SNPs: a latent $z_n$ of each person explains the structure.

`SnpModel` holds $q(z_n)$ and $q(w_m)$ as tables and the network's weights as point
estimates; its loss is minus the evidence lower bound. The trait's model is in
`model_trait`.
"""

import math
import typing

import keras
import numpy as np
from keras import ops

from lessons.control.implicit_causal_model import theory
from lessons.control.implicit_causal_model.networks import SnpNetwork
from lessons.toolkit import runtime
from lessons.toolkit.errors import UserError

FIRST_LOG_SD = -2.0


class Posterior(typing.NamedTuple):
    """q(z) of some people: a mean and a log-deviation for each coordinate."""

    mean: object  # (people, K)
    log_sd: object  # (people, K)


@keras.saving.register_keras_serializable("lessons")
class SnpModel(keras.Model):
    r"""SNPs given a latent of the person, with a variational posterior.

    Trained with `fit([ids, genotypes])`: `ids` of shape (people, 1) say whose row of
    the table it is. The loss is minus the bound, for one SNP of one person in nats:

    $$-\frac{1}{M}\Big(E_q \log p(x_n \mid z_n, w) - \mathrm{KL}(q(z_n)) - \frac{1}{N}
    \big[\mathrm{KL}(q(w)) - \log p(\phi)\big]\Big).$$

    A step takes some of the SNPs, drawn with replacement, for all of the batch.

    Args:
        num_people, num_snps: N and M.
        latent_dim: K.
        units: hidden layers of the network; none for logistic factor analysis.
        skip: whether $z^T w$ is added to the network, with an intercept for each SNP.
        batch_norm: whether hidden layers are normalised.
        snps_per_step: SNPs of a step; 0 for all.
        seed: of first weights and noise.
        **kwargs: for `keras.Model`.

    Raises:
        UserError: a size that cannot be.
    """

    def __init__(
        self,
        num_people,
        num_snps,
        *,
        latent_dim=2,
        units=(),
        skip=True,
        batch_norm=False,
        snps_per_step=0,
        seed=0,
        **kwargs,
    ):
        super().__init__(**kwargs)
        if min(num_people, num_snps, latent_dim) < 1 or snps_per_step < 0:
            raise UserError(
                "num_people, num_snps and latent_dim must be at least 1 and "
                f"snps_per_step at least 0, got {num_people}, {num_snps}, "
                f"{latent_dim} and {snps_per_step}."
            )
        if not (units or skip):
            raise UserError("without hidden units the bilinear term must stay.")
        self.arguments = {
            "num_people": num_people,
            "num_snps": num_snps,
            "latent_dim": latent_dim,
            "units": tuple(units),
            "skip": skip,
            "batch_norm": batch_norm,
            "snps_per_step": min(snps_per_step, num_snps),
            "seed": seed,
        }
        self.network = SnpNetwork(
            latent_dim, tuple(units), skip, batch_norm, 7000 * seed % 2**31
        )
        self.seed_generator = keras.random.SeedGenerator(seed)
        self.kl_metric = keras.metrics.Mean("kl_z")
        self.build([(None, 1), (None, num_snps)])

    def build(self, input_shape):
        """Make the tables and the network."""
        given = self.arguments
        people = given["num_people"], given["latent_dim"]
        snps = given["num_snps"], given["latent_dim"]
        noise = keras.initializers.RandomNormal(0.0, 0.3, 11 + 7000 * given["seed"])
        self.z_mean = self._table("z_mean", people, noise)
        self.z_log_sd = self._table("z_log_sd", people, FIRST_LOG_SD)
        noise = keras.initializers.RandomNormal(0.0, 0.1, 12 + 7000 * given["seed"])
        self.w_mean = self._table("w_mean", snps, noise)
        self.w_log_sd = self._table("w_log_sd", snps, FIRST_LOG_SD)
        if given["skip"]:
            self.intercept = self._table("intercept", snps[:1], 0.0)
        self.network.build()
        self.built = True

    def _table(self, name, shape, start):
        if isinstance(start, float):
            start = keras.initializers.Constant(start)
        return self.add_weight(
            name=name, shape=shape, initializer=start, autocast=False, dtype="float32"
        )

    def start_at(self, z, frequencies):
        """Begin with given means of q(z), and with the SNPs' mean frequencies.

        Args:
            z: shape (people, K), or None to leave what was drawn.
            frequencies: shape (SNPs,), strictly between 0 and 1.
        """
        if z is not None:
            self.z_mean.assign(np.asarray(z, np.float32))
        if self.arguments["skip"]:
            odds = np.log(frequencies) - np.log1p(-np.asarray(frequencies))
            self.intercept.assign(odds.astype(np.float32))

    def call(self, inputs, training=False):
        """q(z) of the people in a batch, a `Posterior`."""
        ids = ops.reshape(ops.cast(inputs[0], "int32"), (-1,))
        return Posterior(
            ops.take(self.z_mean.value, ids, axis=0),
            ops.take(self.z_log_sd.value, ids, axis=0),
        )

    def compute_loss(
        self, x=None, y=None, y_pred=None, sample_weight=None, training=True
    ):
        """Minus the bound, in nats for one SNP of one person."""
        losses = self.losses_of(x[1], y_pred, training)
        return runtime.batch_loss(losses, sample_weight)

    def losses_of(self, genotypes, q, training=True):
        """The loss of each person, shape (people,), with one draw of z and w.

        Args:
            genotypes: shape (people, SNPs); negative where missing.
            q: the people's `Posterior`.
            training: whether batch statistics are those of the batch.
        """
        given = self.arguments
        count = given["snps_per_step"] or given["num_snps"]
        mean, log_sd = self.w_mean.value, self.w_log_sd.value
        kl_w = ops.sum(theory.gaussian_kl(mean, log_sd))
        bias = self.intercept.value if given["skip"] else None
        if count < given["num_snps"]:
            chosen = keras.random.randint(
                (count,), 0, given["num_snps"], seed=self.seed_generator
            )
            genotypes = ops.take(genotypes, chosen, axis=1)
            mean, log_sd = (ops.take(v, chosen, axis=0) for v in (mean, log_sd))
            bias = ops.take(bias, chosen, axis=0) if given["skip"] else None
        logits = self.network(
            self._drawn(q.mean, q.log_sd), self._drawn(mean, log_sd), training=training
        )
        logits = logits if bias is None else logits + bias
        data = ops.mean(theory.snp_log_lik(genotypes, logits), axis=1)
        kl_z = ops.sum(theory.gaussian_kl(q.mean, q.log_sd), axis=1)
        self.kl_metric.update_state(kl_z)
        shared = (kl_w + self.weight_penalty()) / given["num_people"]
        return -data + (kl_z + shared) / given["num_snps"]

    def weight_penalty(self):
        r"""$-\log p(\phi)$ for N(0, 1), without its constant."""
        squares = [
            ops.sum(ops.square(ops.cast(weight, "float32")))
            for weight in self.network.trainable_weights
        ]
        return 0.5 * sum(squares) if squares else 0.0

    def _drawn(self, mean, log_sd):
        noise = keras.random.normal(ops.shape(mean), seed=self.seed_generator)
        return mean + ops.exp(log_sd) * noise

    def frequencies(self, ids=None, block=256):
        """Allele frequencies at the means of q(z) and q(w), NumPy, (people, SNPs).

        Args:
            ids: whose, shape (people,); None for all.
            block: SNPs at a time.
        """
        z = self.z_mean.numpy()
        z = z if ids is None else z[ids]
        w, parts = self.w_mean.numpy(), []
        for first in range(0, len(w), block):
            here = slice(first, first + block)
            logits = np.asarray(self.network(z, w[here]), np.float64)
            if self.arguments["skip"]:
                logits = logits + self.intercept.numpy()[here]
            parts.append(1 / (1 + np.exp(-logits)))
        return np.concatenate(parts, axis=1)

    def bound(self, genotypes, draws=20):
        """The evidence lower bound of all people, in nats, constants included.

        Args:
            genotypes: shape (people, SNPs), of all people in the table's order.
            draws: of z and w.

        Returns:
            A float.
        """
        ids = np.arange(len(genotypes))[:, None]
        q = self((ids, genotypes))
        count = self.arguments["snps_per_step"]
        self.arguments["snps_per_step"] = 0
        try:
            per = [
                float(ops.mean(self.losses_of(genotypes, q, training=False)))
                for _ in range(draws)
            ]
        finally:
            self.arguments["snps_per_step"] = count
        size = sum(np.prod(w.shape) for w in self.network.trainable_weights)
        constant = 0.5 * math.log(2 * math.pi) * size
        return -float(np.mean(per)) * genotypes.size - constant

    def get_config(self):
        """The arguments, for saving."""
        return {**super().get_config(), **self.arguments}
