"""The network in JAX."""

import jax
import numpy as np
from jax import lax
from jax import numpy as jnp

from benchmarks.convnet_baseline import rows
from benchmarks.peers import jax_step

_LAYOUT = ("NHWC", "HWIO", "NHWC")


class ConvNet:
    """The row's model as arrays and pure functions of them."""

    def __init__(self, row):
        self.statistics = {}
        generator = np.random.default_rng(0)

        def layer(*shape):
            kernel = 0.1 * generator.normal(size=shape).astype(np.float32)
            return jnp.asarray(kernel), jnp.zeros(shape[-1])

        convolutions, inputs = [], rows.CHANNELS
        for units, kernel in zip(row.channels, row.kernels, strict=True):
            convolutions.append(layer(kernel, kernel, inputs, units))
            inputs = units
        dense = [layer(i, u) for i, u, _ in row.maps()[len(row.channels) :]]
        self.parameters = {"convolutions": convolutions, "dense": dense}
        self.num_parameters = jax_step.count(self)

    def loss(self, parameters, key, images, labels):
        """(loss, ({}, ())) of a batch."""
        x = images
        for kernel, bias in parameters["convolutions"]:
            x = bias + lax.conv_general_dilated(
                x, kernel, (1, 1), "VALID", dimension_numbers=_LAYOUT
            )
            x = lax.reduce_window(
                x, -jnp.inf, lax.max, (1, 2, 2, 1), (1, 2, 2, 1), "VALID"
            )
            x = jax.nn.relu(x)
        x = x.reshape(len(x), -1)
        *hidden, (kernel, bias) = parameters["dense"]
        for weights, offset in hidden:
            x = jax.nn.relu(x @ weights + offset)
        logits = (x @ kernel + bias)[:, 0]
        losses = jnp.maximum(logits, 0) - logits * labels
        losses += jnp.log1p(jnp.exp(-jnp.abs(logits)))
        return losses.mean(), ({}, ())


def build(row):
    """The row's model."""
    return ConvNet(row)
