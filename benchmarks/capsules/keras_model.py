"""Capsules as a reader of the paper writes them in Keras: one `einsum` per equation."""

import keras
from keras import layers, ops

from benchmarks import settings
from benchmarks.capsules import rows
from benchmarks.peers import keras_fit


def squash(x):
    """Shorten vectors to lengths below one."""
    square = ops.sum(ops.square(x), axis=-1, keepdims=True)
    return square / (1 + square) * x / ops.sqrt(square + rows.EPSILON)


class Squash(layers.Layer):
    """`squash` as a layer."""

    def call(self, x):
        return squash(x)


class ClassCapsules(layers.Layer):
    """Votes and routing."""

    def build(self, shape):
        sizes = shape[1], rows.NUM_CLASSES, shape[2], rows.CLASS_DIM
        self.kernel = self.add_weight(shape=sizes, initializer="glorot_uniform")

    def call(self, x):
        votes = ops.einsum("bid,ijde->bije", x, self.kernel)
        logits = ops.zeros_like(votes[..., 0])
        for iteration in range(rows.NUM_ITERATIONS):
            couplings = ops.softmax(logits, axis=2)
            v = squash(ops.einsum("bij,bije->bje", couplings, votes))
            if iteration < rows.NUM_ITERATIONS - 1:
                logits = logits + ops.einsum("bije,bje->bij", votes, v)
        return v


class Length(layers.Layer):
    """Lengths of vectors."""

    def call(self, x):
        return ops.sqrt(ops.sum(ops.square(x), axis=-1) + rows.EPSILON)


def margin_loss(targets, lengths):
    """Loss of each example."""
    present = ops.square(ops.relu(rows.PRESENT - lengths))
    absent = ops.square(ops.relu(lengths - rows.ABSENT))
    terms = targets * present + rows.DOWN_WEIGHT * (1 - targets) * absent
    return ops.sum(terms, axis=-1)


def build(row):
    """The row's model, compiled."""
    keras.utils.set_random_seed(0)
    if row.filters:
        channels = row.types * rows.CAPSULE_DIM
        body = [
            keras.Input((rows.IMAGE_SIZE, rows.IMAGE_SIZE, 1)),
            layers.Conv2D(row.filters, rows.KERNEL_SIZE, activation="relu"),
            layers.Conv2D(channels, rows.KERNEL_SIZE, strides=2),
            layers.Reshape((row.num_capsules, rows.CAPSULE_DIM)),
            Squash(),
        ]
    else:
        body = [keras.Input((row.num_capsules, rows.CAPSULE_DIM))]
    model = keras.Sequential([*body, ClassCapsules(), Length()])
    model.compile(keras.optimizers.Adam(settings.LEARNING_RATE), margin_loss)
    model.num_parameters = keras_fit.count(model)
    return model
