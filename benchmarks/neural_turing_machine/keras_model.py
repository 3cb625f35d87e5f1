"""The machine as a cell in Keras's own `RNN` layer."""

import keras
from keras import layers, ops

from benchmarks import settings
from benchmarks.neural_turing_machine import rows
from benchmarks.peers import keras_fit


def address(memory, numbers, last):
    """Weighting of a head from what the controller gave."""
    width = memory.shape[-1]
    key = ops.tanh(numbers[:, :width])
    shifts = ops.softmax(numbers[:, width : width + rows.NUM_SHIFTS])
    strength, gate, sharpness = ops.split(numbers[:, width + rows.NUM_SHIFTS :], 3, 1)
    norms = ops.sqrt(ops.sum(ops.square(memory), axis=-1) + rows.EPSILON)
    length = ops.sqrt(ops.sum(ops.square(key), axis=-1, keepdims=True) + rows.EPSILON)
    cosine = ops.einsum("bnm,bm->bn", memory, key) / (norms * length)
    content = ops.softmax(ops.softplus(strength) * cosine)
    gate = ops.sigmoid(gate)
    w = gate * content + (1 - gate) * last
    w = sum(shifts[:, i : i + 1] * ops.roll(w, i - 1, axis=1) for i in range(3))
    w = ops.power(w + rows.EPSILON, 1 + ops.softplus(sharpness))
    return w / ops.sum(w, axis=1, keepdims=True)


class Cell(layers.Layer):
    """One step of the machine."""

    def __init__(self, row, **options):
        super().__init__(**options)
        self.row = row
        self.state_size = [row.slots * row.width, row.slots, row.slots, row.width]
        self.output_size = row.num_outputs

    def build(self, shape):
        row = self.row
        self.controller = layers.Dense(row.units, activation="tanh")
        self.heads = layers.Dense(sum(row.head_sizes))
        self.logits = layers.Dense(row.num_outputs)
        for layer, (inputs, _) in zip(
            (self.controller, self.heads, self.logits), row.products(), strict=True
        ):
            layer.build((None, inputs))
        self.first_reading = self.add_weight(shape=(row.width,))
        self.first_read = self.add_weight(shape=(row.slots,))
        self.first_write = self.add_weight(shape=(row.slots,))

    def get_initial_state(self, batch_size):
        def repeat(x):
            return ops.repeat(x[None], batch_size, axis=0)

        memory = ops.full((batch_size, self.state_size[0]), rows.FIRST_MEMORY)
        weightings = [ops.softmax(self.first_read), ops.softmax(self.first_write)]
        return [memory, *map(repeat, weightings), repeat(ops.tanh(self.first_reading))]

    def call(self, x, states):
        row = self.row
        memory, read, write, reading = states
        memory = ops.reshape(memory, (-1, row.slots, row.width))
        z = self.controller(ops.concatenate([x, reading], axis=1))
        numbers = self.heads(z)
        size, _ = row.head_sizes
        for_write = numbers[:, size : 2 * size]
        erase, add = ops.split(numbers[:, 2 * size :], 2, axis=1)
        write = address(memory, for_write, write)
        memory = memory * (1 - write[:, :, None] * ops.sigmoid(erase)[:, None])
        memory = memory + write[:, :, None] * ops.tanh(add)[:, None]
        read = address(memory, numbers[:, :size], read)
        reading = ops.einsum("bn,bnm->bm", read, memory)
        output = self.logits(ops.concatenate([z, reading], axis=1))
        memory = ops.reshape(memory, (-1, row.slots * row.width))
        return output, [memory, read, write, reading]


def build(row):
    """The row's model, compiled."""
    keras.utils.set_random_seed(0)
    model = keras.Sequential(
        [
            keras.Input((row.length, row.num_inputs)),
            layers.RNN(Cell(row), return_sequences=True),
        ]
    )
    model.compile(
        keras.optimizers.Adam(settings.LEARNING_RATE),
        keras.losses.BinaryCrossentropy(from_logits=True),
    )
    model.num_parameters = keras_fit.count(model)
    return model
