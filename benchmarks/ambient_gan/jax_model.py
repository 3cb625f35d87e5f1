"""The generator in JAX, turned by `map_coordinates`."""

import jax
import numpy as np
from jax import numpy as jnp
from jax.scipy import ndimage

from benchmarks.ambient_gan import rows
from benchmarks.peers import jax_step


def rotate(image, theta):
    """One image turned about its centre."""
    middle = (rows.DETECTORS - 1) / 2
    y, x = jnp.mgrid[: rows.DETECTORS, : rows.DETECTORS] - middle
    c, s = jnp.cos(theta), jnp.sin(theta)
    places = [s * x + c * y + middle, c * x - s * y + middle]
    return ndimage.map_coordinates(image, places, order=1, mode="constant")


class Generator:
    """The row's model as arrays and pure functions of them."""

    def __init__(self, row):
        generator = np.random.default_rng(0)

        def normal(inputs, outputs):
            kernel = generator.normal(size=(inputs, outputs)) / inputs**0.5
            return jnp.asarray(kernel.astype(np.float32))

        self.parameters = {
            "first": (normal(rows.LATENT_DIM, rows.HIDDEN), jnp.zeros(rows.HIDDEN)),
            "second": (normal(rows.HIDDEN, rows.SIDE**2), jnp.zeros(rows.SIDE**2)),
        }
        sizes = (rows.DETECTORS, *rows.CRITIC_UNITS, 1)
        self.critic = [normal(a, b) for a, b in zip(sizes, sizes[1:], strict=False)]
        self.statistics = {}
        self.num_parameters = jax_step.count(self)

    def loss(self, parameters, key, inputs, targets):
        """(loss, ({}, ())) of a batch."""
        (first, bias), (second, offset) = parameters["first"], parameters["second"]
        x = jax.nn.relu(inputs[:, :-1] @ first + bias)
        x = jax.nn.sigmoid(x @ second + offset).reshape(-1, rows.SIDE, rows.SIDE)
        around = (rows.PAD, rows.PAD)
        x = jnp.pad(x, [(0, 0), around, around])
        x = jax.vmap(rotate)(x, inputs[:, -1]).sum(axis=1)
        for index, kernel in enumerate(self.critic):
            x = x @ kernel
            if index < len(self.critic) - 1:
                x = jax.nn.leaky_relu(x, rows.SLOPE)
        return (targets - x).mean(), ({}, ())


def build(row):
    """The row's model."""
    return Generator(row)
