"""The network in JAX."""

import jax
import numpy as np
from jax import lax
from jax import numpy as jnp

from benchmarks.crowding import rows
from benchmarks.peers import jax_step

_LAYOUT = ("NHWC", "HWIO", "NHWC")


class ScaleNet:
    """The row's model as arrays and pure functions of them."""

    def __init__(self, row):
        self.row, self.statistics = row, {}
        generator = np.random.default_rng(0)

        def layer(*shape):
            kernel = 0.1 * generator.normal(size=shape).astype(np.float32)
            return jnp.asarray(kernel), jnp.zeros(shape[-1])

        convolutions, inputs = [], 1
        for _ in range(rows.NUM_LAYERS):
            convolutions.append(layer(row.kernel, row.kernel, inputs, row.filters))
            inputs = row.filters
        self.parameters = {
            "convolutions": convolutions,
            "dense": layer(inputs, rows.NUM_CLASSES),
        }
        self.num_parameters = jax_step.count(self)

    def loss(self, parameters, key, crops, labels):
        """(loss, ({}, ())) of a batch."""
        x = crops.reshape(-1, *crops.shape[2:])
        *first, last = parameters["convolutions"]
        window = (1, rows.WINDOW, rows.WINDOW, 1)
        for kernel, bias in first:
            x = bias + lax.conv_general_dilated(
                x, kernel, (1, 1), "VALID", dimension_numbers=_LAYOUT
            )
            x = jax.nn.relu(x)
            x = lax.reduce_window(x, -jnp.inf, lax.max, window, (1, 1, 1, 1), "VALID")
        kernel, bias = last
        x = bias + lax.conv_general_dilated(
            x, kernel, (1, 1), "VALID", dimension_numbers=_LAYOUT
        )
        x = jax.nn.relu(x).max(axis=(1, 2))
        x = x.reshape(-1, self.row.scales, x.shape[-1]).max(axis=1)
        kernel, bias = parameters["dense"]
        scores = jax.nn.log_softmax(x @ kernel + bias)
        picked = jnp.take_along_axis(scores, labels[:, None], axis=1)
        return -picked.mean(), ({}, ())


def build(row):
    """The row's model."""
    return ScaleNet(row)
