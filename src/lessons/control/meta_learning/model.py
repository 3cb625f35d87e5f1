"""Supervised models of the lesson: MAML on functions, and a learned step on a chain."""

import keras
import tensorflow as tf
from keras import layers, ops

from lessons.control.meta_learning import functional, theory
from lessons.toolkit import runtime


@keras.saving.register_keras_serializable("lessons")
class MetaLearner(keras.Model):
    """Parameters from which a few gradient steps fit a new function (MAML).

    One example is one task. `call` adapts a copy of the parameters to the task's
    support and predicts at its queries, so the gradient of an ordinary loss is the
    meta-gradient, through the steps.

    Args:
        units: of the hidden layers, with relu.
        num_steps: M, gradient steps; 0 predicts without adaptation (joint training).
        rate: of the steps.
        learned_rates: whether each tensor has a trained rate at each step.
        first_order: whether the derivative of the steps is left out.
        first: Keras's name of the first weights.
        scale: factor of the first weights.
        seed: of the first weights.
    """

    def __init__(
        self,
        units=(40, 40),
        num_steps=1,
        rate=0.01,
        learned_rates=False,
        first_order=False,
        first="he_normal",
        scale=1.0,
        seed=0,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self._config = {
            "units": tuple(units),
            "num_steps": num_steps,
            "rate": rate,
            "learned_rates": learned_rates,
            "first_order": first_order,
            "first": first,
            "scale": scale,
            "seed": seed,
        }
        self.num_steps, self.rate, self.first_order = num_steps, rate, first_order
        seeds = keras.random.SeedGenerator(seed)
        classes = {"he_normal": "HeNormal", "glorot_uniform": "GlorotUniform"}
        make = getattr(keras.initializers, classes[first])
        stack = [keras.Input((1,))]
        stack += [
            layers.Dense(n, "relu", kernel_initializer=make(seeds)) for n in units
        ]
        stack.append(layers.Dense(1, kernel_initializer=make(seeds)))
        self.network = keras.Sequential(stack)
        for weight in self.network.trainable_variables:
            weight.assign(scale * weight)
        self.rates = []
        if learned_rates:
            self.rates = [
                self.add_weight(
                    shape=(),
                    initializer=keras.initializers.Constant(rate),
                    name=f"rate_{step}_{index}",
                )
                for step in range(num_steps)
                for index in range(len(self.network.trainable_variables))
            ]
        self.build((None, 3, None))

    def build(self, input_shape):
        """All weights are there already; Keras keeps the shape for `export`."""

    def adapt(self, x, y, num_steps=None, rate=None, head_only=False):
        """Parameters after steps on the support of each task.

        Args:
            x, y: support, each of shape (tasks, examples).
            num_steps: M; by default that of the training.
            rate: of all tensors; by default what was trained, for steps beyond those
                trained that of the last.
            head_only: whether the last layer alone is adapted.

        Returns:
            A list of tensors with a first axis of tasks.
        """
        num_steps = self.num_steps if num_steps is None else num_steps
        theta = self.network.trainable_variables
        adapted = functional.copies(theta, ops.shape(x)[0])
        x, y = x[..., None], y[..., None]
        for step in range(num_steps):
            with tf.GradientTape() as tape:
                tape.watch(adapted)
                error = functional.mlp(adapted, x, tf.nn.relu) - y
                # Summed over tasks, each of which has its own parameters.
                loss = ops.sum(ops.mean(ops.square(error), axis=(1, 2)))
            gradients = tape.gradient(loss, adapted)
            if self.first_order:
                gradients = [ops.stop_gradient(g) for g in gradients]
            if head_only:
                gradients[:-2] = [None] * len(gradients[:-2])
            rates = self._rates(step, rate, len(theta))
            adapted = theory.inner_step(adapted, gradients, rates)
        return adapted

    def _rates(self, step, rate, count):
        if rate is not None or not self.rates:
            rate = self.rate if rate is None else rate
            return [rate] * count
        step = min(step, self.num_steps - 1)
        own = self.rates[step * count : (step + 1) * count]
        return [ops.cast(value, self.compute_dtype) for value in own]

    def predict_after(self, x, y, queries, **options):
        """Predictions at queries after adaptation, shape (tasks, queries).

        Args:
            x, y: support, each of shape (tasks, examples).
            queries: shape (tasks, queries).
            **options: for `adapt`.
        """
        adapted = self.adapt(x, y, **options)
        return functional.mlp(adapted, queries[..., None], tf.nn.relu)[..., 0]

    def call(self, tasks):
        """Predictions at the queries.

        Args:
            tasks: inputs and outputs of the support, inputs of the queries, shape
                (tasks, 3, examples).
        """
        return self.predict_after(tasks[:, 0], tasks[:, 1], tasks[:, 2])

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, **kwargs):
        """Mean squared error after adaptation, over the tasks of a batch."""
        error = ops.cast(y_pred, "float32") - ops.cast(y, "float32")
        losses = ops.mean(ops.square(error), axis=-1)
        return runtime.batch_loss(losses, sample_weight)

    def get_config(self):
        """Arguments of the class, for saving."""
        return {**super().get_config(), **self._config}


@keras.saving.register_keras_serializable("lessons")
class ChainLearner(keras.Model):
    """A start and a rate, learned from pairs of consecutive tasks of a chain.

    A task is a target g with the loss |a - g|^2. One step from the start, taken on a
    noisy estimate of the present target, is judged by the next.

    Args:
        dim: coordinates of a target.
        matrix: whether the rate is a matrix, which can turn the gradient.
        rate: first rate.
    """

    def __init__(self, dim=2, matrix=False, rate=0.0, **kwargs):
        super().__init__(**kwargs)
        self._config = {"dim": dim, "matrix": matrix, "rate": rate}
        self.start = self.add_weight(shape=(dim,), initializer="zeros", name="start")
        first = keras.initializers.Identity(rate) if matrix else None
        self.rate = self.add_weight(
            shape=(dim, dim) if matrix else (),
            initializer=first or keras.initializers.Constant(rate),
            name="rate",
        )
        self.build((None, dim))

    def build(self, input_shape):
        """All weights are there already; Keras keeps the shape for `export`."""

    def call(self, estimates):
        """Where the step from the start ends, shape (pairs, dim)."""
        start, rate = (ops.cast(v, self.compute_dtype) for v in (self.start, self.rate))
        gradient = 2 * (start - estimates)
        moved = ops.matmul(gradient, ops.transpose(rate)) if len(rate.shape) else None
        return start - (rate * gradient if moved is None else moved)

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, **kwargs):
        """Squared distance to the next target, mean of coordinates and pairs."""
        error = ops.cast(y_pred, "float32") - ops.cast(y, "float32")
        losses = ops.mean(ops.square(error), axis=-1)
        return runtime.batch_loss(losses, sample_weight)

    def get_config(self):
        """Arguments of the class, for saving."""
        return {**super().get_config(), **self._config}
