"""A pair of two-armed bandits, all of its outcomes: the exact gradient of a pair.

The probability of arm 1 is sigmoid(theta). K pulls on the first bandit make one step
of policy gradient, and the loss is minus the mean reward of the adapted policy on the
*next* bandit. With two arms and K pulls there are 2^K outcomes, so that expectations
are sums, and gradients can be compared to ten digits (Al-Shedivat et al. 2018, eq. 8).
"""

import itertools

import numpy as np

TERMS = ("full", "no score", "first order", "mean score", "first order with score")


def sigmoid(theta):
    """Probability of arm 1."""
    return 1 / (1 + np.exp(-theta))


def _adapted(theta, rate, pulls, rewards):
    """Parameter after one step of policy gradient, and its derivative."""
    p, r = sigmoid(theta), np.asarray(rewards, float)[list(pulls)]
    score = np.asarray(pulls) - p  # d log pi(a) / d theta
    gradient = -np.mean(r * score)  # of the loss
    return theta - rate * gradient, 1 - rate * np.mean(r) * p * (1 - p), gradient


def _outcomes(theta, num_pulls):
    """Every sequence of pulls with its probability."""
    p = sigmoid(theta)
    for pulls in itertools.product((0, 1), repeat=num_pulls):
        yield pulls, np.prod([p if a else 1 - p for a in pulls])


def _next_loss(phi, rewards):
    """Expected loss of a policy, and its slope."""
    p, (zero, one) = sigmoid(phi), rewards
    return -(p * one + (1 - p) * zero), -(one - zero) * p * (1 - p)


def pair_loss(theta, rate, first, second, num_pulls):
    """Expected loss on the second bandit after a step on the first.

    Args:
        theta, rate: numbers.
        first, second: rewards of (arm 0, arm 1) of the bandits.
        num_pulls: K, pulls on the first.
    """
    return sum(
        probability * _next_loss(_adapted(theta, rate, pulls, first)[0], second)[0]
        for pulls, probability in _outcomes(theta, num_pulls)
    )


def pair_gradient(theta, rate, first, second, num_pulls, terms="full"):
    """Gradient of `pair_loss`, by the formula with score terms or a shortened one.

    Args:
        theta, rate, first, second, num_pulls: as for `pair_loss`.
        terms: one of `TERMS`: "no score" leaves out that theta also chooses what is
            sampled; "first order" leaves out that as well as the derivative of the
            step; "mean score" divides the scores by K.

    Returns:
        (derivative by theta, derivative by the rate).
    """
    by_theta = by_rate = 0.0
    for pulls, probability in _outcomes(theta, num_pulls):
        phi, step, gradient = _adapted(theta, rate, pulls, first)
        loss, slope = _next_loss(phi, second)
        score = sum(a - sigmoid(theta) for a in pulls)
        if terms.startswith("first order"):
            step = 1.0
        if terms in ("no score", "first order"):
            score = 0.0
        if terms == "mean score":
            score = score / num_pulls
        by_theta += probability * (slope * step + loss * score)
        by_rate += probability * slope * -gradient
    return by_theta, by_rate


def sampled_gradients(
    theta, rate, first, second, num_pulls, rng, count, *, score=True, baseline=0.0
):
    """Estimates of the gradient by theta from single outcomes, as training has them.

    Args:
        theta, rate, first, second, num_pulls: as for `pair_loss`.
        rng: NumPy generator.
        count: how many estimates.
        score: whether the score terms are there.
        baseline: a number that is taken off the loss, such as the expected loss without
            a step; scores are zero on average, so that it changes no expectation.

    Returns:
        Shape (count,).
    """
    p = sigmoid(theta)
    pulls = rng.random((count, num_pulls)) < p
    rewards = np.asarray(first, float)[pulls.astype(int)]
    scores = pulls - p
    phi = theta + rate * np.mean(rewards * scores, axis=1)
    step = 1 - rate * rewards.mean(axis=1) * p * (1 - p)
    after = sigmoid(phi)
    arm = rng.random(count) < after
    loss = -np.asarray(second, float)[arm.astype(int)] - baseline
    own = (arm - after) * step
    return loss * (own + score * scores.sum(axis=1))


def weighted_gradient(theta, old, rewards, weighted=True):
    """Gradient of the loss at `theta` from samples of an older policy, exactly.

    Args:
        theta: where the gradient is wanted.
        old: parameter of the policy that pulled.
        rewards: of (arm 0, arm 1).
        weighted: whether samples carry the weight pi_theta / pi_old.
    """
    total = 0.0
    for arm in (0, 1):
        now, then = (sigmoid(t) if arm else 1 - sigmoid(t) for t in (theta, old))
        weight = now / then if weighted else 1.0
        total += then * weight * -rewards[arm] * (arm - sigmoid(theta))
    return total
