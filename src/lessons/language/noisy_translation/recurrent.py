"""Recurrent layers with one bias, one or both directions in one compiled loop."""

import keras
import tensorflow as tf
from keras import layers, ops

from lessons.toolkit.errors import UserError
from lessons.toolkit.recurrent import scan

KINDS = {"gru": 3, "lstm": 4}  # gates and candidates


@keras.saving.register_keras_serializable("lessons")
class Recurrent(layers.Layer):
    r"""A GRU or an LSTM whose steps can be taken one by one.

    $$r, z = \sigma(W x + U h + b), \quad n = \tanh(W x + r \odot U h + b), \quad
      h' = z \odot h + (1 - z) \odot n$$

    for a GRU; an LSTM is the usual one whose forget gate starts at a bias of 1.

    Args:
        kind: "gru" or "lstm".
        units: of each direction.
        directions: 1 or 2. Of two the second reads from the end.

    Input: `call` takes vectors of shape (batch, time, size) and a mask of shape (batch,
    time); where it is 0 the state stays. Output: (batch, time, directions * units) and
    the last state, a tuple of tensors of shape (batch, directions * units).
    """

    def __init__(self, kind, units, directions=1, **options):
        super().__init__(**options)
        if kind not in KINDS or units < 1 or directions not in (1, 2):
            raise UserError(
                "a recurrent layer needs kind 'gru' or 'lstm', units of at least 1 and "
                f"1 or 2 directions, got {kind!r}, {units} and {directions}."
            )
        self.kind, self.units, self.directions = kind, units, directions

    def build(self, input_shape):
        """Create the weights, the directions in front."""
        gates = KINDS[self.kind] * self.units
        glorot, orthogonal = (
            keras.initializers.GlorotUniform,
            keras.initializers.Orthogonal,
        )
        self.kernel = self._stacked("kernel", input_shape[-1], gates, glorot)
        self.recurrent = self._stacked("recurrent", self.units, gates, orthogonal)
        self.bias = self.add_weight(
            name="bias", shape=(self.directions, 1, gates), initializer=self._first_bias
        )
        super().build(input_shape)

    def _stacked(self, name, rows, columns, kind):
        def first(shape, dtype):
            return ops.stack([kind()(shape[1:], dtype) for _ in range(shape[0])])

        shape = (self.directions, rows, columns)
        return self.add_weight(name=name, shape=shape, initializer=first)

    def _first_bias(self, shape, dtype):
        bias = ops.zeros(shape, dtype)
        if self.kind == "gru":
            return bias
        ones = ops.ones((*shape[:-1], self.units), dtype)
        return ops.concatenate(
            [bias[..., : self.units], ones, bias[..., 2 * self.units :]], -1
        )

    def projected(self, vectors):
        """What depends on the inputs alone: (..., D, batch, size) to (..., gates)."""
        return ops.matmul(vectors, self.kernel) + self.bias

    def start(self, batch):
        """The first state, zeros: a tuple of tensors (D, batch, units)."""
        zeros = ops.zeros((self.directions, batch, self.units), self.compute_dtype)
        return (zeros,) * (1 if self.kind == "gru" else 2)

    def step(self, projected, state):
        """One step of all directions: the state after it.

        Args:
            projected: of the step's inputs, (D, batch, gates).
            state: tuple of tensors (D, batch, units).
        """
        recurrent = ops.matmul(state[0], self.recurrent)
        if self.kind == "gru":
            old = state[0]
            gates = ops.sigmoid(
                projected[..., : 2 * self.units] + recurrent[..., : 2 * self.units]
            )
            update, reset = ops.split(gates, 2, axis=-1)
            new = projected[..., 2 * self.units :]
            new = ops.tanh(new + reset * recurrent[..., 2 * self.units :])
            return (update * old + (1 - update) * new,)
        take, keep, new, show = ops.split(projected + recurrent, 4, axis=-1)
        cell = ops.sigmoid(keep) * state[1] + ops.sigmoid(take) * ops.tanh(new)
        return ops.sigmoid(show) * ops.tanh(cell), cell

    def call(self, vectors, mask):
        """Outputs at every step, and the last state."""
        batch = ops.shape(vectors)[0]
        vectors = self._both_ways(ops.swapaxes(vectors, 0, 1))  # (time, D, batch, size)
        mask = self._both_ways(ops.swapaxes(mask, 0, 1)[..., None])

        def step(at, state):
            projected, here = at
            new = self.step(projected, state)
            new = tuple(
                here * n + (1 - here) * o for n, o in zip(new, state, strict=True)
            )
            return new[0], new

        mask = ops.cast(mask, self.compute_dtype)
        hidden, state = scan(step, (self.projected(vectors), mask), self.start(batch))
        sides = [hidden[:, 0]]
        if self.directions == 2:
            sides.append(tf.reverse(hidden[:, 1], [0]))
        outputs = ops.swapaxes(ops.concatenate(sides, -1), 0, 1)
        return outputs, tuple(joined(part) for part in state)

    def _both_ways(self, steps):
        """Time first: the steps, and from the end as well, directions second."""
        if self.directions == 1:
            return steps[:, None]
        return ops.stack([steps, tf.reverse(steps, [0])], 1)

    def get_config(self):
        """The arguments, for saving."""
        own = {"kind": self.kind, "units": self.units, "directions": self.directions}
        return {**super().get_config(), **own}


def joined(part):
    """Both directions beside each other: (D, batch, units) to (batch, D units)."""
    return ops.concatenate([part[d] for d in range(part.shape[0])], -1)
