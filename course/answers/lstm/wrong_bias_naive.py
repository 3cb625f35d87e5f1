"""Computes the right formula so that it loses its digits for long lags."""

# loses: forget_bias_for

import numpy as np


def forget_bias_for(T, share=0.5):
    q = share ** (1 / np.asarray(T, float))
    return np.log(q / (1 - q))
