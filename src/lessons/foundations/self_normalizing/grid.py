"""Theorems 1 to 3 on a grid, compiled, in blocks, resumable.

The paper proves that the map contracts by evaluating a singular value on a grid and
bounding its gradient in between. `search` evaluates every quantity of `evaluate` on a
grid over a domain and keeps the extremes. One compiled call takes one value of omega
and a block of nu with all of mu and tau; nothing of a block is kept but its extremes.
"""

import dataclasses
import functools
import json
import math
import time
from pathlib import Path

import numpy as np
import tensorflow as tf

from lessons.foundations.self_normalizing import theory
from lessons.toolkit import files, progress
from lessons.toolkit.errors import UserError, unknown

AXES = ("mu", "omega", "nu", "tau")
# Step sizes of the paper's computer-assisted proof (appendix A3.4).
PAPER_STEPS = (0.0068097371, 0.0008292885, 0.0009580840, 0.0007323095)
# Largest change of the singular value between two grid points, as the paper bounds it.
PAPER_SLACK = 0.008747
QUANTITIES = (
    "mean",
    "variance",
    "second",
    "norm_h",
    "norm_j",
    "variance_change",
    "second_change",
)
_BLOCK_POINTS = 150_000
_SECONDS_BETWEEN_SAVES = 5.0


@dataclasses.dataclass(frozen=True)
class Domain:
    """A box of (mu, omega, nu, tau); each side a pair (lowest, highest)."""

    mu: tuple[float, float]
    omega: tuple[float, float]
    nu: tuple[float, float]
    tau: tuple[float, float]

    def counts(self, scale=1.0):
        """Points per axis for the paper's steps times `scale`, ends included."""
        sides = (self.mu, self.omega, self.nu, self.tau)
        return tuple(
            max(2, math.ceil((high - low) / (scale * step)) + 1)
            for (low, high), step in zip(sides, PAPER_STEPS, strict=True)
        )

    def axes(self, counts):
        """The grid points along each axis, float64."""
        sides = (self.mu, self.omega, self.nu, self.tau)
        return tuple(
            np.linspace(low, high, count)
            for (low, high), count in zip(sides, counts, strict=True)
        )


_SMALL = (-0.1, 0.1)
DOMAINS = {
    "theorem_1": Domain(_SMALL, _SMALL, (0.8, 1.5), (0.95, 1.1)),
    # The box on which J (not H) reaches the paper's 0.9912524171.
    "theorem_1_wide": Domain(_SMALL, _SMALL, (0.8, 1.5), (0.8, 1.25)),
    # What a summary of the paper gives as theorem 1's box; its image leaves it.
    "theorem_1_misquoted": Domain(_SMALL, _SMALL, (0.8, 1.5), (0.9, 1.1)),
    "theorem_2": Domain((-1.0, 1.0), _SMALL, (3.0, 16.0), (0.8, 1.25)),
    "theorem_3_low": Domain(_SMALL, _SMALL, (0.02, 0.16), (0.8, 1.25)),
    "theorem_3_high": Domain(_SMALL, _SMALL, (0.02, 0.24), (0.9, 1.25)),
}


def at_a_corner(point, domain):
    """Whether each coordinate of a point is an end of its side of a `Domain`."""
    sides = (domain.mu, domain.omega, domain.nu, domain.tau)
    return all(np.isclose(x, ends).any() for x, ends in zip(point, sides, strict=True))


def distance_to_the_sides(found):
    """How far inside theorem 1's box the image of a grid stays, in mean and variance.

    Args:
        found: a `Found` with the extremes of "mean" and "variance".
    """
    box = DOMAINS["theorem_1"]
    distances = []
    for name, (low, high) in (("mean", box.mu), ("variance", box.nu)):
        distances.append(found.lowest[name].value - low)
        distances.append(high - found.highest[name].value)
    return min(distances)


def evaluate(mu, omega, nu, tau):
    """Every quantity of `QUANTITIES` at broadcast points, in that order."""
    moments = theory.moment_map(mu, omega, nu, tau)
    j, h = theory.jacobians(mu, omega, nu, tau)
    return (
        *moments,
        theory.largest_singular_value(h),
        theory.largest_singular_value(j),
        moments.variance - nu,
        moments.second - nu,
    )


@functools.cache
def block_extremes(quantities):
    """A compiled function that finds the extremes of quantities in a block.

    A quantity that is not asked for costs nothing.

    The values are compiled into one loop and written out, block by block of a size
    that stays in the processor's cache; reductions inside the loop would make XLA
    compute the special functions once for each of them.

    Args:
        quantities: names out of `QUANTITIES`.

    Returns:
        A function of mu (m,), omega (a number), nu (n,) and tau (t,), float64. It
        gives the least values, their places in the flat block (m, n, t), the greatest
        values and theirs, each of shape (quantities,).
    """

    @tf.function(jit_compile=True)
    def values(mu, omega, nu, tau):
        found = evaluate(mu[:, None, None], omega, nu[:, None], tau)
        return [found[QUANTITIES.index(name)] for name in quantities]

    @tf.function
    def extremes(mu, omega, nu, tau):
        flat = [tf.reshape(v, [-1]) for v in values(mu, omega, nu, tau)]
        return (
            tf.stack([tf.reduce_min(v) for v in flat]),
            tf.stack([tf.argmin(v) for v in flat]),
            tf.stack([tf.reduce_max(v) for v in flat]),
            tf.stack([tf.argmax(v) for v in flat]),
        )

    return extremes


@dataclasses.dataclass
class Extreme:
    """The lowest or highest value of a quantity and where it was found."""

    value: float
    point: tuple[float, float, float, float]


@dataclasses.dataclass
class Found:
    """The outcome of a search.

    Attributes:
        lowest, highest: an `Extreme` for each quantity.
        points: grid points visited so far.
        total: grid points of the whole search.
        seconds: time spent computing, over all sittings.
    """

    lowest: dict[str, Extreme]
    highest: dict[str, Extreme]
    points: int
    total: int
    seconds: float

    @property
    def complete(self):
        """Whether every grid point was visited."""
        return self.points == self.total


def search(
    domain,
    counts,
    quantities=("norm_h",),
    *,
    state_path=None,
    most_seconds=math.inf,
    description="grid",
):
    """Extremes of quantities over a grid.

    Args:
        domain: a `Domain`.
        counts: points per axis (mu, omega, nu, tau), at least 2 each.
        quantities: names out of `QUANTITIES`.
        state_path: file to keep what was found so far; a search of the same domain,
            counts and quantities goes on from there. None keeps nothing.
        most_seconds: stop after about this time; the outcome then is not `complete`.
        description: text of the progress line.

    Returns:
        `Found`.

    Raises:
        UserError: a quantity does not exist, an axis has fewer than two points, or
            the state is that of another search.
    """
    for name in quantities:
        if name not in QUANTITIES:
            raise unknown("quantity", name, QUANTITIES)
    if len(counts) != 4 or min(counts) < 2:
        raise UserError(f"counts must be four numbers of at least 2, got {counts!r}.")
    axes = domain.axes(counts)
    block = max(1, min(counts[2], _BLOCK_POINTS // (counts[0] * counts[3])))
    starts = range(0, counts[2], block)
    jobs = [(index, start) for index in range(counts[1]) for start in starts]
    key = {
        "domain": {side: list(ends) for side, ends in vars(domain).items()},
        "counts": list(counts),
        "quantities": list(quantities),
        "block": block,
    }
    state = _load(state_path, key)
    kernel = block_extremes(tuple(quantities))
    mu, tau = tf.constant(axes[0]), tf.constant(axes[3])
    begun = saved = time.perf_counter()
    before = state["seconds"]
    with progress.reporting(description, len(jobs)) as update:
        for number in range(state["done"], len(jobs)):
            omega_index, start = jobs[number]
            # The last block is filled up with its last value: no new shape, no new
            # extreme.
            rows = np.minimum(np.arange(start, start + block), counts[2] - 1)
            nu = axes[2][rows]
            omega = axes[1][omega_index]
            parts = [part.numpy() for part in kernel(mu, tf.constant(omega), nu, tau)]
            _merge(state, quantities, parts, (axes[0], omega, nu, axes[3]))
            now = time.perf_counter()
            state |= {"done": number + 1, "seconds": before + now - begun}
            update(number + 1, f"of {math.prod(counts):.3g} points")
            if state_path and now - saved > _SECONDS_BETWEEN_SAVES:
                saved = now
                _save(state_path, key, state)
            if now - begun > most_seconds:
                break
    if state_path:
        _save(state_path, key, state)
    return _found(state, counts, block, len(starts))


def _merge(state, quantities, parts, axes):
    """Take a block's extremes into the state where they go beyond it."""
    mu, omega, nu, tau = axes
    for side, values, places, sign in (
        ("lowest", parts[0], parts[1], 1),
        ("highest", parts[2], parts[3], -1),
    ):
        for name, value, place in zip(quantities, values, places, strict=True):
            if not math.isfinite(value):
                raise ArithmeticError(f"{name} is {value} on the grid.")
            known = state[side].get(name)
            if known is None or sign * value < sign * known[0]:
                i, j, k = np.unravel_index(place, (len(mu), len(nu), len(tau)))
                point = [float(mu[i]), float(omega), float(nu[j]), float(tau[k])]
                state[side][name] = [float(value), point]


def _found(state, counts, block, num_blocks):
    slabs, rest = divmod(state["done"], num_blocks)
    rows = slabs * counts[2] + rest * block
    sides = [
        {name: Extreme(value, tuple(point)) for name, (value, point) in side.items()}
        for side in (state["lowest"], state["highest"])
    ]
    points = rows * counts[0] * counts[3]
    return Found(*sides, points, math.prod(counts), state["seconds"])


def _load(path, key):
    state = {"done": 0, "seconds": 0.0, "lowest": {}, "highest": {}}
    if path is None or not Path(path).exists():
        return state
    try:
        stored = json.loads(Path(path).read_text(encoding="utf-8"))
        same = stored.pop("search") == key
        complete = stored.keys() == state.keys()
    except (OSError, ValueError, KeyError, AttributeError) as error:
        raise UserError(f"cannot read the grid state {str(path)!r}: {error}.") from None
    if not same or not complete:
        raise UserError(
            f"{str(path)!r} holds another search. Allowed: a file of the same domain, "
            "counts and quantities, or one that does not exist yet."
        )
    return stored


def _save(path, key, state):
    text = json.dumps({"search": key, **state}, indent=1)
    files.write_text(Path(path), text + "\n")
