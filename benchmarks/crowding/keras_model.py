"""The network as the paper's program and Keras's documentation would write it."""

import keras
from keras import layers

from benchmarks import settings
from benchmarks.crowding import rows
from benchmarks.peers import keras_fit


def build(row):
    """The row's model, compiled: three-dimensional layers of depth 1."""
    keras.utils.set_random_seed(0)
    body = [keras.Input((row.scales, row.side, row.side, 1))]
    window = (1, rows.WINDOW, rows.WINDOW)
    for layer in range(rows.NUM_LAYERS):
        kernel = (1, row.kernel, row.kernel)
        body.append(layers.Conv3D(row.filters, kernel, activation="relu"))
        if layer < rows.NUM_LAYERS - 1:
            body.append(layers.MaxPooling3D(window, strides=1))
    body += [layers.GlobalMaxPooling3D(), layers.Dense(rows.NUM_CLASSES)]
    model = keras.Sequential(body)
    model.compile(
        keras.optimizers.Adam(settings.LEARNING_RATE),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    )
    model.num_parameters = keras_fit.count(model)
    return model
