r"""Convolution with noise in the Fourier domain: theorem 5.3, and Wiener's filter.

Images have shape (..., height, width) here, without channels; convolution is circular
unless said otherwise. NumPy throughout. Theorem numbers are those of Bora, Price &
Dimakis 2018, *AmbientGAN*.
"""

import numpy as np

from lessons.toolkit.errors import UserError


def gaussian_kernel(sigma=1.0, size=5):
    r"""A square kernel $\propto e^{-(i^2 + j^2) / 2\sigma^2}$ that sums to 1.

    Args:
        sigma: standard deviation in pixels.
        size: side, odd.
    """
    if sigma <= 0 or size < 1 or size % 2 == 0:
        raise UserError(
            "a kernel needs sigma above 0 and an odd size, "
            f"got sigma={sigma!r}, size={size!r}."
        )
    taps = np.exp(-0.5 * (np.arange(size) - size // 2) ** 2 / sigma**2)
    taps = taps / taps.sum()
    return np.outer(taps, taps)


def response(kernel, height, width):
    r"""The transform $K(f)$ of a centred kernel on a grid, (height, width), complex.

    A kernel larger than the grid wraps around.

    Args:
        kernel: array (rows, columns); its middle is the pixel that it is centred on.
        height: rows of the grid.
        width: columns of the grid.
    """
    kernel = np.asarray(kernel, np.float64)
    grid = np.zeros((height, width))
    for (i, j), value in np.ndenumerate(kernel):
        row, column = i - kernel.shape[0] // 2, j - kernel.shape[1] // 2
        grid[row % height, column % width] += value
    return np.fft.fft2(grid)


def convolve(images, kernel):
    """Circular convolution of images with a centred kernel, float64.

    Args:
        images: array (..., height, width).
        kernel: array (rows, columns).
    """
    factor = response(kernel, *np.shape(images)[-2:])
    return np.fft.ifft2(np.fft.fft2(images) * factor).real


def wiener_gain(factor, ratio):
    r"""Wiener's filter $\bar K / (|K|^2 + NSR)$, same shape as `factor`.

    Args:
        factor: $K(f)$.
        ratio: NSR, power of the noise over power of the signal; 0 inverts.
    """
    return np.conj(factor) / (np.abs(factor) ** 2 + ratio)


def wiener(images, kernel, ratio):
    """The linear estimate of the images before they were convolved.

    Args:
        images: measurements, shape (..., height, width).
        kernel: centred kernel.
        ratio: power of the noise over power of the signal.
    """
    gain = wiener_gain(response(kernel, *np.shape(images)[-2:]), ratio)
    return np.fft.ifft2(np.fft.fft2(images) * gain).real


def characteristic(samples, frequencies):
    r"""Empirical characteristic function $\frac1N \sum_j e^{i \langle t, x_j \rangle}$.

    Args:
        samples: shape (count, n).
        frequencies: $t$, shape (m, n).

    Returns:
        Complex numbers, shape (m,).
    """
    return np.exp(1j * np.asarray(samples) @ np.asarray(frequencies).T).mean(axis=0)


def unblurred_characteristic(measured, frequencies, noise):
    r"""$\phi_x(K^\top t) = \phi_y(t) / \phi_\epsilon(t)$, the noise being Gaussian.

    Theorem 5.3 in one line: $\phi_\epsilon(t) = e^{-s^2 |t|^2 / 2}$ vanishes nowhere,
    so it can be divided out; and if $K$ is invertible, $K^\top t$ reaches every
    frequency.

    Args:
        measured: samples of y, shape (count, n).
        frequencies: $t$, shape (m, n).
        noise: $s$.
    """
    square = np.sum(np.square(frequencies), axis=1)
    return characteristic(measured, frequencies) / np.exp(-0.5 * noise**2 * square)
