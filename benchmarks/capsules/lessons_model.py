"""The lesson's capsule layers, in a network without a decoder."""

import keras
from keras import layers

from benchmarks import settings
from benchmarks.capsules import keras_model, rows
from benchmarks.peers import keras_fit
from lessons.vision.capsules import theory
from lessons.vision.capsules.layers import Capsules, PrimaryCapsules


def build(row):
    """The row's model, compiled."""
    keras.utils.set_random_seed(0)
    if row.filters:
        body = [
            keras.Input((rows.IMAGE_SIZE, rows.IMAGE_SIZE, 1)),
            layers.Conv2D(row.filters, rows.KERNEL_SIZE, activation="relu"),
            PrimaryCapsules(row.types, rows.CAPSULE_DIM, rows.KERNEL_SIZE),
        ]
    else:
        body = [keras.Input((row.num_capsules, rows.CAPSULE_DIM))]
    routing = Capsules(
        rows.NUM_CLASSES, rows.CLASS_DIM, rows.NUM_ITERATIONS, 0.05, jit_routing=True
    )
    model = keras.Sequential([*body, routing, keras_model.Length()])
    model.compile(
        keras.optimizers.Adam(settings.LEARNING_RATE),
        lambda targets, lengths: theory.margin_loss(lengths, targets),
        steps_per_execution=settings.NUM_STEPS,
    )
    model.num_parameters = keras_fit.count(model)
    return model
