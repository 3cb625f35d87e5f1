"""Images at new places in each training step."""

import tensorflow as tf
from keras import ops


def moved(images, most, draws):
    """Images shifted by whole pixels, each its own way, drawn anew at each call.

    What leaves at one side comes in at the other.

    Args:
        images: shape (batch, height, width, channels).
        most: greatest shift along each axis; 0 leaves them where they are.
        draws: a `keras.random.SeedGenerator`.
    """
    if not most:
        return images
    batch, height, width = ops.shape(images)[:3]
    seed = ops.cast(draws.next(), "int32")
    drawn = tf.random.stateless_uniform((2, batch, 1), seed, -most, most + 1, tf.int32)
    down, right = ops.unstack(drawn, 2)
    rows = (ops.arange(height) - down) % height  # (batch, height)
    columns = (ops.arange(width) - right) % width
    images = ops.take_along_axis(images, rows[:, :, None, None], axis=1)
    return ops.take_along_axis(images, columns[:, None, :, None], axis=2)
