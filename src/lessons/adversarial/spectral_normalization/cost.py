"""What a critic update costs under each regulariser, measured side by side."""

import statistics
import time

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from lessons.adversarial.spectral_normalization import networks_images
from lessons.adversarial.spectral_normalization.config import PRESETS
from lessons.adversarial.spectral_normalization.model import RegularizedGAN
from lessons.adversarial.spectral_normalization.variants import VARIANTS


def _update(variant, shape, channels):
    """A compiled function that updates a critic once; codes are the samples."""
    inputs = keras.Input(shape)
    generator = keras.Model(inputs, layers.Identity()(inputs))
    model = RegularizedGAN(
        generator,
        networks_images.cnn_critic(shape, channels, variant),
        seed=0,
        **variant.options(PRESETS["paper"], clip=0.01),
    )
    model.compile(keras.optimizers.Adam(), keras.optimizers.Adam())
    return tf.function(model.update_critic)


def milliseconds(
    variants, *, shape=(32, 32, 3), channels=(16, 32, 64, 128), batch_size=32, rounds=7
):
    """Median time of one critic update of the published CNN, a quarter as wide.

    The variants take turns, so that other work on the machine disturbs all alike.

    Args:
        variants: keys of `VARIANTS`.
        shape: of one image.
        channels: of the critic.
        batch_size: data, and as many samples.
        rounds: measurements of each variant.

    Returns:
        Variant to milliseconds.
    """
    keras.utils.set_random_seed(0)
    rng = np.random.default_rng(0)
    batches = rng.uniform(-1, 1, size=(2, batch_size, *shape))
    data, codes = tf.unstack(tf.constant(batches, tf.float32))
    updates = {name: _update(VARIANTS[name], shape, channels) for name in variants}
    times = {name: [] for name in variants}
    for update in updates.values():  # compiles
        update(data, codes)
    for _ in range(rounds):
        for name, update in updates.items():
            start = time.perf_counter()
            float(update(data, codes))
            times[name].append(1e3 * (time.perf_counter() - start))
    return {name: statistics.median(values) for name, values in times.items()}
