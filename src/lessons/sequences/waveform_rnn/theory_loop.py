r"""What feeding predictions back does to a linear predictor: NumPy routes.

The predictor is $p_n = \sum_{k=1}^q w_k \tilde x_{n-k}$ and reads the mixed signal
$\tilde x = \alpha x + (1-\alpha) p$. With $e = p - x$ and the one-step error
$\varepsilon_n = \sum_k w_k x_{n-k} - x_n$,

$$e_n = (1 - \alpha) \sum_k w_k e_{n-k} + \varepsilon_n.$$

All arrays are float64: errors here grow by a hundred powers of ten.
"""

import numpy as np
from scipy import optimize, special

from lessons.toolkit.errors import UserError


def loop_roots(weights, alpha):
    r"""Roots of $z^q - (1-\alpha) \sum_k w_k z^{q-k}$, the modes of the mixed error.

    Args:
        weights: $w$, shape (q,), $w_1$ first.
        alpha: from 0 to 1.

    Returns:
        complex128 of shape (q,).
    """
    weights = np.asarray(weights, float)
    if alpha == 1:
        return np.zeros(len(weights), complex)
    return np.roots(np.append(1.0, -(1 - alpha) * weights)).astype(complex)


def loop_radius(weights, alpha):
    r"""Greatest modulus $\rho(\alpha)$ of the modes: below 1 errors die away.

    Args:
        weights, alpha: see `loop_roots`.
    """
    return float(np.max(np.abs(loop_roots(weights, alpha)), initial=0.0))


def extrapolation(order):
    r"""Weights that continue a polynomial of degree q - 1: $w_k = (-1)^{k+1} C(q, k)$.

    Args:
        order: q, at least 1.
    """
    k = np.arange(1, order + 1)
    return (-1.0) ** (k + 1) * special.comb(order, k)


def critical_alpha(order):
    r"""$\alpha^*$: extrapolation of order q diverges for $0 < \alpha < \alpha^*$.

    The modes solve $\alpha z^q + (1-\alpha)(z-1)^q = 0$, so that
    $z = 1/(1-\mu)$ with $\mu^q = -\alpha/(1-\alpha)$; the circle $|z| = 1$ is met at
    $\alpha^* = c / (1 + c)$ with $c = (2\cos(\pi/q))^q$.

    Args:
        order: q, at least 2.
    """
    if order == 2:
        return 0.0
    c = (2 * np.cos(np.pi / order)) ** order
    return float(c / (1 + c))


def instability(weights, grid=2001):
    r"""The range of $\alpha$ where the mixed loop diverges.

    Args:
        weights: $w$, shape (q,).
        grid: places looked at; the two ends are then found by bisection.

    Returns:
        (low, high, greatest): ends of the range that holds the greatest radius, and
        that radius; ends are NaN where it never exceeds 1.
    """
    # Denser towards 0, where the lower end may lie.
    alphas = np.linspace(0, 1, grid) ** 2
    radii = np.array([loop_radius(weights, a) for a in alphas])
    top = int(radii.argmax())
    if radii[top] <= 1 + 1e-9:
        return np.nan, np.nan, float(radii[top])

    def excess(alpha):
        return loop_radius(weights, alpha) - 1

    below = np.flatnonzero(radii[:top] < 1)
    low = optimize.brentq(excess, alphas[below[-1]], alphas[top]) if below.size else 0.0
    above = top + np.flatnonzero(radii[top:] < 1)[0]
    high = optimize.brentq(excess, alphas[top], alphas[above])
    return float(low), float(high), float(radii[top])


def errors(weights, alpha, num_steps, first=1e-6):
    r"""The mixed error of a perfect predictor after one disturbance.

    Args:
        weights: $w$, shape (q,); predicts its signal without error.
        alpha: from 0 to 1.
        num_steps: steps after the disturbance.
        first: $e_0$, the disturbance.

    Returns:
        $e_0, e_1, \dots$, float64 of shape (num_steps + 1,).
    """
    weights = np.asarray(weights, float)
    found = np.zeros(len(weights) + num_steps + 1)
    found[len(weights)] = first
    for n in range(len(weights) + 1, len(found)):
        found[n] = (1 - alpha) * weights @ found[n - len(weights) : n][::-1]
    return found[len(weights) :]


def block_radius(coefficients, alpha):
    r"""Greatest modulus of the mixed loop that feeds whole blocks back.

    One step reads W samples, predicts s and moves by s:
    the error of the window is carried by a matrix of shape (W, W).

    Args:
        coefficients: of the linear predictor, shape (W, s), oldest sample first.
        alpha: from 0 to 1.
    """
    window, stride = coefficients.shape
    carried = np.eye(window, k=stride)  # what was sample n + s becomes sample n
    carried[window - stride :] = (1 - alpha) * coefficients.T
    return float(np.abs(np.linalg.eigvals(carried)).max())


def continued(weights, window, stride):
    """A predictor of one sample, continued on its own predictions: a block at once.

    Args:
        weights: of the last samples, newest first, shape (q,).
        window: samples that are read, W, at least q.
        stride: samples of the block, s.

    Returns:
        Coefficients for `block_radius`, shape (window, stride), oldest sample first.
    """
    weights = np.asarray(weights, dtype=np.float64)
    order = len(weights)
    if window < order:
        raise UserError(f"window must be at least {order}, got {window}.")
    values = np.vstack([np.eye(window), np.zeros((stride, window))])
    for n in range(window, window + stride):
        values[n] = weights[::-1] @ values[n - order : n]
    return values[window:].T


def ar1_error_variance(weight, alpha, variance=1.0):
    r"""Variance of the mixed error: $\sigma^2 / (1 - (1-\alpha)^2 w^2)$.

    The signal is $x_n = w x_{n-1} + $ noise, and the predictor knows $w$.

    Args:
        weight: $w$.
        alpha: from 0 to 1.
        variance: $\sigma^2$ of the noise.
    """
    return variance / (1 - (1 - alpha) ** 2 * weight**2)


def ar1_mixed_loss(model_weight, weight, alpha):
    r"""Stationary loss of $p_n = v \tilde x_{n-1}$, over the signal's variance.

    With $\beta = (1-\alpha) v$,
    $$\frac{L(v)}{\gamma_0} = 1 - \frac{2 v \alpha w}{1 - \beta w}
      + \frac{v^2 \alpha^2 (1 + \beta w)}{(1 - \beta^2)(1 - \beta w)}.$$

    Args:
        model_weight: $v$.
        weight: $w$ of the signal.
        alpha: from 0 to 1.
    """
    v, w = model_weight, weight
    beta = (1 - alpha) * v
    square = v**2 * alpha**2 * (1 + beta * w) / ((1 - beta**2) * (1 - beta * w))
    return 1 - 2 * v * alpha * w / (1 - beta * w) + square


def ar1_best_weight(weight, alpha):
    r"""$v^*$, which minimises `ar1_mixed_loss`: only at $\alpha = 1$ it is $w$.

    Args:
        weight: $w$ of the signal.
        alpha: above 0, up to 1.
    """
    found = optimize.minimize_scalar(
        ar1_mixed_loss,
        bounds=(0, 1),
        args=(weight, alpha),
        method="bounded",
        options={"xatol": 1e-12},
    )
    return float(found.x)


def linear_prediction(sound, order):
    """Weights that predict a sound from its past, by least squares (covariance method).

    Atal and Hanauer (1971, JASA 50): no window, so that a recursion without
    input is found exactly.

    Args:
        sound: float64 of shape (samples,).
        order: q.

    Returns:
        $w$, float64 of shape (q,), $w_1$ first.
    """
    past = np.lib.stride_tricks.sliding_window_view(sound[:-1], order)[:, ::-1]
    return np.linalg.lstsq(past, sound[order:], rcond=None)[0]


def formants(weights, sample_rate):
    """Frequencies and bandwidths of the resonances of a linear predictor.

    Args:
        weights: $w$, shape (q,).
        sample_rate: in hertz.

    Returns:
        float64 of shape (resonances, 2), in hertz, the lowest first; real poles left
        out.
    """
    roots = np.roots(np.append(1.0, -np.asarray(weights)))
    roots = roots[roots.imag > 1e-9]
    frequencies = np.angle(roots) * sample_rate / (2 * np.pi)
    bandwidths = -np.log(np.abs(roots)) * sample_rate / np.pi
    found = np.stack([frequencies, bandwidths], axis=1)
    return found[np.argsort(frequencies)]
