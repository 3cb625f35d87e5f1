"""What is drawn anew in each training step: places of images, who is told a label."""

import keras
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


def told(labels, classes, mode, draws):
    """What the decoder is told of the true labels in a training step.

    Args:
        labels: shape (batch,) or (batch, 1).
        classes: how many.
        mode: one of `variants.LABELS`.
        draws: a `keras.random.SeedGenerator`.

    Returns:
        Shape (batch, classes): one-hot rows, zeros for who is not told; or None where
        nobody is.
    """
    if not classes or mode == "said":
        return None
    rows = ops.one_hot(ops.reshape(ops.cast(labels, "int32"), (-1,)), classes)
    if mode == "true":
        return rows
    coins = keras.random.uniform((ops.shape(rows)[0], 1), seed=draws)
    return ops.where(coins < 0.5, rows, ops.zeros_like(rows))
