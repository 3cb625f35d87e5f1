"""A right answer in NumPy, vectorised."""

import numpy as np

WRITTEN = r"""
1. The thresholds are ranks, so any numbers meet the shares, random ones too. Giving the same
   exits to other images keeps shares and cost; only if the accuracy falls then does the
   confidence know something.
2. Each image's exit would then depend on the other test images, and the cost is met by
   construction. I set thresholds on validation images and report the cost on test images.
3. A chain of one scale with the same rule, and exits or mixes of exits at the same cost.
   Leaving early may gain as much there; then it is the confidence and not the grid.
"""


def exit_shares(q):
    going_on = np.cumprod(np.append(1.0, 1 - q))
    return -np.diff(going_on) / (1 - going_on[-1])


def solve_q(added, budget):
    from scipy.optimize import brentq

    costs = np.cumsum(added)
    if budget <= costs[0] or budget >= costs.mean():
        raise ValueError("out of reach")

    def excess(q):
        shares = (1 - q) ** np.arange(len(costs))
        return shares @ costs / shares.sum() - budget

    return brentq(excess, 0.0, 1.0)


def find_thresholds(uncertainty, shares):
    exits, n = uncertainty.shape
    values = np.array(uncertainty, float)
    thresholds = np.full(exits, -np.inf)
    thresholds[-1] = np.inf
    for k in range(exits - 1):
        ranked = np.sort(values[k])
        m = min(int(n * shares[k] + 1e-9), np.isfinite(ranked).sum())
        if m > 0:
            thresholds[k] = ranked[m - 1]
            values[:, uncertainty[k] <= thresholds[k]] = np.inf
    return thresholds


def dynamic_predict(probabilities, thresholds):
    two = np.sort(probabilities)[:, :, -2:]
    passes = two[:, :, 1] - two[:, :, 0] >= np.reshape(thresholds, (-1, 1))
    passes[-1] = True
    exits = np.argmax(passes, axis=0)
    labels = np.argmax(probabilities, axis=2)
    return np.take_along_axis(labels, exits[None], axis=0)[0], exits


def new_cells(layer, cached, n_scales):
    def needed(last):
        rows, columns = np.indices((layer + 1, n_scales))
        found = rows + (n_scales - 1 - columns) <= last
        found[0] = True
        return found

    return needed(layer) & ~needed(cached) if cached else needed(layer)
