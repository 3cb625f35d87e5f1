r"""The three cells of the paper: LSTM, LSTM with layer normalisation, HyperLSTM.

All share the gates $i, j, f, o$ (in this order in every kernel), the forget bias 1 that
is added while running, and *recurrent dropout without memory loss* (Semeniuta et al.
2016, arXiv:1603.05118): only the candidate $\tanh j$ is dropped, so that what a cell
remembers is never erased by the mask,

$$c \leftarrow \sigma(f + 1) \odot c + \sigma(i) \odot d \odot \tanh j, \qquad
  h = \sigma(o) \odot \tanh c.$$

A cell has two parts: `prepared` depends on the inputs alone and is computed for all
steps at once, `step` runs inside the loop.
"""

import keras
from keras import layers, ops

EPSILON = 1e-3  # of layer normalisation
FORGET_BIAS = 1.0
HYPER_SCALE = 0.1  # what gates are multiplied by at the start, in a HyperLSTM


class OrthogonalGates(keras.initializers.Initializer):
    """An orthogonal square matrix for each gate, side by side.

    Args:
        num_gates: how many.
    """

    def __init__(self, num_gates=4):
        self.num_gates = num_gates

    def __call__(self, shape, dtype=None):
        """Make the kernel, shape (units, gates * units)."""
        square = (shape[0], shape[1] // self.num_gates)
        each = [
            keras.initializers.Orthogonal()(square, "float32")
            for _ in range(self.num_gates)
        ]
        return ops.cast(ops.concatenate(each, axis=1), dtype or keras.config.floatx())


def normalised(blocks, gain, bias, num_blocks, epsilon=EPSILON):
    r"""Layer normalisation of each block of pre-activations by itself.

    $$\gamma \odot (a - \bar a) / \sqrt{\mathrm{var}\, a + \epsilon} + \beta$$
    (Ba et al. 2016, arXiv:1607.06450), in float32.

    Args:
        blocks: shape (batch, num_blocks * units).
        gain, bias: $\gamma$ and $\beta$, shape (num_blocks * units,).
        num_blocks: how many.
        epsilon: what is added to the variance.
    """
    shape = (-1, num_blocks, blocks.shape[-1] // num_blocks)
    values = ops.cast(ops.reshape(blocks, shape), "float32")
    centred = values - ops.mean(values, axis=-1, keepdims=True)
    variance = ops.mean(centred**2, axis=-1, keepdims=True)
    flat = ops.reshape(centred / ops.sqrt(variance + epsilon), (-1, blocks.shape[-1]))
    gain, bias = (ops.cast(each, "float32") for each in (gain, bias))
    return ops.cast(flat * gain + bias, blocks.dtype)


@keras.saving.register_keras_serializable("lessons")
class PenLSTMCell(layers.Layer):
    """An LSTM cell with dropout on the candidate.

    Args:
        units: H.
    """

    num_states = 2  # (h, c)

    def __init__(self, units, **options):
        super().__init__(**options)
        self.units = units

    @property
    def state_sizes(self):
        """Units of each state; the first is what the cell shows."""
        return (self.units, self.units)

    def build(self, input_shape):
        """Create the kernels and what the cell has beside them."""
        features, gates = input_shape[-1], 4 * self.units
        self.kernel = self._weight("kernel", (features, gates), "glorot_uniform")
        self.recurrent_kernel = self._weight(
            "recurrent_kernel", (self.units, gates), OrthogonalGates()
        )
        self._build_rest(features)
        self.built = True

    def _build_rest(self, features):
        self.bias = self._weight("bias", (4 * self.units,), "zeros")

    def _weight(self, name, shape, initializer):
        return self.add_weight(name=name, shape=shape, initializer=initializer)

    def prepared(self, inputs):
        """What depends on the inputs alone, for all steps at once.

        Args:
            inputs: shape (time, batch, features).
        """
        return inputs @ ops.convert_to_tensor(self.kernel) + self.bias

    def step(self, prepared, state, kept=None):
        """One step; returns the new state, whose first part is the output.

        Args:
            prepared: what `prepared` gave for this step.
            state: tuple of tensors, see `state_sizes`.
            kept: factors of the candidate, shape (batch, H), or None.
        """
        h, c = state[:2]
        gates = prepared + h @ ops.convert_to_tensor(self.recurrent_kernel)
        return self.updated(gates, c, kept)

    def updated(self, gates, c, kept):
        """New output and memory, from the four blocks of pre-activations."""
        i, j, f, o = ops.split(gates, 4, axis=-1)
        candidate = ops.tanh(j) if kept is None else ops.tanh(j) * kept
        c = ops.sigmoid(f + FORGET_BIAS) * c + ops.sigmoid(i) * candidate
        return ops.sigmoid(o) * ops.tanh(self._shown(c)), c

    def _shown(self, c):
        return c

    def get_config(self):
        """The arguments, for saving."""
        return {**super().get_config(), "units": self.units}


@keras.saving.register_keras_serializable("lessons")
class LayerNormLSTMCell(PenLSTMCell):
    """An LSTM cell whose four blocks, and whose memory when shown, are normalised.

    Args:
        units: H.
    """

    def _build_rest(self, features):
        gates = 4 * self.units
        self.gain = self._weight("gain", (gates,), "ones")
        self.bias = self._weight("bias", (gates,), "zeros")
        self.memory_gain = self._weight("memory_gain", (self.units,), "ones")
        self.memory_bias = self._weight("memory_bias", (self.units,), "zeros")

    def prepared(self, inputs):
        """Products of the inputs, shape (time, batch, 4H); the bias comes later."""
        return inputs @ ops.convert_to_tensor(self.kernel)

    def updated(self, gates, c, kept):
        """The same after the blocks were normalised."""
        gates = normalised(gates, self.gain, self.bias, 4)
        return super().updated(gates, c, kept)

    def _shown(self, c):
        return normalised(c, self.memory_gain, self.memory_bias, 1)


@keras.saving.register_keras_serializable("lessons")
class HyperLSTMCell(LayerNormLSTMCell):
    r"""An LSTM cell whose pre-activations a smaller one scales (arXiv:1609.09106).

    An auxiliary cell reads $[x; h]$; its output $\tilde h$ scales each gate's part that
    comes from the inputs and each that comes from $h$, and shifts the latter:

    $$d = (\tilde h W_z + b_z) W_d, \qquad
      a = d^x \odot x W_x + d^h \odot h W_h + (\tilde h W_{zb}) W_b + b.$$

    Layer normalisation follows. At the start $W_z = 0$, $b_z = 1$ and every entry of
    $W_d$ is $0.1 / E$, so that every $d$ is 0.1.

    Args:
        units: H.
        hyper_units: of the auxiliary cell.
        embedding: E, numbers between $\tilde h$ and the units.
        spread: deviation of the first $W_d$ around $0.1 / E$, as a part of it. 0 is
            the official code's; then the E numbers of an embedding stay equal for ever.
    """

    num_states = 4  # (h, c, auxiliary h, auxiliary c)

    def __init__(self, units, hyper_units=256, embedding=32, spread=0.0, **options):
        super().__init__(units, **options)
        self.hyper_units, self.embedding, self.spread = hyper_units, embedding, spread
        self.auxiliary = LayerNormLSTMCell(hyper_units, name="auxiliary")

    @property
    def state_sizes(self):
        """Units of each state."""
        return (self.units, self.units, self.hyper_units, self.hyper_units)

    def _build_rest(self, features):
        super()._build_rest(features)
        self.auxiliary.build((None, features + self.units))
        hidden, size = self.hyper_units, self.embedding
        first = HYPER_SCALE / size
        normal = keras.initializers.RandomNormal
        scales = normal(first, self.spread * first)
        self.scale_in = self._weight("scale_in", (8, hidden, size), "zeros")
        self.scale_bias = self._weight("scale_bias", (8, 1, size), "ones")
        self.scale_out = self._weight("scale_out", (8, size, self.units), scales)
        self.shift_in = self._weight("shift_in", (4, hidden, size), normal(0, 0.01))
        self.shift_out = self._weight("shift_out", (4, size, self.units), "zeros")
        self.pre_bias = self._weight("pre_bias", (4 * self.units,), "zeros")

    def prepared(self, inputs):
        """Products of the inputs with both kernels."""
        features = inputs.shape[-1]
        auxiliary = ops.convert_to_tensor(self.auxiliary.kernel)[:features]
        return inputs @ ops.convert_to_tensor(self.kernel), inputs @ auxiliary

    def step(self, prepared, state, kept=None):
        """One step of the auxiliary cell, then one of the scaled cell."""
        from_inputs, auxiliary_in = prepared
        h, c, hyper_h, hyper_c = state
        features = self.auxiliary.kernel.shape[0] - self.units
        seen = h @ ops.convert_to_tensor(self.auxiliary.kernel)[features:]
        hyper_h, hyper_c = self.auxiliary.step(auxiliary_in + seen, (hyper_h, hyper_c))
        scales, shifts = self.factors(hyper_h)
        from_state = h @ ops.convert_to_tensor(self.recurrent_kernel)
        gates = scales[0] * from_inputs + scales[1] * from_state + shifts
        h, c = self.updated(gates + self.pre_bias, c, kept)
        return h, c, hyper_h, hyper_c

    def factors(self, hyper_h):
        """Scales of both parts, shape (2, batch, 4H), and shifts, shape (batch, 4H).

        Args:
            hyper_h: the auxiliary cell's output, shape (batch, hyper_units).
        """
        embedded = hyper_h @ ops.convert_to_tensor(self.scale_in) + self.scale_bias
        scales = embedded @ ops.convert_to_tensor(self.scale_out)  # (8, batch, H)
        shifts = hyper_h @ ops.convert_to_tensor(self.shift_in)
        shifts = shifts @ ops.convert_to_tensor(self.shift_out)  # (4, batch, H)
        width = 4 * self.units
        scales = ops.reshape(scales, (2, 4, -1, self.units))
        scales = ops.reshape(ops.transpose(scales, (0, 2, 1, 3)), (2, -1, width))
        shifts = ops.reshape(ops.transpose(shifts, (1, 0, 2)), (-1, width))
        return scales, shifts

    def get_config(self):
        """The arguments, for saving."""
        names = ("hyper_units", "embedding", "spread")
        return {**super().get_config(), **{n: getattr(self, n) for n in names}}


CELLS = {"lstm": PenLSTMCell, "layer_norm": LayerNormLSTMCell, "hyper": HyperLSTMCell}
