"""Sequence tasks: padded batches, and endless streams of fresh ones.

Sequences of several lengths are padded with zeros to one number of steps, so that one
compiled graph trains on all of them; a mask marks the steps that are asked for.
"""

from typing import NamedTuple

import keras
import numpy as np
import tensorflow as tf

from lessons.toolkit.errors import UserError


class Sequences(NamedTuple):
    """Sequences of one task.

    Attributes:
        inputs: shape (batch, time, input channels), or (batch, time) of whole numbers.
        targets: shape (batch, time, output bits), or (batch, time) of whole numbers; 0
            where no answer is asked for.
        mask: shape (batch, time), float32, 1 at the steps of the answer.
    """

    inputs: np.ndarray
    targets: np.ndarray
    mask: np.ndarray


def counts(name, values, most=None, least=1):
    """Whole numbers, one for each sequence, and the greatest number to pad for.

    Args:
        name: what they are, for the message.
        values: numbers, shape (batch,) or a single one.
        most: greatest number allowed; None takes the greatest given.
        least: smallest number allowed.

    Returns:
        (array of shape (batch,), most).

    Raises:
        UserError: a number is out of the range.
    """
    values = np.atleast_1d(np.asarray(values, np.int64))
    most = int(values.max()) if most is None else most
    if values.min() < least or values.max() > most:
        raise UserError(
            f"{name} must be between {least} and {most}, got {values.min()} to "
            f"{values.max()}."
        )
    return values, most


def ragged(lengths):
    """Row and place of every entry of rows that have `lengths` entries."""
    return np.nonzero(np.arange(lengths.max()) < lengths[:, None])


def stream(config, draw):
    """Batches (inputs, (targets, mask)) of fresh sequences, epoch after epoch.

    Args:
        config: a `RunConfig` that has `updates_per_epoch`.
        draw: function of (a NumPy generator, the epoch) that gives `Sequences` whose
            arrays have the leading axes (updates, batch).

    Returns:
        A `tf.data.Dataset`; the same configuration gives the same sequences.
    """

    def epochs():
        for epoch in range(config.epochs):
            inputs, *answer = draw(np.random.default_rng((config.seed, epoch)), epoch)
            yield inputs, tuple(answer)

    signature = tf.nest.map_structure(
        lambda array: tf.TensorSpec(array.shape, array.dtype), next(epochs())
    )
    batches = tf.data.Dataset.from_generator(epochs, output_signature=signature)
    options = tf.data.Options()
    options.experimental_distribute.auto_shard_policy = (
        tf.data.experimental.AutoShardPolicy.DATA
    )
    return batches.unbatch().prefetch(4).with_options(options)


class StopBelow(keras.callbacks.Callback):
    """Ends training after an epoch whose mean loss is below a limit.

    Args:
        limit: the loss that counts as learned.
        first: the first epoch that may be the last, counted from 0.
    """

    def __init__(self, limit, first=0):
        super().__init__()
        self._limit, self._first = limit, first

    def on_epoch_end(self, epoch, logs=None):
        """Compare the epoch's loss."""
        if epoch >= self._first and logs["loss"] < self._limit:
            self.model.stop_training = True
