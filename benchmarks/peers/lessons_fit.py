"""This project, as a learner uses it: `compile`, then the toolkit's `fit`."""

import keras

from benchmarks import rows
from benchmarks.peers import keras_fit
from lessons.autoencoders.vae.model import DenseVAE
from lessons.autoencoders.vae.model_conv import ConvVAE
from lessons.toolkit import experiment
from lessons.toolkit.config import RunConfig


def build(row):
    """The lesson's model."""
    options = {
        "variance": rows.VARIANCE,
        "batch_norm": row.batch_norm,
        "norm_momentum": rows.NORM_MOMENTUM,
        "norm_epsilon": rows.NORM_EPSILON,
        "seed": 0,
    }
    shape, latent_dim = rows.IMAGE_SHAPE, row.latent_dim
    if row.filters:
        units = row.encoder_units[0]
        model = ConvVAE(shape, latent_dim, row.filters, units, **options)
    else:
        units = row.encoder_units, row.decoder_units
        model = DenseVAE(shape, latent_dim, *units, **options)
    model.num_parameters = keras_fit.count(model)
    return model


def train(model, images, turn):
    """Train until the turns end."""
    model.compile(
        keras.optimizers.Adam(rows.LEARNING_RATE), steps_per_execution=rows.NUM_STEPS
    )
    config = RunConfig(epochs=10**9, batch_size=rows.BATCH_SIZE)
    callbacks = [keras_fit.Turns(turn)]
    experiment.fit(model, images, config, description="benchmark", callbacks=callbacks)


KINDS = {"fit": train}
