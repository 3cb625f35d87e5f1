"""The machine as a Keras model, and the LSTM networks it is compared with."""

from typing import NamedTuple

import keras
from keras import layers, ops

from lessons.memory.neural_turing_machine import theory
from lessons.memory.neural_turing_machine.cell import lstm_step
from lessons.toolkit import runtime
from lessons.toolkit.errors import UserError
from lessons.toolkit.recurrent import scan


class Trace(NamedTuple):
    """What a machine did, step by step; leading axes (batch, time).

    Attributes:
        logits: shape (..., bits).
        write_weights: where the write heads were, shape (..., write heads, slots).
        read_weights: where the read heads were, shape (..., read heads, slots).
        memory: after the step, shape (..., slots, width).
        reads: vectors read, shape (..., read heads, width).
        adds: vectors added, shape (..., write heads, width).
        gates: how far content decides, shape (..., heads), write heads first.
    """

    logits: object
    write_weights: object
    read_weights: object
    memory: object
    reads: object
    adds: object
    gates: object


class SequenceModel(keras.Model):
    """A model of (batch, time, channels) whose loss counts the answer only.

    Give `fit` the inputs and, in place of the targets, the pair (targets, mask) of
    `data.Sequences`. Sample weights weigh whole sequences.
    """

    def __init__(self, **options):
        super().__init__(**options)
        self.bits_metric = keras.metrics.Mean("bits_per_sequence")

    def compute_loss(
        self, x=None, y=None, y_pred=None, sample_weight=None, training=True
    ):
        """The mean over sequences of `theory.answer_loss`, in nats per bit."""
        if not isinstance(y, (tuple, list)) or len(y) != 2:
            raise UserError(
                "the loss needs the mask of the answer. Allowed: y=(targets, mask)."
            )
        targets, mask = y
        logits = ops.cast(y_pred, "float32")
        bits = theory.bits_per_sequence(targets, logits, mask)
        self.bits_metric.update_state(bits, sample_weight)
        losses = theory.answer_loss(targets, logits, mask)
        return runtime.batch_loss(losses, sample_weight)


@keras.saving.register_keras_serializable("lessons")
class NTM(SequenceModel):
    """A Neural Turing Machine that answers with logits of bits at every step.

    Everything that depends on the input alone, and the output layer, are products over
    all time steps at once; only what must wait for the step before is in the loop.

    Args:
        cell: an `NTMCell`.
        num_bits: bits of the output.
    """

    def __init__(self, cell, num_bits, **options):
        super().__init__(**options)
        self.cell, self.num_bits = cell, num_bits
        self.output_layer = layers.Dense(num_bits, name="output")

    def build(self, input_shape):
        """Make the weights for inputs of shape (batch, time, channels)."""
        if not self.cell.built:  # a cell read from a file is built already
            self.cell.build((None, input_shape[-1]))
        self.output_layer.build((None, None, self.cell.output_size))

    def call(self, inputs):
        """Logits of shape (batch, time, bits)."""
        outputs, _ = scan(self.cell.step, *self._begin(inputs))
        return self.output_layer(ops.swapaxes(outputs, 0, 1))

    def trace(self, inputs):
        """Run and keep what happened: a `Trace`."""
        cell = self.cell

        def step(projected, state):
            outputs, state = cell.step(projected, state)
            return (outputs, state[1], state[2]), state

        (outputs, weights, memory), _ = scan(step, *self._begin(inputs))
        outputs = ops.swapaxes(outputs, 0, 1)
        weights = ops.swapaxes(weights, 0, 1)
        batch, time = ops.shape(outputs)[:2]
        z, reads = outputs[..., : cell.units], outputs[..., cell.units :]
        done = cell.instructions(ops.reshape(z, (-1, cell.units)))
        return Trace(
            logits=self.output_layer(outputs),
            write_weights=weights[:, :, : cell.num_write],
            read_weights=weights[:, :, cell.num_write :],
            memory=ops.swapaxes(memory, 0, 1),
            reads=ops.reshape(reads, (batch, time, cell.num_read, cell.width)),
            adds=ops.reshape(done.add, (batch, time, cell.num_write, cell.width)),
            gates=ops.reshape(done.address.gates, (batch, time, -1)),
        )

    def _begin(self, inputs):
        """(projected inputs with time first, the first state), as `scan` wants them."""
        projected = self.cell.project(inputs)
        state = self.cell.get_initial_state(ops.shape(inputs)[0])
        return ops.swapaxes(projected, 0, 1), state

    def get_config(self):
        """The arguments of the constructor; the cell as a Keras object."""
        cell = keras.saving.serialize_keras_object(self.cell)
        return super().get_config() | {"cell": cell, "num_bits": self.num_bits}

    @classmethod
    def from_config(cls, config):
        """The model of a configuration that `get_config` made."""
        cell = keras.saving.deserialize_keras_object(config.pop("cell"))
        return cls(cell, **config)


@keras.saving.register_keras_serializable("lessons")
class LSTMBaseline(SequenceModel):
    r"""The paper's LSTM networks, as their numbers of parameters imply.

    Every layer sees the input and the layer below, every layer feeds the output, one
    bias per gate, no peepholes; the first h and c of each layer are learned.

    Args:
        units: width of each layer.
        num_layers: depth.
        num_bits: bits of the output.
    """

    def __init__(self, units, num_layers, num_bits, **options):
        super().__init__(**options)
        self.units, self.num_layers, self.num_bits = units, num_layers, num_bits
        self.output_layer = layers.Dense(num_bits, name="output")

    def build(self, input_shape):
        """Make the weights for inputs of shape (batch, time, channels)."""
        wide = 4 * self.units
        self.weights_of_layers = []
        for depth in range(self.num_layers):
            width = input_shape[-1] + (self.units if depth else 0)
            self.weights_of_layers.append(
                {
                    "kernel": self._weight(depth, "kernel", (width, wide)),
                    "recurrent": self._weight(
                        depth, "recurrent_kernel", (self.units, wide), "orthogonal"
                    ),
                    "bias": self._weight(depth, "bias", (wide,), _forget_bias),
                    "first": self._weight(depth, "first", (2, self.units), "zeros"),
                }
            )
        self.output_layer.build((None, None, self.num_layers * self.units))

    def _weight(self, depth, name, shape, initializer="glorot_uniform"):
        return self.add_weight(
            shape, initializer=initializer, name=f"layer_{depth}_{name}"
        )

    def call(self, inputs):
        """Logits of shape (batch, time, bits)."""
        inputs = ops.swapaxes(inputs, 0, 1)  # (time, batch, channels)
        batch = ops.shape(inputs)[1]
        below, outputs = inputs, []
        for weights in self.weights_of_layers:
            projected = ops.matmul(below, weights["kernel"]) + weights["bias"]
            first = ops.cast(ops.tanh(weights["first"]), projected.dtype)
            state = [
                ops.repeat(row[None], batch, axis=0) for row in (first[0], first[1])
            ]
            hidden, _ = scan(_stepper(weights["recurrent"]), projected, state)
            outputs.append(hidden)
            below = ops.concatenate([inputs, hidden], axis=-1)
        outputs = ops.concatenate(outputs, axis=-1)
        return self.output_layer(ops.swapaxes(outputs, 0, 1))

    def get_config(self):
        """The arguments of the constructor."""
        names = ("units", "num_layers", "num_bits")
        return super().get_config() | {name: getattr(self, name) for name in names}


def _stepper(kernel):
    """One time step of a layer, for `scan`."""

    def step(projected, state):
        h, c = state
        h, c = lstm_step(projected + ops.matmul(h, ops.cast(kernel, h.dtype)), c)
        return h, [h, c]

    return step


def _forget_bias(shape, dtype=None):
    """Zeros, and ones for the forget gates."""
    return ops.repeat(ops.convert_to_tensor([0.0, 1.0, 0.0, 0.0], dtype), shape[0] // 4)
