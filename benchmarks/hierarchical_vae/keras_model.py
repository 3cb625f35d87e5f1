"""Keras as its documentation shows a VAE: a model with a train step of its own."""

import keras
import tensorflow as tf
from keras import layers, ops

from benchmarks import settings
from benchmarks.hierarchical_vae import rows
from benchmarks.peers import keras_fit


def positive(raw):
    return rows.SMALLEST_SCALE + (1 - rows.SMALLEST_SCALE) * ops.softplus(
        raw + rows.UNIT_SHIFT
    )


def head(x, units):
    raw = layers.Dense(2 * units, kernel_initializer="zeros")(x)
    return raw[:, :units], positive(raw[:, units:])


class PlainChain(keras.Model):
    """Features, priors, decoder, `train_step`, trackers; fed with arrays."""

    def __init__(self, row):
        super().__init__()
        image = x = keras.Input((*rows.IMAGE_SHAPE[:2], 2))
        x, maps = layers.Flatten()(x), []
        for _ in row.latents:
            x = layers.Dense(row.hidden, "relu")(x)
            maps.append(x)
        self.features = keras.Model(image, maps)
        inputs = [keras.Input((row.hidden,)) for _ in row.latents]
        heads = zip(inputs, row.latents, strict=True)
        self.heads = keras.Model(inputs, [head(x, size) for x, size in heads])
        widths = row.prior_inputs()
        self.priors = []
        for width, size in zip(widths[1:], row.latents, strict=True):
            x = keras.Input((width,))
            hidden = layers.Dense(row.hidden, "relu")(x)
            self.priors.append(keras.Model(x, head(hidden, size)))
        x = keras.Input((widths[0],))
        hidden = layers.Dense(row.hidden, "relu")(x)
        self.decoder = keras.Model(x, layers.Dense(rows.NUM_PIXELS)(hidden))
        self.pixel_raw = self.add_weight(
            shape=(rows.NUM_PIXELS,),
            initializer=keras.initializers.Constant(rows.first_pixel_raw()),
        )
        self.plane = ops.convert_to_tensor(rows.visible())
        self.seed_generator = keras.random.SeedGenerator(0)
        names = ("loss", "log_px", *(f"kl_{n}" for n, _ in enumerate(row.latents)))
        self.trackers = [keras.metrics.Mean(name) for name in names]

    def parts(self, data):
        """Loss, log-likelihood and divergences, means over the batch."""
        ones = ops.ones_like(data)
        full = ops.concatenate([data, ones], axis=-1)
        posteriors = self.heads(self.features(full, training=True), training=True)
        context = self.features(full * self.plane, training=True)
        kls, above = [], []
        for layer in reversed(range(len(posteriors))):
            seen = [context[-1]] if not above else [*above, context[layer], context[-1]]
            m, t = self.priors[layer](ops.concatenate(seen, axis=-1), training=True)
            mean, scale = posteriors[layer]
            ratio, shift = ops.square(scale / t), ops.square((mean - m) / t)
            kls.append(0.5 * ops.sum(ratio + shift - 1 - ops.log(ratio), axis=-1))
            noise = keras.random.normal(ops.shape(mean), seed=self.seed_generator)
            above = [mean + scale * noise]
        z = ops.concatenate([*above, context[0], context[-1]], axis=-1)
        hidden = ops.reshape(data[:, 7:21, 7:21], (-1, rows.NUM_PIXELS))
        scale = positive(self.pixel_raw)
        terms = ops.square((hidden - self.decoder(z, training=True)) / scale)
        terms = terms + 2 * ops.log(scale) + 1.8378770664
        log_px = -0.5 * ops.mean(ops.sum(terms, axis=-1))
        kls = [ops.mean(kl) for kl in reversed(kls)]
        return [sum(kls) - log_px, log_px, *kls]

    def train_step(self, data):
        with tf.GradientTape() as tape:
            parts = self.parts(data)
        gradients = tape.gradient(parts[0], self.trainable_weights)
        self.optimizer.apply_gradients(
            zip(gradients, self.trainable_weights, strict=True)
        )
        for tracker, part in zip(self.trackers, parts, strict=True):
            tracker.update_state(part)
        return {tracker.name: tracker.result() for tracker in self.trackers}


def build(row):
    """The row's model from Keras's own layers."""
    model = PlainChain(row)
    model.compile(keras.optimizers.Adam(settings.LEARNING_RATE))
    model.num_parameters = keras_fit.count(model)
    return model
