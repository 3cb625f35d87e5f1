"""Leaves the root of 1 - ρ² out of the density."""

# loses: reconstruction

import numpy as np


def reconstruction(numbers, rows, M, mask_pen):
    from scipy.special import log_softmax, logsumexp

    log_q = log_softmax(numbers[..., :3], axis=-1)
    blocks = [numbers[..., 3 + k * M : 3 + (k + 1) * M] for k in range(6)]
    log_weights = log_softmax(blocks[0], axis=-1)
    rho = 0.95 * np.tanh(blocks[5])
    free = 1 - rho**2
    a = (rows[..., 0:1] - blocks[1]) * np.exp(-blocks[3])
    b = (rows[..., 1:2] - blocks[2]) * np.exp(-blocks[4])
    log_n = -(a**2 + b**2 - 2 * rho * a * b) / (2 * free) - np.log(2 * np.pi)
    log_n = log_n - blocks[3] - blocks[4]
    log_density = logsumexp(log_weights + log_n, axis=-1)
    real = 1 - rows[..., 4]
    pen = np.sum(rows[..., 2:] * log_q, axis=-1)
    if mask_pen:
        pen = pen * real
    return -np.mean(real * log_density + pen, axis=-1)
