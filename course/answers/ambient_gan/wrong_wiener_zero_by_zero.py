"""Divides zero by zero."""

# loses: wiener

import numpy as np


def wiener(y, kernel, signal, noise):
    factor = np.fft.fft2(kernel)
    below = np.abs(factor) ** 2 * signal + noise
    return np.fft.ifft2(np.conj(factor) * signal / below * np.fft.fft2(y)).real
