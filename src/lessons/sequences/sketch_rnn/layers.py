"""A cell run over time, forwards or backwards, in one compiled loop."""

import keras
import tensorflow as tf
from keras import layers, ops

from lessons.sequences.sketch_rnn.cells import CELLS
from lessons.toolkit.errors import UserError, unknown
from lessons.toolkit.recurrent import scan


@keras.saving.register_keras_serializable("lessons")
class PenRecurrence(layers.Layer):
    """Runs one of the three cells over sequences of different lengths.

    Steps that a mask leaves out keep the state, so that read backwards a sequence
    begins with its last real step, wherever the padding stands.

    Args:
        cell: a key of `cells.CELLS`.
        units: H.
        keep: probability that a candidate is kept while training; one draw for each
            sequence, step and unit.
        backwards: whether time is read from its end.
        seed: of the draws.
        cell_options: more arguments of the cell, or None.

    Call with inputs (batch, time, features) and optionally `state`, a tuple of tensors,
    and `mask`, booleans (batch, time). Returns (outputs, state), outputs in the order
    that was read, shape (batch, time, H).
    """

    def __init__(
        self,
        cell,
        units,
        *,
        keep=1.0,
        backwards=False,
        seed=0,
        cell_options=None,
        **options,
    ):
        super().__init__(**options)
        if cell not in CELLS:
            raise unknown("cell", cell, CELLS)
        if not 0 < keep <= 1:
            raise UserError(f"keep must be above 0 and at most 1, got {keep}.")
        self.arguments = {
            "cell": cell,
            "units": units,
            "keep": keep,
            "backwards": backwards,
            "seed": seed,
            "cell_options": cell_options,
        }
        self.cell = CELLS[cell](units, name="cell", **(cell_options or {}))
        self.draws = keras.random.SeedGenerator(seed)
        self.supports_masking = True

    def build(self, input_shape):
        """Create the cell's weights."""
        self.cell.build((None, input_shape[-1]))
        self.built = True

    def first_state(self, batch):
        """Zeros, a tuple of tensors (batch, size)."""
        sizes = self.cell.state_sizes
        return tuple(ops.zeros((batch, size), self.compute_dtype) for size in sizes)

    def call(self, inputs, state=None, mask=None, training=False):
        """Run over all steps."""
        inputs = tf.transpose(inputs, [1, 0, 2])  # (time, batch, features)
        batch = tf.shape(inputs)[1]
        state = self.first_state(batch) if state is None else tuple(state)
        read = {"prepared": self.cell.prepared(inputs)}
        if mask is not None:
            read["real"] = tf.transpose(mask)[:, :, None]
        if training and self.arguments["keep"] < 1:
            read["kept"] = self._drawn(tf.shape(inputs)[0], batch)
        if self.arguments["backwards"]:
            read = tf.nest.map_structure(lambda each: each[::-1], read)

        def step(values, before):
            after = self.cell.step(values["prepared"], before, values.get("kept"))
            after = tuple(tf.cast(each, self.compute_dtype) for each in after)
            if mask is not None:
                pairs = zip(after, before, strict=True)
                after = tuple(tf.where(values["real"], *pair) for pair in pairs)
            return after[0], after

        outputs, state = scan(step, read, state)
        return tf.transpose(outputs, [1, 0, 2]), state

    def _drawn(self, steps, batch):
        keep = self.arguments["keep"]
        uniform = keras.random.uniform(
            (steps, batch, self.arguments["units"]), seed=self.draws
        )
        return ops.cast(uniform < keep, self.compute_dtype) / keep

    def get_config(self):
        """The arguments, for saving."""
        return {**super().get_config(), **self.arguments}
