"""Keras as its documentation shows it: a compiled model, fed with arrays."""

import keras


class Turns(keras.callbacks.Callback):
    """Waits before each epoch until it is this process's turn."""

    def __init__(self, turn):
        super().__init__()
        self.turn = turn

    def on_epoch_begin(self, epoch, logs=None):
        self.turn.begin()

    def on_train_batch_end(self, batch, logs=None):
        self.turn.step_done()

    def on_epoch_end(self, epoch, logs=None):
        self.turn.end()


def count(model):
    """Number of trained parameters; unlike Keras's, of models within models too."""
    return sum(weight.numpy().size for weight in model.trainable_weights)


def train(model, data, turn, batch_size):
    """Train a compiled model until the turns end."""
    model.fit(
        *data,
        batch_size=batch_size,
        epochs=10**9,
        verbose=0,
        callbacks=[Turns(turn)],
    )
