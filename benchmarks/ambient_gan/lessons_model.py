"""The same generator through the lesson's measurement, trained by `fit`."""

from keras import layers

from benchmarks import settings
from benchmarks.ambient_gan import keras_model, rows
from lessons.adversarial.ambient_gan.projections import PadRotateProject


class Measure(layers.Layer):
    """The lesson's pad-rotate-project."""

    def __init__(self):
        super().__init__()
        self.measurement = PadRotateProject((rows.SIDE, rows.SIDE, 1))

    def call(self, images, theta):
        return self.measurement.measure(images, theta[:, None])


def build(row):
    """The row's model, compiled."""
    model = keras_model.build_with(Measure())
    return keras_model.compiled(model, steps_per_execution=settings.NUM_STEPS)
