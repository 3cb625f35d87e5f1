"""Divides 0 by 0 where nothing is selected."""

# loses: report

import numpy as np
from scipy.stats import chi2


def report(p, causal, threshold, u):
    np.seterr(all="ignore")
    acts = np.zeros(len(p), bool)
    acts[causal] = True
    selected = p < threshold
    precision = np.sum(acts & selected) / np.float64(selected.sum())
    inflation = np.quantile(chi2.isf(p[~acts], 1), u) / chi2.ppf(u, 1)
    return precision, inflation
