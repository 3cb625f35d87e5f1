"""The network as Keras's documentation would write it."""

import keras
from keras import layers

from benchmarks import settings
from benchmarks.convnet_baseline import rows
from benchmarks.peers import keras_fit


def build(row):
    """The row's model, compiled."""
    keras.utils.set_random_seed(0)
    body = [keras.Input((row.side, row.side, rows.CHANNELS))]
    for units, kernel in zip(row.channels, row.kernels, strict=True):
        body += [layers.Conv2D(units, kernel, activation="relu"), layers.MaxPooling2D()]
    body.append(layers.Flatten())
    body += [layers.Dense(units, activation="relu") for units in row.dense]
    model = keras.Sequential([*body, layers.Dense(1)])
    model.compile(
        keras.optimizers.Adam(settings.LEARNING_RATE),
        keras.losses.BinaryCrossentropy(from_logits=True),
    )
    model.num_parameters = keras_fit.count(model)
    return model
