"""JAX: one compiled scan over the steps of an epoch."""

import functools

import jax
from jax import lax
from jax import numpy as jnp

from benchmarks.peers import jax_step


def train(model, data, turn, batch_size):
    """Train until the turns end, one call per epoch."""
    step = jax_step.make_step(model)

    @functools.partial(jax.jit, donate_argnums=1)
    def epoch(data, state, order):
        state, parts = lax.scan(functools.partial(step, data), state, order)
        return state, parts.sum(0)

    data, state = [jnp.asarray(array) for array in data], jax_step.first_state(model)
    for order in jax_step.orders(len(data[0]), batch_size):
        turn.begin()
        state, sums = epoch(data, state, order)
        sums.tolist()
        turn.step_done()
        turn.end()
