r"""Games against linear losses $f_t(x) = g_t x$ on a box, played by any method."""

import typing

import numpy as np

from lessons.foundations.amsgrad import framework
from lessons.toolkit.errors import UserError


class Path(typing.NamedTuple):
    r"""What happened in a game: each field has one row per step.

    Attributes:
        points: the points *played*, $x_1, \dots, x_T$.
        gradients: $g_1, \dots, g_T$.
        rates: $\alpha_1, \dots, \alpha_T$, shape (T,).
        velocity: the diagonals of $V_1, \dots, V_T$.
        last: $x_{T+1}$, which is not played.
    """

    points: np.ndarray
    gradients: np.ndarray
    rates: np.ndarray
    velocity: np.ndarray
    last: np.ndarray


def play(
    gradients,
    method,
    *,
    alpha=0.5,
    beta_1=0.0,
    beta_2=0.99,
    decay=1.0,
    schedule="sqrt",
    bias_correction=False,
    epsilon=0.0,
    start=0.0,
    low=-1.0,
    high=1.0,
):
    r"""Play against linear losses $f_t(x) = g_t x$ on a box.

    The gradients of linear losses do not depend on the player, so all moments are
    computed at once and only the projected walk is left for a loop.

    Args:
        gradients: shape (steps, ...).
        method: name of a method.
        alpha: $\alpha$, positive.
        beta_1, beta_2, decay: as in `framework.moments`.
        schedule: "sqrt" for $\alpha_t = \alpha/\sqrt t$, or "constant".
        bias_correction: multiply $\alpha_t$ by `framework.correction`, as Keras does.
        epsilon: added to $V_t$ (theorem 6: it does not help Adam).
        start: $x_1$, a number or an array of one row's shape.
        low, high: the box, numbers with low < high.

    Returns:
        A `Path`.

    Raises:
        UserError: the method or schedule is unknown, or the box is empty.
    """
    if not low < high:
        raise UserError(f"the box needs low < high, got low={low!r}, high={high!r}.")
    gradients = np.asarray(gradients, dtype=float)
    steps = np.arange(1, len(gradients) + 1)
    kind = framework.find(method)
    rates = framework.step_sizes(schedule, alpha, steps)
    if bias_correction:
        rates = rates * framework.correction(kind, steps, beta_1, beta_2)
    momentum, velocity = framework.moments(gradients, kind, beta_1, beta_2, decay)
    velocity = velocity + epsilon
    column = rates.reshape(-1, *[1] * (gradients.ndim - 1))
    moves = column * framework.direction(momentum, velocity)
    points = _walk(moves, start, low, high)
    return Path(points[:-1], gradients, rates, velocity, points[-1])


def _walk(moves, start, low, high):
    """The points of $x_{t+1} = clip(x_t - move_t)$, one more than there are moves."""
    points = np.empty((len(moves) + 1, *moves.shape[1:]))
    points[0] = start
    if moves.ndim == 1:  # plain numbers are much faster than arrays of one
        x = float(start)
        for index, move in enumerate(moves.tolist(), start=1):
            x -= move
            x = low if x < low else high if x > high else x
            points[index] = x
        return points
    for index, move in enumerate(moves):
        np.clip(points[index] - move, low, high, out=points[index + 1])
    return points
