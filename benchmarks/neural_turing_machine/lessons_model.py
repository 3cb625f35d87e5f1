"""The lesson's machine."""

import keras
from keras import ops

from benchmarks import settings
from benchmarks.peers import keras_fit
from lessons.memory.neural_turing_machine.cell import NTMCell
from lessons.memory.neural_turing_machine.model import NTM


class Machine(NTM):
    """The lesson's machine, with every step part of the answer."""

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, **options):
        """As in the lesson."""
        answer = y, ops.ones_like(y[..., 0])
        return super().compute_loss(x, answer, y_pred, sample_weight, **options)


def build(row):
    """The row's model, compiled."""
    keras.utils.set_random_seed(0)
    cell = NTMCell(row.units, num_slots=row.slots, width=row.width)
    model = Machine(cell, row.num_outputs)
    model.build((row.batch_size, row.length, row.num_inputs))
    model.compile(
        keras.optimizers.Adam(settings.LEARNING_RATE),
        steps_per_execution=settings.NUM_STEPS,
        jit_compile=True,
    )
    model.num_parameters = keras_fit.count(model)
    return model
