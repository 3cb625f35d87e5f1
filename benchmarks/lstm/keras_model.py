"""Keras's own LSTM layers."""

import keras
from keras import layers

from benchmarks import settings
from benchmarks.peers import keras_fit


def build(row):
    """The row's model, compiled."""
    keras.utils.set_random_seed(0)
    model = keras.Sequential(
        [
            keras.Input((row.length,), dtype="int32"),
            layers.Embedding(row.vocabulary, row.vocabulary),
            *(layers.LSTM(units, return_sequences=True) for units in row.units),
            layers.Dense(row.vocabulary),
        ]
    )
    model.compile(
        keras.optimizers.Adam(settings.LEARNING_RATE),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    )
    model.num_parameters = keras_fit.count(model)
    return model
