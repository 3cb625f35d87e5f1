r"""What simple outputs lose: the reasons for latent variables, in closed form. NumPy.

The best Gaussian of a kind has the moments of the data that it can have, and what it
loses is a divergence, $KL = H(\text{best}) - H(\text{data})$ in nats (Chung et al.
2015, arXiv:1506.02216, section 2.2, argue this in words).
"""

import numpy as np


def unimodal_loss(noise, place=1.0):
    r"""What the best Gaussian loses on two peaks at $\pm$`place`, equally likely.

    $$KL = \tfrac12 \log\frac{m^2 + \sigma^2}{\sigma^2} - \log 2$$
    (up to the overlap of the peaks, $e^{-m^2 / 2\sigma^2}$).

    Args:
        noise: $\sigma$ of each peak, small against $m$.
        place: $m$.
    """
    return 0.5 * np.log((place**2 + noise**2) / noise**2) - np.log(2)


def diagonal_loss(covariance):
    r"""What the best diagonal Gaussian loses on a Gaussian with covariances.

    $$KL = \tfrac12 \left[\sum_d \log C_{dd} - \log\det C\right]$$

    Args:
        covariance: $C$, shape (dim, dim).
    """
    _, log_det = np.linalg.slogdet(covariance)
    return float(0.5 * (np.sum(np.log(np.diag(covariance))) - log_det))


def one_factor_loss(dim, noise_variance):
    r"""`diagonal_loss` of $C = 1 1^T + v I$, where all samples share one factor.

    $$\tfrac12 \left[d \log(1 + v) - (d - 1) \log v - \log(d + v)\right]$$

    A model with one latent number and a linear decoder loses nothing.

    Args:
        dim: $d$.
        noise_variance: $v$.
    """
    v = noise_variance
    return 0.5 * (dim * np.log(1 + v) - (dim - 1) * np.log(v) - np.log(dim + v))


def ring_divergence(amplitude, noise, dim):
    r"""What the Gaussian of a ring's covariance loses on the ring, about, in nats.

    A frame $a\sin(\omega n + \varphi) + $ noise of whole periods lies on a circle of
    radius $R = a\sqrt{D/2}$ in a plane, with noise $\sigma \ll R$ around it. Uniform on
    the circle, its entropy is $\log 2\pi R + \tfrac12 \log 2\pi e\sigma^2$ there;
    the Gaussian has variance $R^2/2 + \sigma^2$ along both axes:

    $$KL \approx \log\left(2\pi e (R^2/2 + \sigma^2)\right) - \log 2\pi R
    - \tfrac12 \log 2\pi e\sigma^2$$

    Args:
        amplitude: $a$.
        noise: $\sigma$.
        dim: $D$.
    """
    radius = amplitude * np.sqrt(dim / 2)
    gaussian = np.log(2 * np.pi * np.e * (radius**2 / 2 + noise**2))
    ring = np.log(2 * np.pi * radius) + 0.5 * np.log(2 * np.pi * np.e * noise**2)
    return gaussian - ring
