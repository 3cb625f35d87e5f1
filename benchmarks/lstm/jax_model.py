"""An LSTM as a scan in JAX, with all input products before the loop."""

import jax
import numpy as np
from jax import lax
from jax import numpy as jnp

from benchmarks.peers import jax_step


def lstm(x, kernel, recurrent, bias):
    """Outputs of a layer; x is (time, batch, inputs)."""

    def step(state, z):
        h, c = state
        i, f, g, o = jnp.split(z + h @ recurrent, 4, axis=-1)
        c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
        h = jax.nn.sigmoid(o) * jnp.tanh(c)
        return (h, c), h

    zeros = jnp.zeros((x.shape[1], recurrent.shape[0]))
    return lax.scan(step, (zeros, zeros), x @ kernel + bias)[1]


class CharacterModel:
    """The row's model as arrays and pure functions of them."""

    def __init__(self, row):
        self.statistics = {}
        generator = np.random.default_rng(0)

        def normal(*shape):
            return jnp.asarray(0.05 * generator.normal(size=shape).astype(np.float32))

        widths = (row.vocabulary, *row.units)
        self.parameters = {
            "embedding": normal(row.vocabulary, row.vocabulary),
            "layers": [
                (normal(inputs, 4 * n), normal(n, 4 * n), jnp.zeros(4 * n))
                for inputs, n in zip(widths, row.units, strict=False)
            ],
            "logits": (
                normal(row.units[-1], row.vocabulary),
                jnp.zeros(row.vocabulary),
            ),
        }
        self.num_parameters = jax_step.count(self)

    def loss(self, parameters, key, text, following):
        """(loss, ({}, ())) of a batch."""
        x = parameters["embedding"][text.T]
        for layer in parameters["layers"]:
            x = lstm(x, *layer)
        kernel, bias = parameters["logits"]
        scores = jax.nn.log_softmax(x @ kernel + bias)
        chosen = jnp.take_along_axis(scores, following.T[..., None], axis=-1)
        return -chosen.mean(), ({}, ())


def build(row):
    """The row's model."""
    return CharacterModel(row)
