"""JAX: one compiled step, called once per batch.

A model is a set of pure functions: `parameters` and `statistics` are trees of arrays,
`loss(parameters, key, *batch)` gives (loss, (batch statistics, values to follow)).
"""

import functools

import jax
import numpy as np
from jax import numpy as jnp

from benchmarks import settings

MEMORY = 0.9  # of the running statistics


def make_step(model):
    """One step of Adam: (data, state, rows of a batch) to (state, values)."""

    def step(data, state, index):
        parameters, statistics, first, second, count, key = state
        key, now = jax.random.split(key)
        batch = [array[index] for array in data]
        function = jax.value_and_grad(model.loss, has_aux=True)
        (loss, (seen, parts)), gradient = function(parameters, now, *batch)
        count = count + 1
        tree = jax.tree.map
        first = tree(lambda m, g: 0.9 * m + 0.1 * g, first, gradient)
        second = tree(lambda v, g: 0.999 * v + 0.001 * g * g, second, gradient)
        rate = settings.LEARNING_RATE * jnp.sqrt(1 - 0.999**count) / (1 - 0.9**count)
        parameters = tree(
            lambda p, m, v: p - rate * m / (jnp.sqrt(v) + 1e-7),
            parameters,
            first,
            second,
        )
        statistics = tree(lambda s, b: MEMORY * s + (1 - MEMORY) * b, statistics, seen)
        state = parameters, statistics, first, second, count, key
        return state, jnp.stack([loss, *parts])

    return step


def first_state(model):
    """The state before the first step."""
    zeros = functools.partial(jax.tree.map, jnp.zeros_like, model.parameters)
    key = jax.random.key(0)
    return model.parameters, model.statistics, zeros(), zeros(), jnp.float32(0), key


def orders(num_examples, batch_size):
    """The rows of each batch of an epoch, shape (steps, batch), for ever."""
    generator = np.random.default_rng(0)
    while True:
        yield generator.permutation(num_examples).reshape(-1, batch_size)


def count(model):
    """Number of trained parameters."""
    return sum(leaf.size for leaf in jax.tree.leaves(model.parameters))


def train(model, data, turn, batch_size):
    """Train until the turns end."""
    step = jax.jit(make_step(model), donate_argnums=1)
    data, state = [jnp.asarray(array) for array in data], first_state(model)
    for order in orders(len(data[0]), batch_size):
        turn.begin()
        sums = 0.0
        for index in order:
            state, parts = step(data, state, index)
            sums = sums + parts
            turn.step_done(functools.partial(jax.block_until_ready, parts))
        sums.tolist()
        turn.end()
