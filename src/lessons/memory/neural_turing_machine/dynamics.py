"""How a weighting blurs as it is shifted, and how sharpening cures it."""

import numpy as np
from scipy import linalg, stats

from lessons.memory.neural_turing_machine import theory


def repeated(shifts, gamma, num_steps, num_slots=128):
    """The weighting of a head that does the same thing again and again.

    It starts at one slot, ignores content (g = 0), shifts and sharpens.

    Args:
        shifts: distribution over offsets, centred on 0.
        gamma: sharpness, 1 for none.
        num_steps: number of steps.
        num_slots: of the memory.

    Returns:
        Weightings after 0, ..., `num_steps` steps, shape (num_steps + 1, num_slots),
        float64.
    """
    matrix = shift_matrix(shifts, num_slots)
    weights = np.eye(num_slots)[0]
    path = [weights]
    for _ in range(num_steps):
        weights = (matrix @ weights) ** gamma
        weights = weights / weights.sum()
        path.append(weights)
    return np.array(path)


def shift_matrix(shifts, num_slots):
    """The matrix of a circular shift: doubly stochastic, one column per slot.

    Args:
        shifts: distribution over the offsets -R, ..., R.
        num_slots: size of the matrix.
    """
    reach = len(shifts) // 2
    column = np.zeros(num_slots)
    for offset, weight in zip(range(-reach, reach + 1), shifts, strict=True):
        column[offset % num_slots] += weight
    return linalg.circulant(column)


def binomial_peak(probability, num_steps):
    """The largest probability of a binomial: the blurred peak of two shifts.

    With weights 1 - p and p of two neighbouring shifts, the weighting after n steps is
    the binomial distribution of n draws, as long as it does not wrap around.
    """
    return stats.binom.pmf(np.arange(num_steps + 1), num_steps, probability).max()


def entropy_changes(rng, num_draws, num_slots=12, reach=1):
    """Changes of entropy by random shifts and by random sharpenings, in nats.

    Args:
        rng: a NumPy generator.
        num_draws: how many of each.
        num_slots: of the weightings.
        reach: largest shift.

    Returns:
        (by_shift, by_sharpening), each of shape (num_draws,).
    """
    concentration = 10 ** rng.uniform(-1, 1, (num_draws, 1))
    weights = rng.gamma(concentration, size=(num_draws, num_slots)) + 1e-9
    weights /= weights.sum(axis=1, keepdims=True)
    shifts = rng.dirichlet(np.ones(2 * reach + 1), num_draws)
    gamma = 1 + rng.exponential(3.0, num_draws)
    before = np.asarray(theory.entropy(weights))
    # One head each: (draws, slots) is (heads, slots).
    shifted = np.asarray(theory.shift(weights, shifts))
    sharpened = np.asarray(theory.sharpen(weights, gamma))
    by_shift = np.asarray(theory.entropy(shifted)) - before
    return by_shift, np.asarray(theory.entropy(sharpened)) - before
