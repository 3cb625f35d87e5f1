"""The same equations by other routes, in NumPy and by loops, and exact small worlds."""

import numpy as np

from lessons.vision.image_motion import theory

SIXTY = np.pi / 3  # the angle at which a negative pair passes the margin 1/2


def by_angle(degrees):
    """Two vectors in the plane that are an angle apart, of lengths 2 and 5."""
    angle = np.radians(degrees)
    return np.array([2.0, 0.0]), 5 * np.array([np.cos(angle), np.sin(angle)])


def distance_slope(u, v):
    r"""The gradient of the cosine distance with respect to u, by hand.

    $$\nabla_u d = -\frac{1}{|u|} \Big(\hat v - (\hat u \cdot \hat v)\, \hat u\Big)$$

    Args:
        u, v: vectors, shape (z,).
    """
    length = np.linalg.norm(u)
    u, v = u / length, v / np.linalg.norm(v)
    return -(v - (u @ v) * u) / length


def group_loss_by_loops(embeddings, margin=0.5):
    """The mean loss of a batch with the cosine distance, pair by pair.

    Args:
        embeddings: shape (batch, 6, z).
        margin: of the hinge.
    """

    def far(u, v):
        return 1 - float(u @ v / (np.linalg.norm(u) * np.linalg.norm(v)))

    count, total = len(embeddings), 0.0
    for i, clip in enumerate(embeddings):
        r = dict(zip(theory.NAMES, clip, strict=True))
        before, after = embeddings[i - 1, 5], embeddings[(i + 1) % count, 5]
        same = [far(r["F1"], r["F2"]), far(r["B1"], r["B2"]), far(r["E1"], r["E2"])]
        same.append((far(r["E1"], before) + far(r["E1"], after)) / 2)
        costs = [
            max(0.0, margin - far(r[one + a], r[other + b]))
            for one, other in ("FB", "FE", "BE")
            for a in "12"
            for b in "12"
        ]
        total += sum(same) / len(same) + sum(costs) / len(costs)
    return total / count


def reversed_clip(embeddings, exchange=True):
    """Embeddings of the six sub-sequences after every clip was played backwards.

    A clip has frames 0, 1, 2, 3, and a = 1, b = 2. Backwards it begins with frame 3.
    Where a and b exchange their roles, so that a is again the frame after the first
    one, forward and backward change places and so do E1 and E2. Where a stays frame 1,
    E1 becomes (3, 1, 3), which was no sub-sequence before.

    Args:
        embeddings: function from a path, a tuple of frames, to embeddings (batch, z).
        exchange: whether a and b exchange their roles.

    Returns:
        Shape (batch, 6, z).
    """
    a, b = (1, 2) if exchange else (2, 1)  # places in the reversed clip
    paths = theory.six_subsequences(a, b, 3).values()
    return np.stack([embeddings(tuple(3 - t for t in p)) for p in paths], axis=1)


def circle_code(shift, frequency):
    r"""An exact homomorphism of the translations of a line: $(\cos w d, \sin w d)$.

    Args:
        shift: d, any shape.
        frequency: w.

    Returns:
        Shape (..., 2).
    """
    angle = frequency * np.asarray(shift, float)
    return np.stack([np.cos(angle), np.sin(angle)], axis=-1)


def circle_compose(first, second):
    """The product of two codes of the circle: that of complex numbers."""
    (a, b), (c, d) = np.moveaxis(first, -1, 0), np.moveaxis(second, -1, 0)
    return np.stack([a * c - b * d, a * d + b * c], axis=-1)


def circle_hinge(reach):
    r"""Mean hinge of `circle_code` against the identity, d uniform on $[-D, D]$.

    $$E \max(0, \tfrac12 - d) =
      \frac{1}{wD} \int_0^{wD} \max(0, \cos a - \tfrac12)\, da$$

    Args:
        reach: $w D$, radians, above 0.
    """
    # From its start to its end a lobe of the integrand gives this much.
    half = np.sin(SIXTY) - SIXTY / 2
    turns, rest = divmod(reach, 2 * np.pi)
    rising = min(rest, SIXTY)
    total = 2 * half * turns + np.sin(rising) - rising / 2
    falling = max(rest, 2 * np.pi - SIXTY) - 2 * np.pi  # from -60 degrees to 0
    total += np.sin(falling) - falling / 2 + half
    return total / reach
