"""Keras as its documentation shows an autoencoder: a train step of its own."""

import keras
import tensorflow as tf
from keras import layers, ops

from benchmarks import settings
from benchmarks.peers import keras_fit
from benchmarks.wasserstein_autoencoder import rows


class PlainWAE(keras.Model):
    """Encoder, decoder, `train_step`, trackers; fed with arrays."""

    def __init__(self, encoder, decoder, row):
        super().__init__()
        self.encoder, self.decoder, self.row = encoder, decoder, row
        self.seed_generator = keras.random.SeedGenerator(0)
        self.total_tracker = keras.metrics.Mean(name="loss")
        self.cost_tracker = keras.metrics.Mean(name="cost")
        self.penalty_tracker = keras.metrics.Mean(name="penalty")

    @property
    def metrics(self):
        return [self.total_tracker, self.cost_tracker, self.penalty_tracker]

    def kernel(self, x, y):
        """Sum of the kernels of all pairs."""
        lengths = ops.sum(x**2, 1)[:, None] + ops.sum(y**2, 1)
        squared = ops.maximum(lengths - 2 * ops.matmul(x, ops.transpose(y)), 0)
        return sum(c / (c + squared) for c in self.row.constants())

    def mmd(self, prior, codes):
        """The unbiased estimate."""
        count = ops.cast(ops.shape(codes)[0], "float32")
        within = 0.0
        for points in (prior, codes):
            table = self.kernel(points, points)
            total = ops.sum(table) - ops.trace(table)
            within += total / (count * (count - 1))
        return within - 2 * ops.mean(self.kernel(prior, codes))

    def train_step(self, data):
        with tf.GradientTape() as tape:
            codes = self.encoder(data, training=True)
            output = self.decoder(codes, training=True)
            cost = ops.mean(ops.sum(ops.square(data - output), axis=(1, 2, 3)))
            shape = ops.shape(codes)
            prior = keras.random.normal(shape, seed=self.seed_generator)
            penalty = self.mmd(prior, codes)
            loss = cost + rows.PENALTY_WEIGHT * penalty
        gradients = tape.gradient(loss, self.trainable_weights)
        self.optimizer.apply_gradients(
            zip(gradients, self.trainable_weights, strict=True)
        )
        self.total_tracker.update_state(loss)
        self.cost_tracker.update_state(cost)
        self.penalty_tracker.update_state(penalty)
        return {metric.name: metric.result() for metric in self.metrics}


def build(row):
    """The row's model from Keras's own layers."""

    def hidden(x, units):
        x = layers.BatchNormalization(
            momentum=rows.NORM_MOMENTUM, epsilon=rows.NORM_EPSILON
        )(layers.Dense(units)(x))
        return layers.ReLU()(x)

    image = keras.Input(rows.IMAGE_SHAPE)
    x = layers.Flatten()(image)
    for units in row.units:
        x = hidden(x, units)
    encoder = keras.Model(image, layers.Dense(row.latent_dim)(x))
    code = x = keras.Input((row.latent_dim,))
    for units in row.units[::-1]:
        x = hidden(x, units)
    x = layers.Dense(rows.NUM_PIXELS, activation="sigmoid")(x)
    decoder = keras.Model(code, layers.Reshape(rows.IMAGE_SHAPE)(x))
    model = PlainWAE(encoder, decoder, row)
    model.compile(keras.optimizers.Adam(settings.LEARNING_RATE))
    model.num_parameters = count(model)
    return model


def count(model):
    """Trained parameters of the two networks, which are built before the model is."""
    return keras_fit.count(model.encoder) + keras_fit.count(model.decoder)
