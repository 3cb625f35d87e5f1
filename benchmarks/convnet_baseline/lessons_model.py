"""The lesson's network and its own Adam."""

from benchmarks import settings
from benchmarks.convnet_baseline import rows
from benchmarks.peers import keras_fit
from lessons.foundations.convnet_baseline.model import ConvNet
from lessons.foundations.convnet_baseline.networks import Architecture
from lessons.foundations.convnet_baseline.optimizers import AdaptiveMoments


def build(row):
    """The row's model, compiled."""
    architecture = Architecture(
        channels=row.channels,
        kernels=row.kernels,
        strides=(1,) * len(row.channels),
        dense=row.dense,
    )
    model = ConvNet((row.side, row.side, rows.CHANNELS), architecture)
    model.compile(
        AdaptiveMoments(settings.LEARNING_RATE),
        steps_per_execution=settings.NUM_STEPS,
    )
    model.num_parameters = keras_fit.count(model)
    return model
