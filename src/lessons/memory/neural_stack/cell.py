"""One time step: a controller, and perhaps a stack, a queue or a deque beside it."""

from typing import NamedTuple

import keras
import tensorflow as tf
from keras import layers, ops

from lessons.memory.neural_stack import theory
from lessons.toolkit.errors import UserError, unknown

CONTROLLERS = ("feedforward", "rnn", "lstm")
MOST_STEPS = 128  # room of a cell that is used without `Transducer`


class Signals(NamedTuple):
    """What a controller says to its structure in a step.

    Attributes:
        pushes: d of each end that is pushed at, each (batch, 1).
        pops: u of each end that is popped at, each (batch, 1).
        vectors: v of each end that is pushed at, each (batch, width).
    """

    pushes: list
    pops: list
    vectors: list


class Done(NamedTuple):
    """What happened in a step.

    Attributes:
        hidden: output of the controller, shape (batch, units).
        pushes, pops: strengths, shape (batch, ends).
        strengths: after the step, shape (batch, cells).
        weights: of the reads, shape (batch, ends, cells).
    """

    hidden: object
    pushes: object
    pops: object
    strengths: object
    weights: object


@keras.saving.register_keras_serializable("lessons")
class TransducerCell(layers.Layer):
    r"""A controller that reads the structure's last answer and tells it what to do.

    $$(o_t, h_t) = \mathrm{RNN}([i_t; r_{t-1}], h_{t-1}), \quad
    d_t = \sigma(W_d o_t + b_d), \quad u_t = \sigma(W_u o_t + b_u), \quad
    v_t = \tanh(W_v o_t + b_v)$$

    Then the structure pops, pushes and reads (`theory.step`), which gives $r_t$. What
    the controller sees is one step old: $r_{t-1}$.

    The state is the controller's (h, or h and c, of each layer) and, with a structure,
    r (batch, reads * width), strengths (batch, cells), values (batch, cells, width) and
    the number of steps done (batch, 1). A step that a mask leaves out
    leaves them all. All arithmetic is in float32: sums of a hundred strengths lose
    several hundredths in half precision.

    Args:
        units: width of the controller.
        controller: "feedforward" (one tanh layer), "rnn" (tanh) or "lstm" (forget bias
            1, gates in the order of Keras).
        num_layers: layers of the controller.
        structure: a name in `theory.STRUCTURES`, or None.
        width: m, of the values.
        pop_bias: what the biases of pops start with.
        capacity: steps there is room for, where the first state is not made for a
            known number of steps; what is read after them is NaN.
    """

    def __init__(
        self,
        units,
        controller="rnn",
        *,
        num_layers=1,
        structure=None,
        width=8,
        pop_bias=-1.0,
        capacity=MOST_STEPS,
        dtype="float32",
        **options,
    ):
        super().__init__(dtype=dtype, **options)
        if controller not in CONTROLLERS:
            raise unknown("controller", controller, CONTROLLERS)
        if structure is not None and structure not in theory.STRUCTURES:
            raise unknown("structure", structure, theory.STRUCTURES)
        if num_layers < 1 or units < 1 or width < 1 or capacity < 1:
            raise UserError(
                "units, num_layers, width and capacity must be at least 1, got "
                f"{units}, {num_layers}, {width} and {capacity}."
            )
        self.units, self.controller = units, controller
        self.num_layers, self.structure = num_layers, structure
        self.width, self.pop_bias, self.capacity = width, pop_bias, capacity
        self.kind = theory.STRUCTURES.get(structure)

    @property
    def num_ends(self):
        """How many ends are read: 0 without a structure."""
        return len(self.kind.ends) if self.kind else 0

    @property
    def state_size(self):
        """Sizes of the states, as `keras.layers.RNN` wants them."""
        per_layer = {"feedforward": 0, "rnn": 1, "lstm": 2}[self.controller]
        sizes = [self.units] * (per_layer * self.num_layers)
        if not self.kind:
            return sizes or [1]
        cells = self.capacity * len(self.kind.pushes)
        return [*sizes, self.num_ends * self.width, cells, (cells, self.width), 1]

    @property
    def output_size(self):
        """Size of the output, the controller's."""
        return self.units

    def build(self, input_shape):
        """Make the weights; `input_shape` ends with the number of input channels."""
        wide = self.units * (4 if self.controller == "lstm" else 1)
        self.layer_weights = []
        for depth in range(self.num_layers):
            sizes = {"kernel": (self.units if depth else input_shape[-1], wide)}
            if depth == 0 and self.kind:
                sizes["read_kernel"] = (self.num_ends * self.width, wide)
            if self.controller != "feedforward":
                sizes["recurrent_kernel"] = (self.units, wide)
            made = {n: self._weight(depth, n, size) for n, size in sizes.items()}
            made["bias"] = self._weight(depth, "bias", (wide,))
            self.layer_weights.append(made)
        if self.kind:
            pushes = len(self.kind.pushes)
            self.head_sizes = [pushes, self.num_ends, pushes * self.width]
            emitted = sum(self.head_sizes)
            self.head_kernel = self.add_weight(
                (self.units, emitted), name="head_kernel", autocast=False
            )
            self.head_bias = self.add_weight(
                (emitted,),
                initializer=self._head_start,
                name="head_bias",
                autocast=False,
            )

    def _weight(self, depth, name, shape):
        start = {"recurrent_kernel": "orthogonal", "bias": self._bias_start}
        return self.add_weight(
            shape,
            initializer=start.get(name, "glorot_uniform"),
            name=f"layer_{depth}_{name}",
            autocast=False,  # in a mixed precision model the cell stays in float32
        )

    def _bias_start(self, shape, dtype=None):
        """Zeros; of an LSTM, 1 for the forget gates (the second of four blocks)."""
        ones = ops.ones((self.units,), dtype)
        if self.controller != "lstm":
            return 0 * ones
        return ops.concatenate([0 * ones, ones, 0 * ones, 0 * ones])

    def _head_start(self, shape, dtype=None):
        """Zeros, and `pop_bias` for the pops."""
        pushes, pops, values = (ops.zeros((n,), dtype) for n in self.head_sizes)
        return ops.concatenate([pushes, pops + self.pop_bias, values])

    def get_initial_state(self, batch_size=None, capacity=None):
        """The state before the first step: nothing read, an empty structure.

        Args:
            batch_size: number of sequences.
            capacity: steps there is to be room for; None takes the cell's own.
        """
        room = self.capacity if capacity is None else capacity
        *sizes, last = self.state_size
        if not self.kind:
            return [ops.zeros((batch_size, n), "float32") for n in (*sizes, last)]
        hidden = [ops.zeros((batch_size, n), "float32") for n in sizes[:-2]]
        cells = room * len(self.kind.pushes)
        return [
            *hidden,
            ops.zeros((batch_size, cells), "float32"),
            ops.zeros((batch_size, cells, self.width), "float32"),
            ops.zeros((batch_size, 1), "float32"),
        ]

    def project(self, inputs):
        """The part of the controller that depends on the input alone, (..., wide).

        It can be computed for all time steps at once, before the loop.
        """
        first = self.layer_weights[0]
        inputs = ops.cast(inputs, self.compute_dtype)
        return ops.matmul(inputs, first["kernel"]) + first["bias"]

    def step(self, projected, state, change=None):
        """One time step: (`Done`, new state).

        Args:
            projected: `project` of the input.
            state: see the class.
            change: function that gets the `Signals` and returns others, to see what
                a trained controller would have done with them; None leaves them.
        """
        if not self.kind:
            hidden, state = self.control(projected, None, list(state))
            return Done(hidden, *[hidden[:, :0]] * 4), state
        *inner, read, strengths, values, position = state
        hidden, inner = self.control(projected, read, inner)
        signals = self.signals(hidden)
        signals = change(signals) if change else signals
        capacity = ops.shape(strengths)[1] // len(self.kind.pushes)
        two_ended = len(self.kind.pushes) == 2
        strengths, values, reads = theory.step(
            strengths,
            values,
            signals.pops,
            signals.pushes,
            signals.vectors,
            [
                theory.places(position[:, 0], capacity, end, two_ended)
                for end in self.kind.pushes
            ],
            self.kind,
        )
        inside = tf.cast(position, tf.int32) < capacity
        read = tf.where(inside, tf.concat(reads, -1), float("nan"))
        weights = [theory.read_weights(strengths, end) for end in self.kind.ends]
        done = Done(
            hidden,
            tf.concat(signals.pushes, -1),
            tf.concat(signals.pops, -1),
            strengths,
            tf.stack(weights, 1),
        )
        return done, [*inner, read, strengths, values, position + 1]

    def control(self, projected, read, state):
        """The layers of the controller: (output, new state).

        Args:
            projected: `project` of the input.
            read: what was read one step ago, or None.
            state: h, or h and c, of each layer.
        """
        total, new = projected, []
        if self.controller == "feedforward":
            new = state  # nothing, or what a layer of Keras holds for it
        for depth, weights in enumerate(self.layer_weights):
            if depth:
                total = ops.matmul(hidden, weights["kernel"]) + weights["bias"]  # noqa: F821
            elif read is not None:
                total = total + ops.matmul(read, weights["read_kernel"])
            if self.controller == "feedforward":
                hidden = ops.tanh(total)
                continue
            h, *c = state[len(new) : len(new) + 1 + (self.controller == "lstm")]
            total = total + ops.matmul(h, weights["recurrent_kernel"])
            if self.controller == "rnn":
                hidden = ops.tanh(total)
                new.append(hidden)
            else:
                enter, forget, fresh, leave = ops.split(total, 4, axis=-1)
                c = ops.sigmoid(forget) * c[0] + ops.sigmoid(enter) * ops.tanh(fresh)
                hidden = ops.sigmoid(leave) * ops.tanh(c)
                new += [hidden, c]
        return hidden, new

    def signals(self, hidden):
        """`Signals` of the controller's output, shape (batch, units)."""
        raw = ops.matmul(hidden, self.head_kernel) + self.head_bias
        pushes, pops, vectors = tf.split(raw, self.head_sizes, axis=-1)
        return Signals(
            tf.split(ops.sigmoid(pushes), self.head_sizes[0], axis=-1),
            tf.split(ops.sigmoid(pops), self.head_sizes[1], axis=-1),
            tf.split(ops.tanh(vectors), self.head_sizes[0], axis=-1),
        )

    def call(self, inputs, states, training=False):
        """One step for `keras.layers.RNN`: (output, states)."""
        done, state = self.step(self.project(inputs), list(states))
        return done.hidden, state

    def get_config(self):
        """The arguments of the constructor."""
        names = (
            *("units", "controller", "num_layers", "structure", "width"),
            *("pop_bias", "capacity"),
        )
        return super().get_config() | {name: getattr(self, name) for name in names}
