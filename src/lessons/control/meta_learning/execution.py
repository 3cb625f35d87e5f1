"""Living through a chain of tasks, once: algorithm 2, tracking, and doing nothing.

Each task is met once. What is learned from its trajectories serves the next task only,
which is different again.
"""

import math
import typing

import numpy as np
import tensorflow as tf

from lessons.control.meta_learning import functional, hexapod, theory
from lessons.toolkit.errors import unknown

MODES = (
    "none",
    "meta",
    "unweighted",
    "fresh",
    "wrong",
    "tracking",
    "whole",
)
GREATEST = 5.0  # importance weight of a trajectory
TRACKING_PASSES = 3


class Life(typing.NamedTuple):
    """What became of several lives.

    Attributes:
        rewards: mean reward of a step, shape (lives, tasks, K).
        share: the effective share of the samples, one number per life and task, from
            1 / K where one weight outweighs all others to 1 where all are equal, shape
            (lives, tasks).
        cut: part of the weights that were cut at the limit, (lives, tasks).
        log_weight: the greatest logarithm of a weight, (lives, tasks).
    """

    rewards: np.ndarray
    share: np.ndarray
    cut: np.ndarray
    log_weight: np.ndarray


def live(
    agent,
    tasks,
    mode,
    *,
    num_trajectories=16,
    rate=None,
    greatest=GREATEST,
    compiled=True,
):
    """Go through chains of tasks, each life its own, all at once.

    * "none": the same parameters in every task.
    * "meta": in each task parameters are those of training, moved by the agent's inner
      steps on the trajectories of the task before. These were made by other parameters,
      hence importance weights.
    * "unweighted": as "meta", without the weights.
    * "tracking": the parameters of the task before, moved by PPO on its trajectories.
    * "fresh": as "meta", with trajectories that the parameters of training made in the
      task before, as in training: one more interaction with each task.
    * "wrong": as "fresh", but with the trajectories of a life that is a third of the
      list away: that of another pair of legs, where each of three pairs has its lives.
    * "whole": the same parameters, and what the policy remembers of earlier tasks.

    Args:
        agent: an `Agent`.
        tasks: shape (lives, tasks, *world.task_shape).
        mode: one of `MODES`.
        num_trajectories: K, of each task.
        rate: of tracking, or in the place of the agent's rates.
        greatest: limit of the importance weights.
        compiled: whether a task becomes a graph, which pays from ten steps on.

    Returns:
        A `Life`.

    Raises:
        UserError: there is no such mode.
    """
    if mode not in MODES:
        raise unknown("mode", mode, MODES)

    far = max(len(tasks) // 3, 1)

    def one_task(parameters, task):
        batch = agent.prepare(agent.roll(parameters, task, num_trajectories))
        rewards = tf.reduce_sum(batch.trajectories.rewards, axis=2)
        rewards /= tf.reduce_sum(batch.trajectories.alive, axis=2)
        theta = agent.copies(tf.shape(task)[0])
        ones = tf.ones(tf.shape(task)[:1])
        no_weights = ones, 0 * ones, 0 * ones
        if mode == "none":
            return parameters, rewards, *no_weights
        if mode == "tracking":
            return track(agent, parameters, batch, rate), rewards, *no_weights
        if mode in ("fresh", "wrong"):
            batch = agent.prepare(agent.roll(theta, task, num_trajectories))
        if mode == "wrong":
            batch = tf.nest.map_structure(lambda x: tf.roll(x, far, axis=0), batch)
        limit = None if mode == "unweighted" else greatest
        adapted, log_probs = theta, []
        for step in range(max(agent.settings.inner_steps, 1)):
            adapted, now = agent.inner_step(
                adapted, batch, step, rates=rate, behaviour=limit
            )
            log_probs.append(now)
        log_weights = log_probs[0] - batch.trajectories.log_probs  # theta's
        log_weights = tf.reduce_sum(log_weights, axis=-1)
        cut = tf.reduce_mean(
            tf.cast(log_weights >= math.log(greatest), tf.float32), axis=1
        )
        share = effective_share(tf.minimum(log_weights, math.log(greatest)))
        return adapted, rewards, share, cut, tf.reduce_max(log_weights, axis=1)

    tasks = tf.constant(tasks, tf.float32)
    if mode == "whole":
        return remembering(agent, tasks, num_trajectories, compiled)
    if compiled:
        one_task = tf.function(one_task, autograph=False)
    parameters, found = agent.copies(tasks.shape[0]), []
    for number in range(tasks.shape[1]):
        parameters, *seen = one_task(parameters, tasks[:, number : number + 1])
        found.append([part.numpy() for part in seen])
    return Life(*(np.stack(part, axis=1) for part in zip(*found, strict=True)))


def remembering(agent, tasks, num_trajectories, compiled=True):
    """As `live`: one trajectory through all tasks, for policies with a memory."""

    def whole():
        return agent.roll(agent.copies(tasks.shape[0]), tasks, num_trajectories)

    if compiled:
        whole = tf.function(whole, autograph=False)
    rewards = whole().rewards.numpy()
    rewards = rewards.reshape(*rewards.shape[:2], tasks.shape[1], -1).mean(axis=3)
    ones = np.ones(tasks.shape[:2])
    return Life(rewards.transpose(0, 2, 1), ones, 0 * ones, 0 * ones)


def track(agent, parameters, batch, rate, passes=TRACKING_PASSES):
    """Parameters after steps of PPO on the trajectories of a task.

    Args:
        agent: an `Agent`.
        parameters: list of tensors with a first axis of tasks.
        batch: a `model_agent.Batch`.
        rate: of the steps.
        passes: how many.
    """
    for _ in range(passes):
        with tf.GradientTape() as tape:
            tape.watch(parameters)
            log_ratio = agent.log_probs(parameters, batch.trajectories)
            log_ratio -= batch.trajectories.log_probs
            gain = theory.clipped_surrogate(
                log_ratio, batch.advantages, agent.settings.clip
            )
            loss = -tf.reduce_sum(tf.reduce_mean(gain, axis=(1, 2)))
        gradients = tape.gradient(loss, parameters)
        parameters = theory.inner_step(parameters, gradients, [rate] * len(parameters))
    return parameters


def effective_share(log_weights):
    """Squared mean over mean square of weights, along the last axis: 1 if equal.

    Weights are taken relative to the greatest, so that none is too small to count.

    Args:
        log_weights: logarithms of the weights, shape (..., K).

    Returns:
        Shape (...), from 1 / K to 1.
    """
    greatest = tf.reduce_max(log_weights, axis=-1, keepdims=True)
    weights = tf.exp(log_weights - greatest)
    square = tf.reduce_mean(tf.square(weights), axis=-1)
    return tf.square(tf.reduce_mean(weights, axis=-1)) / square


def adapted(agent, tasks, num_trajectories=16):
    """Parameters after the inner steps on trajectories of the agent's own.

    Args:
        agent: an `Agent` with inner steps.
        tasks: shape (lives, *world.task_shape).
        num_trajectories: K.

    Returns:
        A list of tensors with a first axis of lives.
    """
    parameters = agent.copies(len(tasks))
    for step in range(agent.settings.inner_steps):
        found = agent.roll(parameters, tf.constant(tasks)[:, None], num_trajectories)
        parameters, _ = agent.inner_step(parameters, agent.prepare(found), step)
    return parameters


def walk(parameters, torque=1.0, num_steps=hexapod.NUM_STEPS, seed=0):
    """A robot for each set of parameters.

    Args:
        parameters: of dense policies, a list of tensors with a first axis of robots;
            the last holds the logarithms of the deviations.
        torque: as for `hexapod.step`.
        num_steps: how many.
        seed: of the actions.

    Returns:
        As `hexapod.rollout`.
    """

    def act(state):
        mean, _ = functional.policy(
            parameters[:-1], hexapod.observe(state)[:, None], ()
        )
        now = tf.cast(state.clock[0], tf.int32)
        noise = tf.random.stateless_normal(tf.shape(mean), tf.stack([seed, now]))
        return (mean + tf.exp(parameters[-1])[:, None] * noise)[:, 0]

    return hexapod.rollout(
        act, hexapod.reset(parameters[0].shape[0]), torque, num_steps
    )
