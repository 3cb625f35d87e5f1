"""The same network in JAX: taps side by side, one product for each layer."""

import jax
import numpy as np
from jax import numpy as jnp

from benchmarks.peers import jax_step
from benchmarks.wavenet_autoencoder.rows import TAPS


def affine(x, pair):
    """Multiply by a matrix and add an offset."""
    return x @ pair[0] + pair[1]


def convolved(x, pair, rate, before):
    """A dilated convolution of (batch, time, channels), zeros on both sides."""
    reach = (TAPS - 1) * rate
    padded = jnp.pad(x, ((0, 0), (before, reach - before), (0, 0)))
    taps = [padded[:, j * rate : j * rate + x.shape[1]] for j in range(TAPS)]
    return affine(jnp.concatenate(taps, -1), pair)


class Autoencoder:
    """The row's model as arrays and pure functions of them."""

    def __init__(self, row):
        self.row, self.statistics = row, {}
        generator = np.random.default_rng(0)

        def pair(shape):
            kernel = 0.1 * generator.normal(size=shape).astype(np.float32)
            return jnp.asarray(kernel), jnp.zeros(shape[1])

        self.parameters = {
            "products": [pair(shape) for shape in row.products()],
            "conditions": [pair(shape) for shape in row.conditions()],
        }
        self.num_parameters = jax_step.count(self)

    def loss(self, parameters, key, notes):
        """(loss, ({}, ())) of a batch."""
        row, take = self.row, iter(parameters["products"]).__next__
        classes = notes[:, 1:]
        x = (classes[..., None].astype(jnp.float32) - 128) / 128
        e = convolved(x, take(), 1, 1)
        for rate in row.rates:
            u = convolved(jax.nn.relu(e), take(), rate, rate)
            e = e + affine(jax.nn.relu(u), take())
        z = affine(e, take())
        z = z.reshape(len(z), -1, row.hop, row.code).mean(2)
        told = [
            jnp.repeat(affine(z, pair), row.hop, axis=1)
            for pair in parameters["conditions"]
        ]
        h = jnp.pad(x, ((0, 0), (1, 0), (0, 0)))[:, :-1]
        h = convolved(h, take(), 1, TAPS - 1)
        s, gates = affine(h, take()), [take() for _ in row.rates]
        for rate, gate, bias in zip(row.rates, gates, told, strict=False):
            a = convolved(h, gate, rate, (TAPS - 1) * rate) + bias
            g = jax.nn.sigmoid(a[..., : row.width]) * jnp.tanh(a[..., row.width :])
            both = affine(g, take())
            s = s + both[..., : row.skip]
            if both.shape[-1] > row.skip:
                h = h + both[..., row.skip :]
        s = affine(jax.nn.relu(s), take()) + told[-1]
        scores = jax.nn.log_softmax(affine(jax.nn.relu(s), take()))
        chosen = jnp.take_along_axis(scores, classes[..., None], axis=-1)
        return -chosen.mean(), ({}, ())


def build(row):
    """The row's model."""
    return Autoencoder(row)
