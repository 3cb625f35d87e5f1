"""Trajectories of many policies in many copies of a world, as one compiled loop."""

import typing

import tensorflow as tf

from lessons.control.meta_learning import functional, hexapod, sumo, theory
from lessons.toolkit.recurrent import scan


class Trajectories(typing.NamedTuple):
    """What happened, in K copies of the world of each of several tasks.

    Attributes:
        observations: what the policy saw, shape (tasks, K, steps, inputs).
        actions: shape (tasks, K, steps, actions).
        log_probs: of the actions under the policy that took them, (tasks, K, steps).
        rewards: shape (tasks, K, steps).
        alive: 1 until the episode was over, then 0, shape (tasks, K, steps).
        outcomes: how the last episode ended, shape (tasks, K); 0 in a world without.
    """

    observations: tf.Tensor
    actions: tf.Tensor
    log_probs: tf.Tensor
    rewards: tf.Tensor
    alive: tf.Tensor
    outcomes: tf.Tensor


class Hexapod:
    """Walking; a task is the scales of six torques, so its shape is (6,)."""

    num_inputs, num_actions = hexapod.NUM_OBSERVATIONS, hexapod.NUM_ACTIONS
    task_shape = (hexapod.NUM_LEGS,)
    two_players = False

    @staticmethod
    def reset(count, seed):
        """States of `count` robots."""
        return hexapod.reset(count, seed)

    @staticmethod
    def observe(state):
        """What the policy sees, and what a rival does (nothing here)."""
        return hexapod.observe(state), None

    @staticmethod
    def step(state, action, _, task):
        """The next state, rewards, who is still alive, and outcomes."""
        state, reward = hexapod.step(state, action, task)
        return state, reward, tf.ones_like(reward), tf.zeros_like(reward)


class Compass(Hexapod):
    """Walking in a direction that is not told; a task is a unit vector, shape (2,)."""

    task_shape = (2,)

    @staticmethod
    def step(state, action, _, task):
        """As that of `Hexapod`; pays for the speed in the task's direction."""
        following, reward = hexapod.step(state, action)
        velocity = (following.position - state.position) / hexapod.TIME_STEP
        reward += tf.reduce_sum(velocity * task, axis=-1) - velocity[:, 0]
        return following, reward, tf.ones_like(reward), tf.zeros_like(reward)


class Sumo:
    """A bout; a task is a number from 0 to 1 that chooses a rival of the pool, (1,)."""

    num_inputs, num_actions = sumo.NUM_OBSERVATIONS, sumo.NUM_ACTIONS
    task_shape = (1,)
    two_players = True
    draw_reward = sumo.DRAW_REWARD

    @staticmethod
    def reset(count, seed):
        """States of `count` bouts."""
        return sumo.reset(count, seed)

    @staticmethod
    def observe(state):
        """What the two players see."""
        return sumo.observe(state)

    @classmethod
    def step(cls, state, action, rival_action, _):
        """The next state, rewards, who was still alive before, and outcomes."""
        alive = 1.0 - tf.cast(state.done, tf.float32)
        state, reward, _, _, outcome = sumo.step(
            state, action, rival_action, cls.draw_reward
        )
        return state, reward, alive, outcome


class HurriedSumo(Sumo):
    """As `Sumo`, but a draw costs both half of what a win pays, as in RoboSumo."""

    draw_reward = -sumo.WIN_REWARD / 2


WORLDS = {
    "hexapod": Hexapod,
    "compass": Compass,
    "sumo": Sumo,
    "hurried": HurriedSumo,
}


def roll(
    world,
    parameters,
    tasks,
    num_trajectories,
    num_steps,
    noise,
    seeds,
    *,
    lstm=0,
    recurrent=False,
    rivals=None,
):
    """Let each task's policy live through its stretch of tasks.

    Args:
        world: one of `WORLDS`.
        parameters: of the policies, a list of tensors with a first axis of tasks; the
            last holds the logarithms of the deviations.
        tasks: shape (tasks, episodes, *world.task_shape).
        num_trajectories: K, copies of the world.
        num_steps: of an episode.
        noise: standard normal, shape (episodes * num_steps, tasks, K, actions), twice
            as many actions where there is a rival.
        seeds: of the first states, shape (episodes, 2).
        lstm: units of the policy's LSTM; its state is kept from episode to episode if
            the policy is `recurrent`, else it begins anew.
        recurrent: whether the policy sees its last reward and an episode's start.
        rivals: parameters of the rivals' policies.

    Returns:
        `Trajectories` of episodes * num_steps steps.
    """
    count, episodes = tf.shape(tasks)[0], tasks.shape[1]
    rows = count * num_trajectories
    shape = [count, num_trajectories]
    nothing = tf.zeros(shape)
    memory = empty_memory(count, num_trajectories, lstm)
    of_row = tf.repeat(tasks, num_trajectories, axis=0)  # (rows, episodes, ...)
    own, log_std = parameters[:-1], parameters[-1][:, None]

    def grouped(x):
        return tf.reshape(x, [*shape, *x.shape[1:]])

    def step(noises, before):
        state, memory, reward, begins, task = before
        mine, theirs = world.observe(state)
        seen = grouped(mine)
        if recurrent:
            seen = tf.concat([seen, reward[..., None], begins[..., None]], axis=-1)
        mean, memory = functional.policy(own, seen, memory)
        draw = noises[..., : world.num_actions]
        action = mean + tf.exp(log_std) * draw
        answer = None
        if rivals is not None:
            found, _ = functional.policy(rivals[:-1], grouped(theirs), ())
            answer = (
                found + tf.exp(rivals[-1])[:, None] * noises[..., world.num_actions :]
            )
            answer = tf.reshape(answer, [rows, world.num_actions])
        state, gained, alive, outcome = world.step(
            state, tf.reshape(action, [rows, world.num_actions]), answer, task
        )
        log_prob = theory.gaussian_log_prob(action, mean, log_std)
        reward = grouped(gained)
        happened = seen, action, log_prob, reward, grouped(alive), grouped(outcome)
        return happened, (state, memory, reward, nothing, task)

    parts, reward = [], nothing
    for episode in range(episodes):
        if not recurrent:
            memory = empty_memory(count, num_trajectories, lstm)
        first = world.reset(rows, seeds[episode])
        part = slice(episode * num_steps, (episode + 1) * num_steps)
        begin = first, memory, reward, nothing + 1.0, of_row[:, episode]
        happened, (_, memory, reward, _, _) = scan(step, noise[part], begin)
        parts.append(happened)
    joined = [tf.concat(each, axis=0) for each in zip(*parts, strict=True)]
    outcomes = joined.pop()[-1]
    time_third = [tf.transpose(x, [1, 2, 0, *range(3, x.shape.rank)]) for x in joined]
    return Trajectories(*time_third, outcomes)


def empty_memory(count, num_trajectories, lstm):
    """What an LSTM knows at first: (output, carry) of zeros, or () without one."""
    if not lstm:
        return ()
    return tuple(tf.zeros([count, num_trajectories, lstm]) for _ in range(2))
