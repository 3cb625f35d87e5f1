r"""The baseline *unmeasure*: estimate each image from its measurement, train on it.

NumPy and SciPy; images have shape (batch, height, width, channels).
"""

import numpy as np
from scipy import ndimage

from lessons.adversarial.ambient_gan import theory_fourier
from lessons.adversarial.ambient_gan.config import ESTIMATES
from lessons.toolkit.errors import UserError, unknown


def estimate(name, measurement, measured, theta, *, way="auto", blur=0.7, low=0.0):
    r"""Estimates $h(y, \theta)$ of the images, clipped to their range.

    Args:
        name: of the measurement model, as in the configuration.
        measurement: the `Measurement`.
        measured, theta: what it gave.
        way: one of `ESTIMATES[name]`, or "auto" for the first.
        blur: standard deviation of the blur, in pixels.
        low: smallest value of a pixel; the largest is 1.

    Raises:
        UserError: there is no such estimate of this measurement.
    """
    allowed = ESTIMATES.get(name, ())
    if not allowed:
        raise UserError(
            f"nobody knows how to estimate an image from one {name!r} measurement. "
            f"Allowed with variants=unmeasure: measurement={', '.join(ESTIMATES)}."
        )
    if way not in ("auto", *allowed):
        raise unknown(f"estimate for {name!r}", way, allowed)
    way = allowed[0] if way == "auto" else way
    measured = np.asarray(measured, np.float64)
    if way == "blur":
        scale = 1.0 if measurement.rescale else 1.0 - measurement.p
        found = blurred(measured / scale, blur)
    elif way == "wiener":
        found = deblurred(measured, measurement.kernel, measurement.noise)
    else:
        is_patch = name == "block_patch"
        known = 1.0 - measurement.inside(theta) if is_patch else theta
        known = np.broadcast_to(np.asarray(known) > 0, measured.shape)
        fill = inpaint_harmonic if way == "harmonic" else inpaint_total_variation
        found = fill(measured, known)
    return np.clip(found, low, 1.0).astype(np.float32)


def blurred(images, sigma):
    """Images blurred by a Gaussian cut off at two pixels, zeros outside.

    Args:
        images: array (n, height, width, channels).
        sigma: deviation of the Gaussian, in pixels.
    """
    return ndimage.gaussian_filter(
        images, sigma, mode="constant", axes=(1, 2), radius=2
    )


def deblurred(measured, kernel, noise):
    """Wiener's estimate, with the power of the signal taken from the measurements.

    Args:
        measured: array (n, height, width, channels), blurred and noisy.
        kernel: the blur, array (size, size).
        noise: deviation of the noise, in units of the pixels.

    Returns:
        Array of the shape of `measured`.
    """
    power = max(np.mean(measured**2) - noise**2, 1e-6)
    margin = len(kernel) // 2
    around = ((0, 0), (margin, margin), (margin, margin), (0, 0))
    planes = np.moveaxis(np.pad(measured, around), -1, 1)
    found = theory_fourier.wiener(planes, kernel, noise**2 / power)
    return np.moveaxis(found, 1, -1)[:, margin:-margin, margin:-margin]


def _neighbours(images):
    """Values above, below, left and right; the border is repeated."""
    padded = np.pad(images, ((0, 0), (1, 1), (1, 1), (0, 0)), mode="edge")
    return np.stack(
        [
            padded[:, :-2, 1:-1],
            padded[:, 2:, 1:-1],
            padded[:, 1:-1, :-2],
            padded[:, 1:-1, 2:],
        ]
    )


def inpaint_harmonic(images, known, iterations=500):
    """Fill unknown pixels with the mean of their neighbours, again and again.

    It stands for the paper's Navier-Stokes inpainting: both carry the surroundings
    smoothly into the hole.

    Args:
        images: what is known; other values are ignored.
        known: truth values of the same shape.
        iterations: of Jacobi's method.
    """
    return _relax(images, known, iterations, lambda gap: np.ones_like(gap))


def inpaint_total_variation(images, known, iterations=500, smoothing=0.05):
    r"""Fill unknown pixels so that $\sum |x_i - x_j|$ over neighbours is least.

    Reweighted means: a neighbour counts $1 / \sqrt{(x_i - x_j)^2 + \eta^2}$, which
    keeps edges sharp where `inpaint_harmonic` blurs them.

    Args:
        images, known, iterations: as for `inpaint_harmonic`.
        smoothing: $\eta$.
    """

    def weights(gap):
        return 1.0 / np.sqrt(gap**2 + smoothing**2)

    return _relax(images, known, iterations, weights)


def _relax(images, known, iterations, weights):
    seen = known.sum(axis=(1, 2), keepdims=True)
    mean = np.where(known, images, 0).sum(axis=(1, 2), keepdims=True)
    filled = np.where(known, images, mean / np.maximum(seen, 1))
    for _ in range(iterations):
        around = _neighbours(filled)
        weight = weights(around - filled)
        update = (weight * around).sum(axis=0) / weight.sum(axis=0)
        filled = np.where(known, images, update)
    return filled
