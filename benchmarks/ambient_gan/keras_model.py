"""The generator in Keras, turned by `ops.image.affine_transform`."""

import keras
from keras import layers, ops

from benchmarks import settings
from benchmarks.ambient_gan import rows
from benchmarks.peers import keras_fit


class Measure(layers.Layer):
    """Pad, rotate, add up columns."""

    def call(self, images, theta):
        around = (rows.PAD, rows.PAD)
        images = ops.pad(images, [(0, 0), around, around, (0, 0)])
        c, s, m = ops.cos(theta), ops.sin(theta), (rows.DETECTORS - 1) / 2
        zero = ops.zeros_like(theta)
        matrix = [c, -s, m - c * m + s * m, s, c, m - s * m - c * m, zero, zero]
        turned = ops.image.affine_transform(images, ops.stack(matrix, axis=1))
        return ops.sum(turned, axis=1)[..., 0]


def build_with(measure):
    """Codes and angles to scores; only the generator is trained."""
    keras.utils.set_random_seed(0)
    inputs = keras.Input((rows.LATENT_DIM + 1,))
    x = layers.Dense(rows.HIDDEN, activation="relu")(inputs[:, :-1])
    x = layers.Dense(rows.SIDE**2, activation="sigmoid")(x)
    x = measure(layers.Reshape((rows.SIDE, rows.SIDE, 1))(x), inputs[:, -1])
    for units in rows.CRITIC_UNITS:
        x = layers.Dense(units, trainable=False)(x)
        x = layers.LeakyReLU(rows.SLOPE)(x)
    return keras.Model(inputs, layers.Dense(1, trainable=False)(x))


def compiled(model, **options):
    """The model, ready to train."""
    adam = keras.optimizers.Adam(settings.LEARNING_RATE)
    model.compile(adam, lambda targets, scores: (targets - scores)[:, 0], **options)
    model.num_parameters = keras_fit.count(model)
    return model


def build(row):
    """The row's model, compiled."""
    return compiled(build_with(Measure()))
