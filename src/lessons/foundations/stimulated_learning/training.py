"""The authors' recipe beside gradient steps: a first training, and a schedule."""

import keras
from keras import layers


def pretrain(model, features, *, epochs, batch_size, corruption, seed):
    """Train each hidden layer as a denoising autoencoder, one after the other.

    A layer learns to give back its input, of which a part was set to 0 at random (what
    is kept is scaled up by Keras's dropout). Changes the hidden layers of the model.

    Args:
        model: a `GridClassifier`.
        features: shape (batch, features).
        epochs: passes over the features for each layer.
        batch_size: examples per step.
        corruption: part of the inputs that is set to 0.
        seed: of the decoders' weights and of the corruption.

    Returns:
        Mean squared error of each layer after its last epoch, a list.
    """
    errors = []
    for place, layer in enumerate(model.hidden):
        width = features.shape[1]
        start = keras.initializers.GlorotUniform(seed + place)
        autoencoder = keras.Sequential(
            [
                keras.Input((width,)),
                layers.Dropout(corruption, seed=seed + place),
                layer,
                # Activations lie in (0, 1), features need not.
                layers.Dense(width, "sigmoid" if place else None, True, start),
            ]
        )
        autoencoder.compile(keras.optimizers.Adam(1e-3), "mse")
        history = autoencoder.fit(
            features, features, batch_size=batch_size, epochs=epochs, verbose=0
        )
        errors.append(history.history["loss"][-1])
        encoder = keras.Sequential([keras.Input((width,)), layer])
        features = encoder.predict(features, batch_size=4096, verbose=0)
    return errors


class HalveRate(keras.callbacks.Callback):
    """Halves the rate after an epoch that brought too little, and goes back.

    Training goes on from the best weights, and ends with them. Needs validation data
    and the metric "accuracy".

    Args:
        least_gain: by how much the validation error must fall, as a part of 1.
        least_rate: training stops below it.
    """

    def __init__(self, least_gain=5e-5, least_rate=1e-6):
        super().__init__()
        self.least_gain, self.least_rate = least_gain, least_rate
        self._error, self._weights = float("inf"), None

    def on_epoch_end(self, epoch, logs=None):
        """Keep the weights, or go back to the best and halve the rate."""
        error = 1 - logs["val_accuracy"]
        if error < self._error - self.least_gain:
            self._error, self._weights = error, self.model.get_weights()
            return
        self.model.set_weights(self._weights)
        optimizer = self.model.optimizer
        optimizer.learning_rate = float(optimizer.learning_rate) / 2
        if float(optimizer.learning_rate) < self.least_rate:
            self.model.stop_training = True

    def on_train_end(self, logs=None):
        """End with the best weights."""
        if self._weights is not None:
            self.model.set_weights(self._weights)
