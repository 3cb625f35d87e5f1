"""A right answer in NumPy, vectorised."""

import numpy as np

WRITTEN = r"""
1. The gradient is divided by the power of two of its own greatest size, so a factor in
   front of the errors cancels. The few large errors carry the direction: the cosine
   with the true errors is near 1, although most of them are 0.
2. $|g_s|$ is at most $\sqrt 2/4$, below one half: no weight ever moves. A coin has the
   right mean, and its noise averages out over updates.
3. The small rate by itself. Run 8 bits with the rate of 2 bits, and 2 bits with the rate
   of 8 bits.
"""


def quantize(x, k):
    size = 2.0 ** (1 - k)
    rounded = np.copysign(np.floor(np.abs(x) / size + 0.5), x) * size
    return np.clip(rounded, size - 1, 1 - size)


def quantize_error(e, k):
    size = 2.0 ** (1 - k)
    largest = np.abs(e).max()
    if largest == 0:
        return np.zeros_like(e)
    power = 2.0 ** (np.floor(np.log2(largest)) + 1)
    return np.clip(np.rint(e / power / size) * size, size - 1, 1 - size)


def start(n_in, k, p):
    usual, least = (6 / n_in) ** 0.5, 2.0**-k / p
    exponent = max(round(np.log2(least / usual)), 0)
    return max(usual, least), 2.0**exponent


def gradient_step(g, eta, k, u):
    part, exponent = np.frexp(np.abs(g).max())
    exponent = exponent - 1 if part < np.sqrt(0.5) else exponent
    chance = np.ldexp(eta * np.abs(g), -exponent)
    return np.where(u < chance, np.sign(g), 0.0) * 2.0 ** (1 - k)


def integer_layer(A, B, n):
    sums = np.einsum("bi,iu->bu", A.astype(np.int64), B.astype(np.int64))
    if n:
        sums = (sums + (1 << (n - 1))) >> n
    return np.minimum(np.maximum(sums, 0), 127)
