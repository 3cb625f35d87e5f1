"""The lesson's character model."""

import keras

from benchmarks import settings
from benchmarks.peers import keras_fit
from lessons.foundations.lstm.model import CharModel


def build(row):
    """The row's model, compiled."""
    keras.utils.set_random_seed(0)
    model = CharModel(row.vocabulary, row.units, row.vocabulary)
    model.compile(
        keras.optimizers.Adam(settings.LEARNING_RATE),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        steps_per_execution=settings.NUM_STEPS,
    )
    model.num_parameters = keras_fit.count(model)
    return model
