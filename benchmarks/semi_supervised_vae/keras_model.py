"""M2 as it is usually written in Keras: every image repeated, the labels tiled."""

import keras
import tensorflow as tf
from keras import layers, ops

from benchmarks import settings
from benchmarks.peers import keras_fit
from benchmarks.semi_supervised_vae import rows


class PlainM2(keras.Model):
    """Three networks, `train_step`, trackers; fed with arrays."""

    def __init__(self):
        super().__init__()
        self.classifier = _network(rows.NUM_PIXELS, rows.NUM_CLASSES)
        joint = rows.NUM_PIXELS + rows.NUM_CLASSES
        self.encoder = _network(joint, 2 * rows.LATENT_DIM)
        codes = rows.LATENT_DIM + rows.NUM_CLASSES
        self.decoder = _network(codes, rows.NUM_PIXELS)
        self.seed_generator = keras.random.SeedGenerator(0)
        names = "loss", "bound", "cross_entropy"
        self.trackers = [keras.metrics.Mean(name=name) for name in names]

    def costs(self, x, labels):
        """(cost, cross-entropy) of each image."""
        count, k = ops.shape(x)[0], rows.NUM_CLASSES
        log_probs = ops.log_softmax(self.classifier(x))
        every = ops.tile(ops.eye(k), (count, 1))
        repeated = ops.repeat(x, k, axis=0)
        codes = self.encoder(ops.concatenate([repeated, every], axis=1))
        mean, raw = ops.split(codes, 2, axis=1)
        scale = ops.softplus(raw) + rows.SMALLEST_SCALE
        noise = keras.random.normal(ops.shape(mean), seed=self.seed_generator)
        z = mean + scale * noise
        logits = self.decoder(ops.concatenate([z, every], axis=1))
        fit = ops.sum(repeated * logits - ops.softplus(logits), axis=1)
        terms = ops.square(scale) + ops.square(mean) - 1 - 2 * ops.log(scale)
        bounds = 0.5 * ops.sum(terms, axis=1) - fit + ops.log(float(k))
        bounds = ops.reshape(bounds, (-1, k))
        unknown = ops.sum(ops.exp(log_probs) * (bounds + log_probs), axis=1)
        one_hot = ops.one_hot(labels, k)
        known = ops.sum(one_hot * bounds, axis=1)
        entropy = -ops.sum(one_hot * log_probs, axis=1)
        return ops.where(labels >= 0, known, unknown), entropy

    def train_step(self, data):
        x, labels = data
        with tf.GradientTape() as tape:
            costs, entropy = self.costs(x, labels)
            loss = ops.mean(costs + rows.LABEL_WEIGHT * entropy)
        gradients = tape.gradient(loss, self.trainable_weights)
        self.optimizer.apply_gradients(
            zip(gradients, self.trainable_weights, strict=True)
        )
        for tracker, value in zip(self.trackers, (loss, costs, entropy), strict=True):
            tracker.update_state(value)
        return {tracker.name: tracker.result() for tracker in self.trackers}


def _network(inputs, outputs):
    hidden = layers.Dense(rows.HIDDEN, activation="softplus")
    return keras.Sequential([keras.Input((inputs,)), hidden, layers.Dense(outputs)])


def build(row):
    """The row's model, compiled."""
    keras.utils.set_random_seed(0)
    model = PlainM2()
    model.compile(keras.optimizers.Adam(settings.LEARNING_RATE))
    model.num_parameters = keras_fit.count(model)
    return model
