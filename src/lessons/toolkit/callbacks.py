"""Callbacks of Keras that several lessons use."""

import keras


class Watch(keras.callbacks.Callback):
    """Looks at a model now and then while it trains.

    Given to `lessons.toolkit.experiment.fit`, what it saw joins the history.

    Args:
        look: a function of the model that returns numbers by name.
        every: epochs between two looks.

    Attributes:
        history: one number per look, by name.
    """

    def __init__(self, look, every=1):
        super().__init__()
        self.look, self.every, self.history = look, max(1, every), {}

    def on_epoch_end(self, epoch, logs=None):
        """Look, if this epoch's number is a multiple of `every`."""
        if (epoch + 1) % self.every == 0:
            for name, value in self.look(self.model).items():
                self.history.setdefault(name, []).append(float(value))
