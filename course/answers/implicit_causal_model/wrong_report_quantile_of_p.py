"""Takes quantiles of p-values and divides them."""

# loses: report

import numpy as np


def report(p, causal, threshold, u):
    acts = np.zeros(len(p), bool)
    acts[causal] = True
    selected = p < threshold
    precision = np.mean(acts[selected]) if selected.any() else 0.0
    inflation = u / np.quantile(p[~acts], u)
    return precision, inflation
