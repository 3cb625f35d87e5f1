"""Pre-training of an encoder: its codes get the prior's mean and covariance.

From small weights all codes start at nearly one point, where a penalty has little to
hold on to; the authors' code moves them apart first.
"""

import keras
import numpy as np
import tensorflow as tf

from lessons.autoencoders.wasserstein_autoencoder import theory


def pretrain(model, images, *, num_steps=200, batch_size=500, rate=1e-3, enough=0.1):
    """Train the encoder alone until its codes share moments with prior draws.

    Args:
        model: an `Autoencoder`.
        images: the training images.
        num_steps: the most steps.
        batch_size: images per step, drawn anew each time.
        rate: Adam's.
        enough: the loss, `theory.moment_gap`, that ends it.

    Returns:
        The loss at each step, a list of floats.
    """
    optimizer = keras.optimizers.Adam(rate, 0.5)
    weights = model.encoder.trainable_variables
    optimizer.build(weights)
    rng = np.random.default_rng(model.seed)
    batch_size = min(batch_size, len(images))

    @tf.function
    def step(batch):
        with tf.GradientTape() as tape:
            _, _, codes = model.draw(batch, training=True)
            loss = theory.moment_gap(model.prior(batch_size), codes)
        gradients = tape.gradient(loss, [weight.value for weight in weights])
        optimizer.apply(gradients, weights)
        return loss

    losses = []
    for _ in range(num_steps):
        rows = rng.choice(len(images), batch_size, replace=False)
        losses.append(float(step(tf.constant(images[rows]))))
        if losses[-1] < enough:
            break
    return losses
