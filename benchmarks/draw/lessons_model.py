"""The lesson's DRAW."""

import keras

from benchmarks import settings
from benchmarks.peers import keras_fit
from lessons.sequences.draw.cell import DRAWCell
from lessons.sequences.draw.model import DRAW


def build(row):
    """The row's model, compiled."""
    keras.utils.set_random_seed(0)
    cell = DRAWCell(
        (row.side, row.side, 1),
        row.units,
        row.latent,
        read_size=row.size,
        write_size=row.size,
        classes=row.classes,
        sequential=True,
        hidden=row.units,
    )
    model = DRAW(cell, row.steps, class_weight=row.class_weight, learned_canvas=True)
    model.build((None, row.side, row.side, 1))
    model.compile(
        keras.optimizers.Adam(settings.LEARNING_RATE),
        steps_per_execution=settings.NUM_STEPS,
        jit_compile=True,
    )
    model.num_parameters = keras_fit.count(model)
    return model
