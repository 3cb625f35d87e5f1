"""The lesson's WAE-MMD."""

import keras

from benchmarks import settings
from benchmarks.wasserstein_autoencoder import keras_model, rows
from lessons.autoencoders.wasserstein_autoencoder import networks
from lessons.autoencoders.wasserstein_autoencoder.model import WAEMMD


def build(row):
    """The lesson's model."""
    recipe = networks.Recipe(rows.NORM_MOMENTUM, rows.NORM_EPSILON)
    pair = networks.dense_pair(rows.IMAGE_SHAPE, row.latent_dim, row.units, recipe)
    model = WAEMMD(*pair, penalty_weight=rows.PENALTY_WEIGHT, seed=0)
    model.compile(
        keras.optimizers.Adam(settings.LEARNING_RATE),
        steps_per_execution=settings.NUM_STEPS,
    )
    model.num_parameters = keras_model.count(model)
    return model
