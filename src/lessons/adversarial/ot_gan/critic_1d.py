"""Critics on a line, trained to compare two fixed samples: the dual route by itself."""

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from lessons.adversarial.ot_gan import networks


def train_critic(kind, x, y, *, units=(32, 32), steps=600, rate=5e-3, seed=0):
    """Train a critic between two samples; nothing is generated.

    Args:
        kind: a model with its constraint, such as `PenalizedWGAN` or
            `functools.partial(ClippedWGAN, clip=0.5)`.
        x, y: the samples, shape (n,).
        units: widths of the ReLU layers; none for a linear critic.
        steps: full-batch steps of Adam.
        rate: Adam's.
        seed: of the weights.

    Returns:
        (function from (n,) to (n,), dual value E f(x) - E f(y)).
    """
    keras.utils.set_random_seed(seed)
    inputs = keras.Input((1,))
    # The "generator" hands its codes through: the samples y.
    generator = keras.Model(inputs, layers.Identity()(inputs))
    critic = networks.dense_critic((1,), units, 1)
    model = kind(generator, critic, seed=seed)
    model.compile(keras.optimizers.Adam(), keras.optimizers.Adam(rate, 0.5, 0.9))
    x, y = (tf.constant(np.reshape(v, (-1, 1)), tf.float32) for v in (x, y))

    @tf.function
    def train():
        for _ in tf.range(steps):
            model.update_critic(x, y)

    train()

    def evaluate(points):
        points = tf.constant(np.reshape(points, (-1, 1)), tf.float32)
        return critic(points).numpy()[:, 0]

    return evaluate, float(np.mean(evaluate(x)) - np.mean(evaluate(y)))
