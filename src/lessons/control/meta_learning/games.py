"""Games of sumo: bouts, rounds of them, and iterated games against a growing opponent.

A bout is an episode. A round is a few bouts against the same opponent; a player that
adapts may change after each of them. A game is a sequence of rounds, in each of which
the opponent is the next version of itself from a pool.
"""

import functools
import typing

import numpy as np
import tensorflow as tf

from lessons.control.meta_learning import sumo
from lessons.toolkit.errors import UserError


class Seen(typing.NamedTuple):
    """What a player is told at each step."""

    observation: tf.Tensor  # (n, 10)
    reward: tf.Tensor  # (n,), of the step before; 0 at first
    first: tf.Tensor  # (n,), 1 at the first step of a bout, else 0
    seed: tf.Tensor  # (2,), for what the player draws


class Player(typing.NamedTuple):
    """Who plays, as functions of tensors.

    Attributes:
        act: function (parameters, seen, memory) -> (action of shape (n, 2), memory).
        parameters: a nest of tensors; where bouts differ in it, n comes first.
        memory: what a recurrent player begins a round with, a nest of tensors; it is
            kept from bout to bout.
        adapt: function (parameters, episode) -> parameters, called after each bout; or
            None.
    """

    act: typing.Callable
    parameters: typing.Any = ()
    memory: typing.Any = ()
    adapt: typing.Callable | None = None


class Episode(typing.NamedTuple):
    """What a player saw, did and got in n bouts of H steps."""

    observations: tf.Tensor  # (H, n, 10)
    actions: tf.Tensor  # (H, n, 2), as drawn, before long ones are shortened
    rewards: tf.Tensor  # (H, n)
    alive: tf.Tensor  # (H, n), 1 for the steps that were part of the bout
    outcome: tf.Tensor  # (n,), 1 won, 0 draw, -1 lost


def rollout(one, other, num, seed, memories=((), ())):
    """Bouts from beginning to end; for use within a `tf.function`.

    Args:
        one, other: `Player`s, who do not adapt here.
        num: bouts at once, a Python number.
        seed: two integers, as a tensor.
        memories: of the two players.

    Returns:
        (episode of one, episode of the other, memories, states): the last are the
        `sumo.State`s after each step.
    """

    def move(before, time):
        state, (_, _, last_one), (_, _, last_other), memories, _ = before
        seeds = tf.random.split(tf.random.fold_in(seed, time), 2)
        first = tf.fill([num], tf.cast(time == 0, tf.float32))
        seen_one, seen_other = sumo.observe(state)
        action_one, memory_one = one.act(
            one.parameters, Seen(seen_one, last_one, first, seeds[0]), memories[0]
        )
        action_other, memory_other = other.act(
            other.parameters, Seen(seen_other, last_other, first, seeds[1]), memories[1]
        )
        alive = 1.0 - tf.cast(state.done, tf.float32)
        state, reward_one, reward_other, _, _ = sumo.step(
            state, action_one, action_other
        )
        return (
            state,
            (seen_one, action_one, reward_one),
            (seen_other, action_other, reward_other),
            (memory_one, memory_other),
            alive,
        )

    nothing = (
        tf.zeros([num, sumo.NUM_OBSERVATIONS]),
        tf.zeros([num, sumo.NUM_ACTIONS]),
        tf.zeros([num]),
    )
    start = sumo.reset(num, tf.random.fold_in(seed, sumo.NUM_STEPS))
    states, first, second, kept, alive = tf.scan(
        move,
        tf.range(sumo.NUM_STEPS),
        (start, nothing, nothing, memories, tf.zeros([num])),
    )
    outcome = states.outcome[-1]
    return (
        Episode(*first, alive, outcome),
        Episode(*second, alive, -outcome),
        tf.nest.map_structure(lambda x: x[-1], kept),
        states,
    )


@functools.lru_cache(maxsize=16)
def _compiled(act_one, act_other, num, jit_compile):
    """`rollout` as one graph, which serves all parameters of the same shapes."""

    @tf.function(jit_compile=jit_compile, autograph=False)
    def run(parameters_one, parameters_other, memories, seed):
        one, other = (
            Player(act_one, parameters_one),
            Player(act_other, parameters_other),
        )
        return rollout(one, other, num, seed, memories)

    return run


def scripted(policy):
    """A policy as a player.

    Args:
        policy: a function (observation, seed) -> action, such as those of
            `sumo.SCRIPTED`; a `Player` stays as it is.
    """
    return policy if isinstance(policy, Player) else Player(_acting(policy))


@functools.lru_cache(maxsize=64)
def _acting(policy):
    def act(parameters, seen, memory):
        return policy(seen.observation, seen.seed), memory

    return act


def bouts(one, other, num, seed, *, memories=None, jit_compile=False):
    """Play bouts in one compiled graph; see `rollout`.

    Args:
        one, other: `Player`s, or policies as for `scripted`.
        num: how many bouts.
        seed: an integer, or a sequence of integers.
        memories: of the two; by default those they begin with.
        jit_compile: whether XLA compiles the graph; pays for hundreds of calls.

    Returns:
        As `rollout`.
    """
    one, other = scripted(one), scripted(other)
    run = _compiled(one.act, other.act, num, jit_compile)
    seed = tf.constant(np.random.SeedSequence(seed).generate_state(2).view(np.int32))
    memories = (one.memory, other.memory) if memories is None else memories
    return run(one.parameters, other.parameters, memories, seed)


class Pool:
    """Versions of an opponent, from its first to its newest."""

    def __init__(self, versions=()):
        self._versions = list(versions)

    def __len__(self):
        return len(self._versions)

    def add(self, parameters):
        """Keep one more version: a nest of tensors, which must not change later."""
        self._versions.append(parameters)

    def version(self, number):
        """A version by its number, from 0; beyond the newest, the newest.

        Raises:
            UserError: the pool is empty, or the number negative.
        """
        if not self._versions or number < 0:
            raise UserError(
                f"the pool holds {len(self)} versions, there is no number {number}."
            )
        return self._versions[min(number, len(self) - 1)]

    def draw(self, rng, first=0):
        """A version at random, as opponents of a training are: none before `first`.

        Args:
            rng: a NumPy generator.
            first: number of the oldest version that may be drawn.
        """
        return self.version(int(rng.integers(min(first, len(self) - 1), len(self))))


class Game(typing.NamedTuple):
    """Iterated games that were played.

    Attributes:
        outcomes: of the bouts as the first player sees them, 1, 0 or -1, shape
            (rounds, episodes, games).
        one, other: the `Player`s as they are at the end.
    """

    outcomes: np.ndarray
    one: Player
    other: Player

    def rounds(self):
        """Who won each round, that is more of its bouts, shape (rounds, games)."""
        return np.sign(self.outcomes.sum(axis=1))

    def win_draw_loss(self, last=None):
        """Shares of rounds that the first player won, drew and lost.

        Args:
            last: how many of the last rounds count; None for all. The paper gives the
                last 25 of 100.

        Returns:
            Shape (games, 3).
        """
        results = self.rounds()[-(last or len(self.outcomes)) :]
        return np.stack([(results == r).mean(axis=0) for r in (1, 0, -1)], axis=-1)


def play(
    one,
    other,
    rounds=100,
    episodes=3,
    num_games=1,
    seed=0,
    *,
    pool=None,
    first_version=0,
    jit_compile=False,
):
    """Iterated games: a round after the other, against a growing opponent.

    Args:
        one, other: `Player`s, or policies as for `scripted`.
        rounds: of a game.
        episodes: bouts of a round.
        num_games: games played at once.
        seed: an integer.
        pool: a `Pool` of the other's parameters; in round r it plays the version
            `first_version` + r. With None it stays as it is, or adapts.
        first_version: the other's version in the first round.
        jit_compile: as for `bouts`.

    Returns:
        A `Game`.

    Raises:
        UserError: there is nothing to play, or the other both adapts and has a pool.
    """
    one, other = scripted(one), scripted(other)
    if min(rounds, episodes, num_games) < 1:
        raise UserError(
            "rounds, episodes and num_games must be at least 1, got "
            f"{rounds}, {episodes} and {num_games}."
        )
    if pool is not None and other.adapt is not None:
        raise UserError("a player that adapts cannot be a version from a pool as well.")
    outcomes = np.zeros((rounds, episodes, num_games), np.int8)
    for number in range(rounds):
        if pool is not None:
            other = other._replace(parameters=pool.version(first_version + number))
        memories = one.memory, other.memory
        for episode in range(episodes):
            first, second, memories, _ = bouts(
                one,
                other,
                num_games,
                (seed, number, episode),
                memories=memories,
                jit_compile=jit_compile,
            )
            one, other = _adapted(one, first), _adapted(other, second)
            outcomes[number, episode] = first.outcome.numpy()
    return Game(outcomes, one, other)


def _adapted(player, episode):
    if player.adapt is None:
        return player
    return player._replace(parameters=player.adapt(player.parameters, episode))
