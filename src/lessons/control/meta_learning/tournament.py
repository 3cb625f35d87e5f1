"""Tournaments: who beats whom, and schedules for ratings."""

import itertools
import typing

import numpy as np

from lessons.control.meta_learning.games import bouts
from lessons.toolkit.errors import UserError


class Tournament(typing.NamedTuple):
    """Bouts of every player with every other.

    Attributes:
        names: of the players.
        outcomes: int, shape (players, players, bouts): 1 where the row has won, -1
            where the column has, 0 for a draw; its own negative with rows and columns
            exchanged. On the diagonal two copies of a player meet.
    """

    names: tuple[str, ...]
    outcomes: np.ndarray

    def table(self):
        """Shares that the row won, drew and lost, shape (players, players, 3)."""
        return np.stack([(self.outcomes == r).mean(axis=-1) for r in (1, 0, -1)], -1)

    def games(self, seed=0):
        """The bouts as a balanced schedule for ratings.

        Every pair meets once before any meets again; the order of the pairs is drawn
        anew each time, and the one who is named first alternates.

        Args:
            seed: of the order.

        Returns:
            Triples (one, other, result), see `rating.of_games`.
        """
        rng = np.random.default_rng((seed, 73))
        pairs = list(itertools.combinations(range(len(self.names)), 2))
        schedule = []
        for bout in range(self.outcomes.shape[-1]):
            for i, j in (pairs[k] for k in rng.permutation(len(pairs))):
                if bout % 2:
                    i, j = j, i
                result = int(self.outcomes[i, j, bout])
                schedule.append((self.names[i], self.names[j], result))
        return schedule


def tournament(players, num_bouts, seed=0, *, jit_compile=False):
    """Let all players meet.

    Args:
        players: `Player`s, or policies as for `games.scripted`, by name.
        num_bouts: of each pair.
        seed: an integer.
        jit_compile: as for `games.bouts`.

    Returns:
        A `Tournament`.

    Raises:
        UserError: there is no player or no bout.
    """
    if not players or num_bouts < 1:
        raise UserError(
            f"a tournament needs players and bouts, got {len(players)} and {num_bouts}."
        )
    names, shape = tuple(players), (len(players), len(players), num_bouts)
    outcomes = np.zeros(shape, np.int8)
    for i, j in itertools.combinations_with_replacement(range(len(names)), 2):
        pair = players[names[i]], players[names[j]]
        first, *_ = bouts(*pair, num_bouts, (seed, i, j), jit_compile=jit_compile)
        outcomes[i, j] = first.outcome.numpy()
        if i != j:
            outcomes[j, i] = -outcomes[i, j]
    return Tournament(names, outcomes)
