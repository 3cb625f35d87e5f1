"""Whole sequences: a tensor cell with the delayed output, and stacks of layers."""

import keras
import tensorflow as tf
from keras import initializers, layers, ops

from lessons.toolkit import recurrent
from lessons.toolkit.errors import UserError

KINDS = ("lstm", "rnn")


@keras.saving.register_keras_serializable("lessons")
class Delayed(layers.Layer):
    """A tensor cell over a sequence; its output for step t is read L - 1 steps later.

    After the last input the tensor runs on with rows of 0, L - 1 steps. A mask says
    where sequences end that are shorter than the batch: each is flushed after its own
    last input, so its outputs are those that it would have alone.

    Args:
        cell: a `cells.TensorCell`.
        delay: steps between an input and its output; by default `cell.depth` - 1, the
            least with which an output has seen its input and the greatest with which
            it has not seen the next one.
        flush: whether the tensor runs on after the last input. Without, output s is
            for input s - delay, and a stream of text is read without a gap.
        return_state: whether to return (outputs, states).
        **kwargs: for `keras.layers.Layer`.

    Raises:
        UserError: the delay is negative.
    """

    def __init__(self, cell, delay=None, flush=True, return_state=False, **kwargs):
        super().__init__(**kwargs)
        if delay is not None and delay < 0:
            raise UserError(f"delay must be at least 0, got {delay}.")
        self.cell, self.given_delay = cell, delay
        self.delay = cell.depth - 1 if delay is None else delay
        self.flush, self.return_state = flush, return_state
        self.supports_masking = True
        self.output_size = cell.units

    def build(self, input_shape):
        """Make the cell's weights for inputs of shape (batch, T, R)."""
        if not self.cell.built:  # a cell read from a file is built already
            self.cell.build((input_shape[0], input_shape[-1]))

    def first_state(self, batch):
        """States of 0 for a number of sequences."""
        return self.cell.get_initial_state(batch)

    def call(self, inputs, initial_state=None, mask=None):
        """Run over the sequences.

        Args:
            inputs: shape (batch, T, R).
            initial_state: the cell's states, instead of 0.
            mask: booleans (batch, T), True up to the end of each sequence; or None.

        Returns:
            Outputs of shape (batch, T, M); with `return_state` also the cell's states
            after each sequence's own last step, its flush included.
        """
        outputs, state = self._scan(self.cell.step, inputs, initial_state, mask)
        outputs = tf.transpose(outputs, [1, 0, 2])
        if self.flush:
            outputs = outputs[:, self.delay :]
        return (outputs, state) if self.return_state else outputs

    def trace(self, inputs):
        """The tensors after every step: states stacked, (T + delay, batch, P, M)."""

        def step(row, state):
            _, state = self.cell.step(row, state)
            return state, state

        return self._scan(step, inputs)[0]

    def _scan(self, step, inputs, initial_state=None, mask=None):
        rows = self.cell.project(tf.transpose(inputs, [1, 0, 2]))  # (T, batch, M)
        state = initial_state
        if state is None:
            state = self.first_state(tf.shape(inputs)[0])
        state = [ops.cast(part, self.compute_dtype) for part in state]
        alive = None
        if mask is not None:
            alive = tf.transpose(tf.cast(mask, tf.bool))  # (T, batch)
            rows = tf.where(alive[..., None], rows, tf.zeros_like(rows))
        if self.flush and self.delay:
            rows = tf.pad(rows, [[0, self.delay], [0, 0], [0, 0]])
            if mask is not None:
                early = tf.ones_like(alive[:1])
                alive = tf.concat([*[early] * self.delay, alive], axis=0)
        if mask is None or not self.return_state:
            return recurrent.scan(step, rows, state)
        return recurrent.scan(_stopping(step), (rows, alive), state)

    def compute_mask(self, inputs, mask=None):
        """The mask of the inputs holds for the outputs."""
        return [mask, None] if self.return_state else mask

    def compute_output_shape(self, inputs_shape, initial_state_shape=None):
        """Shapes of what `call` returns."""
        outputs = (*inputs_shape[:2], self.output_size)
        if not self.return_state:
            return outputs
        return outputs, [(inputs_shape[0], *shape) for shape in self.cell.state_size]

    def get_config(self):
        """The arguments, for saving."""
        return {
            **super().get_config(),
            "cell": keras.saving.serialize_keras_object(self.cell),
            "delay": self.given_delay,
            "flush": self.flush,
            "return_state": self.return_state,
        }

    @classmethod
    def from_config(cls, config):
        """The layer of a saved configuration."""
        cell = keras.saving.deserialize_keras_object(config["cell"])
        return cls(**config | {"cell": cell})


def _stopping(step):
    """A step that leaves the states of sequences that are over."""

    def stopping(values, state):
        row, alive = values
        output, new = step(row, state)
        kept = [
            tf.where(tf.reshape(alive, [-1, *[1] * (len(a.shape) - 1)]), a, b)
            for a, b in zip(new, state, strict=True)
        ]
        return output, kept

    return stopping


@keras.saving.register_keras_serializable("lessons")
class Stacked(layers.Layer):
    """RNN or LSTM layers on top of each other, with or without one kernel for all.

    The paper's baseline is `shared`: then depth costs no parameters. The input is
    projected to M numbers first, as in the tensorized networks, so the weights are
    those of a tensor cell with K = 2 and without memory convolution. The products with
    what comes from below are taken for all steps at once.

    Args:
        units: M, of every layer.
        num_layers: L.
        kind: "lstm" or "rnn".
        shared: whether all layers have the same kernel and bias.
        forget_bias: of the forget gates at the start.
        return_state: whether to return (outputs, states).
        **kwargs: for `keras.layers.Layer`.
    """

    def __init__(
        self,
        units,
        num_layers=1,
        kind="lstm",
        shared=True,
        forget_bias=1.0,
        return_state=False,
        **kwargs,
    ):
        super().__init__(**kwargs)
        if units < 1 or num_layers < 1:
            raise UserError(
                f"units and num_layers must be at least 1, got {units} and "
                f"{num_layers}."
            )
        if kind not in KINDS:
            raise UserError(f"kind must be one of {', '.join(KINDS)}, got {kind!r}.")
        self.units, self.num_layers, self.kind = units, num_layers, kind
        self.shared, self.forget_bias = shared, forget_bias
        self.return_state, self.delay = return_state, 0
        self.gates = 4 * units if kind == "lstm" else units
        self.num_states = 2 if kind == "lstm" else 1
        self.output_size = units

    def build(self, input_shape):
        """Make the weights for inputs of shape (batch, T, R)."""
        if self.built:  # read from a file
            return
        normal = initializers.RandomNormal
        self.input_kernel = self.add_weight(
            shape=(input_shape[-1], self.units),
            initializer=normal(stddev=1.0),
            name="input_kernel",
        )
        self.input_bias = self.add_weight(
            shape=(self.units,), initializer="zeros", name="input_bias"
        )
        self.kernels, self.biases = [], []
        for layer in range(1 if self.shared else self.num_layers):
            self.kernels.append(
                self.add_weight(
                    shape=(2 * self.units, self.gates),
                    initializer=normal(stddev=(2 * self.units) ** -0.5),
                    name=f"kernel_{layer}",
                )
            )
            self.biases.append(
                self.add_weight(
                    shape=(self.gates,),
                    initializer=self._first_bias,
                    name=f"bias_{layer}",
                )
            )

    def _first_bias(self, shape, dtype=None):
        if self.kind == "rnn":
            return ops.zeros(shape, dtype=dtype)
        forget = ops.full((self.units,), self.forget_bias, dtype=dtype)
        zeros = ops.zeros_like(forget)
        return ops.concatenate([zeros, zeros, forget, zeros])

    def first_state(self, batch):
        """States of 0 for a number of sequences, each of shape (batch, M)."""
        shape, count = (batch, self.units), self.num_layers * self.num_states
        return [ops.zeros(shape, dtype=self.compute_dtype) for _ in range(count)]

    def call(self, inputs, initial_state=None):
        """Outputs of the last layer, (batch, T, M); with `return_state` also states.

        Args:
            inputs: shape (batch, T, R).
            initial_state: of every layer h, or h and c; instead of 0.
        """
        state = initial_state
        if state is None:
            state = self.first_state(tf.shape(inputs)[0])
        inputs = ops.cast(tf.transpose(inputs, [1, 0, 2]), self.compute_dtype)
        below = ops.matmul(inputs, self.input_kernel) + self.input_bias
        last = []
        for layer in range(self.num_layers):
            own = state[layer * self.num_states : (layer + 1) * self.num_states]
            below, own = self._layer(below, list(own), 0 if self.shared else layer)
            last += own
        outputs = tf.transpose(below, [1, 0, 2])
        return (outputs, last) if self.return_state else outputs

    def _layer(self, below, state, index):
        kernel = ops.cast(self.kernels[index], self.compute_dtype)
        projected = ops.matmul(below, kernel[: self.units]) + self.biases[index]
        own = kernel[self.units :]

        def step(z, state):
            z = z + ops.matmul(state[0], own)
            if self.kind == "rnn":
                h = ops.tanh(z)
                return h, [h]
            g, i, f, o = ops.split(z, 4, axis=-1)
            c = ops.tanh(g) * ops.sigmoid(i) + state[1] * ops.sigmoid(f)
            h = ops.tanh(c) * ops.sigmoid(o)
            return h, [h, c]

        return recurrent.scan(step, projected, state)

    def compute_output_shape(self, inputs_shape, initial_state_shape=None):
        """Shapes of what `call` returns."""
        outputs = (*inputs_shape[:2], self.units)
        if not self.return_state:
            return outputs
        one = (inputs_shape[0], self.units)
        return outputs, [one] * (self.num_layers * self.num_states)

    def get_config(self):
        """The arguments, for saving."""
        names = ("units", "num_layers", "kind", "shared", "forget_bias")
        config = {name: getattr(self, name) for name in (*names, "return_state")}
        return {**super().get_config(), **config}
