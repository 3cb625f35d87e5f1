"""Capsules in JAX."""

import jax
import numpy as np
from jax import lax
from jax import numpy as jnp

from benchmarks.capsules import rows
from benchmarks.peers import jax_step


def squash(x):
    """Shorten vectors to lengths below one."""
    square = jnp.square(x).sum(-1, keepdims=True)
    return square / (1 + square) * x * lax.rsqrt(square + rows.EPSILON)


class CapsNet:
    """The row's model as arrays and pure functions of them."""

    def __init__(self, row):
        self.row, self.statistics = row, {}
        generator = np.random.default_rng(0)

        def normal(*shape):
            return jnp.asarray(0.05 * generator.normal(size=shape).astype(np.float32))

        width = rows.NUM_CLASSES * rows.CLASS_DIM
        kernel = normal(row.num_capsules, rows.CAPSULE_DIM, width)
        self.parameters = {"kernel": kernel}
        if row.filters:
            size, channels = rows.KERNEL_SIZE, row.types * rows.CAPSULE_DIM
            self.parameters |= {
                "first": (normal(size, size, 1, row.filters), jnp.zeros(row.filters)),
                "primary": (
                    normal(size, size, row.filters, channels),
                    jnp.zeros(channels),
                ),
            }
        self.num_parameters = jax_step.count(self)

    @staticmethod
    def convolve(x, weights, stride):
        """A convolution without padding."""
        kernel, bias = weights
        layout = ("NHWC", "HWIO", "NHWC")
        return bias + lax.conv_general_dilated(
            x, kernel, (stride, stride), "VALID", dimension_numbers=layout
        )

    def loss(self, parameters, key, inputs, targets):
        """(loss, ({}, ())) of a batch."""
        u = inputs
        if self.row.filters:
            x = jax.nn.relu(self.convolve(inputs, parameters["first"], 1))
            x = self.convolve(x, parameters["primary"], 2)
            u = squash(x.reshape(len(x), -1, rows.CAPSULE_DIM))
        votes = jnp.einsum("bid,ide->ibe", u, parameters["kernel"])
        votes = votes.reshape(*votes.shape[:2], rows.NUM_CLASSES, rows.CLASS_DIM)
        logits = jnp.zeros(votes.shape[:3])
        for iteration in range(rows.NUM_ITERATIONS):
            couplings = jax.nn.softmax(logits, axis=2)
            v = squash(jnp.einsum("ibj,ibje->bje", couplings, votes))
            if iteration < rows.NUM_ITERATIONS - 1:
                logits = logits + jnp.einsum("ibje,bje->ibj", votes, v)
        lengths = jnp.sqrt(jnp.square(v).sum(-1) + rows.EPSILON)
        present = jnp.square(jax.nn.relu(rows.PRESENT - lengths))
        absent = jnp.square(jax.nn.relu(lengths - rows.ABSENT))
        terms = targets * present + rows.DOWN_WEIGHT * (1 - targets) * absent
        return terms.sum(-1).mean(), ({}, ())


def build(row):
    """The row's model."""
    return CapsNet(row)
