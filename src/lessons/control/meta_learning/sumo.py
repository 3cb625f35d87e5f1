r"""Two discs that push each other off a ring: tensors in, tensors out.

It keeps of the paper's RoboSumo the rules and the rewards, and leaves out the bodies.
The world is symmetric: turned by half a turn, with the players exchanged, it is the
same world, so both players see it alike and one network can play either side. A bout
that is over stands still and pays nothing, so bouts of unequal length share one graph.
"""

import math
import typing

import tensorflow as tf

from lessons.control.meta_learning.hexapod import seed_of
from lessons.toolkit.errors import unknown

NUM_ACTIONS = 2
NUM_OBSERVATIONS = 10
NUM_STEPS = 60  # of a bout; then it is a draw
TIME_STEP = 0.1

RING = 1.0  # radius; a player whose centre is beyond it has lost
DISC = 0.2  # radius of a player
START = 0.5  # distance of the players from the middle at first
WIN_REWARD = 10.0  # the loser gets minus this
DRAW_REWARD = 0.0  # of both players; in RoboSumo minus half of the reward of a win


class State(typing.NamedTuple):
    """Everything that changes, of n bouts. The middle of the ring is the origin."""

    position_a: tf.Tensor  # (n, 2)
    velocity_a: tf.Tensor  # (n, 2)
    position_b: tf.Tensor  # (n, 2)
    velocity_b: tf.Tensor  # (n, 2)
    clock: tf.Tensor  # (n,), steps since the start
    done: tf.Tensor  # (n,), bool
    outcome: tf.Tensor  # (n,), 1 player a has won, -1 player b, 0 a draw or not over


def reset(n, generator=None, spread=0.1):
    """Players that face each other across the middle.

    Args:
        n: how many bouts.
        generator: a `tf.random.Generator`, or two integers as a seed: the line of the
            two is turned at random and each of them moved a little; with None player a
            stands to the left, b to the right.
        spread: each player is moved by at most this, along x and along y.

    Returns:
        A `State`.
    """
    side = tf.constant([START, 0.0]) * tf.ones([n, 1])
    shift_a = shift_b = tf.zeros([n, 2])
    if generator is not None:
        seeds = tf.random.split(seed_of(generator), 2)
        angle = tf.random.stateless_uniform([n], seeds[0], 0.0, 2 * math.pi)
        side = START * tf.stack([tf.cos(angle), tf.sin(angle)], axis=-1)
        shift = tf.random.stateless_uniform([n, 4], seeds[1], -spread, spread)
        shift_a, shift_b = shift[:, :2], shift[:, 2:]
    return State(
        position_a=shift_a - side,
        velocity_a=tf.zeros([n, 2]),
        position_b=shift_b + side,
        velocity_b=tf.zeros([n, 2]),
        clock=tf.zeros([n]),
        done=tf.zeros([n], tf.bool),
        outcome=tf.zeros([n]),
    )


def mirrored(state):
    """The same bouts, players exchanged and the world turned by half a turn."""
    return state._replace(
        position_a=-state.position_b,
        velocity_a=-state.velocity_b,
        position_b=-state.position_a,
        velocity_b=-state.velocity_a,
        outcome=-state.outcome,
    )


def observe(state):
    """What the two players see, each as if it were player a: two tensors (n, 10).

    Own position (2) and velocity (2), the way to the opponent (2), its velocity (2),
    how far the own centre and the opponent's are from leaving the ring (2).
    """
    return _seen(state), _seen(mirrored(state))


def step(state, action_a, action_b, draw_reward=DRAW_REWARD):
    r"""Move both players by one time step.

    $v \leftarrow .85 v + .3 a$ with $|a| \le 1$; equal masses, and nothing is lost when
    they hit each other. A step pays $.1 \max(v \cdot d, 0) - .2 e^{-r}$, where d is
    the direction to the opponent and r how far the opponent is from the middle; the end
    of a bout pays more.

    Args:
        state: a `State`.
        action_a, action_b: shape (n, 2), as each player sees the world; what is longer
            than 1 is shortened.
        draw_reward: what both get when time is up, or when both leave the ring at once.

    Returns:
        (state, reward_a, reward_b, done, outcome), the last four of shape (n,): `done`
        says which bouts are over now, `outcome` is 1 where a has won, -1 where b has,
        else 0.
    """
    velocity_a = 0.85 * state.velocity_a + 0.3 * _shortened(action_a)
    velocity_b = 0.85 * state.velocity_b - 0.3 * _shortened(action_b)
    position_a = state.position_a + TIME_STEP * velocity_a
    position_b = state.position_b + TIME_STEP * velocity_b
    position_a, velocity_a, position_b, velocity_b = _collide(
        position_a, velocity_a, position_b, velocity_b
    )
    clock = state.clock + 1.0
    out_a, out_b = _length(position_a) > RING, _length(position_b) > RING
    over = out_a | out_b | (clock >= NUM_STEPS)
    won = tf.cast(out_b, tf.float32) - tf.cast(out_a, tf.float32)
    moved = State(
        position_a, velocity_a, position_b, velocity_b, clock, over, outcome=won
    )
    last = WIN_REWARD * won
    draw = draw_reward * tf.cast(over & (won == 0), tf.float32)
    reward_a = _shaping(moved) + last + draw
    reward_b = _shaping(mirrored(moved)) - last + draw

    def unless_over(new, old):
        stands = state.done[:, None] if new.shape.rank == 2 else state.done
        return tf.where(stands, old, new)

    following = tf.nest.map_structure(unless_over, moved, state)
    nothing = tf.zeros_like(reward_a)
    return (
        following,
        unless_over(reward_a, nothing),
        unless_over(reward_b, nothing),
        following.done,
        following.outcome,
    )


def _seen(state):
    own, other = state.position_a, state.position_b
    margins = tf.concat([RING - _length(p)[:, None] for p in (own, other)], axis=-1)
    parts = [own, state.velocity_a, other - own, state.velocity_b, margins]
    return tf.concat(parts, axis=-1)


def _shaping(state):
    """What a step pays player a."""
    way = state.position_b - state.position_a
    direction = way / tf.maximum(_length(way), 1e-6)[:, None]
    towards = tf.reduce_sum(state.velocity_a * direction, axis=-1)
    middle = tf.exp(-_length(state.position_b))
    return 0.1 * tf.maximum(towards, 0.0) - 0.2 * middle


def _collide(position_a, velocity_a, position_b, velocity_b):
    """Discs that overlap are moved apart; if they approach they exchange velocities.

    Only the parts along the line of the centres are exchanged.
    """
    way = position_b - position_a
    distance = _length(way)[:, None]
    normal = way / tf.maximum(distance, 1e-6)
    overlap = tf.maximum(2 * DISC - distance, 0.0)
    closing = tf.reduce_sum((velocity_a - velocity_b) * normal, -1, keepdims=True)
    exchanged = tf.where(overlap > 0, tf.maximum(closing, 0.0), 0.0) * normal
    apart = 0.5 * overlap * normal
    return (
        position_a - apart,
        velocity_a - exchanged,
        position_b + apart,
        velocity_b + exchanged,
    )


def _length(vector):
    return tf.sqrt(tf.reduce_sum(tf.square(vector), axis=-1))


def _shortened(action):
    return action / tf.maximum(_length(action), 1.0)[:, None]


def passive(observation, generator=None):
    """An opponent that does nothing."""
    return tf.zeros_like(observation[:, :NUM_ACTIONS])


def random(observation, generator):
    """An opponent that pushes into a random direction at each step.

    Args:
        observation: shape (n, 10).
        generator: a `tf.random.Generator`, or two integers as a seed.
    """
    shape = tf.shape(observation[:, 0])
    angle = tf.random.stateless_uniform(shape, seed_of(generator), 0.0, 2 * math.pi)
    return tf.stack([tf.cos(angle), tf.sin(angle)], axis=-1)


def charge(observation, generator=None):
    """An opponent that runs at the other one with all its strength."""
    way = observation[:, 4:6]
    return way / tf.maximum(_length(way), 1e-6)[:, None]


SCRIPTED = {"passive": passive, "random": random, "charge": charge}


def opponent(name):
    """One of the `SCRIPTED` opponents, a function (observation, generator) -> action.

    Raises:
        UserError: there is none of that name.
    """
    if name not in SCRIPTED:
        raise unknown("opponent", name, SCRIPTED)
    return SCRIPTED[name]
