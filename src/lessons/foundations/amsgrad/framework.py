r"""The generic adaptive method (algorithm 1 of arXiv:1904.09237) and its instances.

Convention: the first axis of an array is time, the others are coordinates (or
replicates of a whole game, which the methods cannot tell apart from coordinates).
Step $t$ of the paper is row $t - 1$. Matrices $V_t$ are diagonal; their diagonals are
what the functions here return. No bias correction and no epsilon, as in the paper.
"""

import numpy as np
from scipy import signal

from lessons.foundations.amsgrad.variants import VARIANTS
from lessons.toolkit.errors import unknown


def find(name):
    """The `Variant` called `name`.

    Raises:
        UserError: there is none.
    """
    if name not in VARIANTS:
        raise unknown("method", name, VARIANTS)
    return VARIANTS[name]


def exponential_average(history, beta):
    r"""$(1-\beta) \sum_{i=1}^t \beta^{t-i} h_i$: the latest row weighs most.

    Args:
        history: shape (t, ...).
        beta: in [0, 1).
    """
    ages = np.arange(len(history))[::-1]
    return (1 - beta) * np.tensordot(beta**ages, history, axes=1)


def greatest_average(history, beta):
    r"""The elementwise maximum over time of the exponential averages.

    Args:
        history: squared gradients, array (steps, ...).
        beta: weight of the past, in [0, 1).

    Returns:
        Array (...): that of the last step.
    """
    averages = [exponential_average(history[:t], beta) for t in _times(history)]
    return np.max(averages, axis=0)


def _times(history):
    return range(1, len(history) + 1)


# What the methods do with the gradients so far, and with the squares so far.
PHI = {
    "last": lambda gradients, beta: gradients[-1],
    "average": exponential_average,
}
PSI = {
    "identity": lambda squares, beta: np.ones_like(squares[-1]),
    "mean": lambda squares, beta: np.mean(squares, axis=0),
    "exponential": exponential_average,
    "maximum": greatest_average,
}


def adaptive_step(
    point, gradients, rate, method, beta_1=0.9, beta_2=0.99, project=None
):
    r"""One step of the generic method, word for word.

    $$m_t = \phi_t(g_1, \dots, g_t), \quad V_t = \psi_t(g_1, \dots, g_t), \quad
      x_{t+1} = \Pi_{F, \sqrt{V_t}}\big(x_t - \alpha_t V_t^{-1/2} m_t\big)$$

    Args:
        point: $x_t$, shape (...).
        gradients: all gradients so far, shape (t, ...).
        rate: $\alpha_t$.
        method: a `Variant`.
        beta_1, beta_2: memories of the averages.
        project: function of (point, diagonal of $\sqrt{V_t}$), or None for no set.

    Returns:
        $x_{t+1}$, shape (...).
    """
    momentum = PHI[method.phi](gradients, beta_1)
    velocity = PSI[method.psi](gradients**2, beta_2)
    moved = point - rate * direction(momentum, velocity)
    return moved if project is None else project(moved, np.sqrt(velocity))


def direction(momentum, velocity):
    r"""$V_t^{-1/2} m_t$, where a coordinate that never had a gradient does not move.

    Args:
        momentum: $m_t$.
        velocity: the diagonal of $V_t$, same shape; 0/0 is 0 here.
    """
    root = np.sqrt(velocity)
    return np.divide(momentum, root, out=np.zeros_like(root), where=root > 0)


def moments(gradients, method, beta_1=0.9, beta_2=0.99, decay=1.0):
    r"""All $m_t$ and diagonals of all $V_t$ of a sequence of gradients, in one pass.

    The recursions $m_t = \beta_{1t} m_{t-1} + (1-\beta_{1t}) g_t$, with
    $\beta_{1t} = \beta_1 \lambda^{t-1}$, and
    $v_t = \beta_{2t} v_{t-1} + (1-\beta_{2t}) g_t^2$. AdaGrad and AdamNC have
    $\beta_{2t} = 1 - 1/t$; AMSGrad keeps the maximum of $v$, elementwise.

    Args:
        gradients: shape (steps, ...).
        method: a `Variant`.
        beta_1, beta_2: in [0, 1).
        decay: $\lambda$, in (0, 1].

    Returns:
        (momentum, velocity), both of the shape of `gradients`.
    """
    momentum = gradients
    if method.phi == "average":
        momentum = _smooth(gradients, beta_1, decay)
    squares = gradients**2
    if method.psi == "identity":
        return momentum, np.ones_like(squares)
    if method.psi == "mean":
        counts = np.arange(1, len(squares) + 1).reshape(-1, *[1] * (squares.ndim - 1))
        return momentum, np.cumsum(squares, axis=0) / counts
    velocity = _smooth(squares, beta_2)
    if method.psi == "maximum":
        velocity = np.maximum.accumulate(velocity, axis=0)
    return momentum, velocity


def _smooth(values, beta, decay=1.0):
    """The exponential averages of `values` along time, started at zero."""
    if decay == 1.0:
        return signal.lfilter([1 - beta], [1.0, -beta], values, axis=0)
    smooth, state = np.empty_like(values), np.zeros_like(values[0])
    for index, value in enumerate(values):
        weight = beta * decay**index
        state = weight * state + (1 - weight) * value
        smooth[index] = state
    return smooth


def correction(method, steps, beta_1, beta_2):
    r"""What Keras multiplies the rate by: $\sqrt{1-\beta_2^t}/(1-\beta_1^t)$.

    It undoes that the exponential averages start at zero; other averages need none.

    Args:
        method: a `Variant`.
        steps: $t$, counting from 1.
        beta_1, beta_2: memories of the averages.
    """
    averaged = method.psi in ("exponential", "maximum")
    above = np.sqrt(1 - beta_2**steps) if averaged else 1.0
    below = 1 - beta_1**steps if method.phi == "average" else 1.0
    return above / below


def step_sizes(schedule, alpha, steps):
    r"""$\alpha_t$ for each $t$ of `steps`, which count from 1.

    Args:
        schedule: "sqrt" for $\alpha/\sqrt t$, "constant" for $\alpha$.
        alpha: $\alpha$.
        steps: shape (steps,).

    Raises:
        UserError: there is no such schedule.
    """
    powers = {"sqrt": -0.5, "constant": 0.0}
    if schedule not in powers:
        raise unknown("schedule", schedule, powers)
    return alpha * np.asarray(steps, dtype=float) ** powers[schedule]
