"""The lesson's critic, trained by `fit`."""

import keras

from benchmarks import settings
from benchmarks.peers import keras_fit
from benchmarks.spectral_normalization import keras_model, rows
from lessons.adversarial.spectral_normalization import networks_images
from lessons.adversarial.spectral_normalization.variants import VARIANTS


def build(row):
    """The row's model, compiled."""
    keras.utils.set_random_seed(0)
    model = networks_images.cnn_critic(
        (rows.SIDE, rows.SIDE, rows.COLOURS), row.channels, VARIANTS["spectral"]
    )
    model.compile(
        keras.optimizers.Adam(settings.LEARNING_RATE),
        keras_model.hinge,
        steps_per_execution=settings.NUM_STEPS,
    )
    model.num_parameters = keras_fit.count(model)
    return model
