"""A right answer in plain loops, and gates by a search for a fixed point."""

import math

import numpy as np


def cascade_log_probs(b):
    rows = []
    for logits in b:
        row, left = [], 0.0
        for logit in logits:
            small = math.log1p(math.exp(-abs(logit)))
            row.append(left - (max(logit, 0) + small))
            left = left - (max(-logit, 0) + small)
        row.append(left)
        rows.append(row)
    return np.array(rows)


def mixture_nll(log_g, log_p, y, has):
    losses = []
    for i in range(len(y)):
        terms, waiting = [], []
        for layer in range(len(has)):
            waiting.append(log_g[i, layer])
            if has[layer]:
                terms += [one + log_p[i, layer, y[i]] for one in waiting]
                waiting = []
        greatest = max(terms)
        losses.append(-greatest - math.log(sum(math.exp(t - greatest) for t in terms)))
    return np.array(losses)


def prior_gates(p, alpha):
    from scipy.optimize import fixed_point

    result = []
    for row in p:

        def again(gates, row=row):
            return (gates * row / (gates @ row) + alpha) / (1 + sum(alpha))

        start = np.full(len(row), 1 / len(row))
        result.append(fixed_point(again, start, (), 1e-10, 9999, "iteration"))
    return np.array(result)


def early_exit(g, p, tau):
    classes, depths = [], []
    for i in range(len(g)):
        layer, sums, scores = 0, g[i, 0], g[i, 0] * p[i, 0]
        while sums < tau - 1e-9 and layer + 1 < g.shape[1]:
            layer += 1
            sums += g[i, layer]
            scores = scores + g[i, layer] * p[i, layer]
        classes.append(int(np.argmax(scores)))
        depths.append(layer + 1)
    return np.array(classes), np.array(depths)


def act_weights(h, lengths, epsilon):
    weights, costs = np.zeros(h.shape), []
    for i, length in enumerate(lengths):
        step, total = 0, 0.0
        while step < length - 1 and total + h[i, step] < 1 - epsilon:
            weights[i, step] = h[i, step]
            total += h[i, step]
            step += 1
        weights[i, step] = 1 - total
        costs.append(step + 2 - total)
    return weights, np.array(costs)
