r"""Gradient descent with and without momentum on a quadratic, in NumPy.

The loss is $\frac12 \sum_i \lambda_i w_i^2$: each coordinate goes its own way, and a
step is linear, so that two numbers say how fast it converges. Nothing here calls
`theory`: the look-ahead form is an independent route to its Nesterov step. Sources:
Polyak 1964 (heavy ball); Sutskever, Martens, Dahl & Hinton 2013.
"""

import numpy as np

METHODS = ("descent", "heavy_ball", "nesterov")
START = (1.0, 1.0)
CURVATURES = (1.0, 10.0)


def look_ahead(curvatures, start, rate, mu, num_steps):
    r"""Nesterov's momentum as textbooks write it: the gradient is taken ahead.

    $m' = \mu m - \eta g(\theta + \mu m)$, $\theta' = \theta + m'$.

    Args:
        curvatures: $\lambda$, shape (coordinates,).
        start: $\theta$ at first, the same shape.
        rate: $\eta$.
        mu: $\mu$.
        num_steps: how many.

    Returns:
        ($\theta$, $m$) after each step and before the first: two arrays of shape
        (num_steps + 1, coordinates). The weights of `theory.nesterov_step` are
        $\theta + \mu m$.
    """
    curvatures = np.asarray(curvatures, float)
    point, momentum = np.array(start, float), np.zeros(len(start))
    points, momenta = [point], [momentum]
    for _ in range(num_steps):
        momentum = mu * momentum - rate * curvatures * (point + mu * momentum)
        point = point + momentum
        points.append(point)
        momenta.append(momentum)
    return np.array(points), np.array(momenta)


def path(method, curvatures, start, rate, mu, num_steps):
    r"""The weights of a method, shape (num_steps + 1, coordinates).

    Heavy ball: $m' = \mu m - \eta g(w)$, $w' = w + m'$. Descent ignores the momentum.

    Args:
        method: one of `METHODS`.
        curvatures, start, rate, mu, num_steps: as for `look_ahead`.
    """
    if method == "nesterov":
        points, momenta = look_ahead(curvatures, start, rate, mu, num_steps)
        return points + mu * momenta
    curvatures = np.asarray(curvatures, float)
    mu = 0.0 if method == "descent" else mu
    point, momentum = np.array(start, float), np.zeros(len(start))
    points = [point]
    for _ in range(num_steps):
        momentum = mu * momentum - rate * curvatures * point
        point = point + momentum
        points.append(point)
    return np.array(points)


def factor(method, step, mu):
    r"""What the distance shrinks by in each step, in the long run.

    The greatest absolute root $r$ of the recursion of one coordinate:
    Nesterov $r^2 - (1+\mu)(1-\eta\lambda) r + \mu(1-\eta\lambda)$, heavy ball
    $r^2 - (1+\mu-\eta\lambda) r + \mu$, descent $|1 - \eta\lambda|$.

    Args:
        method: one of `METHODS`.
        step: $\eta\lambda$, the rate times the curvature.
        mu: $\mu$.
    """
    if method == "descent":
        return abs(1 - step)
    if method == "nesterov":
        polynomial = (1, -(1 + mu) * (1 - step), mu * (1 - step))
    else:
        polynomial = (1, -(1 + mu - step), mu)
    return float(np.abs(np.roots(polynomial)).max(initial=0.0))
