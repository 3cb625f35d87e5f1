r"""What is known in closed form: moments of structure, confounding, precision.

Tran & Blei 2018, arXiv:1710.10742, and the population genetics it rests on. Pure NumPy;
the losses that models train with are in `theory`.
"""

import numpy as np
from scipy import special, stats

CHI2_MEDIAN = stats.chi2.median(1)  # 0.4549


def balding_nichols_moments(p, fst):
    """Mean and variance of a frequency, variance and heterozygosity of a genotype.

    The last is the share of people with one copy: drift into populations takes
    away heterozygotes (Wahlund's effect).

    Args:
        p: frequency of the ancestors.
        fst: F.
    """
    spread = p * (1 - p)
    return p, fst * spread, 2 * spread * (1 + fst), 2 * spread * (1 - fst)


def genotype_law(frequency):
    r"""Probabilities of 0, 1, 2 copies, $(1-\pi)^2, 2\pi(1-\pi), \pi^2$."""
    return np.array(
        [(1 - frequency) ** 2, 2 * frequency * (1 - frequency), frequency**2]
    )


def confounded_slope(frequencies, means):
    """Slope of the trait on a SNP without effect, populations of equal size.

    Args:
        frequencies: of the SNP in each population.
        means: of the trait in each population.
    """
    f, y = np.asarray(frequencies), np.asarray(means)
    within = np.mean(2 * f * (1 - f))
    covariance = np.mean(2 * f * y) - np.mean(2 * f) * np.mean(y)
    return covariance / (within + np.var(2 * f))


def precision(selected, causal):
    """Part of the selected SNPs that are causal; 0 where none is selected.

    Args:
        selected: truth values, shape (SNPs,).
        causal: truth values, shape (SNPs,).
    """
    count = int(np.sum(selected))
    return float(np.sum(selected & causal) / count) if count else 0.0


def genomic_inflation(p):
    r"""$\lambda_{GC}$: median $\chi^2_1$ of p-values over the median under the null.

    Args:
        p: p-values of SNPs without effect.
    """
    return float(np.median(stats.chi2.isf(p, 1)) / CHI2_MEDIAN)


def expected_precision(found, num_null, threshold):
    """Precision of a calibrated test that finds so many causal SNPs on average.

    Args:
        found: causal SNPs that are selected, on average.
        num_null: SNPs without effect.
        threshold: p below which a SNP is selected.
    """
    return found / (found + num_null * threshold)


def posterior_sd_known(num_snps, points=201):
    r"""Posterior deviation of a scalar $z \sim N(0, 1)$, with every $w_m$ known.

    $E_z (1 + M I(z))^{-1/2}$ with the information of one SNP
    $I(z) = E_w\, 2 w^2 \sigma(wz)(1 - \sigma(wz))$, $w \sim N(0, 1)$.

    Args:
        num_snps: M.
        points: of the quadrature.
    """
    nodes, weights = np.polynomial.hermite_e.hermegauss(points)
    weights = weights / weights.sum()
    s = special.expit(np.outer(nodes, nodes))  # (z, w)
    information = (2 * s * (1 - s)) @ (weights * nodes**2)
    return float(weights @ (1 + num_snps * information) ** -0.5)


def posterior_on_grid(x, w, grid):
    """Posterior of a scalar z on a grid, given SNPs with known w.

    Args:
        x: genotypes, shape (people, SNPs).
        w: shape (SNPs,).
        grid: values of z, evenly spaced.

    Returns:
        (mean, sd, low, high), each of shape (people,); the last two hold 90 %.
    """
    logits = np.outer(w, grid)
    log_lik = x @ logits - 2 * np.logaddexp(0, logits).sum(axis=0)
    log_post = log_lik - grid**2 / 2
    post = np.exp(log_post - log_post.max(axis=1, keepdims=True))
    post /= post.sum(axis=1, keepdims=True)
    mean = post @ grid
    sd = np.sqrt(np.maximum(post @ grid**2 - mean**2, 0))
    total = np.cumsum(post, axis=1)
    low = grid[np.argmax(total >= 0.05, axis=1)]
    return mean, sd, low, grid[np.argmax(total >= 0.95, axis=1)]
