"""Tasks: sinusoids, targets that drift, and pairs of legs that lose their torque."""

import math
import typing

import numpy as np

from lessons.control.meta_learning import hexapod

AMPLITUDE, PHASE, RANGE = (0.1, 5.0), (0.0, math.pi), (-5.0, 5.0)


class Sinusoids(typing.NamedTuple):
    """Functions y = A sin(x - phase), and examples of each.

    `support_x` and `support_y` have the shape (tasks, shots), queries (tasks, queries).
    """

    amplitude: np.ndarray
    phase: np.ndarray
    support_x: np.ndarray
    support_y: np.ndarray
    query_x: np.ndarray
    query_y: np.ndarray


def sinusoids(count, num_shots, rng, num_queries=None):
    """Draw tasks.

    Args:
        count: how many.
        num_shots: K, examples that are seen.
        rng: NumPy generator.
        num_queries: examples that judge; as many as `num_shots` by default.
    """
    amplitude = rng.uniform(*AMPLITUDE, (count, 1))
    phase = rng.uniform(*PHASE, (count, 1))
    x = [rng.uniform(*RANGE, (count, n)) for n in (num_shots, num_queries or num_shots)]
    y = [amplitude * np.sin(part - phase) for part in x]
    arrays = amplitude[:, 0], phase[:, 0], x[0], y[0], x[1], y[1]
    return Sinusoids(*(array.astype(np.float32) for array in arrays))


def as_examples(tasks):
    """Arrays as `model.MetaLearner` takes them: (tasks, 3, shots), (tasks, shots)."""
    stacked = np.stack([tasks.support_x, tasks.support_y, tasks.query_x], axis=1)
    return stacked, tasks.query_y


def mean_function(x):
    r"""The mean of all tasks at x, $-\frac{5.1}{\pi} \cos x$."""
    low, high = AMPLITUDE
    return -(low + high) / math.pi * np.cos(x)


def mean_function_error():
    """Mean squared error of `mean_function`: no model does better before it adapts."""
    (low, high), far = AMPLITUDE, RANGE[1]
    square = (high**3 - low**3) / (3 * (high - low))  # of the amplitude
    cosine = 0.5 + math.sin(2 * far) / (4 * far)  # mean of cos^2 over the range
    # The phase averages sin^2 to a half; the mean function's own square goes off.
    return square / 2 - ((low + high) / math.pi) ** 2 * cosine


class Chain(typing.NamedTuple):
    """Pairs of a drifting target: estimates of one, and the next, (pairs, dim)."""

    estimates: np.ndarray
    following: np.ndarray


def chain(count, rho, noise, rng, *, angle=0.0, dim=2, shuffled=False):
    """Pairs of consecutive targets of a chain in its steady state.

    Args:
        count: pairs.
        rho: correlation of a target with the next, once turned.
        noise: variance of the estimate.
        rng: NumPy generator.
        angle: by which the first two coordinates turn from target to target, radians.
        dim: coordinates.
        shuffled: whether the next targets are exchanged among the pairs (a control).
    """
    first, new, blur = rng.standard_normal((3, count, dim))
    turned = first.copy()
    if angle:
        cos, sin = math.cos(angle), math.sin(angle)
        turned[:, 0] = cos * first[:, 0] - sin * first[:, 1]
        turned[:, 1] = sin * first[:, 0] + cos * first[:, 1]
    following = rho * turned + math.sqrt(1 - rho**2) * new
    if shuffled:
        following = rng.permutation(following)
    estimates = first + math.sqrt(noise) * blur
    return Chain(estimates.astype(np.float32), following.astype(np.float32))


def walks(pairs, num_tasks=2, tasks=range(1, hexapod.NUM_TASKS + 1)):
    """Torques of consecutive tasks: every stretch of the chain of each pair of legs.

    Args:
        pairs: pairs of legs.
        num_tasks: how many tasks follow each other in a row.
        tasks: numbers of the tasks, from 1.

    Returns:
        Shape (rows, num_tasks, 6).
    """
    starts = range(len(tasks) - num_tasks + 1)
    rows = [
        np.stack([hexapod.torque_scale(pair, i) for i in tasks[s : s + num_tasks]])
        for pair in pairs
        for s in starts
    ]
    return np.stack(rows).astype(np.float32)


def bearings(count, num_tasks, rng, flips=False):
    """Directions to walk in: forwards or backwards, all through a life or in turn.

    As many lives begin forwards as backwards (one more of an odd number), so a policy
    that always walks one way earns nothing on average.

    Args:
        count: lives.
        num_tasks: how many tasks follow each other.
        rng: NumPy generator.
        flips: whether each task reverses the direction of the one before.

    Returns:
        Unit vectors, shape (count, num_tasks, 2).
    """
    first = rng.permutation(np.resize([-1.0, 1.0], (count, 1)))
    turn = np.cumprod(np.full(num_tasks, -1.0 if flips else 1.0)) * (
        -1.0 if flips else 1
    )
    along = first * turn
    return np.stack([along, 0 * along], axis=-1).astype(np.float32)


def stretches(variant, rng):
    """Tasks that an agent is trained on, shape (rows, tasks in a row, ...)."""
    if variant.kind == "compass":
        return bearings(200, 2 if variant.adapts else 1, rng, variant.flips)
    if variant.healthy:
        return np.ones((1, 1, hexapod.NUM_LEGS), np.float32)
    count = 2 if variant.adapts else hexapod.NUM_TASKS if variant.lstm else 1
    return walks(hexapod.TRAINING, count)
