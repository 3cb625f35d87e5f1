"""Compares two linear regressions of the trait by their likelihoods."""

# loses: gcat_root

import numpy as np


def gcat_root(x, y, H):
    def rest(design):
        left = y - design @ np.linalg.lstsq(design, y, rcond=None)[0]
        return left @ left

    low, high = rest(H), rest(np.column_stack([H, x]))
    if np.ptp(x) == 0 or low < 1e-12 * (y @ y):
        return 0.0
    sign = np.sign(np.linalg.lstsq(np.column_stack([H, x]), y, rcond=None)[0][-1])
    return float(sign * np.sqrt(max(len(y) * np.log(low / max(high, 1e-300)), 0)))
