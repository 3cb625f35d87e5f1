"""A right answer in loops, and by TensorFlow's tape."""

import math

import numpy as np
from scipy.special import erfcx, ndtr, ndtri

WRITTEN = r"""
1. I would ask for alpha = 0 and for the data of another robot. If a step from wrong data gains as much,
   nothing was adapted. One seed and no errors are no comparison, and both need the same budget.
2. Which rates were tried, on which tasks. The best rate cannot be much worse than none.
3. How many of the trajectories count. A product of 480 ratios has a huge variance, so nearly all of
   the weight lies on one trajectory or none, though the mean is right.
"""


def inner_step(parameters, gradients, rates, limit):
    new = []
    for k in range(len(parameters)):
        value = np.array(parameters[k], dtype=float)
        if gradients[k] is not None:
            slope = np.minimum(np.maximum(gradients[k], -limit), limit)
            value = value - rates[k] * slope
        new.append(value)
    return new


def maml_gradient(a, c, theta, rates):
    total = 0.0
    for k in range(len(a)):
        phi, slope = theta, 1.0
        for rate in rates:
            phi = phi - rate * a[k] * (phi - c[k])
            slope = slope * (1 - rate * a[k])
        total += a[k] * (phi - c[k]) * slope
    return total / len(a)


def pair_gradient(theta, alpha, first, second, num_pulls):
    import tensorflow as tf

    arms = len(theta)
    logits = tf.constant(theta, tf.float64)
    with tf.GradientTape() as tape:
        tape.watch(logits)
        p = tf.nn.softmax(logits)
        log_p = tf.nn.log_softmax(logits)
        total = tf.constant(0.0, tf.float64)
        for number in range(arms**num_pulls):
            pulls = [number // arms**k % arms for k in range(num_pulls)]
            step = sum(
                first[a] * (tf.one_hot(a, arms, dtype=tf.float64) - p) for a in pulls
            )
            q = tf.nn.softmax(logits + alpha / num_pulls * step)
            chance = tf.exp(sum(log_p[a] for a in pulls))
            total -= chance * tf.reduce_sum(q * second)
    return tape.gradient(total, logits).numpy()


def trajectory_weights(new, old, lengths, limit):
    weights = np.zeros(len(lengths))
    for k, length in enumerate(lengths):
        log_weight = float(np.sum(new[k, :length] - old[k, :length]))
        weights[k] = math.exp(max(-limit, min(limit, log_weight)))
    return weights


def skill_update(mu, s, luck, outcome):
    def pdf(x):
        return math.exp(-x * x / 2) / math.sqrt(2 * math.pi)

    winner, loser = (1, 0) if outcome < 0 else (0, 1)
    grown = [float(s[i]) ** 2 + 1 / 144 for i in (0, 1)]
    noise = float(luck[0]) ** 2 + float(luck[1]) ** 2
    c = math.sqrt(noise + grown[0] + grown[1])
    t = (mu[winner] - mu[loser]) / c
    e = float(ndtri(0.55)) * math.sqrt(noise) / c
    if outcome:
        # The inverse of Mills' ratio.
        v = math.sqrt(2 / math.pi) / float(erfcx((e - t) / math.sqrt(2)))
        w = v * (v + t - e)
    else:
        mass = float(ndtr(e - t) - ndtr(-e - t))
        v = (pdf(-e - t) - pdf(e - t)) / mass
        w = v * v + ((e - t) * pdf(e - t) + (e + t) * pdf(e + t)) / mass
    new_mu, new_s = [0.0, 0.0], [0.0, 0.0]
    for i, sign in ((winner, 1), (loser, -1)):
        new_mu[i] = mu[i] + sign * grown[i] / c * v
        new_s[i] = math.sqrt(grown[i] * (1 - grown[i] / c**2 * w))
    return np.array(new_mu), np.array(new_s)
