r"""Independent routes, NumPy in float64: filters by hand, gradients of places, paths.

Nothing here is used in training. Mnih, Heess, Graves and Kavukcuoglu 2014
(arXiv:1406.6247) for a glimpse whose place is drawn and learned by REINFORCE.
"""

import math
from typing import NamedTuple

import numpy as np

from lessons.toolkit.errors import unknown

DIVISORS = ("sum", "density", "floor")


def filter_row(mean, deviation, length, divisor="sum"):
    r"""One Gaussian filter, pixel by pixel.

    Args:
        mean, deviation: $\mu$ and $\sigma$ in pixels, counted from 1.
        length: A.
        divisor: "sum" divides by the sum over pixels, "density" by
            $\sigma\sqrt{2\pi}$, "floor" by the sum or 1e-8, whichever is larger.

    Returns:
        A list of A floats.
    """
    values = [
        math.exp(-((a - mean) ** 2) / (2 * deviation**2)) for a in range(1, length + 1)
    ]
    if divisor not in DIVISORS:
        raise unknown("divisor", divisor, DIVISORS)
    if divisor == "density":
        by = deviation * math.sqrt(2 * math.pi)
    elif divisor == "floor":
        by = max(math.fsum(values), 1e-8)
    else:  # the sum, with the largest exponent taken out first
        exponents = [
            -((a - mean) ** 2) / (2 * deviation**2) for a in range(1, length + 1)
        ]
        values = [math.exp(e - max(exponents)) for e in exponents]
        by = math.fsum(values)
    return [value / by for value in values]


def filters(center, stride, deviation, size, length, divisor="sum"):
    """N filters as an array of shape (N, A); arguments as of `filter_row`."""
    means = [center + (i - size / 2 - 0.5) * stride for i in range(1, size + 1)]
    return np.array([filter_row(m, deviation, length, divisor) for m in means])


def hard_crop(image, x, y, size):
    """The N x N pixels around a place, nothing between pixels.

    Args:
        image: shape (B, A).
        x, y: the centre, pixels counted from 1.
        size: N.

    Returns:
        Shape (N, N); 0 outside the image.
    """
    top, left = (round(float(v) - (size + 1) / 2) for v in (y, x))
    wide = np.pad(image, size + max(image.shape))
    shift = size + max(image.shape)
    return wide[top + shift : top + shift + size, left + shift : left + shift + size]


def soft_read(image, x, y, stride, deviation, size):
    """The patch of a window of Gaussian filters, intensity 1: shape (N, N)."""
    rows = filters(y, stride, deviation, size, image.shape[0])
    columns = filters(x, stride, deviation, size, image.shape[1])
    return rows @ image @ columns.T


def soft_rewards(image, goal, y, deviation, size, grid):
    """Reward of a Gaussian window (stride 1) for each x of a grid, negative squares.

    Args:
        image: shape (B, A).
        goal: the x whose patch is wanted.
        y: of all patches.
        deviation, size: of the filters, and N.
        grid: places x, shape (n,).

    Returns:
        Shape (n,): minus the summed squared difference to the patch at the goal.
    """
    wanted = soft_read(image, goal, y, 1.0, deviation, size)
    patches = [soft_read(image, x, y, 1.0, deviation, size) for x in grid]
    return -np.sum((np.array(patches) - wanted) ** 2, axis=(1, 2))


def hard_rewards(image, goal, y, size, places):
    """The same of a hard crop at any places: constant between whole pixels."""
    wanted = hard_crop(image, goal, y, size)
    lefts, back = np.unique(np.rint(places - (size + 1) / 2), return_inverse=True)
    crops = [hard_crop(image, left + (size + 1) / 2, y, size) for left in lefts]
    return -np.sum((np.array(crops) - wanted) ** 2, axis=(1, 2))[back]


class Estimates(NamedTuple):
    """Gradient of an expected reward with respect to the mean of a place.

    Attributes:
        exact: by quadrature.
        pathwise: one number per drawn place, the reward's own slope.
        reinforce: one number per drawn place.
    """

    exact: float
    pathwise: np.ndarray
    reinforce: np.ndarray


def place_gradients(reward, mean, deviation, places, baseline=True, step=1e-4):
    r"""$\frac{d}{dm} E_{l \sim N(m, s^2)}\,R(l)$, by three routes.

    Pathwise $R'(l)$ needs a reward that is smooth in the place; REINFORCE
    $(R(l) - b)(l - m) / s^2$ needs only its values (eq. 19 of Mnih et al. 2014).

    Args:
        reward: function of an array of places, the same shape.
        mean, deviation: m and s.
        places: draws of l, shape (n,).
        baseline: whether b is the mean reward of the draws, else 0.
        step: half the width of the difference that gives the slope.

    Returns:
        `Estimates`.
    """
    grid = np.linspace(-8, 8, 4001)
    density = np.exp(-(grid**2) / 2) / math.sqrt(2 * math.pi)
    values = reward(mean + deviation * grid)
    exact = np.trapezoid(values * grid * density, grid) / deviation
    slope = (reward(places + step) - reward(places - step)) / (2 * step)
    rewards = reward(places)
    rewards = rewards - rewards.mean() if baseline else rewards
    return Estimates(exact, slope, rewards * (places - mean) / deviation**2)


def gaussian_kl(mean, covariance, other_mean, other_covariance):
    """KL of two Gaussians with full covariances, nats, from determinants."""
    gap = np.subtract(other_mean, mean)
    ratio = np.linalg.solve(other_covariance, covariance)
    _, log_det = np.linalg.slogdet(ratio)
    far = gap @ np.linalg.solve(other_covariance, gap)
    return 0.5 * (np.trace(ratio) + far - len(gap) - log_det)


def path(carry, shift, deviation, steps):
    r"""Law of $z_t = a z_{t-1} + b + s\,\epsilon_t$ with $z_0 = 0$, whole path.

    Args:
        carry, shift, deviation: a, b and s.
        steps: T.

    Returns:
        (mean, covariance), shapes (T,) and (T, T).
    """
    spread = np.array(
        [
            [carry ** (i - j) if i >= j else 0.0 for j in range(steps)]
            for i in range(steps)
        ]
    )
    return spread.sum(axis=1) * shift, deviation**2 * spread @ spread.T


def step_kls(codes, law, prior):
    """KL of each step's posterior from its prior along drawn paths, in closed form.

    Args:
        codes: paths drawn from q, shape (n, T).
        law, prior: triples (a, b, s) as of `path`, of q and of p.

    Returns:
        Shape (n, T), nats.
    """
    before = np.pad(codes[:, :-1], ((0, 0), (1, 0)))
    (a, b, s), (c, d, r) = law, prior
    gap = (a - c) * before + b - d
    return math.log(r / s) + (s**2 + gap**2) / (2 * r**2) - 0.5


def saving(correlation, steps):
    r"""What a prior that follows the path saves: $-\frac{T-1}{2}\log(1-\rho^2)$ nats.

    For an AR(1) path with standard normal marginals and the best prior.

    Args:
        correlation: $\rho$ of neighbouring codes.
        steps: T.
    """
    return -(steps - 1) / 2 * math.log(1 - correlation**2)
