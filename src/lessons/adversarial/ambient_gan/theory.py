r"""When the distribution of measurements determines that of images.

Theorem numbers are those of Bora, Price & Dimakis 2018, *AmbientGAN*.

Distributions over finite sets are vectors of probabilities. An image of n pixels with
L values each is one of $L^n$, numbered with the first pixel as the leading digit. NumPy
with float64; divergences are in nats.
"""

import itertools

import numpy as np

from lessons.toolkit.errors import UserError


def pixel_channel(p, levels=2):
    r"""$A_1[y, x] = (1-p) 1\{y = x\} + p 1\{y = 0\}$: what happens to one pixel.

    Args:
        p: probability of a pixel to be blocked.
        levels: values of a pixel; value 0 is also what a blocked pixel shows.

    Returns:
        Shape (levels, levels); columns sum to 1.
    """
    if not 0 <= p <= 1 or levels < 2:
        raise UserError(
            "p must be a probability and levels at least 2, "
            f"got p={p!r}, levels={levels!r}."
        )
    channel = (1.0 - p) * np.eye(levels)
    channel[0] += p
    return channel


def pixel_transition(num_pixels, p, levels=2):
    r"""$A = A_1 \otimes \dots \otimes A_1$, so that $p_y = A p_x$ (theorem 5.4).

    Args:
        num_pixels: n.
        p, levels: as for `pixel_channel`.

    Returns:
        Shape (levels**n, levels**n).
    """
    transition = np.ones((1, 1))
    for _ in range(num_pixels):
        transition = np.kron(transition, pixel_channel(p, levels))
    return transition


def recover(measured, p, levels=2):
    """The distribution of images from that of block-pixels measurements.

    One small system is solved for each pixel in turn, never the large one.

    Args:
        measured: $p_y$, shape (levels**n,).
        p, levels: as for `pixel_channel`.

    Returns:
        $p_x$, same shape; entries may be negative if `measured` is an estimate.

    Raises:
        numpy.linalg.LinAlgError: p is 1, nothing was seen.
    """
    num_pixels = round(np.log(len(measured)) / np.log(levels))
    found = np.reshape(measured, (levels,) * num_pixels)
    channel = pixel_channel(p, levels)
    for axis in range(num_pixels):
        found = np.moveaxis(found, axis, 0)
        solved = np.linalg.solve(channel, found.reshape(levels, -1))
        found = np.moveaxis(solved.reshape(found.shape), 0, axis)
    return found.ravel()


def condition_number(num_pixels, p):
    r"""Condition number of $A$ in the Euclidean norm: that of $A_1$ to the n.

    Args:
        num_pixels: n.
        p: probability of a pixel to be blocked, below 1.

    Returns:
        A float from 1 (p = 0) on.
    """
    return np.linalg.cond(pixel_channel(p)) ** num_pixels


def sample_bound(num_pixels, p, accuracy, risk, levels=2):
    r"""The order of theorem 5.4's number of samples, without its constant.

    $$\Big(\frac{L}{1-p}\Big)^{2n} \frac{1}{\epsilon^2} \log\frac{L^n}{\delta}$$

    Args:
        num_pixels, p, levels: as for `pixel_transition`.
        accuracy: $\epsilon$, total variation wanted.
        risk: $\delta$, probability of failing.

    Returns:
        A float, to be multiplied by a constant that the theorem does not give.
    """
    growth = (levels / (1.0 - p)) ** (2 * num_pixels)
    return growth / accuracy**2 * (num_pixels * np.log(levels) - np.log(risk))


def all_images(height, width, levels=2):
    """Every image of some pixels with some levels.

    Args:
        height, width: of the images.
        levels: values of a pixel: 0, ..., levels - 1.

    Returns:
        float32, shape (levels**(height * width), height, width, 1).
    """
    rows = itertools.product(range(levels), repeat=height * width)
    return np.array(list(rows), np.float32).reshape(-1, height, width, 1)


def alike(values, tolerance=1e-5):
    """Number equal values alike, where rounding makes them differ a little.

    Args:
        values: numbers, shape (n,).
        tolerance: sorted values that differ by more belong apart; well above the
            rounding of float32.

    Returns:
        Whole numbers from 0, shape (n,), in the order of the values.
    """
    order = np.argsort(values)
    labels = np.zeros(len(order), int)
    labels[order[1:]] = np.cumsum(np.diff(np.asarray(values)[order]) > tolerance)
    return labels


def measurement_matrix(outcomes, weights):
    r"""The matrix of any finite measurement model: $p_y = A p_x$.

    The distribution of images can be recovered if and only if its rank is the number of
    images.

    Args:
        outcomes: measurement of each image with each $\theta$, (images, thetas, ...).
            Numbers that `alike` cannot tell apart are the same.
        weights: probability of each $\theta$, shape (thetas,).

    Returns:
        Shape (different measurements, images); columns sum to 1.
    """
    images, thetas = np.shape(outcomes)[:2]
    columns = np.reshape(outcomes, (images * thetas, -1)).T
    rows = np.stack([alike(column) for column in columns], axis=1)
    _, which = np.unique(rows, axis=0, return_inverse=True)
    which = which.reshape(images, thetas)
    matrix = np.zeros((which.max() + 1, images))
    for theta, weight in enumerate(weights):
        np.add.at(matrix, (which[:, theta], np.arange(images)), weight)
    return matrix


def total_variation(first, second):
    r"""$\frac12 \sum |p - q|$ of two distributions.

    Args:
        first, second: probabilities, the same shape.

    Returns:
        A float from 0 to 1.
    """
    return 0.5 * np.abs(np.asarray(first) - second).sum()


def jensen_shannon(first, second):
    r"""$JS(p, q) = \frac12 KL(p \| m) + \frac12 KL(q \| m)$ with $m = (p + q)/2$.

    Args:
        first, second: probabilities, the same shape.

    Returns:
        A float in nats, from 0 to log 2.
    """
    from scipy.special import rel_entr

    first, second = np.asarray(first, np.float64), np.asarray(second, np.float64)
    middle = (first + second) / 2
    return 0.5 * (rel_entr(first, middle).sum() + rel_entr(second, middle).sum())


def best_discriminator(real, fake):
    r"""$D^*(y) = p^r_y / (p^r_y + p^g_y)$, one half where neither ever is.

    Args:
        real, fake: probabilities of the measurements, the same shape.

    Returns:
        The probability that a measurement is real, of the same shape.
    """
    both = np.asarray(real, np.float64) + fake
    return np.divide(real, both, out=np.full(both.shape, 0.5), where=both > 0)


def gan_value(real, fake, discriminator):
    r"""The objective $E_{p^r_y} \log D + E_{p^g_y} \log(1 - D)$, for finite sets.

    At the best discriminator it is $2 JS(p^r_y, p^g_y) - \log 4$.

    Args:
        real, fake: probabilities of the measurements, the same shape.
        discriminator: $D(y)$ in [0, 1], of that shape.

    Returns:
        A float in nats.
    """
    from scipy.special import xlogy

    return np.sum(xlogy(real, discriminator) + xlogy(fake, 1.0 - discriminator))


def projection_moments(directions, products):
    r"""Mean and covariance of x from pairs $(\Theta, \langle\Theta, x\rangle)$.

    $E[y | \Theta] = \Theta^\top \mu$ and
    $E[(y - \Theta^\top\mu)^2 | \Theta] = \Theta^\top C\, \Theta$: two regressions.

    Args:
        directions: shape (count, n).
        products: shape (count,).

    Returns:
        (mean, covariance), shapes (n,) and (n, n).
    """
    mean, *_ = np.linalg.lstsq(directions, products, rcond=None)
    square = (products - directions @ mean) ** 2
    n = directions.shape[1]
    first, second = np.triu_indices(n)
    pairs = directions[:, first] * directions[:, second]
    entries, *_ = np.linalg.lstsq(pairs, square, rcond=None)
    covariance = np.zeros((n, n))
    covariance[first, second] = entries / np.where(first == second, 1, 2)
    return mean, covariance + np.triu(covariance, 1).T


def masked_moments(measured, p):
    r"""Mean and covariance of images, from block-pixels measurements of them.

    $E y_i = (1-p) E x_i$ and $E y_i^2 = (1-p) E x_i^2$. Two pixels are blocked
    independently, so $E y_i y_j = (1-p)^2 E x_i x_j$.

    Args:
        measured: one measurement of each image, shape (count, n).
        p: probability of a pixel to be blocked, below 1.

    Returns:
        (mean, covariance), shapes (n,) and (n, n). The covariance is an estimate and
        may have negative eigenvalues.
    """
    measured = np.asarray(measured, np.float64)
    kept = 1.0 - p
    mean = measured.mean(axis=0) / kept
    second = measured.T @ measured / len(measured) / kept**2
    np.fill_diagonal(second, np.mean(measured**2, axis=0) / kept)
    return mean, second - np.outer(mean, mean)


def seen_probability(side, patch, num_offsets=None, blocked=False):
    r"""How often each pixel of a line is seen through a patch.

    An image is seen where row and column are: for a kept patch the probability is the
    product of the two; for a blocked one it is 1 minus the product of "hidden".

    Args:
        side: pixels of the image's side.
        patch: side of the patch.
        num_offsets: corners 0, ..., num_offsets - 1 are equally likely; all possible
            ones unless given.
        blocked: whether the patch hides what it covers.

    Returns:
        Probabilities, shape (side, side).
    """
    num_offsets = side - patch + 1 if num_offsets is None else num_offsets
    starts = np.arange(num_offsets)[:, None]
    place = np.arange(side)
    covered = ((place >= starts) & (place < starts + patch)).mean(axis=0)
    inside = np.outer(covered, covered)
    return 1.0 - inside if blocked else inside
