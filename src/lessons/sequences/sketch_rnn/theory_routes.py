r"""The equations by other routes, in NumPy and float64: what tests and judges use.

Nothing here shares code with the loss that models are trained with: densities come from
covariance matrices, their inverses and determinants.
"""

import numpy as np
from scipy import special

from lessons.sequences.sketch_rnn.theory import NUM_STATES


def laws(numbers, num_mixtures):
    r"""Pen log-probabilities, log-weights, means and covariances of every step.

    Args:
        numbers: shape (..., 6M + 3).
        num_mixtures: M.

    Returns:
        (log_pen, log_weights, means, covariances): shapes (..., 3), (..., M),
        (..., M, 2) and (..., M, 2, 2), float64.
    """
    numbers = np.asarray(numbers, float)
    pen, rest = numbers[..., :NUM_STATES], numbers[..., NUM_STATES:]
    blocks = rest.reshape(*rest.shape[:-1], 6, num_mixtures)
    weights, x, y, log_x, log_y, raw = np.moveaxis(blocks, -2, 0)
    s_x, s_y, rho = np.exp(log_x), np.exp(log_y), 0.99 * np.tanh(raw)
    mixed = rho * s_x * s_y
    rows = np.stack([s_x**2, mixed, mixed, s_y**2], axis=-1)
    return (
        special.log_softmax(pen, axis=-1),
        special.log_softmax(weights, axis=-1),
        np.stack([x, y], axis=-1),
        rows.reshape(*rows.shape[:-1], 2, 2),
    )


def gaussian_log_density(points, means, covariances):
    r"""$-\frac12 d^\top C^{-1} d - \frac12 \ln\det(2\pi C)$, $d$ point minus mean.

    Args:
        points, means: shape (..., 2).
        covariances: shape (..., 2, 2).
    """
    apart = points - means
    solved = np.linalg.solve(covariances, apart[..., None])[..., 0]
    log_det = np.linalg.slogdet(2 * np.pi * covariances)[1]
    return -0.5 * np.sum(apart * solved, axis=-1) - 0.5 * log_det


def losses(numbers, rows, num_mixtures):
    r"""Losses of every drawing, all divided by N_max.

    Args:
        numbers: shape (batch, N_max, 6M + 3).
        rows: stroke-5, shape (batch, N_max, 5).
        num_mixtures: M.

    Returns:
        Dictionary of arrays (batch,): `offset` ($L_s$), `pen` ($L_p$) and `pen_real`,
        the part of the latter up to and with the first row after the end.
    """
    rows = np.asarray(rows, float)
    log_pen, log_weights, means, covariances = laws(numbers, num_mixtures)
    each = gaussian_log_density(rows[..., None, :2], means, covariances)
    log_density = special.logsumexp(log_weights + each, axis=-1)
    real = rows[..., 4] < 0.5
    surprise = -np.sum(rows[..., 2:5] * log_pen, axis=-1)
    ended = np.cumsum(~real, axis=-1)
    return {
        "offset": np.mean(np.where(real, -log_density, 0.0), axis=-1),
        "pen": np.mean(surprise, axis=-1),
        "pen_real": np.mean(np.where(ended <= 1, surprise, 0.0), axis=-1),
    }


def kl_divergence(mean, log_var):
    """Nats of a diagonal Gaussian against N(0, I), *summed* over dimensions, (batch,).

    Args:
        mean, log_var: shape (batch, N_z).
    """
    mean, log_var = np.asarray(mean, float), np.asarray(log_var, float)
    variance = np.exp(log_var)
    return 0.5 * np.sum(variance + mean**2 - 1 - log_var, axis=-1)


def entropy(logits):
    """Entropy of a softmax in nats, over the last axis."""
    log_p = special.log_softmax(np.asarray(logits, float), axis=-1)
    return -np.sum(np.exp(log_p) * log_p, axis=-1)


def simplified(points, tolerance, endless=False):
    """Places that Ramer, Douglas and Peucker keep, by recursion.

    Args:
        points: shape (n, 2).
        tolerance: epsilon.
        endless: whether distances are those from the endless line through the ends of
            a span, as many descriptions say, and not from the segment.

    Returns:
        A list of indices in rising order.
    """
    if len(points) < 3:
        return list(range(len(points)))
    gaps = [_gap(p, points[0], points[-1], endless) for p in points]
    split = int(np.argmax(gaps))
    if gaps[split] <= tolerance:
        return [0, len(points) - 1]
    first = simplified(points[: split + 1], tolerance, endless)
    second = simplified(points[split:], tolerance, endless)
    return first + [split + place for place in second[1:]]


def left_out(points, kept):
    """Distance of the point that lies farthest from the line through the kept ones.

    Args:
        points: shape (n, 2).
        kept: indices in rising order, the ends among them.
    """
    return max(
        min(_gap(points[i], points[a], points[b]) for a, b in _spans(kept, i))
        for i in range(len(points))
    )


def _spans(kept, place):
    pairs = zip(kept, kept[1:], strict=False)
    return [(a, b) for a, b in pairs if a <= place <= b]


def _gap(point, start, end, endless=False):
    """Distance by the angle at both ends; from the ends beyond them."""
    pairs = (start, end), (start, point), (end, point)
    whole, near, far = (complex(*(b - a)) for a, b in pairs)
    if not whole:
        return abs(near)
    height, along = (near / whole).imag, (near / whole).real
    if endless or 0 <= along <= 1:
        return abs(height) * abs(whole)
    return min(abs(near), abs(far))


def lstm_step(x, h, c, kernel, recurrent_kernel, bias, kept=1.0):
    """One LSTM step with gates i, j, f, o, forget bias 1 and a candidate's mask.

    Args:
        x, h, c: shape (batch, features), (batch, H), (batch, H).
        kernel, recurrent_kernel, bias: shapes (features, 4H), (H, 4H), (4H,).
        kept: factors of the candidate.

    Returns:
        (h, c).
    """
    i, j, f, o = np.split(x @ kernel + h @ recurrent_kernel + bias, 4, axis=-1)
    c = special.expit(f + 1) * c + special.expit(i) * np.tanh(j) * kept
    return special.expit(o) * np.tanh(c), c


def hyper_parameters(features, units, hyper_units, embedding):
    """Numbers that a HyperLSTM cell trains, by its parts.

    Args:
        features, units, hyper_units, embedding: of inputs, of the cell, of the smaller
            cell, of the embedding.

    Returns:
        Dictionary of integers.
    """
    gates, scaled, shifted = 4 * units, 8, 4
    return {
        "kernels": (features + units) * gates,
        "bias before normalisation": gates,
        "normalisation": 2 * gates + 2 * units,
        "smaller cell": (features + units + hyper_units) * 4 * hyper_units
        + 10 * hyper_units,
        "scales": scaled * ((hyper_units + 1) * embedding + embedding * units),
        "shifts": shifted * (hyper_units * embedding + embedding * units),
    }
