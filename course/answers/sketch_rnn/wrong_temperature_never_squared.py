"""Ignores `squared`."""

# loses: at_temperature

import numpy as np


def at_temperature(pen_logits, weight_logits, scales, tau_pen, tau, squared):
    def softened(logits, t):
        if t == 0:
            return np.eye(len(logits))[np.argmax(logits)]
        p = np.exp((logits - np.max(logits)) / t)
        return p / p.sum()

    factor = np.sqrt(tau)
    return softened(pen_logits, tau_pen), softened(weight_logits, tau), scales * factor
