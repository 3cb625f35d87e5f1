"""Returns the probability of going on, 1 - q."""

# loses: solve_q

import numpy as np


def solve_q(added, budget):
    costs = np.cumsum(added)
    if not costs[0] < budget < costs.mean():
        raise ValueError("no such q")
    places = np.arange(len(costs))
    low, high = 0.0, 1.0
    for _ in range(100):
        q = (low + high) / 2
        shares = (1 - q) ** places
        if shares @ costs / shares.sum() > budget:
            low = q
        else:
            high = q
    return float(1 - low)
