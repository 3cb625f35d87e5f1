"""Does not divide the shares by their sum."""

# loses: solve_q

import numpy as np


def solve_q(added, budget):
    costs = np.cumsum(added)
    if not costs[0] < budget < costs.mean():
        raise ValueError("no such q")
    places = np.arange(len(costs))
    grid = np.linspace(1e-6, 1 - 1e-6, 200_001)[:, None]
    spent = (grid * (1 - grid) ** places) @ costs
    return float(grid[np.abs(spent - budget).argmin(), 0])
