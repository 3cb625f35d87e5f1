"""Takes the average powers of signal and noise for those of each frequency."""

# loses: wiener
import numpy as np


def wiener(y, kernel, signal, noise):
    factor = np.fft.fft2(kernel)
    power, rough = np.mean(signal), np.mean(noise)
    below = np.abs(factor) ** 2 * power + rough
    gain = factor.conj() * power / np.where(below > 0, below, 1)
    return np.fft.ifft2(gain * np.fft.fft2(y)).real
