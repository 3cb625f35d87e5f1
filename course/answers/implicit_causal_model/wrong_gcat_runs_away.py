"""Lets plain Newton steps run on where frequencies reach 0 or 1."""

# loses: gcat_root

import numpy as np


def gcat_root(x, y, H):
    def fit(design):
        b = np.zeros(design.shape[1])
        with np.errstate(all="ignore"):
            for _ in range(60):
                p = 1 / (1 + np.exp(-design @ b))
                bend = design.T @ (design * (2 * p * (1 - p))[:, None])
                try:
                    b = b + np.linalg.solve(bend, design.T @ (x - 2 * p))
                except np.linalg.LinAlgError:
                    return np.nan, b
            t = design @ b
            return np.sum(x * t - 2 * np.logaddexp(0, t)), b

    y = y - y.mean()
    rest = y - H @ np.linalg.lstsq(H, y, rcond=None)[0]
    if np.ptp(x) == 0 or np.linalg.norm(rest) <= 1e-8 * np.linalg.norm(y):
        return 0.0
    without, _ = fit(H)
    with_trait, b = fit(np.column_stack([H, rest / rest.std()]))
    return float(np.sign(b[-1]) * np.sqrt(max(2 * (with_trait - without), 0)))
