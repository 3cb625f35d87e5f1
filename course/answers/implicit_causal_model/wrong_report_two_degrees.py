"""Takes two degrees of freedom."""

# loses: report

import numpy as np
from scipy.stats import chi2


def report(p, causal, threshold, u):
    acts = np.zeros(len(p), bool)
    acts[causal] = True
    selected = p < threshold
    precision = np.mean(acts[selected]) if selected.any() else 0.0
    inflation = np.quantile(chi2.isf(p[~acts], 2), u) / chi2.ppf(u, 2)
    return precision, inflation
