"""Takes means in the place of quantiles."""

# loses: report

import numpy as np
from scipy.stats import chi2


def report(p, causal, threshold, u):
    acts = np.zeros(len(p), bool)
    acts[causal] = True
    selected = p < threshold
    precision = np.mean(acts[selected]) if selected.any() else 0.0
    inflation = chi2.isf(p[~acts], 1).mean() / 0.4549
    return precision, inflation
