r"""Four classical tests of each SNP for association with a trait, in NumPy.

No correction, principal components (PCA), a linear mixed model (LMM), and the
genotype-conditional test on logistic factors (GCAT; Song, Hao & Storey 2015). Genotypes
$x$ have shape (people, SNPs) and hold 0, 1, 2; a trait $y$ has shape (people,). Every
test gives p-values of shape (SNPs,); a SNP that does not vary has p = 1.
"""

import typing

import numpy as np
from scipy import optimize, stats

CLIP = 12.0  # of logits: 2 x 12 is beyond what any sample can tell from 0 or 1
_ROUNDS = 25


class Tested(typing.NamedTuple):
    """A statistic and a p-value for each SNP."""

    statistic: np.ndarray
    p: np.ndarray


def basis(num_people, covariates=None):
    """Orthonormal columns that span 1 and the covariates, shape (people, rank).

    Args:
        num_people: how many.
        covariates: shape (people, columns) or None; they may be collinear.
    """
    columns = np.ones((num_people, 1))
    if covariates is not None:
        scaled = covariates - covariates.mean(axis=0)
        scaled = scaled / np.maximum(scaled.std(axis=0), 1e-12)
        columns = np.column_stack([columns, scaled])
    left, sizes, _ = np.linalg.svd(columns, full_matrices=False)
    return left[:, sizes > 1e-8 * sizes[0]]


def linear_tests(x, y, covariates=None):
    """Least squares of y on 1, covariates and one SNP: t of the SNP's slope.

    Trait and SNPs are made orthogonal to the covariates once; the slopes that remain
    are those of the full regressions (Frisch, Waugh and Lovell).

    Args:
        x, y: genotypes and trait.
        covariates: shape (people, columns), or None.

    Returns:
        A `Tested`; the statistic is t.
    """
    q = basis(len(y), covariates)
    x = np.asarray(x, np.float64)
    total = np.sum(np.square(x - x.mean(axis=0)), axis=0)
    x, y = x - q @ (q.T @ x), y - q @ (q.T @ y)
    return _t_tests(x, y, len(y) - q.shape[1] - 1, total)


def _t_tests(x, y, freedom, total):
    """T tests of slopes where both sides are orthogonal to everything else."""
    squares = np.sum(np.square(x), axis=0)
    varies = squares > 1e-9 * np.maximum(total, 1e-12)
    slope = np.where(varies, x.T @ y / np.where(varies, squares, 1), 0)
    rest = np.maximum(np.sum(np.square(y)) - slope**2 * squares, 1e-300)
    t = slope * np.sqrt(squares * freedom / rest)
    return Tested(t, np.where(varies, 2 * stats.t.sf(np.abs(t), freedom), 1.0))


def standardized(x):
    """Genotypes with mean 0 and variance 1; SNPs that do not vary are 0."""
    x = np.asarray(x, np.float64)
    deviation = x.std(axis=0)
    return (x - x.mean(axis=0)) / np.where(deviation > 0, deviation, 1)


def kinship(x):
    """Genomic relationship of all pairs, $Z Z^T / M$, shape (people, people)."""
    z = standardized(x)
    return z @ z.T / x.shape[1]


def principal_components(x, count):
    """Scores of the leading components of standardized genotypes, variance 1 each."""
    return np.sqrt(len(x)) * _leading(standardized(x), count)


def _leading(x, count):
    """The leading left singular vectors, from the matrix of people by people."""
    _, vectors = np.linalg.eigh(x @ x.T)
    return vectors[:, ::-1][:, :count]


class Mixed(typing.NamedTuple):
    """The mixed model without a SNP."""

    delta: float  # noise variance over genetic variance
    values: np.ndarray  # eigenvalues of the kinship
    vectors: np.ndarray


def fit_mixed(y, relationship):
    r"""Fit $y = \mu + u + e$ with $u \sim N(0, s^2 G)$, $e \sim N(0, \delta s^2 I)$.

    In the eigenvectors of G the covariance is diagonal, so a likelihood costs as much
    as a weighted mean. $\delta$ is sought on 40 values, then between the best's
    neighbours.

    Args:
        y: trait.
        relationship: G, shape (people, people).

    Returns:
        A `Mixed`.
    """
    values, vectors = np.linalg.eigh(relationship)
    values = np.maximum(values, 0)
    rotated, ones = vectors.T @ y, vectors.sum(axis=0)

    def loss(log_delta):
        return -mixed_log_lik(rotated, ones, values + np.exp(log_delta))

    grid = np.linspace(np.log(1e-3), np.log(1e3), 40)
    best = int(np.argmin([loss(one) for one in grid]))
    bounds = grid[max(best - 1, 0)], grid[min(best + 1, len(grid) - 1)]
    found = optimize.minimize_scalar(loss, bounds=bounds, method="bounded")
    return Mixed(float(np.exp(found.x)), values, vectors)


def mixed_log_lik(rotated, ones, variances):
    """Log-likelihood of rotated traits, mean and scale at their best, in nats.

    Args:
        rotated: $U^T y$, shape (people,).
        ones: $U^T 1$, shape (people,).
        variances: of the entries, up to a common factor.
    """
    mean = np.sum(ones * rotated / variances) / np.sum(ones**2 / variances)
    scale = np.mean((rotated - mean * ones) ** 2 / variances)
    count = len(rotated)
    return -0.5 * (count * (np.log(2 * np.pi * scale) + 1) + np.log(variances).sum())


def mixed_tests(x, y):
    r"""Mixed model: t of one SNP's slope with $\delta$ as fitted without a SNP.

    Args:
        x, y: genotypes and trait.

    Returns:
        A `Tested`; the statistic is t.
    """
    fitted = fit_mixed(y, kinship(x))
    weight = 1 / np.sqrt(fitted.values + fitted.delta)
    ones = weight * fitted.vectors.sum(axis=0)
    ones = ones / np.linalg.norm(ones)
    x, y = np.asarray(x, np.float64), weight * (fitted.vectors.T @ y)
    total = np.sum(np.square(x - x.mean(axis=0)), axis=0)
    x = weight[:, None] * (fitted.vectors.T @ x)
    x, y = x - np.outer(ones, ones @ x), y - ones * (ones @ y)
    return _t_tests(x, y, len(y) - 2, total * np.min(weight) ** 2)


def logistic_factors(x, count):
    """Factors H of logistic factor analysis, shape (people, count); the last is 1.

    The fit of rank count - 1 gives frequencies; SNPs for which one of them leaves
    (1 / (2 people), 1 - 1 / (2 people)) are put aside; the logits of the others,
    centred and scaled, are decomposed once more.

    Args:
        x: genotypes.
        count: factors, the constant included, at least 2.

    Returns:
        (factors, kept): the latter says which SNPs were used, shape (SNPs,).
    """
    x = np.asarray(x, np.float64)
    mean = x.mean(axis=0)
    left = _leading(x - mean, count - 1)
    frequencies = (mean + left @ (left.T @ (x - mean))) / 2
    least = 1 / (2 * len(x))
    kept = np.all((frequencies > least) & (frequencies < 1 - least), axis=0)
    inside = frequencies[:, kept]
    logits = np.log(inside) - np.log1p(-inside)
    factors = np.sqrt(len(x)) * _leading(standardized(logits), count - 1)
    return np.column_stack([factors, np.ones(len(x))]), kept


def logistic_fit(x, factors, start=None):
    """Binomial(2) regressions of every SNP on the same factors, all at once.

    Newton's method with clipped logits, a limited step, and for each SNP half the step
    where its likelihood would fall.

    Args:
        x: genotypes.
        factors: shape (people, d).
        start: first coefficients, shape (d, SNPs), or None for 0.

    Returns:
        (coefficients, log_lik): shapes (d, SNPs) and (SNPs,), the latter in nats and
        without log 2 for one copy.
    """
    x = np.asarray(x, np.float64)
    size = factors.shape[1]
    found = np.zeros((size, x.shape[1])) if start is None else start.copy()
    pairs = (factors[:, :, None] * factors[:, None, :]).reshape(len(x), -1)
    best, p = _fit_at(x, factors @ found)
    for _ in range(_ROUNDS):
        slope = factors.T @ (x - 2 * p)
        bend = ((2 * p * (1 - p)).T @ pairs).reshape(-1, size, size)
        bend = bend + 1e-9 * len(x) * np.eye(size)
        step = np.linalg.solve(bend, slope.T[:, :, None])[:, :, 0].T
        step = np.clip(step, -4, 4)
        now, p_now = _fit_at(x, factors @ (found + step))
        worse = now < best - 1e-9
        if np.any(worse):
            step[:, worse] /= 4
            now, p_now = _fit_at(x, factors @ (found + step))
            step[:, now < best] = 0
        found = found + step
        p = np.where(now < best, p, p_now)  # where the step was refused, as before
        gained, best = np.max(np.abs(now - best)), np.maximum(now, best)
        if gained < 1e-7:
            break
    return found, best


def _fit_at(x, logits):
    """Log-likelihoods of SNPs, and frequencies, with logits clipped."""
    logits = np.clip(logits, -CLIP, CLIP)
    odds = np.exp(logits)
    log_lik = np.einsum("nm,nm->m", x, logits) - 2 * np.log1p(odds).sum(axis=0)
    return log_lik, odds / (1 + odds)


def gcat_tests(x, y, factors):
    r"""GCAT: does the trait help to predict the SNP, beyond the factors?

    Twice the gain in log-likelihood of Binomial(2) regressions on [H, y] over those on
    H, against $\chi^2_1$. The trait is a predictor: nothing is assumed of its law.

    Args:
        x, y: genotypes and trait.
        factors: H, shape (people, d), with a constant.

    Returns:
        A `Tested`; the statistic is that of the likelihood ratio.
    """
    y = (y - y.mean()) / max(y.std(), 1e-300)
    start, without = logistic_fit(x, factors)
    both = np.column_stack([factors, y])
    start = np.vstack([start, np.zeros((1, x.shape[1]))])
    _, with_trait = logistic_fit(x, both, start)
    gain = np.maximum(2 * (with_trait - without), 0)
    return Tested(gain, stats.chi2.sf(gain, 1))


def score_tests(x, frequencies, residuals):
    r"""Do residuals of the trait go with residuals of the SNP?

    $T_m = \sum_n r_n (x_{nm} - 2 \pi_{nm})$ over the root of the sum of squared
    products, against N(0, 1). The squares make it valid where variances differ.

    Args:
        x: genotypes.
        frequencies: $\pi$, shape (people, SNPs), fitted without the trait.
        residuals: $r$, shape (people,), of the trait given the confounder.

    Returns:
        A `Tested`.
    """
    product = residuals[:, None] * (np.asarray(x, np.float64) - 2 * frequencies)
    size = np.sqrt(np.sum(product**2, axis=0))
    t = product.sum(axis=0) / np.maximum(size, 1e-300)
    return Tested(t, 2 * stats.norm.sf(np.abs(t)))
