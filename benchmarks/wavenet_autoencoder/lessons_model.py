"""The lesson's WaveNet autoencoder."""

import keras

from benchmarks import settings
from benchmarks.peers import keras_fit
from lessons.sequences.wavenet_autoencoder.model import WaveNetAutoencoder


def build(row):
    """The row's model, compiled as the lesson compiles it."""
    keras.utils.set_random_seed(0)
    encoder = {
        "width": row.encoder_width,
        "rates": row.rates,
        "code_dim": row.code,
        "hop": row.hop,
    }
    decoder = {"width": row.width, "skip": row.skip, "rates": row.rates}
    model = WaveNetAutoencoder(encoder, decoder)
    model.compile(keras.optimizers.Adam(settings.LEARNING_RATE), jit_compile=True)
    model.build((None, 1 + row.length))
    model.num_parameters = keras_fit.count(model)
    return model
