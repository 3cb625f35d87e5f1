"""Keras as its documentation shows a VAE: a model with a train step of its own."""

import keras
import tensorflow as tf
from keras import layers, ops

from benchmarks import settings
from benchmarks.peers import keras_fit
from benchmarks.vae import rows


class PlainVAE(keras.Model):
    """Encoder, decoder, `train_step`, trackers; fed with arrays."""

    def __init__(self, encoder, decoder):
        super().__init__()
        self.encoder = encoder
        self.decoder = decoder
        self.seed_generator = keras.random.SeedGenerator(0)
        self.total_tracker = keras.metrics.Mean(name="loss")
        self.error_tracker = keras.metrics.Mean(name="squared_error")
        self.kl_tracker = keras.metrics.Mean(name="kl")

    @property
    def metrics(self):
        return [self.total_tracker, self.error_tracker, self.kl_tracker]

    def train_step(self, data):
        with tf.GradientTape() as tape:
            mean, scale = self.encoder(data, training=True)
            noise = keras.random.normal(ops.shape(mean), seed=self.seed_generator)
            output = self.decoder(mean + scale * noise, training=True)
            error = ops.sum(ops.square(data - output), axis=(1, 2, 3))
            terms = ops.square(scale) + ops.square(mean) - 1 - 2 * ops.log(scale)
            kl = 0.5 * ops.sum(terms, axis=-1)
            loss = ops.mean(error / (2 * rows.VARIANCE) + kl)
        gradients = tape.gradient(loss, self.trainable_weights)
        self.optimizer.apply_gradients(
            zip(gradients, self.trainable_weights, strict=True)
        )
        self.total_tracker.update_state(loss)
        self.error_tracker.update_state(error)
        self.kl_tracker.update_state(kl)
        return {metric.name: metric.result() for metric in self.metrics}


def build(row):
    """The row's model from Keras's own layers."""

    def finish(x, activation):
        if row.batch_norm:
            x = layers.BatchNormalization(
                momentum=rows.NORM_MOMENTUM, epsilon=rows.NORM_EPSILON
            )(x)
        return layers.Activation(activation)(x) if activation else x

    def dense(x, units, activation):
        return finish(layers.Dense(units)(x), activation)

    def conv(x, filters, activation):
        return finish(layers.Conv2D(filters, 3, padding="same")(x), activation)

    image = x = keras.Input(rows.IMAGE_SHAPE)
    for filters in row.filters:
        x = layers.MaxPooling2D()(conv(x, filters, "relu"))
    shape = x.shape[1:]
    x = layers.Flatten()(x)
    for units in row.encoder_units[:-1]:
        x = dense(x, units, "relu")
    x = dense(x, row.encoder_units[-1], "tanh")
    mean = dense(x, row.latent_dim, None)
    scale = dense(x, row.latent_dim, positive)
    encoder = keras.Model(image, [mean, scale])

    code = x = keras.Input((row.latent_dim,))
    if row.filters:
        x = dense(x, shape[0] * shape[1] * shape[2], "relu")
        x = layers.Reshape(shape)(x)
        for filters in (*row.filters[-2::-1], rows.IMAGE_SHAPE[-1]):
            x = Perforated()(x)
            is_last = filters == rows.IMAGE_SHAPE[-1]
            x = conv(x, filters, clip if is_last else "relu")
    else:
        for index, units in enumerate(row.decoder_units):
            x = dense(x, units, "relu" if index else None)
        x = layers.Reshape(rows.IMAGE_SHAPE)(dense(x, rows.NUM_PIXELS, clip))
    model = PlainVAE(encoder, keras.Model(code, x))
    model.compile(keras.optimizers.Adam(settings.LEARNING_RATE))
    model.num_parameters = count(model)
    return model


def positive(x):
    return ops.softplus(x) + rows.SMALLEST_SCALE


def clip(x):
    return ops.clip(x, -1.0, 1.0)


class Perforated(layers.Layer):
    """Twice the size: values top left in each cell of four, zeros elsewhere."""

    def call(self, x):
        _, height, width, channels = x.shape
        x = ops.reshape(x, (-1, height, 1, width, 1, channels))
        x = ops.pad(x, [(0, 0), (0, 0), (0, 1), (0, 0), (0, 1), (0, 0)])
        return ops.reshape(x, (-1, 2 * height, 2 * width, channels))


def count(model):
    """Trained parameters of the two networks, which are built before the model is."""
    return keras_fit.count(model.encoder) + keras_fit.count(model.decoder)
