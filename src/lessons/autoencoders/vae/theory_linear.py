r"""The linear Gaussian model, where every quantity of the lesson has a closed form.

Probabilistic PCA (Tipping & Bishop 1999): $x = W z + b + \sqrt v\, \epsilon$. Its
evidence, posterior, best diagonal posterior and optimum are known exactly, which makes
it the independent route for what `theory` computes by sampling. NumPy, float64, nats.
"""

import dataclasses

import numpy as np
from scipy import integrate, optimize, stats

LOG_TWO_PI = np.log(2.0 * np.pi)


def _log_det(matrix):
    return np.linalg.slogdet(matrix)[1]


@dataclasses.dataclass(frozen=True)
class LinearGaussian:
    r"""$z \sim N(0, I)$, $x|z \sim N(W z + b, v I)$.

    Attributes:
        weights: $W$, shape (pixels, latent).
        bias: $b$, shape (pixels,).
        variance: $v$.
    """

    weights: np.ndarray
    bias: np.ndarray
    variance: float

    @property
    def precision(self):
        r"""Posterior precision $\Lambda = (W^T W + v I) / v$, (latent, latent)."""
        latent = self.weights.shape[1]
        return self.weights.T @ self.weights / self.variance + np.eye(latent)

    def log_marginal(self, x):
        r"""$\log p(x) = \log N(x; b, W W^T + v I)$, shape (batch,)."""
        pixels = len(self.bias)
        covariance = self.weights @ self.weights.T + self.variance * np.eye(pixels)
        offset = np.atleast_2d(x) - self.bias
        distance = np.sum(offset * np.linalg.solve(covariance, offset.T).T, axis=1)
        return -0.5 * (pixels * LOG_TWO_PI + _log_det(covariance) + distance)

    def posterior(self, x):
        """Mean (batch, latent) and covariance (latent, latent) of $p(z|x)$."""
        covariance = np.linalg.inv(self.precision)
        offset = np.atleast_2d(x) - self.bias
        return offset @ self.weights @ covariance / self.variance, covariance

    def best_diagonal(self, x):
        r"""Mean (batch, latent) and scale (latent,) of the best diagonal $q$.

        The mean is the posterior's; the variances are $1 / \Lambda_{ii}$, not the
        diagonal of the posterior covariance.
        """
        return self.posterior(x)[0], 1.0 / np.sqrt(np.diag(self.precision))

    def elbo(self, x, mean, covariance):
        """Exact ELBO for $q = N(mean, covariance)$, shape (batch,)."""
        x, mean = np.atleast_2d(x), np.atleast_2d(mean)
        pixels, latent = self.weights.shape
        error = x - self.bias - mean @ self.weights.T
        spread = np.trace(self.weights @ covariance @ self.weights.T)
        fit = -0.5 * (
            (np.sum(error**2, axis=1) + spread) / self.variance
            + pixels * (LOG_TWO_PI + np.log(self.variance))
        )
        kl = 0.5 * (np.trace(covariance) - latent - _log_det(covariance))
        return fit - kl - 0.5 * np.sum(mean**2, axis=1)

    def diagonal_gap(self):
        r"""$\log p(x)$ minus the best diagonal ELBO; the same for every $x$.

        $$\tfrac12 \Big(\sum_i \log \Lambda_{ii} - \log\det\Lambda\Big)$$
        """
        precision = self.precision
        return 0.5 * (np.sum(np.log(np.diag(precision))) - _log_det(precision))

    def log_joint(self, x, z):
        """$log p(x, z)$ for one x (pixels,) and samples z (samples, latent)."""
        error = x - self.bias - z @ self.weights.T
        fit = np.sum(error**2, axis=-1) / self.variance
        fit = fit + len(self.bias) * (LOG_TWO_PI + np.log(self.variance))
        prior = np.sum(z**2, axis=-1) + z.shape[-1] * LOG_TWO_PI
        return -0.5 * (fit + prior)


def chi_square(mean_p, covariance_p, mean_q, covariance_q):
    r"""$\chi^2(p \| q) = \int p^2 / q - 1$ of two Gaussians.

    It is the variance of the importance weight $p/q$ and sets the rate of the
    importance-weighted bound: $\log p(x) - L_K \approx \chi^2 / 2K$.

    Args:
        mean_p: array (dims,).
        covariance_p: array (dims, dims).
        mean_q: array (dims,).
        covariance_q: array (dims, dims).

    Returns:
        A float; infinity when $q$ is narrower than half the variance of $p$ in
        some direction.
    """
    precision_p, precision_q = np.linalg.inv(covariance_p), np.linalg.inv(covariance_q)
    precision = 2.0 * precision_p - precision_q
    if np.linalg.eigvalsh(precision).min() <= 0:
        return np.inf
    linear = 2.0 * precision_p @ mean_p - precision_q @ mean_q
    exponent = 0.5 * linear @ np.linalg.solve(precision, linear)
    exponent += 0.5 * mean_q @ precision_q @ mean_q - mean_p @ precision_p @ mean_p
    log_scale = _log_det(precision_p) - 0.5 * (
        _log_det(precision_q) + _log_det(precision)
    )
    return np.expm1(log_scale + exponent)


@dataclasses.dataclass(frozen=True)
class LinearOptimum:
    """The best linear VAE for a data covariance.

    Attributes:
        num_active: latents that carry information; the others collapse exactly.
        kl: average KL of each latent, shape (latent,), zero where collapsed.
        log_likelihood: average log p(x), nats.
    """

    num_active: int
    kl: np.ndarray
    log_likelihood: float


def linear_optimum(eigenvalues, variance, num_latents=None, beta=1.0):
    r"""Optimum of the linear (beta-)VAE for fixed likelihood variance.

    Directions whose data variance $\lambda_i$ exceeds $\beta v$ are used, with KL
    $\frac12 \log(\lambda_i / \beta v)$; the others collapse (Tipping & Bishop 1999;
    Lucas et al., arXiv:1911.02469).

    Args:
        eigenvalues: of the biased data covariance, any order, shape (pixels,).
        variance: $v$.
        num_latents: size of the code; None for as many as pixels.
        beta: weight of the KL term.
    """
    ordered = np.sort(np.asarray(eigenvalues, dtype=np.float64))[::-1]
    num_latents = len(ordered) if num_latents is None else num_latents
    kept = ordered[:num_latents]
    kl = 0.5 * np.log(np.maximum(kept / (beta * variance), 1.0))
    num_active = int(np.sum(kept > beta * variance))
    # The model's variance along each direction: what is kept, plus the noise v.
    model = np.full_like(ordered, variance)
    model[:num_active] = ordered[:num_active] - (beta - 1.0) * variance
    terms = LOG_TWO_PI + np.log(model) + ordered / model
    return LinearOptimum(num_active, kl, -0.5 * float(np.sum(terms)))


def fit_linear(x, variance, num_latents):
    """The maximum-likelihood `LinearGaussian` of data for fixed variance.

    Args:
        x: shape (batch, pixels).
        variance: $v$.
        num_latents: size of the code.
    """
    x = np.asarray(x, dtype=np.float64)
    bias = x.mean(axis=0)
    _, singular, directions = np.linalg.svd(x - bias, full_matrices=False)
    lengths = np.sqrt(np.maximum(singular**2 / len(x) - variance, 0.0))
    weights = (directions * lengths[:, None]).T[:, :num_latents]
    return LinearGaussian(weights, bias, variance)


def train_linear(covariance, variance, num_latents, rng):
    r"""Train a linear VAE on the exact cost, from random weights (L-BFGS).

    With encoder $N(A x, \mathrm{diag}(s^2))$ and decoder $W z$ the expectations over
    codes and data are known, and only the covariance $S$ of the data matters:
    $$C = \frac{\mathrm{tr}\big((I - W A) S (I - W A)^T\big)
      + \sum_j s_j^2 \|w_j\|^2}{2 v}
      + \tfrac12 \Big(\mathrm{tr}(A S A^T) + \sum_j (s_j^2 - 1 - 2 \log s_j)\Big).$$

    Args:
        covariance: $S$, biased, shape (pixels, pixels).
        variance: $v$.
        num_latents: size of the code.
        rng: NumPy generator of the first weights.

    Returns:
        $A$ (latent, pixels), $s$ (latent,), $W$ (pixels, latent).
    """
    pixels = len(covariance)
    sizes = np.cumsum([num_latents * pixels, num_latents])

    def parts(vector):
        encoder, log_scale, decoder = np.split(vector, sizes)
        shape = num_latents, pixels
        return encoder.reshape(shape), np.exp(log_scale), decoder.reshape(shape).T

    def cost_and_slope(vector):
        encoder, scale, decoder = parts(vector)
        projected, lengths = encoder @ covariance, np.sum(decoder**2, axis=0)
        residual = covariance - decoder @ projected  # (pixels, pixels)
        misfit = np.trace(residual) - np.sum((residual @ encoder.T) * decoder)
        misfit += scale**2 @ lengths
        kl = 0.5 * (np.sum(projected * encoder) + np.sum(scale**2 - 1.0))
        kl -= np.sum(np.log(scale))
        slopes = (
            projected - decoder.T @ residual / variance,
            scale**2 * (1.0 + lengths / variance) - 1.0,
            (scale**2 * decoder - residual @ encoder.T).T / variance,
        )
        return misfit / (2.0 * variance) + kl, np.concatenate(
            list(map(np.ravel, slopes))
        )

    start = rng.uniform(-0.1, 0.1, sizes[-1] + num_latents * pixels)
    options = {"maxiter": 5000, "maxfun": 10_000, "ftol": 1e-15, "gtol": 1e-9}
    found = optimize.minimize(
        cost_and_slope, start, jac=True, method="L-BFGS-B", options=options
    )
    return parts(found.x)


def kl_decomposition(means, scales):
    r"""Split the average KL of one-dimensional codes (exact, by quadrature).

    $$\frac1N \sum_n KL(q(z|x_n) \| p) = I_q(n; z) + KL(q(z) \| p), \qquad
      0 \le I \le \log N$$

    Args:
        means, scales: of the N codes, shape (N,).

    Returns:
        (average KL, mutual information I, KL of the aggregate), in nats.
    """
    means, scales = np.asarray(means, float), np.asarray(scales, float)
    average = np.mean(0.5 * (scales**2 + means**2 - 1.0) - np.log(scales))

    def integrand(z):
        each = stats.norm.logpdf(z, means, scales)
        aggregate = np.logaddexp.reduce(each) - np.log(len(means))
        return np.exp(aggregate) * (aggregate - stats.norm.logpdf(z))

    low, high = np.min(means - 12.0 * scales), np.max(means + 12.0 * scales)
    aggregate_kl = integrate.quad(
        integrand, low, high, points=np.sort(means), limit=500, epsabs=1e-12
    )[0]
    return average, average - aggregate_kl, aggregate_kl
