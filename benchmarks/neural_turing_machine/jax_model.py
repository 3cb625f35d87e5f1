"""The machine in JAX: a scan over the steps."""

import jax
import numpy as np
from jax import lax
from jax import numpy as jnp

from benchmarks.neural_turing_machine import rows
from benchmarks.peers import jax_step


def address(memory, numbers, last):
    """Weighting of a head from what the controller gave."""
    width = memory.shape[-1]
    key = jnp.tanh(numbers[:, :width])
    shifts = jax.nn.softmax(numbers[:, width : width + rows.NUM_SHIFTS])
    strength, gate, sharpness = jnp.split(numbers[:, width + rows.NUM_SHIFTS :], 3, 1)
    norms = jnp.sqrt(jnp.square(memory).sum(-1) + rows.EPSILON)
    length = jnp.sqrt(jnp.square(key).sum(-1, keepdims=True) + rows.EPSILON)
    cosine = jnp.einsum("bnm,bm->bn", memory, key) / (norms * length)
    content = jax.nn.softmax(jax.nn.softplus(strength) * cosine)
    gate = jax.nn.sigmoid(gate)
    w = gate * content + (1 - gate) * last
    w = sum(shifts[:, i : i + 1] * jnp.roll(w, i - 1, 1) for i in range(3))
    w = jnp.power(w + rows.EPSILON, 1 + jax.nn.softplus(sharpness))
    return w / w.sum(1, keepdims=True)


class Machine:
    """The row's model as arrays and pure functions of them."""

    def __init__(self, row):
        self.row, self.statistics = row, {}
        generator = np.random.default_rng(0)

        def normal(*shape):
            return jnp.asarray(0.1 * generator.normal(size=shape).astype(np.float32))

        names = ("controller", "heads", "logits")
        self.parameters = {
            name: (normal(*sizes), jnp.zeros(sizes[1]))
            for name, sizes in zip(names, row.products(), strict=True)
        }
        self.parameters |= {
            "first_reading": normal(row.width),
            "first_read": normal(row.slots),
            "first_write": normal(row.slots),
        }
        self.num_parameters = jax_step.count(self)

    def step(self, parameters, state, x):
        """One step of the machine."""

        def affine(name, x):
            kernel, bias = parameters[name]
            return x @ kernel + bias

        memory, read, write, reading = state
        size, _ = self.row.head_sizes
        z = jnp.tanh(affine("controller", jnp.concatenate([x, reading], 1)))
        numbers = affine("heads", z)
        write = address(memory, numbers[:, size : 2 * size], write)
        erase, add = jnp.split(numbers[:, 2 * size :], 2, 1)
        memory = memory * (1 - write[:, :, None] * jax.nn.sigmoid(erase)[:, None])
        memory = memory + write[:, :, None] * jnp.tanh(add)[:, None]
        read = address(memory, numbers[:, :size], read)
        reading = jnp.einsum("bn,bnm->bm", read, memory)
        logits = affine("logits", jnp.concatenate([z, reading], 1))
        return (memory, read, write, reading), logits

    def loss(self, parameters, key, inputs, targets):
        """(loss, ({}, ())) of a batch."""
        batch = len(inputs)
        first = [
            jax.nn.softmax(parameters["first_read"]),
            jax.nn.softmax(parameters["first_write"]),
            jnp.tanh(parameters["first_reading"]),
        ]
        first = [jnp.broadcast_to(x, (batch, len(x))) for x in first]
        sizes = batch, self.row.slots, self.row.width
        state = (jnp.full(sizes, rows.FIRST_MEMORY), *first)

        def step(state, x):
            return self.step(parameters, state, x)

        _, logits = lax.scan(step, state, jnp.swapaxes(inputs, 0, 1))
        targets = jnp.swapaxes(targets, 0, 1)
        loss = jnp.maximum(logits, 0) - logits * targets
        loss = loss + jnp.log1p(jnp.exp(-jnp.abs(logits)))
        return loss.mean(), ({}, ())


def build(row):
    """The row's model."""
    return Machine(row)
