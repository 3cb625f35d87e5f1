"""The LSTM over sequences as a Keras layer, with the compiled loop of `recurrence`."""

import keras
import tensorflow as tf
from keras import layers, ops

from lessons.foundations.lstm import cells, recurrence
from lessons.toolkit import recurrent


@keras.saving.register_keras_serializable("lessons")
class LSTM(layers.Layer):
    """What `keras.layers.RNN(LSTMCell(units))` computes, faster.

    Steps that a mask leaves out change neither state nor output, as in Keras; a loop
    with a mask is differentiated by TensorFlow and is no faster than Keras's. The layer
    also works inside `keras.layers.Bidirectional`. It is never stateful: give the
    state of the last batch as `initial_state`.

    Args:
        units: n, memory cells.
        learned_state: whether the first (h, c) is learned; else it is 0.
        return_sequences: all outputs, (batch, T, n), or the last, (batch, n).
        return_state: whether to return (outputs, h, c).
        go_backwards: whether to read the sequence from its end; outputs are then in
            that order too.
        peephole, forget_bias, longest, two_biases: as for `cells.LSTMCell`.
        kernel_initializer, recurrent_initializer: as for `cells.LSTMCell`.
        **kwargs: for `keras.layers.Layer`.
    """

    def __init__(
        self,
        units,
        learned_state=False,
        return_sequences=False,
        return_state=False,
        go_backwards=False,
        peephole=None,
        forget_bias=1.0,
        longest=None,
        two_biases=False,
        kernel_initializer="glorot_uniform",
        recurrent_initializer="orthogonal",
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.learned_state = learned_state
        self.return_sequences, self.return_state = return_sequences, return_state
        self.go_backwards, self.stateful = go_backwards, False
        self.supports_masking = True
        self.cell = cells.LSTMCell(
            units,
            peephole=peephole,
            forget_bias=forget_bias,
            longest=longest,
            two_biases=two_biases,
            kernel_initializer=kernel_initializer,
            recurrent_initializer=recurrent_initializer,
            dtype=self.dtype_policy,
            name="cell",
        )

    def build(self, input_shape):
        """Make the weights for inputs of shape (batch, T, m)."""
        self.cell.build((input_shape[0], input_shape[-1]))
        if self.learned_state:
            self.first_h, self.first_c = (
                self.add_weight(
                    shape=(self.cell.units,), initializer="zeros", name=f"first_{name}"
                )
                for name in "hc"
            )

    def first_state(self, batch):
        """(h, c) before the first step, each of shape (batch, n)."""
        shape = (batch, self.cell.units)
        if not self.learned_state:
            zeros = tf.zeros(shape, self.compute_dtype)
            return zeros, zeros
        return tuple(
            tf.broadcast_to(ops.cast(first, self.compute_dtype), shape)
            for first in (self.first_h, self.first_c)
        )

    def call(self, inputs, initial_state=None, mask=None):
        """Run over the sequence.

        Args:
            inputs: shape (batch, T, m).
            initial_state: (h, c), each of shape (batch, n), instead of the first.
            mask: booleans of shape (batch, T), False for steps to leave out; None
                reads all.
        """
        state = initial_state
        if state is None:
            state = self.first_state(tf.shape(inputs)[0])
        state = [ops.cast(part, self.compute_dtype) for part in state]
        projected = self.cell.project(tf.transpose(inputs, [1, 0, 2]))  # (T, batch, 4n)
        if mask is not None:
            mask = tf.transpose(tf.cast(mask, tf.bool))[..., None]  # (T, batch, 1)
        if self.go_backwards:
            projected = tf.reverse(projected, [0])
            mask = None if mask is None else tf.reverse(mask, [0])
        peephole = self.cell.peephole_kernel
        if peephole is not None:
            peephole = ops.cast(peephole, self.compute_dtype)
        kernel = ops.cast(self.cell.recurrent_kernel, self.compute_dtype)
        if mask is None:
            outputs, (h, c) = recurrence.lstm(projected, kernel, state, peephole)
        else:
            outputs, (h, c) = _masked(projected, kernel, state, peephole, mask)
        last = outputs[-1]
        outputs = tf.transpose(outputs, [1, 0, 2]) if self.return_sequences else last
        return (outputs, h, c) if self.return_state else outputs

    def compute_mask(self, inputs, mask=None):
        """The inputs' mask for all outputs, none for the last one or for a state."""
        mask = mask if self.return_sequences else None
        return [mask, None, None] if self.return_state else mask

    def compute_output_shape(self, inputs_shape, initial_state_shape=None):
        """Shapes of what `call` returns."""
        last = (inputs_shape[0], self.cell.units)
        outputs = (
            (*inputs_shape[:2], self.cell.units) if self.return_sequences else last
        )
        return (outputs, last, last) if self.return_state else outputs

    def get_config(self):
        """The arguments, for saving."""
        names = ("learned_state", "return_sequences", "return_state", "go_backwards")
        config = {name: getattr(self, name) for name in names}
        cell = self.cell.get_config()
        for name in ("name", "dtype", "trainable", "truncated"):
            cell.pop(name, None)
        return {**super().get_config(), **cell, **config}


def _masked(projected, kernel, state, peephole, mask):
    """The loop of `recurrence.lstm` where steps without mask keep state and output.

    Outputs before the first step that is read are 0, as Keras has it.
    """
    peepholes = recurrence.split_peephole(peephole)

    def step(values, state):
        (z, keep), (h, c, said) = values, state
        new_h, new_c, _ = recurrence.step(z + tf.matmul(h, kernel), c, peepholes)
        said = tf.where(keep, new_h, said)
        return said, (tf.where(keep, new_h, h), tf.where(keep, new_c, c), said)

    first = (*state, tf.zeros_like(state[0]))
    outputs, (h, c, _) = recurrent.scan(step, (projected, mask), first)
    return outputs, (h, c)
