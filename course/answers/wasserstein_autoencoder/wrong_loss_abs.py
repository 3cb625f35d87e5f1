"""Takes the estimate's absolute value."""

# loses: wae_mmd_loss

import numpy as np
from scipy.spatial.distance import cdist, pdist


def wae_mmd_loss(x, y, q, z, lam):
    C = 2 * q.shape[1]
    within = sum(np.mean(C / (C + pdist(u, "sqeuclidean"))) for u in (q, z))
    estimate = within - 2 * np.mean(C / (C + cdist(q, z, "sqeuclidean")))
    return np.sum((x - y) ** 2) / len(x) + lam * abs(estimate)
