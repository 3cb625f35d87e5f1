"""The lesson's chain."""

import keras

from benchmarks import settings
from benchmarks.hierarchical_vae import rows
from benchmarks.peers import keras_fit
from lessons.autoencoders.hierarchical_vae.model_dense import DenseChain


def build(row):
    """The row's model, compiled."""
    model = DenseChain(
        rows.IMAGE_SHAPE,
        row.latents,
        row.hidden,
        pixel_scale=rows.PIXEL_SCALE,
        seed=0,
    )
    model.compile(
        keras.optimizers.Adam(settings.LEARNING_RATE),
        steps_per_execution=settings.NUM_STEPS,
    )
    model.num_parameters = keras_fit.count(model)
    return model
