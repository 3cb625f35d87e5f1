"""Takes what an exit adds for what it costs in all."""

# loses: solve_q

import numpy as np


def solve_q(added, budget):
    costs = np.asarray(added)
    if budget < costs.min():
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
    return float(low)
