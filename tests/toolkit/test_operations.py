"""Multiplications of layers, by hand."""

import keras
import pytest
from keras import layers

from lessons.toolkit import operations
from lessons.toolkit.errors import UserError


def test_multiplications_are_counted_from_kernels_and_places():
    images = keras.Input((9, 8, 3))
    values = layers.Conv2D(5, (3, 2), 2, "same", data_format="channels_last")(images)
    values = layers.ReLU()(layers.BatchNormalization(axis=-1)(values))
    values = layers.GlobalAveragePooling2D("channels_last")(values)
    model = keras.Model(images, layers.Dense(7)(values))
    counts = [operations.of_layer(layer) for layer in model.layers]
    conv, dense = 5 * 4 * (3 * 2 * 3 * 5), 5 * 7
    assert sorted(counts)[-2:] == [dense, conv] and sum(counts) == conv + dense
    assert operations.multiplications(model) == conv + dense


def test_other_kernels_are_refused():
    steps = keras.Input((6, 2))
    layer = layers.Conv1D(3, 2, data_format="channels_last")
    layer(steps)
    with pytest.raises(UserError, match="3|axes"):
        operations.of_layer(layer)
