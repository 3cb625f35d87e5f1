"""The critic with Keras's own wrapper, which projects its weights in place."""

import keras
from keras import layers, ops

from benchmarks import settings
from benchmarks.peers import keras_fit
from benchmarks.spectral_normalization import rows


def hinge(targets, values):
    """Loss of each example: 1 for data, -1 for samples."""
    return ops.relu(1.0 - targets * values)[:, 0]


def build(row):
    """The row's model, compiled."""
    keras.utils.set_random_seed(0)
    stack = [keras.Input((rows.SIDE, rows.SIDE, rows.COLOURS))]
    for size, stride, _, outputs, _ in row.convolutions():
        convolution = layers.Conv2D(outputs, size, strides=stride, padding="same")
        stack += [layers.SpectralNormalization(convolution)]
        stack += [layers.LeakyReLU(rows.SLOPE)]
    stack += [layers.Flatten(), layers.SpectralNormalization(layers.Dense(1))]
    model = keras.Sequential(stack)
    model.compile(keras.optimizers.Adam(settings.LEARNING_RATE), hinge)
    model.num_parameters = keras_fit.count(model)
    return model
