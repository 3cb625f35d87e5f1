r"""Likelihood-free inference where everything is Gaussian, so that all is known.

The toy: $z \sim N(0, 1)$ and $y = z + e$, $e \sim N(0, 1)$, so $y \sim N(0, 2)$ and the
posterior is $N(y/2, 1/2)$. The family is $q(z \mid y) = N(a y, s^2)$.
"""

import numpy as np
from scipy import stats


def ratio_of_gaussians(y, p, q):
    """Log p(y) - log q(y) of two normal distributions.

    Args:
        y: values.
        p, q: pairs of mean and deviation.
    """
    return stats.norm.logpdf(y, *p) - stats.norm.logpdf(y, *q)


def least_ratio_loss(p, q):
    r"""$2 \log 2 - 2\,\mathrm{JSD}$ of two normal distributions, by quadrature.

    Args:
        p, q: pairs of mean and deviation.
    """
    y = np.linspace(-30, 30, 60_001)
    one, other = stats.norm.pdf(y, *p), stats.norm.pdf(y, *q)
    r = ratio_of_gaussians(y, p, q)
    loss = one * np.logaddexp(0, -r) + other * np.logaddexp(0, r)
    return float(np.sum(loss) * (y[1] - y[0]))


def best_posterior(b, v):
    r"""The (a, s²) that maximise $E_q\, r - \mathrm{KL}$ for a given ratio.

    $r = \log N(y; z, 1) - \log N(y; b z, v)$. With b = 0 and v = 2 the ratio compares
    with the marginal of y, and this is the bound.

    Args:
        b, v: slope and variance of the law that r compares with.
    """
    curvature = 2 - b**2 / v
    return (1 - b / v) / curvature, 1 / curvature


def law_given_z(a, variance):
    """Slope and variance of y given z, where y ~ N(0, 2) and z ~ N(a y, variance)."""
    total = 2 * a**2 + variance
    return 2 * a / total, 2 - 4 * a**2 / total


def settled(paired, rounds=400, step=0.1):
    """Where the loop of ratio and posterior settles, (a, s²).

    Args:
        paired: whether r compares simulated y with the y that z was inferred from;
            else with the y of somebody else.
        rounds: of the loop.
        step: how far q moves towards its best in each.
    """
    a, variance = 0.2, 0.8
    for _ in range(rounds):
        b, v = law_given_z(a, variance) if paired else (0.0, 2.0)
        best = best_posterior(b, v)
        a, variance = a + step * (best[0] - a), variance + step * (best[1] - variance)
    return a, variance


def bound(a, variance):
    """The evidence lower bound of one observation on average, in nats."""
    fit = -0.5 * np.log(2 * np.pi) - 0.5 * (2 * (1 - a) ** 2 + variance)
    kl = 0.5 * (variance + 2 * a**2 - 1 - np.log(variance))
    return fit - kl
