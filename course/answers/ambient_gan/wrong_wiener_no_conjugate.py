"""Forgets to conjugate: right for symmetric kernels only."""

# loses: wiener

import numpy as np


def wiener(y, kernel, signal, noise):
    factor = np.fft.fft2(kernel)
    below = np.abs(factor) ** 2 * signal + noise
    gain = np.divide(factor * signal, below, out=np.zeros_like(factor), where=below > 0)
    return np.fft.ifft2(gain * np.fft.fft2(y)).real
