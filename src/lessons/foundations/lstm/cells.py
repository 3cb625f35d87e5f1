"""Memory cells as Keras layers: one step each, for `keras.layers.RNN` and `layers`.

The modern cell is `LSTMCell`, whose step is that of `recurrence`; `BlockCell1997` is
the one of Hochreiter & Schmidhuber 1997, without forget gate, in blocks that share
their gates.
"""

import keras
from keras import initializers, layers, ops

from lessons.foundations.lstm import recurrence
from lessons.toolkit.errors import UserError, unknown

PEEPHOLES = (None, "diag", "full")


@keras.saving.register_keras_serializable("lessons")
class LSTMCell(layers.Layer):
    """One step of the modern cell (equations: `theory.lstm_step`).

    Args:
        units: n, memory cells.
        peephole: which gates see the cell: None, "diag" (each gate its own cell) or
            "full" (all cells, through a matrix).
        forget_bias: of the forget gates at the start.
        longest: T; draws the biases of forget and input gates for lags up to T
            (`theory_error_flow.chrono_bias`) instead of using `forget_bias`.
        two_biases: a second, redundant bias, as Torch has it.
        truncated: the gradient of 1997: error leaves a cell by its own carousel only,
            not through the recurrent matrix.
        kernel_initializer, recurrent_initializer: as in `keras.layers.LSTMCell`.
        **kwargs: for `keras.layers.Layer`.

    Raises:
        UserError: an argument is invalid.
    """

    def __init__(
        self,
        units,
        peephole=None,
        forget_bias=1.0,
        longest=None,
        two_biases=False,
        truncated=False,
        kernel_initializer="glorot_uniform",
        recurrent_initializer="orthogonal",
        **kwargs,
    ):
        super().__init__(**kwargs)
        if units < 1:
            raise UserError(f"units must be at least 1, got {units}.")
        if peephole not in PEEPHOLES:
            raise unknown("peephole", peephole, PEEPHOLES)
        if longest is not None and longest <= 2:
            raise UserError(f"longest must be above 2 steps, got {longest}.")
        self.units, self.peephole = units, peephole
        self.forget_bias, self.longest = forget_bias, longest
        self.two_biases, self.truncated = two_biases, truncated
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.recurrent_initializer = initializers.get(recurrent_initializer)
        self.state_size = [units, units]
        self.output_size = units

    def build(self, input_shape):
        """Make the weights for inputs of shape (batch, m)."""
        gates = 4 * self.units
        self.kernel = self.add_weight(
            shape=(input_shape[-1], gates),
            initializer=self.kernel_initializer,
            name="kernel",
        )
        self.recurrent_kernel = self.add_weight(
            shape=(self.units, gates),
            initializer=self.recurrent_initializer,
            name="recurrent_kernel",
        )
        self.bias = self.add_weight(
            shape=(gates,), initializer=self._first_bias, name="bias"
        )
        self.second_bias = self.peephole_kernel = None
        if self.two_biases:
            self.second_bias = self.add_weight(
                shape=(gates,), initializer="zeros", name="second_bias"
            )
        if self.peephole:
            shape = (3 * self.units,)
            if self.peephole == "full":
                shape = (self.units, *shape)
            self.peephole_kernel = self.add_weight(
                shape=shape,
                initializer=initializers.RandomUniform(-0.05, 0.05),
                name="peephole_kernel",
            )

    def _first_bias(self, shape, dtype=None):
        forget = ops.full((self.units,), self.forget_bias, dtype=dtype)
        inputs = ops.zeros_like(forget)
        if self.longest is not None:
            drawn = keras.random.uniform((self.units,), dtype=dtype)
            forget = ops.log(1 + drawn * (self.longest - 2))
            inputs = -forget
        rest = ops.zeros((2 * self.units,), dtype=dtype)
        return ops.concatenate([inputs, forget, rest])

    def project(self, inputs):
        """$xW + b$ for inputs of shape (..., m)."""
        projected = ops.matmul(inputs, self.kernel) + self.bias
        return projected if self.second_bias is None else projected + self.second_bias

    def call(self, inputs, states, training=False):
        """One step: (h', [h', c']) from x, shape (batch, m), and [h, c]."""
        h, c = states
        stop = ops.stop_gradient if self.truncated else lambda value: value
        z = self.project(inputs) + ops.matmul(stop(h), self.recurrent_kernel)
        peephole = self.peephole_kernel
        if peephole is not None:
            peephole = ops.convert_to_tensor(peephole)
        h, c, _ = recurrence.step(z, c, recurrence.split_peephole(peephole), stop)
        return h, [h, c]

    def parameters(self):
        """The weights as NumPy arrays by name, as `theory` takes them."""
        values = {
            "kernel": ops.convert_to_numpy(self.kernel),
            "recurrent": ops.convert_to_numpy(self.recurrent_kernel),
            "bias": ops.convert_to_numpy(self.bias),
        }
        if self.second_bias is not None:
            values["bias"] = values["bias"] + ops.convert_to_numpy(self.second_bias)
        if self.peephole:
            values["peephole"] = ops.convert_to_numpy(self.peephole_kernel)
        return values

    def get_config(self):
        """The arguments, for saving."""
        names = ("units", "peephole", "forget_bias", "longest", "two_biases")
        values = {name: getattr(self, name) for name in (*names, "truncated")}
        for name in ("kernel_initializer", "recurrent_initializer"):
            values[name] = initializers.serialize(getattr(self, name))
        return {**super().get_config(), **values}


@keras.saving.register_keras_serializable("lessons")
class BlockCell1997(layers.Layer):
    r"""One step of blocks of memory cells, as in 1997.

    $c' = c + i \circ g(z_g)$, $h' = o \circ s(c')$ with $g(z) = 4\sigma(z) - 2$ and
    $s(z) = 2\sigma(z) - 1$. The cells of a block share one input and one output gate.
    Every unit, gates included, is a hidden unit that all others see at the next step:
    $S = \text{blocks} (\text{size} + 2)$ units with $m + S + 1$ weights each.

    Args:
        blocks: number of blocks.
        size: cells in a block.
        truncated: cut the error where it leaves a cell, as the paper does.
        **kwargs: for `keras.layers.Layer`.
    """

    def __init__(self, blocks, size=2, truncated=True, **kwargs):
        super().__init__(**kwargs)
        if blocks < 1 or size < 1:
            raise UserError(
                f"blocks and size must be at least 1, got {blocks} and {size}."
            )
        self.blocks, self.size, self.truncated = blocks, size, truncated
        self.output_size = blocks * size
        self.state_size = [blocks * (size + 2), blocks * size]

    def build(self, input_shape):
        """Make the weights for inputs of shape (batch, m)."""
        hidden = self.state_size[0]
        small = initializers.RandomUniform(-0.1, 0.1)
        self.kernel = self.add_weight(
            shape=(input_shape[-1], hidden), initializer=small, name="kernel"
        )
        self.recurrent_kernel = self.add_weight(
            shape=(hidden, hidden), initializer=small, name="recurrent_kernel"
        )
        self.bias = self.add_weight(shape=(hidden,), initializer="zeros", name="bias")

    def call(self, inputs, states, training=False):
        """One step: (outputs of the cells, [all hidden units, cells])."""
        hidden, c = states
        if self.truncated:
            hidden = ops.stop_gradient(hidden)
        z = ops.matmul(inputs, self.kernel) + self.bias
        z = z + ops.matmul(hidden, self.recurrent_kernel)
        i = ops.sigmoid(z[:, : self.blocks])
        o = ops.sigmoid(z[:, self.blocks : 2 * self.blocks])
        g = 4 * ops.sigmoid(z[:, 2 * self.blocks :]) - 2
        c = c + self._shared(i) * g
        h = self._shared(o) * (2 * ops.sigmoid(c) - 1)
        return h, [ops.concatenate([i, o, h], axis=1), c]

    def _shared(self, gates):
        """Each block's gate for all of its cells; `ops.repeat` stops XLA."""
        gates = ops.stack([gates] * self.size, axis=2)  # (batch, blocks, size)
        return ops.reshape(gates, (-1, self.output_size))

    def get_config(self):
        """The arguments, for saving."""
        names = ("blocks", "size", "truncated")
        return {**super().get_config(), **{n: getattr(self, n) for n in names}}
