r"""Cases on a line where couplings, penalties and divergences are known.

The main case: data $N(0, a^2)$, a decoder $G(z) = g z$, the prior $N(0, 1)$. The best
coupling of two centred Gaussians is the increasing linear map, so
$W_2^2(P_X, P_G) = (a - g)^2$, and the best encoder is $z = x / a$. By closed forms and
by quadrature; NumPy and SciPy, float64, nats.
"""

import dataclasses
import math

import numpy as np
from scipy import integrate, optimize, stats


@dataclasses.dataclass(frozen=True)
class GaussianCase:
    """Data N(0, data_scale^2) and a decoder G(z) = slope z.

    Attributes:
        data_scale: $a$.
        slope: $g$.
    """

    data_scale: float = 2.0
    slope: float = 1.5

    def wasserstein(self):
        r"""$W_2^2(P_X, P_G) = (a - g)^2$."""
        return (self.data_scale - self.slope) ** 2

    def cost(self, rho):
        r"""$E|x - g z|^2$ for the encoder $N(\rho x / a, 1 - \rho^2)$.

        Code and data are jointly Gaussian with correlation $\rho$, and $Q_Z = P_Z$
        for every $\rho$: $a^2 + g^2 - 2 a g \rho$.
        """
        a, g = self.data_scale, self.slope
        return a**2 + g**2 - 2.0 * a * g * np.asarray(rho)

    def mean_kl(self, rho):
        r"""$E_x KL(Q(z|x) \| P_Z)$ of that encoder: $-\frac12 \log(1 - \rho^2)$."""
        with np.errstate(divide="ignore"):
            return -0.5 * np.log1p(-np.square(rho))

    def encoder_cost(self, b):
        r"""$E|x - g b x|^2$ of the deterministic encoder $z = b x$."""
        return self.data_scale**2 * (1.0 - self.slope * b) ** 2

    def encoder_kl(self, b):
        r"""$KL(Q_Z \| P_Z)$ of the encoder $z = b x$: codes are $N(0, a^2 b^2)$."""
        variance = np.square(self.data_scale * b)
        return 0.5 * (variance - 1.0 - np.log(variance))

    def penalised(self, weight):
        """The relaxed problem over encoders z = b x with the KL as penalty.

        Args:
            weight: $\\lambda$.

        Returns:
            (least value of cost + weight * KL, the b that attains it).
        """
        free, tight = 1.0 / self.slope, 1.0 / self.data_scale
        answer = optimize.minimize_scalar(
            lambda b: self.encoder_cost(b) + weight * self.encoder_kl(b),
            bounds=(min(free, tight) / 2, 2 * max(free, tight)),
            method="bounded",
            options={"xatol": 1e-12},
        )
        return float(answer.fun), float(answer.x)

    def noisy_decoder(self, variance):
        """A decoder that adds noise: the true distance and the bound on it.

        Args:
            variance: $v$ of the decoder's Gaussian noise.

        Returns:
            ($W_2^2$ between data and what the noisy decoder generates, the bound
            $\\inf E|X - G(Z)|^2 + v$ that training minimises).
        """
        true = (self.data_scale - np.sqrt(self.slope**2 + variance)) ** 2
        return float(true), self.wasserstein() + variance


def rbf_mmd(shift, dim, variance=1.0):
    r"""$MMD^2$ of $N(\mu, I)$ and $N(0, I)$ under the Gaussian kernel.

    Differences of draws are $N(0, 2 I)$ or $N(\mu, 2 I)$, and
    $E e^{-|u|^2 / 2\sigma^2}$ of $u \sim N(\mu, 2 I)$ is
    $(\frac{\sigma^2}{\sigma^2 + 2})^{d/2} e^{-|\mu|^2 / 2(\sigma^2 + 2)}$.

    Args:
        shift: $|\mu|$.
        dim: $d$.
        variance: $\sigma^2$ of the kernel.
    """
    same = (variance / (variance + 2.0)) ** (dim / 2)
    return 2.0 * same * (1.0 - np.exp(-(shift**2) / (2.0 * (variance + 2.0))))


def imq_expectation(constant, variance, dim):
    r"""$E\, C / (C + |u|^2)$ for $u \sim N(0, v I)$, by quadrature over $|u|^2 / v$.

    Args:
        constant: $C$.
        variance: $v$.
        dim: $d$.
    """
    if variance == 0:
        return 1.0

    log_factor = -0.5 * dim * math.log(2.0) - math.lgamma(0.5 * dim)

    def integrand(r):  # times the chi-square density
        density = math.exp(log_factor + (0.5 * dim - 1.0) * math.log(r) - 0.5 * r)
        return constant / (constant + variance * r) * density

    return integrate.quad(integrand, 0, np.inf, epsabs=1e-12, limit=200)[0]


def imq_mmd(code_scale, dim, constants):
    """MMD^2 of N(0, code_scale^2 I) and N(0, I) under a sum of IMQ kernels.

    Args:
        code_scale: standard deviation of the codes; 0 puts them all at the origin.
        dim: $d$.
        constants: $C$ of each kernel.
    """
    t = code_scale**2
    parts = ((2.0, 1.0), (2.0 * t, 1.0), (1.0 + t, -2.0))
    return sum(w * imq_expectation(c, v, dim) for c in constants for v, w in parts)


def jensen_shannon(shift):
    r"""$JS$ of $N(0, 1)$ and $N(m, 1)$ in nats, by quadrature."""

    def integrand(x):
        log_p, log_q = stats.norm.logpdf(x), stats.norm.logpdf(x, shift)
        middle = np.logaddexp(log_p, log_q) - np.log(2.0)
        each = np.exp(log_p) * (log_p - middle) + np.exp(log_q) * (log_q - middle)
        return 0.5 * each

    return integrate.quad(integrand, -12, 12 + shift, epsabs=1e-12)[0]
