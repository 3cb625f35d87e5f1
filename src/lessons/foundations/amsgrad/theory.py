r"""Regret, the matrix $\Gamma_t$ and the bounds of arXiv:1904.09237.

Pure functions of arrays, first axis time. Losses are linear,
$f_t(x) = \langle g_t, x\rangle$, on a box $[low, high]^d$ of diameter
$D_\infty = high - low$.
"""

import numpy as np


def regret(points, gradients, low=-1.0, high=1.0):
    r"""Regret of every length: what was paid minus what the best fixed point pays.

    $$R_T = \sum_{t=1}^T \langle g_t, x_t\rangle
      - \min_{x \in F} \sum_{t=1}^T \langle g_t, x \rangle$$
    A linear function is least at an end of its interval, in each coordinate by itself.

    Args:
        points: the points played, shape (steps, ...).
        gradients: same shape.
        low, high: ends of the interval.

    Returns:
        $R_1, \dots, R_T$ of each coordinate, same shape. Regrets of coordinates add up.
    """
    paid = np.cumsum(gradients * points, axis=0)
    total = np.cumsum(gradients, axis=0)
    return paid - np.minimum(total * low, total * high)


def average_regret(points, gradients, low=-1.0, high=1.0):
    r"""$R_T / T$ for every length $T$; arguments as those of `regret`."""
    sums = regret(points, gradients, low, high)
    return sums / _steps(sums)


def gamma(velocity, rates):
    r"""Diagonals of $\Gamma_{t+1} = \sqrt{V_{t+1}}/\alpha_{t+1} - \sqrt{V_t}/\alpha_t$.

    Eq. 2 of the paper. The proof of a regret bound needs them all to be at least 0.

    Args:
        velocity: diagonals of $V_t$, shape (steps, ...).
        rates: $\alpha_t$, shape (steps,).

    Returns:
        Shape (steps - 1, ...).
    """
    rates = np.asarray(rates).reshape(-1, *[1] * (np.ndim(velocity) - 1))
    return np.diff(np.sqrt(velocity) / rates, axis=0)


def bound_without_momentum(gradients, velocity, alpha, diameter=2.0):
    r"""Upper bound of the regret for $\beta_1 = 0$ and $\alpha_t = \alpha/\sqrt t$.

    $$R_T \le \frac{D_\infty^2 \sqrt T}{2\alpha} \sqrt{\hat v_T}
      + \sum_{t=1}^T \frac{\alpha\, g_t^2}{2 \sqrt{t\, \hat v_t}}$$
    for each coordinate, whenever $\Gamma_t \ge 0$ (derived in the notebook).

    Args:
        gradients, velocity: shape (steps, ...).
        alpha: $\alpha$.
        diameter: $D_\infty$.

    Returns:
        The bound for $T$ = steps, shape (...).
    """
    steps = _steps(gradients)
    root = np.sqrt(velocity)
    first = diameter**2 * np.sqrt(len(gradients)) * root[-1] / (2 * alpha)
    ratio = np.divide(gradients**2, root, out=np.zeros_like(root), where=root > 0)
    return first + np.sum(alpha * ratio / (2 * np.sqrt(steps)), axis=0)


def bound_of_the_paper(
    gradients, velocity, alpha, beta_1, beta_2, diameter=2.0, decay=1.0
):
    r"""Theorem 4, for $\beta_{1t} = \beta_1\lambda^{t-1}$.

    With $\gamma = \beta_1/\sqrt{\beta_2} < 1$:
    $$\frac{D_\infty^2 \sqrt T}{\alpha(1-\beta_1)} \sum_i \sqrt{\hat v_{T,i}}
      + \frac{D_\infty^2}{2(1-\beta_1)} \sum_{t,i} \frac{\beta_{1t}\sqrt{\hat v_{t,i}}}
        {\alpha_t}
      + \frac{\alpha\sqrt{1+\log T}}{(1-\beta_1)^2(1-\gamma)\sqrt{1-\beta_2}}
        \sum_i \|g_{1:T,i}\|_2$$
    As stated in the paper, with the $1/\alpha$ of the first term that dimensions ask
    for.

    Args:
        gradients: $g_t$, shape (steps, ...).
        velocity: diagonals of $\hat V_t$, same shape.
        alpha: $\alpha$ of $\alpha_t = \alpha/\sqrt t$.
        beta_1, beta_2: memories of the averages, with $\gamma < 1$.
        diameter: $D_\infty$.
        decay: $\lambda$, in (0, 1].

    Returns:
        The bound of each coordinate, shape (...): their sum is the bound of the game.
    """
    count = len(gradients)
    ratio = beta_1 / np.sqrt(beta_2)
    first = diameter**2 * np.sqrt(count * velocity[-1]) / (alpha * (1 - beta_1))
    second = momentum_term(velocity, alpha, beta_1, diameter, decay)
    scale = (1 - beta_1) ** 2 * (1 - ratio) * np.sqrt(1 - beta_2)
    third = alpha * np.sqrt(1 + np.log(count)) / scale
    return first + second + third * np.sqrt(np.sum(gradients**2, axis=0))


def momentum_term(velocity, alpha, beta_1, diameter=2.0, decay=1.0):
    r"""The middle term of theorem 4, for $\beta_{1t} = \beta_1\lambda^{t-1}$.

    $$\frac{D_\infty^2}{2(1-\beta_1)} \sum_{t=1}^T
      \beta_1 \lambda^{t-1} \sqrt{\hat v_t}\, \frac{\sqrt t}{\alpha}$$

    Args:
        velocity: diagonals of $\hat V_t$, shape (steps, ...).
        alpha, beta_1, diameter, decay: as in `bound_of_the_paper`.

    Returns:
        The term of each coordinate, shape (...).
    """
    steps = _steps(velocity)
    weights = beta_1 * decay ** (steps - 1) * np.sqrt(steps * velocity) / alpha
    return diameter**2 / (2 * (1 - beta_1)) * np.sum(weights, axis=0)


def fading_momentum_bound(largest, alpha, beta_1, decay, diameter=2.0):
    r"""Corollary 1: what `momentum_term` can be at most, however long the game.

    With $\sqrt{\hat v_t} \le G_\infty$ and $\sqrt t \le t$ the sum is at most
    $\sum_t t\,\lambda^{t-1} = (1-\lambda)^{-2}$, so the term is at most
    $$\frac{\beta_1 D_\infty^2 G_\infty}{2 \alpha (1-\beta_1)(1-\lambda)^2}.$$

    Args:
        largest: $G_\infty$, a bound of $|g_t|$.
        alpha, beta_1, diameter: as in `bound_of_the_paper`.
        decay: $\lambda$, in (0, 1); for 1 there is no such bound.

    Returns:
        The bound of each coordinate, of the shape of `largest`.
    """
    scale = 2 * alpha * (1 - beta_1) * (1 - decay) ** 2
    return beta_1 * diameter**2 * largest / scale


def left_step(spike, alpha, step):
    r"""Most that the spike can move the player of theorem 1 to the left.

    After the spike $v \ge (1-\beta_2) C^2 = C^4/(1+C^2)$, so
    $\alpha_t C/\sqrt v \le \alpha\sqrt{1+C^2}/(C\sqrt t)$: the size of $C$ has
    cancelled.

    Args:
        spike: $C$.
        alpha: $\alpha$ of $\alpha_t = \alpha/\sqrt t$.
        step: $t$, a number or an array.
    """
    return alpha * np.sqrt(1 + spike**2) / (spike * np.sqrt(step))


def settled_moves(period, beta_2):
    r"""Moves of Adam with $\beta_1 = 0$ over a period of the game of theorem 2.

    One gradient of a period is $C$ = `period`, the others are $-1$. Between spikes
    $v - 1$ shrinks by $\beta_2$ a step, so after many periods
    $$v_j = 1 + \frac{(1-\beta_2)(C^2 - 1)}{1 - \beta_2^C} \beta_2^j$$
    $j$ steps after a spike, and the player moves by $-C/\sqrt{v_0}$, then by
    $1/\sqrt{v_j}$ for $j = 1, \dots, C - 1$, in units of $\alpha_t$.

    Args:
        period: $C$, an integer of at least 2.
        beta_2: in [0, 1).

    Returns:
        Shape (period,); the sign of the sum says to which wall the player drifts.
    """
    jump = (1 - beta_2) * (period**2 - 1) / (1 - beta_2**period)
    moves = 1 / np.sqrt(1 + jump * beta_2 ** np.arange(period))
    moves[0] *= -period
    return moves


def project_box(point, low, high):
    r"""$\Pi_{F,A}$ for a box: for diagonal $A$ this is clipping, independent of $A$.

    Args:
        point: array (...).
        low: the least value of every coordinate, or an array of them.
        high: the greatest.
    """
    return np.clip(point, low, high)


def project_ball(point, radius, metric, num_halvings=200):
    r"""$\arg\min_{\|x\|_2 \le r} \|A^{1/2}(x - y)\|$ for a diagonal $A$.

    Unlike for a box, it depends on $A$: $x_i = a_i y_i/(a_i + \lambda)$, with the
    $\lambda \ge 0$ at which $\|x\| = r$, found by bisection.

    Args:
        point: $y$, shape (d,).
        radius: $r > 0$.
        metric: diagonal $a$, positive, shape (d,).
        num_halvings: of the interval that holds $\lambda$.
    """
    point, metric = np.asarray(point, float), np.asarray(metric, float)
    if np.linalg.norm(point) <= radius:
        return point.copy()
    low, high = 0.0, float(metric.max() * np.linalg.norm(point) / radius)
    for _ in range(num_halvings):
        middle = (low + high) / 2
        if np.linalg.norm(metric * point / (metric + middle)) > radius:
            low = middle
        else:
            high = middle
    return metric * point / (metric + high)


def _steps(values):
    """1, 2, ..., T as a column that broadcasts against `values`."""
    return np.arange(1, len(values) + 1).reshape(-1, *[1] * (np.ndim(values) - 1))
