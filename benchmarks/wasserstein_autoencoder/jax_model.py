"""WAE-MMD in JAX."""

import jax
import numpy as np
from jax import lax
from jax import numpy as jnp

from benchmarks.peers import jax_step
from benchmarks.wasserstein_autoencoder import rows


class JaxWAE:
    """The row's model as lists of arrays and pure functions of them."""

    def __init__(self, row):
        self.row = row
        generator = np.random.default_rng(0)
        self.parameters, self.statistics = [], []
        for inputs, outputs, normalised in row.affine_maps():
            limit = np.sqrt(6 / (inputs + outputs))
            kernel = generator.uniform(-limit, limit, (inputs, outputs))
            own = {
                "kernel": jnp.asarray(kernel.astype(np.float32)),
                "bias": jnp.zeros(outputs),
            }
            if normalised:
                own |= {"gamma": jnp.ones(outputs), "beta": jnp.zeros(outputs)}
                self.statistics.append((jnp.zeros(outputs), jnp.ones(outputs)))
            self.parameters.append(own)
        self.num_parameters = jax_step.count(self)

    def kernel(self, x, y):
        """Sum of the kernels of all pairs."""
        lengths = jnp.square(x).sum(1)[:, None] + jnp.square(y).sum(1)
        squared = jnp.maximum(lengths - 2 * x @ y.T, 0)
        return sum(c / (c + squared) for c in self.row.constants())

    def loss(self, parameters, key, images):
        """(loss, (batch statistics, (cost, penalty))) of a batch."""
        seen, x = [], images.reshape(len(images), -1)
        middle = len(self.row.units)
        for index, own in enumerate(parameters):
            x = x @ own["kernel"] + own["bias"]
            if "gamma" in own:
                mean, variance = x.mean(0), x.var(0)
                seen.append((mean, variance))
                factor = own["gamma"] * lax.rsqrt(variance + rows.NORM_EPSILON)
                x = jax.nn.relu((x - mean) * factor + own["beta"])
            if index == middle:
                codes = x
        output = jax.nn.sigmoid(x).reshape(images.shape)
        cost = jnp.square(images - output).sum((1, 2, 3)).mean()
        prior = jax.random.normal(key, codes.shape)
        pairs = len(codes) * (len(codes) - 1)
        penalty = -2 * self.kernel(prior, codes).mean()
        for points in (prior, codes):
            table = self.kernel(points, points)
            penalty += (table.sum() - jnp.trace(table)) / pairs
        return cost + rows.PENALTY_WEIGHT * penalty, (seen, (cost, penalty))


def build(row):
    """The row's model."""
    return JaxWAE(row)
