"""The lesson's M2."""

import keras

from benchmarks import settings
from benchmarks.peers import keras_fit
from benchmarks.semi_supervised_vae import rows
from lessons.autoencoders.semi_supervised_vae.model import M2


def build(row):
    """The row's model, compiled."""
    keras.utils.set_random_seed(0)
    model = M2(
        rows.NUM_PIXELS,
        rows.LATENT_DIM,
        rows.NUM_CLASSES,
        (rows.HIDDEN,),
        (rows.HIDDEN,),
        (rows.HIDDEN,),
        label_weight=rows.LABEL_WEIGHT,
        likelihood="bernoulli",
        seed=0,
    )
    model.compile(
        keras.optimizers.Adam(settings.LEARNING_RATE),
        steps_per_execution=settings.NUM_STEPS,
    )
    model.num_parameters = keras_fit.count(model)
    return model
