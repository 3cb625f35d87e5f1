r"""Sequences of linear losses $f_t(x) = g_t x$ on $[-1, 1]$: the counter-examples.

Each function gives the gradients $g_1, \dots, g_T$, first axis time. In all of them the
best fixed point is $x = -1$: the rare gradient outweighs the frequent ones.
"""

import numpy as np

from lessons.toolkit.errors import UserError


def periodic(num_steps, spike=3.0, rest=-1.0, period=3):
    r"""$g_t =$ `spike` if $t \bmod$ `period` $= 1$, else `rest` (t counts from 1).

    The default is the sequence of theorem 1, with $C$ = `spike`; `period=101`,
    `spike=1010`, `rest=-10` is the synthetic experiment of section 5.

    Args:
        num_steps: length of the game.
        spike, rest: the two gradients.
        period: steps from one spike to the next.

    Returns:
        Shape (num_steps,), float64.

    Raises:
        UserError: there is no step, or a period has no room for two kinds of steps.
    """
    if num_steps < 1 or period < 2:
        raise UserError(
            "periodic needs num_steps of at least 1 and period of at least 2, got "
            f"num_steps={num_steps!r}, period={period!r}."
        )
    steps = np.arange(1, num_steps + 1)
    return np.where(steps % period == 1, float(spike), float(rest))


def stochastic(
    num_steps, num_replicates, spike=4.0, rest=-1.0, probability=0.3, seed=0
):
    """Independent draws: `spike` with `probability`, else `rest` (theorem 3).

    Args:
        num_steps: steps of a game.
        num_replicates: games, independent of each other.
        spike: the rare, large gradient.
        rest: the frequent, small one.
        probability: of the spike in each step, strictly between 0 and 1.
        seed: of the draws.

    Returns:
        Shape (num_steps, num_replicates).

    Raises:
        UserError: the probability is not strictly between 0 and 1.
    """
    if not 0 < probability < 1:
        raise UserError(f"probability must be between 0 and 1, got {probability!r}.")
    draws = np.random.default_rng(seed).random((num_steps, num_replicates))
    return np.where(draws < probability, float(spike), float(rest))


def theorem_beta_2(spike):
    r"""The memory of theorem 1: $\beta_2 = 1/(1 + C^2)$."""
    return 1.0 / (1.0 + spike**2)


def excess_per_cycle(spike):
    r"""What playing $x_{3t+1} = 1$ loses to $x = -1$ per step at the least: $(2C-4)/3$.

    In a cycle the fixed point $-1$ pays $-C + 2$. The player pays $C$ at the spike and
    at least $-2$ for the two steps after it.
    """
    return (2.0 * spike - 4.0) / 3.0
