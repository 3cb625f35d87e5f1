"""The critic in JAX; the vectors of the power iteration are its statistics.

The peer's step gives a loss no statistics, so that every step starts from the first
vectors: the arithmetic is that of algorithm 1, the estimate is not.
"""

import jax
import numpy as np
from jax import lax
from jax import numpy as jnp

from benchmarks.peers import jax_step
from benchmarks.spectral_normalization import rows


def unit(vector):
    """A vector divided by its length."""
    return vector / (jnp.linalg.norm(vector) + 1e-12)


def normalize(kernel, left):
    """(kernel divided by its norm, new vector): one round of power iteration."""
    matrix = kernel.reshape(-1, kernel.shape[-1])
    right = lax.stop_gradient(unit(matrix @ left))
    image = right @ matrix
    left = lax.stop_gradient(unit(image))
    return kernel / (left @ image), left


class Critic:
    """The row's parameters, statistics and loss."""

    def __init__(self, row):
        self.row = row
        random = np.random.default_rng(0)
        shapes = [(k, k, i, o) for k, _, i, o, _ in row.convolutions()]
        shapes.append((row.features, 1))
        self.parameters = [self.first(random, shape) for shape in shapes]
        vectors = [random.normal(size=shape[-1]) for shape in shapes]
        self.statistics = [unit(jnp.asarray(v, jnp.float32)) for v in vectors]
        self.num_parameters = jax_step.count(self)

    @staticmethod
    def first(random, shape):
        """(kernel, bias) of a layer before training."""
        scale = (2 / np.prod(shape[:-1])) ** 0.5
        kernel = scale * random.normal(size=shape)
        return jnp.asarray(kernel, jnp.float32), jnp.zeros(shape[-1])

    def loss(self, parameters, key, images, targets):
        """(loss, (new vectors, values to follow)) of a batch."""
        vectors, x = [], images
        strides = [stride for _, stride, *_ in self.row.convolutions()]
        layout = ("NHWC", "HWIO", "NHWC")
        for index, (kernel, bias) in enumerate(parameters):
            kernel, left = normalize(kernel, self.statistics[index])
            vectors.append(left)
            if index < len(strides):
                window = (strides[index],) * 2
                x = lax.conv_general_dilated(
                    x, kernel, window, "SAME", dimension_numbers=layout
                )
                x = jax.nn.leaky_relu(x + bias, rows.SLOPE)
            else:
                x = x.reshape(len(x), -1) @ kernel + bias
        return jax.nn.relu(1 - targets * x).mean(), (vectors, ())


def build(row):
    """The row's model."""
    return Critic(row)
