"""Takes the mean over steps."""

# loses: draw_kl

import numpy as np


def draw_kl(mus, sigmas, s):
    s = s[:, None, None]
    terms = np.log(s / sigmas) + (sigmas**2 + mus**2) / (2 * s**2) - 0.5
    return terms.mean(axis=0).sum(axis=1)
