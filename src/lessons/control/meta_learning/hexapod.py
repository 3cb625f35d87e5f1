r"""A light six-legged robot that loses two of its legs: tensors in, tensors out.

It keeps of the paper's robot what adaptation is about. Each leg has a hip that sweeps
and a knee that lifts; the body goes where the feet on the ground push it; the torques
of a leg are scaled by a number that falls from 1 to 0 over seven episodes. Leg k
stands at the angle $\pi/6 + k\pi/3$, counted from forwards (x) to the left (y):

    0 front left    1 middle left    2 back left
    5 front right   4 middle right   3 back right

All functions work on n robots at once, use no Python branch on values and have static
shapes, so that a whole rollout compiles into one graph, with XLA or without. Random
starts follow the seed in both cases; XLA draws other numbers from the same seed.
"""

import itertools
import math
import typing

import numpy as np
import tensorflow as tf

from lessons.toolkit.errors import UserError

NUM_LEGS = 6
NUM_ACTIONS = 12  # hips, then knees
NUM_OBSERVATIONS = 19
NUM_TASKS = 7  # episodes in which two legs get weaker
NUM_STEPS = 40  # of an episode
TIME_STEP = 0.1  # seconds

LEGS = (
    "front left",
    "middle left",
    "back left",
    "back right",
    "middle right",
    "front right",
)
PAIRS = tuple(itertools.combinations(range(NUM_LEGS), 2))
HELD_OUT = {"back": (2, 3), "middle": (1, 4), "front": (0, 5)}
TRAINING = tuple(pair for pair in PAIRS if pair not in HELD_OUT.values())

BODY_RADIUS = 0.3  # where the hips are
LEG_LENGTH = 0.5  # on the ground
HIP_RANGE = 0.6  # radians to both sides, and the most that a hip turns in a step
CLOCK = 0.8  # seconds, period of what the robot sees of time

_ANGLES = np.array([math.pi * (1 + 2 * k) / 6 for k in range(NUM_LEGS)], np.float32)
_HIPS = BODY_RADIUS * np.stack([np.cos(_ANGLES), np.sin(_ANGLES)])  # (2, legs)
_LEFT = np.array([1, 1, 1, -1, -1, -1], np.float32)


class State(typing.NamedTuple):
    """Everything that changes, of n robots."""

    hips: tf.Tensor  # (n, 6), radians
    lifts: tf.Tensor  # (n, 6), 0 on the ground, 1 raised
    position: tf.Tensor  # (n, 2), in the world
    heading: tf.Tensor  # (n,), radians
    velocity: tf.Tensor  # (n, 3): forwards, to the left, turning; of the body
    clock: tf.Tensor  # (n,), steps since the start


def reset(n, generator=None, spread=0.1):
    """Robots that stand at the origin and look forwards.

    Args:
        n: how many.
        generator: a `tf.random.Generator`, or two integers as a seed, that bends the
            hips a little; with None all hips are straight.
        spread: hips begin between minus and plus this many radians.

    Returns:
        A `State`.
    """
    hips = tf.zeros([n, NUM_LEGS])
    if generator is not None:
        hips = tf.random.stateless_uniform(
            [n, NUM_LEGS], seed_of(generator), -spread, spread
        )
    return State(
        hips=hips,
        lifts=tf.zeros([n, NUM_LEGS]),
        position=tf.zeros([n, 2]),
        heading=tf.zeros([n]),
        velocity=tf.zeros([n, 3]),
        clock=tf.zeros([n]),
    )


def seed_of(generator):
    """Two integers that seed the next draw.

    Args:
        generator: a `tf.random.Generator`, which moves on, or two integers.
    """
    if isinstance(generator, tf.random.Generator):
        return generator.make_seeds(1)[:, 0]
    return generator


def observe(state):
    """What the robots perceive, shape (n, 19).

    Hips (6), lifts (6), velocity of the body (3), sine and cosine of the heading and of
    a clock with period `CLOCK`.
    """
    angle = (2 * math.pi * TIME_STEP / CLOCK) * state.clock
    waves = [f(x) for x in (state.heading, angle) for f in (tf.sin, tf.cos)]
    parts = [state.hips, state.lifts, state.velocity, tf.stack(waves, axis=-1)]
    return tf.concat(parts, axis=-1)


def step(state, action, torque=1.0):
    r"""Move all robots by one time step.

    A hip turns by $0.6\,s_k a_k$, a lift changes by $0.1 (8 s_k b_k - 1)$: without
    torque $s_k$ a leg falls to the ground and stays, and the robot drags it along. A
    leg holds on to the ground with the strength $c_k = \sigma(-12 (lift - .5)) + .02$.
    Feet that hold on want to stand still: the velocity of the body minimises
    $\sum_k c_k |v + \omega \times r_k + \dot q_k t_k|^2 + .05 (|v|^2 + \omega^2)$.

    Args:
        state: a `State`.
        action: hips then knees, shape (n, 12); what is beyond -1 and 1 is cut off.
        torque: scale of the torques of each leg, shape (n, 6), (6,) or a number.

    Returns:
        (state, reward): the next `State`; velocity along the world's x less .02 times
        the mean square of the actions, shape (n,).
    """
    action = tf.clip_by_value(action, -1.0, 1.0)
    hip_action, knee_action = action[:, :NUM_LEGS], action[:, NUM_LEGS:]
    hips = state.hips + HIP_RANGE * torque * hip_action
    hips = tf.clip_by_value(hips, -HIP_RANGE, HIP_RANGE)
    lifts = state.lifts + 0.1 * (8.0 * torque * knee_action - 1.0)
    lifts = tf.clip_by_value(lifts, 0.0, 1.0)
    turning = (hips - state.hips) / TIME_STEP
    velocity = body_velocity(hips, turning, grip(lifts))
    cos, sin = tf.cos(state.heading), tf.sin(state.heading)
    forwards, left = velocity[:, 0], velocity[:, 1]
    world = tf.stack([cos * forwards - sin * left, sin * forwards + cos * left], -1)
    reward = world[:, 0] - 0.02 * tf.reduce_mean(tf.square(action), axis=-1)
    following = State(
        hips=hips,
        lifts=lifts,
        position=state.position + TIME_STEP * world,
        heading=state.heading + TIME_STEP * velocity[:, 2],
        velocity=velocity,
        clock=state.clock + 1.0,
    )
    return following, reward


def grip(lifts):
    """How strongly each leg holds on to the ground, of the shape of `lifts`."""
    return tf.sigmoid(-12.0 * (lifts - 0.5)) + 0.02


def feet(hips):
    """Where the feet are, seen from the body: two tensors (n, 6), forwards and left."""
    angles = _ANGLES + hips
    return (
        _HIPS[0] + LEG_LENGTH * tf.cos(angles),
        _HIPS[1] + LEG_LENGTH * tf.sin(angles),
    )


def body_velocity(hips, turning, weights):
    """The velocity with which the feet slip least: weighted least squares, solved.

    Args:
        hips: radians, shape (n, 6).
        turning: radians per second, shape (n, 6).
        weights: how strongly each foot holds on, shape (n, 6).

    Returns:
        Forwards, to the left, turning, shape (n, 3).
    """
    x, y = feet(hips)
    angles = _ANGLES + hips
    push_x = weights * turning * LEG_LENGTH * tf.sin(angles)
    push_y = -weights * turning * LEG_LENGTH * tf.cos(angles)
    # The normal equations are (a, 0, b; 0, a, d; b, d, e) v = (g, h, i).
    a = 0.05 + tf.reduce_sum(weights, -1)
    b = -tf.reduce_sum(weights * y, -1)
    d = tf.reduce_sum(weights * x, -1)
    e = 0.05 + tf.reduce_sum(weights * (x * x + y * y), -1)
    g, h = tf.reduce_sum(push_x, -1), tf.reduce_sum(push_y, -1)
    i = tf.reduce_sum(x * push_y - y * push_x, -1)
    omega = (i - (b * g + d * h) / a) / (e - (b * b + d * d) / a)
    return tf.stack([(g - b * omega) / a, (h - d * omega) / a, omega], axis=-1)


def torque_scale(pair, task_index):
    """Scales of the legs' torques: (7 - i) / 6 for two legs, 1 for the others.

    Args:
        pair: two legs, or an array of pairs, shape (..., 2).
        task_index: i from 1, healthy, to 7, paralysed; a number or an array of the
            shape (...).

    Returns:
        A NumPy array of shape (..., 6).

    Raises:
        UserError: there is no such leg or task.
    """
    pair, task_index = np.asarray(pair), np.asarray(task_index)
    known = pair.shape[-1:] == (2,) and np.isin(pair, range(NUM_LEGS)).all()
    if not known or np.any(pair[..., 0] == pair[..., 1]):
        raise UserError(f"a pair is two legs from 0 to 5, got {pair.tolist()}.")
    if np.any(task_index < 1) or np.any(task_index > NUM_TASKS):
        raise UserError(f"tasks go from 1 to {NUM_TASKS}, got {task_index.tolist()}.")
    weak = (pair[..., None] == np.arange(NUM_LEGS)).any(axis=-2)
    scale = ((NUM_TASKS - task_index) / (NUM_TASKS - 1))[..., None]
    return np.where(weak, scale, 1.0).astype(np.float32)


def tripod(state, period=0.4):
    """A gait written by hand: three legs push while the other three swing forwards.

    Args:
        state: a `State`.
        period: seconds, at least two time steps.

    Returns:
        Actions of shape (n, 12).

    Raises:
        UserError: the period is too short.
    """
    count = round(period / TIME_STEP)
    if count < 2:
        raise UserError(f"period must be at least {2 * TIME_STEP:g} s, got {period}.")
    shift = (count / 2) * (np.arange(NUM_LEGS, dtype=np.float32) % 2)
    phase = tf.math.floormod(state.clock[:, None] + shift, float(count))
    pushing = tf.where(phase < count / 2, 1.0, -1.0)
    return tf.concat([_LEFT * pushing, -pushing], axis=-1)


def rollout(policy, state, torque=1.0, num_steps=NUM_STEPS):
    """Let the robots walk.

    Args:
        policy: function of a `State` that gives actions of shape (n, 12).
        state: where they begin.
        torque: as for `step`.
        num_steps: how many steps, a Python number.

    Returns:
        (states, rewards): the `State`s after each step, each tensor with a first axis
        of time, and rewards of shape (num_steps, n).
    """

    def move(before, _):
        return step(before[0], policy(before[0]), torque)

    start = state, tf.zeros_like(state.heading)
    return tf.scan(move, tf.range(num_steps), start)
