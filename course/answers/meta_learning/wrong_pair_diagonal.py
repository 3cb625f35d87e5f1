"""Keeps only the diagonal of the derivative of the step."""

# loses: pair_gradient

import itertools

import numpy as np


def pair_gradient(theta, alpha, first, second, num_pulls):
    arms = len(theta)
    p = softmax(theta)
    spread = np.diag(p * (1 - p))
    total = np.zeros(arms)
    for pulls in itertools.product(range(arms), repeat=num_pulls):
        pulls = np.array(pulls)
        scores = np.eye(arms)[pulls] - p
        phi = theta + alpha * np.mean(first[pulls][:, None] * scores, axis=0)
        step = np.eye(arms) - alpha * np.mean(first[pulls]) * spread
        q = softmax(phi)
        loss, slope = -q @ second, -q * (second - q @ second)
        total += np.prod(p[pulls]) * (step.T @ slope + loss * scores.sum(axis=0))
    return total


def softmax(logits):
    exps = np.exp(logits - logits.max())
    return exps / exps.sum()
