"""Regresses the trait on the SNP and gives t."""

# loses: gcat_root

import numpy as np


def gcat_root(x, y, H):
    design = np.column_stack([H, x])
    if np.ptp(x) == 0 or np.allclose(y, H @ np.linalg.lstsq(H, y, rcond=None)[0]):
        return 0.0
    b, rest, rank, _ = np.linalg.lstsq(design, y, rcond=None)
    left = y - design @ b
    variance = left @ left / (len(y) - rank)
    inverse = np.linalg.pinv(design.T @ design)
    return float(b[-1] / np.sqrt(max(variance * inverse[-1, -1], 1e-300)))
