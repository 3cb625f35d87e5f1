"""Train one model on an endless stream of fresh sequences, with `fit`."""

import keras
import numpy as np
import tensorflow as tf

from lessons.memory.neural_turing_machine import data, model
from lessons.toolkit import runtime
from lessons.toolkit.experiment import fit


def make_optimizer(config):
    """The optimizer of a configuration, with its bounds of the gradient."""
    bounds = {"global_clipnorm": config.clip_norm, "clipvalue": config.clip_value}
    if config.optimizer == "rmsprop":  # Graves 2013: centred, with momentum
        return keras.optimizers.RMSprop(
            config.learning_rate, rho=0.95, momentum=0.9, centered=True, **bounds
        )
    return keras.optimizers.Adam(config.learning_rate, **bounds)


def lengths(config, random, epoch):
    """Lengths of an epoch's sequences, shape (updates, batch_size).

    With a curriculum the greatest length grows in even steps over the first
    `curriculum_updates` updates.
    """
    shape = config.updates_per_epoch, config.batch_size
    greatest = np.full(shape[0], config.max_length)
    if config.curriculum_updates:
        update = epoch * shape[0] + np.arange(shape[0])
        span = config.max_length - config.min_length + 1
        reached = config.min_length + update * span // config.curriculum_updates
        greatest = np.minimum(reached, config.max_length)
    return random.integers(config.min_length, greatest[:, None] + 1, shape)


def stream(config):
    """Batches (inputs, targets, mask) of fresh sequences, without end.

    Returns:
        A `tf.data.Dataset`; the same configuration gives the same sequences.
    """

    def epochs():
        for epoch in range(config.epochs):
            random = np.random.default_rng((config.seed, epoch))
            drawn = lengths(config, random, epoch)
            batch = data.draw(config, random, drawn.size, drawn.ravel())
            yield tuple(part.reshape(*drawn.shape, *part.shape[1:]) for part in batch)

    first = next(epochs())
    signature = tuple(tf.TensorSpec(part.shape, part.dtype) for part in first)
    batches = tf.data.Dataset.from_generator(epochs, output_signature=signature)
    options = tf.data.Options()
    options.experimental_distribute.auto_shard_policy = (
        tf.data.experimental.AutoShardPolicy.DATA
    )
    return batches.unbatch().prefetch(4).with_options(options)


class StopWhenLearned(keras.callbacks.Callback):
    """Ends training after an epoch that counts as learned, all lengths in use."""

    def __init__(self, config):
        super().__init__()
        self._config = config

    def on_epoch_end(self, epoch, logs=None):
        """Compare the epoch's loss."""
        config = self._config
        whole = epoch * config.updates_per_epoch >= config.curriculum_updates
        if config.stop and whole and logs["loss"] < config.learned_below:
            self.model.stop_training = True


def train(config, name):
    """Build and train the model called `name`.

    Args:
        config: a `Config`.
        name: an entry of `config.MODELS`.

    Returns:
        (model, history, seconds of an epoch).
    """
    runtime.seed_everything(config.seed)
    network = model.build(config, name, *data.channels(config))
    network.compile(
        make_optimizer(config),
        jit_compile=config.compiled,
        steps_per_execution=runtime.steps_per_execution(
            config, config.updates_per_epoch
        ),
    )
    _, history, seconds = fit(
        network,
        stream(config),
        config,
        description=f"{config.task.replace('_', ' ')}, {name}",
        callbacks=[StopWhenLearned(config)],
        steps_per_epoch=config.updates_per_epoch,
        shuffle=False,  # fresh sequences need none
    )
    return network, history, seconds
