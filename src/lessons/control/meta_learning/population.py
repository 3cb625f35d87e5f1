"""Evolution of a population in which losers are replaced by copies of winners.

The paper lets 1,050 agents of 105 kinds compete: three bodies, seven ways to act and to
adapt, five stages of training, ten copies of each.
"""

import itertools

import numpy as np

from lessons.control.meta_learning import rating
from lessons.toolkit.errors import UserError

BODIES = ("Ant", "Bug", "Spider")
AGENTS = (
    "MLP",
    "MLP, tracking",
    "MLP, meta-learned",
    "LSTM",
    "LSTM, tracking",
    "LSTM, meta-learned",
    "RL^2",
)
STAGES = (1, 2, 3, 4, 5)  # of training
KINDS = tuple(itertools.product(BODIES, AGENTS, STAGES))
COPIES = 10  # of each kind at first
MATCHES = 1000  # in a generation


def table(win, num_kinds):
    """Chances to win as a table.

    Args:
        win: an array (kinds, kinds): chance that the row beats the column; what it and
            the other way lack to 1 are draws. Or a function of two arrays of kinds.
        num_kinds: how many kinds there are.

    Returns:
        A NumPy array of shape (kinds, kinds).

    Raises:
        UserError: this is no table of chances.
    """
    if callable(win):
        kinds = np.arange(num_kinds)
        win = win(*np.meshgrid(kinds, kinds, indexing="ij"))
    win = np.asarray(win, np.float64)
    if win.shape != (num_kinds, num_kinds):
        raise UserError(
            f"the table of {num_kinds} kinds must have the shape "
            f"{(num_kinds, num_kinds)}, got {win.shape}."
        )
    both = win + win.T
    np.fill_diagonal(both, 0.0)  # two of a kind change nothing, whoever wins
    if not (win >= 0).all() or (both > 1 + 1e-9).any():
        raise UserError(
            "chances to win must be at least 0 and those of two opponents together at "
            f"most 1, got {win.min():.3g} and {both.max():.3g}."
        )
    return win


def of_ratings(ratings):
    """Chances to win by TrueSkill, as a table.

    Args:
        ratings: `rating.Rating`s, one for each kind.
    """
    mean, deviation = np.array(ratings, np.float64).T
    rows = rating.Rating(mean[:, None], deviation[:, None])
    return rating.win_probability(rows, rating.Rating(mean, deviation))


def evolve(win, counts=COPIES, generations=10, matches=MATCHES, *, seed=0):
    """Let a population compete.

    In each match two different agents are drawn; the loser is replaced by a copy of
    the winner at once. Nothing happens after a draw.

    Args:
        win: see `table`.
        counts: agents of each kind at first, an array, or a number for all kinds of
            the table; with a function, for all of `KINDS`.
        generations: how many.
        matches: in each generation.
        seed: of the draws.

    Returns:
        Agents of each kind at first and after each generation, int, shape
        (generations + 1, kinds).

    Raises:
        UserError: there are not two agents, or `win` is no table of chances.
    """
    if np.ndim(counts):
        kinds = len(counts)
    else:
        kinds = len(KINDS) if callable(win) else len(win)
    win = table(win, kinds)
    if np.min(counts) < 0:
        raise UserError(f"counts of agents are at least 0, got {counts}.")
    agents = np.repeat(np.arange(kinds), np.broadcast_to(counts, (kinds,)))
    if len(agents) < 2:
        raise UserError(f"a population needs at least 2 agents, got {len(agents)}.")
    rng = np.random.default_rng((seed, 71))
    found = [np.bincount(agents, minlength=kinds)]
    for _ in range(generations):
        ones = rng.integers(len(agents), size=matches)
        others = (ones + rng.integers(1, len(agents), size=matches)) % len(agents)
        for one, other, luck in zip(ones, others, rng.random(matches), strict=True):
            a, b = agents[one], agents[other]
            if luck < win[a, b]:
                agents[other] = a
            elif luck >= 1 - win[b, a]:
                agents[one] = b
        found.append(np.bincount(agents, minlength=kinds))
    return np.array(found)


def expected(win, counts, generations=10, matches=MATCHES):
    r"""What evolution does on the average in a large population: replicator dynamics.

    A match changes the count of kind i by
    $\frac{2N}{N-1} x_i \sum_j x_j (P_{ij} - P_{ji})$ on the average, x shares of N
    agents.

    Args:
        win: see `table`.
        counts: agents of each kind at first, an array.
        generations, matches: as for `evolve`.

    Returns:
        Expected counts, shape (generations + 1, kinds).
    """
    counts = np.asarray(counts, np.float64)
    win = table(win, len(counts))
    edge, total = win - win.T, counts.sum()
    found = [counts]
    for _ in range(generations):
        for _ in range(matches):
            shares = counts / total
            counts = counts + 2 * total / (total - 1) * shares * (edge @ shares)
        found.append(counts)
    return np.array(found)


def grouped(counts, labels):
    """Counts of kinds with the same label together.

    Args:
        counts: shape (..., kinds).
        labels: of the kinds, such as `[body for body, _, _ in KINDS]`.

    Returns:
        Arrays of shape (...) by label, in the order in which labels first appear.
    """
    labels = list(labels)
    return {
        label: np.asarray(counts)[..., [x == label for x in labels]].sum(axis=-1)
        for label in dict.fromkeys(labels)
    }
