"""A right answer with SciPy's special functions."""

import numpy as np
from scipy import special

WRITTEN = r"""
1. No. The KL of the class, $\log K - H(\pi)$, is not counted, and the decoder sees the
   mean label: the cost of the mean is less than the mean of the costs (Jensen).
2. It repairs the first point only. The sum has to stand outside the decoder. The new
   term is least for uniform $\pi$, and so is the Jensen gap's gain: doubt is rewarded.
3. Compute $U(x)$ with one-hot labels for both on held-out images, or compare accuracy.
"""


def labelled_bound(log_px, kl_z, prior, labels):
    return kl_z - np.mean(log_px, axis=0) - np.log(prior[labels])


def unlabelled_bound(bounds, probs):
    cost = np.where(probs == 0, 0.0, bounds)
    return np.sum(probs * cost - special.entr(probs), axis=1)


def clamp_labels(y, probs):
    classes = np.arange(probs.shape[1])
    rows = np.array(probs)
    out = y <= -2
    rows[out] *= classes != -2 - y[out, None]
    rows[out] /= rows[out].sum(axis=1, keepdims=True)
    rows[y >= 0] = classes == y[y >= 0, None]
    return rows


def semi_supervised_cost(nll, kl, logits, y, weight):
    known = np.flatnonzero(y >= 0)
    entropies = special.logsumexp(logits[known], axis=1) - logits[known, y[known]]
    return np.mean(nll + kl) + weight * entropies.sum() / max(1, len(known))


def jensen_gap(V, probs, v):
    lengths = (V**2 / v).sum(axis=1)
    mixed = probs @ V
    return 0.5 * (probs @ lengths - (mixed**2 / v).sum(axis=1))
