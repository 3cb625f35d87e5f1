"""The lesson's autoencoders."""

import keras

from benchmarks import settings
from benchmarks.vae import keras_model, rows
from lessons.autoencoders.vae.model import DenseVAE
from lessons.autoencoders.vae.model_conv import ConvVAE


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
    model.compile(
        keras.optimizers.Adam(settings.LEARNING_RATE),
        steps_per_execution=settings.NUM_STEPS,
    )
    model.num_parameters = keras_model.count(model)
    return model
