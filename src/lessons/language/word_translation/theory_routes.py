"""The same equations by other routes, in NumPy: what claims are checked against.

Nothing here is used in training. Conneau et al. 2018 (arXiv:1710.04087).
"""

import itertools
import math

import numpy as np

from lessons.language.word_translation import theory


def departure(mapping):
    r"""$\|W^\top W - I\|_F^2$, shape () for W of shape (d, d)."""
    gram = mapping.T @ mapping - np.eye(len(mapping))
    return float(np.sum(gram**2))


def directional_derivative(mapping, direction, step=1e-5):
    """Slope of `departure` along a direction, by a central difference.

    Args:
        mapping, direction: shape (d, d).
        step: on both sides.
    """
    ahead, behind = (departure(mapping + s * direction) for s in (step, -step))
    return (ahead - behind) / (2 * step)


def singular_value_path(start, beta, steps):
    r"""A singular value under orthogonality steps: $(1+\beta)\sigma - \beta\sigma^3$.

    Args:
        start: sigma.
        beta: of the step.
        steps: how many; it ends early beyond 1e6, from where it only grows.

    Returns:
        Shape (steps + 1,) or shorter.
    """
    path = [float(start)]
    while len(path) <= steps and abs(path[-1]) < 1e6:
        sigma = path[-1]
        path.append((1 + beta) * sigma - beta * sigma**3)
    return np.array(path)


def keeps_sign_below(beta):
    r"""Singular values below $\sqrt{(1+\beta)/\beta}$ stay positive."""
    return math.sqrt((1 + beta) / beta)


def diverges_above(beta):
    r"""Singular values above $\sqrt{(2+\beta)/\beta}$ grow without limit."""
    return math.sqrt((2 + beta) / beta)


def entropy(smoothing):
    """Entropy of a smoothed label in nats: the least loss when clouds are apart."""
    if smoothing == 0:
        return 0.0
    s = smoothing
    return -s * math.log(s) - (1 - s) * math.log(1 - s)


def best_discriminator(source, target, smoothing):
    r"""The best probability of "source" where densities are known, and its loss.

    At a point with densities p and q it minimises the loss over one number alone:
    $P = \big((1-s) p + s q\big) / (p + q)$.

    Args:
        source, target: probabilities of the same points, each adds up to 1.
        smoothing: s.

    Returns:
        (P, loss in nats, as `theory.discriminator_loss`).
    """
    mass = source + target
    best = ((1 - smoothing) * source + smoothing * target) / np.where(mass > 0, mass, 1)
    label = [
        np.array([entropy_of(p, t) for p in best]) for t in (1 - smoothing, smoothing)
    ]
    return best, float(source @ label[0] + target @ label[1]) / 2


def entropy_of(probability, target):
    """Cross-entropy of one probability; 0 log 0 is 0, and log 0 about -690."""
    parts = ((target, probability), (1 - target, 1 - probability))
    return -sum(t * math.log(max(p, 1e-300)) for t, p in parts if t > 0)


def sign_maps(source, target):
    """All mappings that match second moments exactly, where eigenvalues differ.

    Args:
        source, target: words, shapes (n, d) and (m, d), d small.

    Returns:
        Shape (2^d, d, d).
    """
    axes = [np.linalg.eigh(w.T @ w / len(w))[1] for w in (source, target)]
    signs = itertools.product((1, -1), repeat=source.shape[1])
    return np.stack([(axes[1] * np.array(s)) @ axes[0].T for s in signs])


def moment_gaps(mappings, source, target):
    """How far mapped source words are from target words in moments of order 2 and 3.

    Args:
        mappings: shape (count, d, d).
        source, target: shapes (n, d) and (m, d).

    Returns:
        Two arrays of shape (count,): root mean square differences of
        $E[x_i x_j]$ and of $E[x_i x_j x_k]$.
    """
    gaps = []
    for mapping in mappings:
        mapped = source @ mapping.T
        second = [w.T @ w / len(w) for w in (mapped, target)]
        third = [np.einsum("ni,nj,nk->ijk", w, w, w) / len(w) for w in (mapped, target)]
        gaps.append([np.sqrt(np.mean((a - b) ** 2)) for a, b in (second, third)])
    return tuple(np.array(gaps).T)


def flipped(mapping, source, axis):
    """A mapping with one axis of the source cloud turned round.

    Args:
        mapping: W, shape (d, d).
        source: words, shape (n, d); its axes are the eigenvectors of its moments.
        axis: which, 0 for that of the largest eigenvalue.
    """
    vectors = np.linalg.eigh(np.asarray(source, float).T @ source)[1][:, ::-1]
    direction = vectors[:, axis]
    return mapping @ (np.eye(len(mapping)) - 2 * np.outer(direction, direction))


def pairs_loss(mapping, x, y):
    r"""$\sum_i |W x_i - y_i|^2$, pair by pair."""
    return float(sum(np.sum((mapping @ a - b) ** 2) for a, b in zip(x, y, strict=True)))


def csls_by_loops(scores, k):
    """CSLS from its definition, entry by entry."""
    n, m = scores.shape
    rows = [sum(sorted(scores[i], reverse=True)[:k]) / min(k, m) for i in range(n)]
    columns = [
        sum(sorted(scores[:, j], reverse=True)[:k]) / min(k, n) for j in range(m)
    ]
    return np.array(
        [[2 * scores[i, j] - rows[i] - columns[j] for j in range(m)] for i in range(n)]
    )


def rotation(angle, mirrored=False):
    """A rotation of the plane, after a mirroring of the second axis if asked for.

    Args:
        angle: in radians, counter-clockwise.
        mirrored: whether the determinant is -1.
    """
    c, s = math.cos(angle), math.sin(angle)
    return np.array([[c, -s], [s, c]]) @ np.diag([1, -1 if mirrored else 1])


def random_rotations(count, dim, rng):
    """Orthogonal matrices, half of them reflections, shape (count, dim, dim)."""
    return theory.nearest_orthogonal(rng.normal(size=(count, dim, dim)))
