"""A right answer in loops, with an assembled program."""

import math

import numpy as np
from scipy.optimize import linprog


def squared(u, v):
    return math.fsum((float(s) - float(t)) ** 2 for s, t in zip(u, v, strict=True))


def imq_kernel(x, y, scales):
    result = np.empty((len(x), len(y)))
    for i, u in enumerate(x):
        for j, v in enumerate(y):
            r = squared(u, v)
            result[i, j] = math.fsum(c / (c + r) for c in scales) / len(scales)
    return result


def mmd_u(x, y, kernel):
    total = -2 * kernel(x, y).mean()
    for sample in (x, y):
        table, size = kernel(sample, sample), len(sample)
        pairs = [table[i, j] for i in range(size) for j in range(size) if i != j]
        total += sum(pairs) / len(pairs)
    return total


def ot_lp(a, b, C):
    # A target for what stays empty: an extra source of zero cost makes both totals equal.
    n, m = C.shape
    spare = max(b.sum() - a.sum(), 0.0)
    costs = np.vstack([C, np.zeros((1, m))])
    masses = np.append(a, spare)
    conditions, targets = [], []
    for i in range(n + 1):
        row = np.zeros((n + 1, m))
        row[i] = 1
        conditions.append(row.ravel())
        targets.append(masses[i])
    for j in range(m):
        column = np.zeros((n + 1, m))
        column[:, j] = 1
        conditions.append(column.ravel())
        targets.append(b[j])
    answer = linprog(costs.ravel(), A_eq=np.array(conditions), b_eq=np.array(targets))
    plan = answer.x.reshape(n + 1, m)[:n]
    return np.sum(plan * C), plan


def wae_mmd_loss(x, y, q, z, lam):
    scale = 2.0 * q.shape[1]

    def k(u, v):
        return scale / (scale + squared(u, v))

    def within(points):
        size = len(points)
        pairs = [k(points[i], points[j]) for i in range(size) for j in range(i)]
        return sum(pairs) / len(pairs)

    between = sum(k(u, v) for u in z for v in q) / (len(z) * len(q))
    costs = sum(np.sum(error**2) for error in x - y)
    return costs / len(x) + lam * (within(z) + within(q) - 2 * between)


def gan_losses(logit_p, logit_q):
    def softplus(t):
        return max(t, 0.0) + math.log1p(math.exp(-abs(t)))

    first = sum(softplus(-t) for t in logit_p) / len(logit_p)
    second = sum(softplus(t) for t in logit_q) / len(logit_q)
    return first + second, sum(softplus(-t) for t in logit_q) / len(logit_q)
