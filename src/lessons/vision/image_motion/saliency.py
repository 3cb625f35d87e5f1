"""Which pixels an embedding follows: its gradient with respect to the images."""

import numpy as np
import tensorflow as tf

from lessons.vision.image_motion import evaluation

CLIPS = 100  # over which `lobes` is averaged


def maps(network, sequences, direction):
    r"""Gradient of $R \cdot c$ with respect to every pixel, to first order its cause.

    Where the map is positive, more light moves the embedding along c.

    Args:
        network: a `MotionNetwork`.
        sequences: shape (n, time, height, width, channels).
        direction: c, shape (z,).

    Returns:
        The shape of the sequences.
    """
    images = tf.convert_to_tensor(sequences, tf.float32)
    weights = tf.convert_to_tensor(np.asarray(direction)[:, None], tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(images)
        response = tf.reduce_sum(tf.matmul(network(images), weights))
    return tape.gradient(response, images).numpy()


def main_direction(codes):
    """The direction in which codes vary most, shape (z,)."""
    return np.linalg.svd(codes - codes.mean(axis=0), full_matrices=False)[2][0]


def lobes(network, frames):
    """How the maps of two frames, and those of two clips, are related.

    Args:
        network: a `MotionNetwork`.
        frames: shape (n, time, height, width, 1).

    Returns:
        Dictionary of mean correlations: `lobes` of the maps of first and last frame, -1
        if what pulls the embedding one way in the first frame pulls it the other way in
        the last; `lobes_alike` of the map of one clip and that of the next, 1 if maps
        do not depend on what the frames show.
    """
    chosen = frames[:CLIPS, [0, -1]]
    codes = evaluation.embed(network, frames, (0, frames.shape[1] - 1))
    found = maps(network, chosen, main_direction(codes)).reshape(len(chosen), 2, -1)
    found = found.astype(float) - found.mean(axis=-1, keepdims=True)
    found /= np.maximum(np.linalg.norm(found, axis=-1, keepdims=True), 1e-12)
    both = np.sum(found[:, 0] * found[:, 1], axis=-1)
    alike = np.sum(found * np.roll(found, 1, axis=0), axis=-1)
    return {"lobes": float(both.mean()), "lobes_alike": float(alike.mean())}
