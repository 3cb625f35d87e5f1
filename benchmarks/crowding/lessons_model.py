"""The lesson's network."""

import keras

from benchmarks import settings
from benchmarks.crowding import rows
from benchmarks.peers import keras_fit
from lessons.vision.crowding import theory
from lessons.vision.crowding.model import ScaleNet


def build(row):
    """The row's model, compiled."""
    code = theory.scale_code("late", row.scales, rows.NUM_LAYERS)
    model = ScaleNet(
        row.side, code, "end", row.filters, row.kernel, rows.WINDOW, deviation=0.0
    )
    model.compile(
        keras.optimizers.Adam(settings.LEARNING_RATE),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        steps_per_execution=settings.NUM_STEPS,
    )
    model.num_parameters = keras_fit.count(model)
    return model
