"""A right answer in plain loops."""

import numpy as np


def exit_shares(q):
    shares, left = [], 1.0
    for probability in q:
        shares.append(left * probability)
        left = left - shares[-1]
    total = sum(shares)
    return np.array([share / total for share in shares])


def solve_q(added, budget):
    costs, paid = [], 0.0
    for cost in added:
        paid = paid + cost
        costs.append(paid)
    if budget <= costs[0] or budget >= sum(costs) / len(costs):
        raise ValueError("no such q")
    low, high = 0.0, 1.0
    while high - low > 1e-12:
        q = (low + high) / 2
        weight, weights, spent = 1.0, 0.0, 0.0
        for cost in costs:
            weights += weight
            spent += weight * cost
            weight *= 1 - q
        if spent / weights < budget:
            high = q
        else:
            low = q
    return (low + high) / 2


def find_thresholds(uncertainty, shares):
    exits, n = uncertainty.shape
    left = list(range(n))
    thresholds = []
    for k in range(exits - 1):
        ranked = sorted(uncertainty[k, i] for i in left)
        m = int(n * shares[k] + 1e-9)
        if m > len(ranked):
            m = len(ranked)
        if m == 0:
            thresholds.append(-np.inf)
            continue
        thresholds.append(ranked[m - 1])
        left = [i for i in left if uncertainty[k, i] > thresholds[k]]
    return np.array([*thresholds, np.inf])


def dynamic_predict(probabilities, thresholds):
    count, n, _ = probabilities.shape
    labels, exits = [], []
    for i in range(n):
        for k in range(count):
            ordered = sorted(probabilities[k, i])
            if k == count - 1 or ordered[-1] - ordered[-2] >= thresholds[k]:
                labels.append(int(np.argmax(probabilities[k, i])))
                exits.append(k)
                break
    return np.array(labels), np.array(exits)


def new_cells(layer, cached, n_scales):
    result = np.zeros((layer + 1, n_scales), bool)
    for at in range(layer + 1):
        for scale in range(n_scales):
            back = n_scales - 1 - scale
            wanted = at == 0 or at + back <= layer
            there = cached > 0 and (at == 0 or at + back <= cached)
            result[at, scale] = wanted and not there
    return result
