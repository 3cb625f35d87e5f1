"""Policies that are trained on tasks, or on what one step makes of them: PPO.

With no inner step this is PPO on whatever tasks it is given. With M inner steps it is
algorithm 1 of Al-Shedivat et al. 2018: trajectories of the present task make an
adapted policy, which is judged on the next task.
"""

import dataclasses
import typing

import keras
import tensorflow as tf
from keras import ops

from lessons.control.meta_learning import functional, networks, theory
from lessons.control.meta_learning.agent_settings import Settings
from lessons.control.meta_learning.hexapod import NUM_TASKS
from lessons.control.meta_learning.rollout import (
    WORLDS,
    Trajectories,
    empty_memory,
    roll,
)
from lessons.toolkit import runtime


class Batch(typing.NamedTuple):
    """Trajectories and what training makes of them, as constants.

    `advantages` and `returns` (targets of the critic) have the shape (tasks, K,
    steps); `performance`, the mean reward of a step, (tasks,).
    """

    trajectories: Trajectories
    advantages: tf.Tensor
    returns: tf.Tensor
    performance: tf.Tensor


@keras.saving.register_keras_serializable("lessons")
class Agent(keras.Model):
    """A Gaussian policy, its critic, and how a few of its trajectories change it.

    One example is a stretch of the chain of tasks. Without inner steps the policy
    lives through it; with them its first task is for adaptation, its second judges.

    Args:
        settings: a `Settings`, or its fields as a dictionary.
        seed: of the first weights and of all noise.
    """

    def __init__(self, settings, seed=0, **kwargs):
        super().__init__(**kwargs)
        if not isinstance(settings, Settings):
            settings = Settings(**{**settings, "units": tuple(settings["units"])})
        self.settings, self.seed = settings, seed
        self.world = WORLDS[settings.world]
        extra = 2 if settings.recurrent else 0
        sizes = self.world.num_inputs + extra, self.world.num_actions
        shape = settings.units, settings.lstm
        self.policy = networks.network(*sizes, *shape, seed=seed, last_scale=0.1)
        self.log_std = self._scalars(settings.log_std, "log_std", (sizes[1],))
        self.critic = None
        if settings.critic:
            self.critic = networks.network(sizes[0], 1, *shape, seed=seed + 1)
        self.rates = [
            self._scalars(settings.rate / settings.rate_unit, f"rate_{step}_{index}")
            for step in range(settings.inner_steps)
            for index in range(len(self.theta))
        ]
        self.pool = [
            self.add_weight(
                shape=(settings.versions, *value.shape),
                initializer="zeros",
                trainable=False,
                name=f"pool_{index}",
            )
            for index, value in enumerate(self.theta if settings.versions else ())
        ]
        self.filled = self.add_weight(
            shape=(), initializer="zeros", trainable=False, name="filled"
        )
        self.remember()
        self.noise = keras.random.SeedGenerator(seed)
        names = "loss", "before", "after"
        self.trackers = {name: keras.metrics.Mean(name=name) for name in names}
        episodes = 2 if settings.inner_steps else NUM_TASKS if settings.lstm else 1
        self.build((None, episodes, *self.world.task_shape))

    def build(self, input_shape):
        """All weights are there already; Keras keeps the shape for `export`."""

    def _scalars(self, value, name, shape=()):
        first = keras.initializers.Constant(value)
        return self.add_weight(shape=shape, initializer=first, name=name)

    @property
    def theta(self):
        """Variables that are adapted: the policy's and its deviations."""
        return [*self.policy.trainable_variables, self.log_std]

    def copies(self, num_tasks):
        """The parameters once for each task."""
        values = [ops.cast(value, "float32") for value in self.theta]
        return functional.copies(values, num_tasks)

    def remember(self):
        """Keep the present parameters in the pool of rivals, if it has room."""
        slot = int(self.filled)
        if slot < self.settings.versions:
            for values, value in zip(self.pool, self.theta, strict=True):
                rows = values.numpy()
                rows[slot] = value.numpy()
                values.assign(rows)
            self.filled.assign(slot + 1)

    def roll(self, parameters, tasks, num_trajectories=None):
        """Trajectories of given parameters in given tasks (`rollout.roll`)."""
        s, world = self.settings, self.world
        count = num_trajectories or s.num_trajectories
        width = world.num_actions * (2 if world.two_players else 1)
        shape = [tasks.shape[1] * s.num_steps, ops.shape(tasks)[0], count, width]
        noise = keras.random.normal(shape, dtype="float32", seed=self.noise)
        seeds = [
            tf.bitcast(ops.cast(self.noise.next(), "uint32"), "int32")
            for _ in range(tasks.shape[1])
        ]
        rivals = None
        if world.two_players:
            number = ops.floor(tasks[:, 0, 0] * self.filled)
            number = ops.cast(ops.clip(number, 0, self.filled - 1), "int32")
            rivals = [tf.gather(values, number) for values in self.pool]
        kind = {"lstm": s.lstm, "recurrent": s.recurrent, "rivals": rivals}
        found = roll(world, parameters, tasks, count, s.num_steps, noise, seeds, **kind)
        return tf.nest.map_structure(tf.stop_gradient, found)

    def prepare(self, trajectories):
        """Advantages and targets of trajectories: a `Batch`."""
        s, alive = self.settings, trajectories.alive
        rewards = trajectories.rewards * alive
        returns = theory.discounted(rewards, s.gamma)
        if self.critic is None:
            values = ops.broadcast_to(
                ops.mean(returns, axis=1, keepdims=True), ops.shape(returns)
            )
        else:
            values = self.values(trajectories.observations) * alive
        after = ops.zeros_like(values[..., :1])
        values = ops.concatenate([values, after], axis=-1)
        found = theory.advantages(rewards, values, s.gamma, s.decay) * alive
        total = ops.sum(rewards, axis=(1, 2)) / ops.sum(alive, axis=(1, 2))
        batch = Batch(trajectories, found, returns, total)
        return tf.nest.map_structure(tf.stop_gradient, batch)

    def values(self, observations):
        """What the critic expects, shape (tasks, K, steps)."""
        shape = ops.shape(observations)
        rows = (-1, self._remembered(shape)) if self.settings.lstm else (-1,)
        flat = ops.reshape(observations, (*rows, observations.shape[-1]))
        return ops.cast(ops.reshape(self.critic(flat), shape[:3]), "float32")

    def _remembered(self, shape):
        """Steps that an LSTM goes through before it forgets: all, or an episode's."""
        return shape[2] if self.settings.recurrent else self.settings.num_steps

    def log_probs(self, parameters, trajectories):
        """Log-probabilities of actions under given parameters, (tasks, K, steps)."""
        seen = trajectories.observations
        shape = ops.shape(seen)
        # As many rows as memories, which begin empty.
        seen = ops.reshape(seen, (shape[0], -1, self._remembered(shape), seen.shape[3]))
        memory = empty_memory(shape[0], ops.shape(seen)[1], self.settings.lstm)
        mean = functional.policy_over_time(parameters[:-1], seen, memory)
        mean = ops.reshape(mean, (*shape[:3], mean.shape[3]))
        log_std = parameters[-1][:, None, None]
        return theory.gaussian_log_prob(trajectories.actions, mean, log_std)

    def inner_loss(self, log_probs, batch, weights=None):
        """Loss whose gradient is the policy gradient on a task, shape (tasks,)."""
        terms = log_probs * batch.advantages
        if weights is not None:
            terms = terms * ops.stop_gradient(weights)[..., None]
        return -ops.mean(terms, axis=(1, 2))

    def inner_step(self, parameters, batch, step=0, *, rates=None, behaviour=None):
        """Parameters after a step on the present task, and the log-probabilities.

        Args:
            parameters: list of tensors with a first axis of tasks.
            batch: a `Batch`.
            step: number of the step, which has its own rates.
            rates: other rates, a number.
            behaviour: a limit of importance weights where the trajectories are those
                of another policy (algorithm 2); None where they are its own.
        """
        with tf.GradientTape() as tape:
            tape.watch(parameters)
            log_probs = self.log_probs(parameters, batch.trajectories)
            weights = None
            if behaviour is not None:
                old = batch.trajectories.log_probs
                weights = theory.trajectory_weights(log_probs, old, behaviour)
            loss = ops.sum(self.inner_loss(log_probs, batch, weights))
        gradients = tape.gradient(loss, parameters)
        count = len(parameters)
        own = self.rates[step * count : (step + 1) * count]
        own = [self.settings.rate_unit * value for value in own]
        rates = own if rates is None else [rates] * count
        return theory.inner_step(parameters, gradients, rates), log_probs

    def collect(self, tasks):
        """Trajectories for a training step: a `Batch` of each stage, the judge last.

        With inner steps there is one more behind it, of the parameters that did not
        adapt, on the judge's task: its performance is what a gain is measured from.
        """
        theta = phi = self.copies(ops.shape(tasks)[0])
        if not self.settings.inner_steps:
            return [self.prepare(self.roll(theta, tasks))]
        stages = []
        for step in range(self.settings.inner_steps):
            stages.append(self.prepare(self.roll(phi, tasks[:, :1])))
            phi, _ = self.inner_step(phi, stages[-1], step)
        stages.append(self.prepare(self.roll(phi, tasks[:, 1:])))
        return [*stages, self.prepare(self.roll(theta, tasks[:, 1:]))]

    def losses(self, stages):
        """The loss of each task, with the gradient of algorithm 1, shape (tasks,).

        Args:
            stages: as `collect` gives them.
        """
        s, inner = self.settings, self.settings.inner_steps
        judge, score = stages[inner], 0.0
        phi = self.copies(ops.shape(judge.performance)[0])
        gain = (judge.performance - stages[-1].performance)[:, None, None]
        for step in range(inner):
            batch = stages[step]
            phi_next, log_probs = self.inner_step(phi, batch, step)
            if s.score:  # the parameters also choose what is sampled
                log_ratio = log_probs - batch.trajectories.log_probs
                score += ops.sum(
                    theory.clipped_surrogate(log_ratio, gain, s.clip), axis=(1, 2)
                )
            phi = phi_next
        log_ratio = self.log_probs(phi, judge.trajectories)
        log_ratio -= judge.trajectories.log_probs
        own = theory.clipped_surrogate(log_ratio, judge.advantages, s.clip)
        loss = -ops.mean(own, axis=(1, 2)) - score
        if self.critic is not None:
            error = self.values(judge.trajectories.observations) - judge.returns
            loss += 0.5 * ops.mean(ops.square(error), axis=(1, 2))
        return loss

    def train_step(self, data):
        """Collect trajectories of a batch of tasks, and take steps on them."""
        tasks, _, weights = keras.utils.unpack_x_y_sample_weight(data)
        stages = self.collect(tasks)
        for _ in range(self.settings.passes):
            with tf.GradientTape() as tape:
                losses = self.losses(stages)
                loss = runtime.batch_loss(losses, weights)
                scaled = self.optimizer.scale_loss(loss)
            variables = self.trainable_variables
            self.optimizer.apply(tape.gradient(scaled, variables), variables)
        self.trackers["loss"].update_state(loss)
        self.trackers["before"].update_state(stages[-1].performance)
        self.trackers["after"].update_state(stages[-2:][0].performance)
        return {name: tracker.result() for name, tracker in self.trackers.items()}

    def call(self, tasks):
        """Mean reward of a step in the last task, once adapted, shape (tasks,)."""
        return self.collect(tasks)[-2:][0].performance

    def get_config(self):
        """Arguments of the class, for saving."""
        own = {"settings": dataclasses.asdict(self.settings), "seed": self.seed}
        return {**super().get_config(), **own}
