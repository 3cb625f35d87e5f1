"""Gives the signed statistic and forgets the root."""

# loses: gcat_root

import numpy as np


def gcat_root(x, y, H):
    x, y = np.asarray(x, float), np.asarray(y, float)
    trials = 2

    def fit(design):
        def log_lik(b):
            logits = np.clip(design @ b, -15, 15)
            return np.sum(x * logits - trials * np.logaddexp(0, logits))

        b = np.zeros(design.shape[1])
        for _ in range(60):
            p = 1 / (1 + np.exp(-np.clip(design @ b, -15, 15)))
            bend = design.T @ (design * (trials * p * (1 - p))[:, None])
            bend = bend + 1e-8 * np.eye(len(b))
            step = np.clip(np.linalg.solve(bend, design.T @ (x - trials * p)), -5, 5)
            while log_lik(b + step) < log_lik(b) and np.abs(step).max() > 1e-10:
                step = step / 2
            b = b + step
        return log_lik(b), b

    y = y - y.mean()
    rest = y - H @ np.linalg.lstsq(H, y, rcond=None)[0]
    if np.ptp(x) == 0 or np.linalg.norm(rest) <= 1e-8 * np.linalg.norm(y):
        return 0.0
    without, _ = fit(H)
    with_trait, b = fit(np.column_stack([H, rest / rest.std()]))
    return float(np.sign(b[-1]) * max(2 * (with_trait - without), 0))
