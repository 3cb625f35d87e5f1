"""Steps, weights, advantages and closed forms of Al-Shedivat et al., arXiv:1710.03641.

Losses are to be made small: a task's loss is minus the discounted reward.
"""

import math

import numpy as np
from keras import ops


def inner_step(parameters, gradients, rates):
    r"""One step of gradient descent, each tensor at its own rate (eq. 3).

    $$\phi = \theta - \alpha\, \nabla_\theta L_T(\theta).$$

    Args:
        parameters: list of tensors.
        gradients: list of tensors of the same shapes; None where the loss does not
            depend on a tensor, which then stays.
        rates: list of numbers, or tensors that broadcast.

    Returns:
        A new list.
    """
    return [
        value if gradient is None else value - rate * gradient
        for value, gradient, rate in zip(parameters, gradients, rates, strict=True)
    ]


def quadratic_loss(curvatures, minima, theta, rate):
    r"""Mean loss of quadratic tasks after one step from $\theta$.

    $$\frac1n \sum_i \tfrac{a_i}{2} (1 - \alpha a_i)^2 (\theta - c_i)^2.$$

    Args:
        curvatures, minima: $a_i$ and $c_i$, shape (tasks,).
        theta: number or array of shape (...).
        rate: $\alpha$.

    Returns:
        Shape (...).
    """
    a, c, theta = map(np.asarray, (curvatures, minima, theta))
    after = (1 - rate * a) * (theta[..., None] - c)
    return np.mean(a / 2 * after**2, axis=-1)


def quadratic_gradient(curvatures, minima, theta, rate, first_order=False):
    r"""Gradient of `quadratic_loss`: mean of $a_i (1 - \alpha a_i)^2 (\theta - c_i)$.

    First order leaves out one factor, the derivative of the step.

    Args:
        curvatures, minima, theta, rate: as for `quadratic_loss`.
        first_order: whether the step counts as a constant shift.
    """
    a, c, theta = map(np.asarray, (curvatures, minima, theta))
    factors = a * (1 - rate * a) ** (1 if first_order else 2)
    return np.mean(factors * (theta[..., None] - c), axis=-1)


def quadratic_optimum(curvatures, minima, rate, first_order=False):
    r"""Where `quadratic_gradient` is zero: the mean of $c_i$ by its factors.

    Args:
        curvatures, minima, rate, first_order: as for `quadratic_gradient`.
    """
    a, c = map(np.asarray, (curvatures, minima))
    factors = a * (1 - rate * a) ** (1 if first_order else 2)
    return float(np.sum(factors * c) / np.sum(factors))


def drift_rate(rho, noise):
    r"""Best rate where a target drifts, $\alpha = \rho / (2 (1 + v))$.

    The next target is $g' = \rho g + \sqrt{1 - \rho^2}\, n$, the loss
    $\lVert a - g' \rVert^2$; the step from 0 sees $g$ with noise of variance $v$.

    Args:
        rho: correlation of a target with the next.
        noise: $v$.
    """
    return rho / (2 * (1 + noise))


def drift_loss(rho, noise, rate):
    r"""Loss per coordinate after one step from 0 at any rate.

    $$1 - 4 \alpha \rho + 4 \alpha^2 (1 + v).$$

    Args:
        rho, noise: as for `drift_rate`.
        rate: $\alpha$; 0.5 goes all the way to the estimate, 0 stays.
    """
    return 1 - 4 * rate * rho + 4 * rate**2 * (1 + noise)


def rotation_rates(rho, noise, angle):
    r"""Best scalar rate and best matrix where the target also turns by an angle.

    The next target is $\rho\, Q g + \sqrt{1 - \rho^2}\, n$ with a rotation $Q$; the
    matrix is the rate of `drift_rate` times $Q$, the scalar that times $\cos$.

    Args:
        rho, noise: as for `drift_rate`.
        angle: radians.

    Returns:
        (scalar, matrix of shape (2, 2)).
    """
    rate = drift_rate(rho, noise)
    turn = [
        [math.cos(angle), -math.sin(angle)],
        [math.sin(angle), math.cos(angle)],
    ]
    return rate * math.cos(angle), rate * np.array(turn)


def discounted(rewards, gamma):
    r"""Discounted sum of the rewards from each step on, $\sum_l \gamma^l R_{t+l}$.

    Args:
        rewards: shape (..., steps).
        gamma: number.

    Returns:
        The same shape.
    """
    total, sums = ops.zeros_like(rewards[..., 0]), []
    for t in reversed(range(rewards.shape[-1])):
        total = rewards[..., t] + gamma * total
        sums.append(total)
    return ops.stack(sums[::-1], axis=-1)


def advantages(rewards, values, gamma, decay, ended=None):
    r"""Generalised advantage estimates, $\sum_l (\gamma \lambda)^l \delta_{t+l}$.

    $\delta_t = R_t + \gamma V_{t+1} - V_t$. Where an episode ended for good, neither
    the next value nor the next estimate counts; where only the time was up, the value
    of the last state stands for what would have come.

    Args:
        rewards: shape (..., steps).
        values: of the states, shape (..., steps + 1).
        gamma, decay: $\gamma$ and $\lambda$.
        ended: 1 where a step ended its episode, shape (..., steps); None for nowhere.

    Returns:
        Shape (..., steps).
    """
    goes_on = ops.ones_like(rewards) if ended is None else 1 - ended
    errors = rewards + gamma * goes_on * values[..., 1:] - values[..., :-1]
    total, sums = ops.zeros_like(errors[..., 0]), []
    for t in reversed(range(errors.shape[-1])):
        total = errors[..., t] + gamma * decay * goes_on[..., t] * total
        sums.append(total)
    return ops.stack(sums[::-1], axis=-1)


def clipped_surrogate(log_ratio, advantage, clip):
    r"""PPO's objective, $\min(r A, \mathrm{clip}(r, 1 - \epsilon, 1 + \epsilon) A)$.

    Args:
        log_ratio: $\log r = \log \pi - \log \pi_\mathrm{old}$.
        advantage: $A$, of the same shape.
        clip: $\epsilon$.

    Returns:
        The same shape; to be made large.
    """
    ratio = ops.exp(ops.clip(log_ratio, -20.0, 20.0))
    return ops.minimum(
        ratio * advantage, ops.clip(ratio, 1 - clip, 1 + clip) * advantage
    )


def gaussian_log_prob(action, mean, log_std):
    """Log-density of an action, in nats, summed over its coordinates.

    Args:
        action, mean: shape (..., actions).
        log_std: logarithm of the deviation, broadcasts.

    Returns:
        Shape (...).
    """
    scaled = (action - mean) * ops.exp(-log_std)
    terms = -0.5 * scaled**2 - log_std - 0.5 * math.log(2 * math.pi)
    return ops.sum(terms, axis=-1)


def trajectory_weights(new, old, greatest=None):
    r"""Importance weights of whole trajectories (algorithm 2).

    $$w = \frac{\pi_\theta(\tau)}{\pi_{\phi}(\tau)}
        = \exp \sum_t (\log \pi_\theta(a_t) - \log \pi_\phi(a_t)).$$

    The dynamics are the same for both policies and cancel.

    Args:
        new, old: log-probabilities of actions, shape (..., steps).
        greatest: weights are cut at it, which costs bias; None for no limit.

    Returns:
        Shape (...).
    """
    log_weights = ops.sum(new - old, axis=-1)
    if greatest is not None:
        log_weights = ops.minimum(log_weights, math.log(greatest))
    return ops.exp(log_weights)


def weight_second_moment(shift, num_steps):
    r"""Mean of the squared weight where a Gaussian policy was shifted.

    $$\mathrm{E}[w^2] = \exp(H \delta^2).$$

    Its inverse is the share of the samples that is worth something.

    Args:
        shift: $\delta$, in deviations.
        num_steps: $H$.
    """
    return math.exp(num_steps * shift**2)
