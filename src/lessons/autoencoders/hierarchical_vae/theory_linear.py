r"""Two Gaussian layers with linear maps, where everything has a closed form.

$z_2 \sim N(0, 1)$, $z_1|z_2 \sim N(w z_2, v_1 I)$, $x|z_1 \sim N(W z_1, v_0 I)$: the
smallest chain of latents. NumPy, float64, nats.
"""

import dataclasses

import numpy as np
from scipy import optimize

LOG_TWO_PI = np.log(2.0 * np.pi)


def _log_det(matrix):
    return np.linalg.slogdet(np.atleast_2d(matrix))[1]


def _log_normal(offset, covariance):
    distance = offset @ np.linalg.solve(covariance, offset)
    return -0.5 * (len(offset) * LOG_TWO_PI + _log_det(covariance) + distance)


@dataclasses.dataclass(frozen=True)
class Terms:
    """The parts of a bound, in nats.

    Attributes:
        reconstruction: $E_q log p(x|z_1)$.
        kl_1: $E KL(q(z_1|x) || p(z_1|z_2))$ over samples of $z_2$.
        kl_1_at_mean: the same at the mean of $z_2$: wrong.
        kl_2: $KL(q(z_2|x) || p(z_2))$.
    """

    reconstruction: float
    kl_1: float
    kl_1_at_mean: float
    kl_2: float

    @property
    def bound(self):
        """Reconstruction minus both divergences."""
        return self.reconstruction - self.kl_1 - self.kl_2

    @property
    def invalid(self):
        """The "bound" with `kl_1_at_mean`, which can exceed log p(x)."""
        return self.reconstruction - self.kl_1_at_mean - self.kl_2


@dataclasses.dataclass(frozen=True)
class TwoLayers:
    """The model.

    Attributes:
        top: $w$, shape (d,).
        weights: $W$, shape (pixels, d).
        layer_variance: $v_1$.
        pixel_variance: $v_0$.
    """

    top: np.ndarray
    weights: np.ndarray
    layer_variance: float = 0.25
    pixel_variance: float = 0.09

    @property
    def layer_covariance(self):
        r"""Covariance of $z_1$: $w w^T + v_1 I$."""
        return np.outer(self.top, self.top) + self.layer_variance * np.eye(
            len(self.top)
        )

    @property
    def covariance(self):
        r"""Covariance of x: $W (w w^T + v_1 I) W^T + v_0 I$."""
        noise = self.pixel_variance * np.eye(len(self.weights))
        return self.weights @ self.layer_covariance @ self.weights.T + noise

    @property
    def precision(self):
        r"""Precision $\Lambda$ of $(z_1, z_2)$ given x, shape (d + 1, d + 1)."""
        size, v = len(self.top), self.layer_variance
        joint = np.zeros((size + 1, size + 1))
        joint[:size, :size] = self.weights.T @ self.weights / self.pixel_variance
        joint[:size, :size] += np.eye(size) / v
        joint[:size, size] = joint[size, :size] = -self.top / v
        joint[size, size] = 1.0 + self.top @ self.top / v
        return joint

    def log_marginal(self, x):
        """Log p(x) for one x, shape (pixels,)."""
        return _log_normal(np.asarray(x, float), self.covariance)

    def log_joint(self, x, z_1, z_2):
        """Log p(x, z_1, z_2) of samples z_1 (n, d), z_2 (n, 1): shape (n,)."""

        def log_normal(offset, variance):
            terms = offset**2 / variance + np.log(variance) + LOG_TWO_PI
            return -0.5 * terms.sum(axis=-1)

        return (
            log_normal(x - z_1 @ self.weights.T, self.pixel_variance)
            + log_normal(z_1 - z_2 * self.top, self.layer_variance)
            + log_normal(z_2, 1.0)
        )

    def posterior(self, x):
        """Mean (d + 1,) and covariance of $(z_1, z_2)$ given x."""
        covariance = np.linalg.inv(self.precision)
        size = len(self.top)
        return covariance[:, :size] @ self.weights.T @ x / self.pixel_variance, (
            covariance
        )

    def gap(self, kind):
        r"""Log p(x) minus the best bound of a family of q; the same for every x.

        $$\tfrac12 (\log\det \mathrm{blocks}(\Lambda) - \log\det\Lambda)$$

        Args:
            kind: "factored" (one full block per layer), "diagonal", "top_down"
                (q(z_2|x) q(z_1|z_2, x), which is the posterior's own shape), or
                "ladder" (diagonal heads merged with the prior above; no formula, the
                least gap is found by L-BFGS).
        """
        precision, size = self.precision, len(self.top)
        if kind == "ladder":
            return self._best_merge()[0]
        kept = {
            "factored": _log_det(precision[:size, :size])
            + np.log(precision[size, size]),
            "diagonal": np.log(np.diag(precision)).sum(),
            "top_down": _log_det(precision),
        }
        return 0.5 * (kept[kind] - _log_det(precision))

    def best_factored(self, x):
        """(mean, covariance) of each layer of the best $q(z_1|x) q(z_2|x)$."""
        mean, _ = self.posterior(x)
        size = len(self.top)
        first = np.linalg.inv(self.precision[:size, :size])
        second = np.array([[1.0 / self.precision[size, size]]])
        return (mean[:size], first), (mean[size:], second)

    def _best_merge(self):
        r"""Least gap of a diagonal ladder, and the precisions $\hat s_1^{-2}$ for it.

        Given $z_2$ the merged q(z_1) has variances $s^2 = 1/(\hat s^{-2} + 1/v_1)$ and
        a mean that moves with $z_2$ by $b = s^2 w / v_1$. With $d = (b, 1)$ the best
        variance of $z_2$ is $1/\kappa$, $\kappa = d^T \Lambda d$, and
        $$KL(q \| p(z|x)) = \tfrac12 \Big[\sum_j (\Lambda_{jj} s_j^2 - 1 - \log s_j^2)
          + \log\kappa - \log\det\Lambda\Big].$$
        """
        precision, log_det = self.precision, _log_det(self.precision)
        diagonal = np.diag(precision)[: len(self.top)]

        def gap(log_precisions):
            variances = self._merged_variances(np.exp(log_precisions))
            curvature = self._top_curvature(variances)
            fit = (diagonal * variances - 1.0 - np.log(variances)).sum()
            return 0.5 * (fit + np.log(curvature) - log_det)

        found = optimize.minimize(gap, np.zeros(len(self.top)), method="L-BFGS-B")
        return float(found.fun), np.exp(found.x)

    def _merged_variances(self, precisions):
        return 1.0 / (precisions + 1.0 / self.layer_variance)

    def _top_curvature(self, variances):
        direction = np.append(variances * self.top / self.layer_variance, 1.0)
        return direction @ self.precision @ direction

    def best_ladder(self, x):
        """Bottom-up (mean, deviation) of each layer of the best diagonal ladder.

        They are what `theory.infer` takes with `ladder=True`: merged with the priors
        they give the q of `gap("ladder")`, whose mean is the posterior's.

        Args:
            x: shape (pixels,).

        Returns:
            [(mean, deviation) of z_1, (mean, deviation) of z_2], shapes (d,) and (1,).
        """
        mean, _ = self.posterior(x)
        size = len(self.top)
        precisions = self._best_merge()[1]
        variances = self._merged_variances(precisions)
        slope = variances * self.top / self.layer_variance
        below = (mean[:size] - slope * mean[size]) / (variances * precisions)
        curvature = self._top_curvature(variances)
        above = mean[size:] * curvature / (curvature - 1.0)  # the prior is N(0, 1)
        return [
            (below, precisions**-0.5),
            (above, np.array([(curvature - 1.0) ** -0.5])),
        ]

    def terms(self, x, first, second):
        """The exact `Terms` of the bound for a q that is factored over layers.

        Args:
            x: shape (pixels,).
            first, second: (mean, covariance) of q(z_1|x) and of q(z_2|x).
        """
        (mean, covariance), (above, above_covariance) = first, second
        v_0, v_1 = self.pixel_variance, self.layer_variance
        error = x - self.weights @ mean
        spread = np.trace(self.weights @ covariance @ self.weights.T)
        fit = -0.5 * ((error @ error + spread) / v_0)
        fit -= 0.5 * len(x) * (LOG_TWO_PI + np.log(v_0))
        shift = mean - self.top * above[0]
        at_mean = (np.trace(covariance) + shift @ shift) / v_1 - len(mean)
        at_mean = 0.5 * (at_mean + len(mean) * np.log(v_1) - _log_det(covariance))
        uncertain = self.top @ self.top * above_covariance[0, 0] / (2.0 * v_1)
        variance = above_covariance[0, 0]
        top = 0.5 * (variance + above[0] ** 2 - 1.0 - np.log(variance))
        return Terms(fit, at_mean + uncertain, at_mean, top)

    def variance_budget(self):
        r"""Trace of Cov(x), split by where the noise enters.

        Returns:
            {"pixels": $D v_0$, "z_1": $v_1 tr(W W^T)$, "z_2": $\|W w\|^2$}.
        """
        return {
            "pixels": len(self.weights) * self.pixel_variance,
            "z_1": self.layer_variance * np.trace(self.weights @ self.weights.T),
            "z_2": float(np.sum((self.weights @ self.top) ** 2)),
        }

    def gibbs_step(self, covariance):
        r"""Covariance of x after $z_1 \sim p(z_1|x)$, $x' \sim p(x|z_1)$.

        $z_1 = G x + \eta$ with $G = C_1 W^T \Sigma^{-1}$ and $Cov(\eta) = C_1 - G W
        C_1$, where $C_1$ is the covariance of $z_1$: layer 2 enters only through it.
        """
        prior = self.layer_covariance
        gain = np.linalg.solve(self.covariance, self.weights @ prior).T
        noise = prior - gain @ self.weights @ prior
        inside = gain @ covariance @ gain.T + noise
        pixels = self.pixel_variance * np.eye(len(self.weights))
        return self.weights @ inside @ self.weights.T + pixels


def toy():
    """The model and the observation all closed forms of the lesson are checked on."""
    model = TwoLayers(
        top=np.array([1.2, -0.6]),
        weights=np.array([[1.0, 0.4], [0.2, -0.9], [0.5, 0.5]]),
    )
    return model, np.array([0.7, -0.4, 1.1])
