"""Which loop over time is the fastest: scanned, unrolled, with XLA or without.

    python -m benchmarks.loops [--rounds N]

One training step of the lesson's NTM and of Keras's LSTM cell, batch 32, in `fit`,
without the time that `fit` takes to begin; medians over rounds in which all ways take
turns. "First" is the time until the first epochs are done.
"""

import argparse
import pathlib
import statistics
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

import lessons  # noqa: E402, F401, I001 - before TensorFlow: it keeps it quiet
import keras  # noqa: E402
import numpy as np  # noqa: E402
from keras import layers, ops  # noqa: E402

from lessons.memory.neural_turing_machine.cell import NTMCell  # noqa: E402
from lessons.toolkit import recurrent  # noqa: E402

BATCH_SIZE, NUM_INPUTS, STEPS = 32, 10, 10  # steps of training in one measurement


class Scanned(layers.Layer):
    """A cell in `lessons.toolkit.recurrent.scan`."""

    def __init__(self, cell):
        super().__init__()
        self.cell = cell

    def build(self, input_shape):
        self.cell.build((None, input_shape[-1]))
        self.cell.built = True

    def call(self, inputs):
        state = tuple(self.cell.get_initial_state(ops.shape(inputs)[0]))

        def step(x, state):
            output, state = self.cell(x, list(state))
            return output, tuple(state)

        outputs, _ = recurrent.scan(step, ops.swapaxes(inputs, 0, 1), state)
        return ops.swapaxes(outputs, 0, 1)


class Epochs(keras.callbacks.Callback):
    """Seconds of each epoch but the first of a call."""

    def __init__(self):
        super().__init__()
        self.seconds = []

    def on_epoch_begin(self, epoch, logs=None):
        self._start = time.perf_counter()

    def on_epoch_end(self, epoch, logs=None):
        if epoch:
            self.seconds.append(time.perf_counter() - self._start)


def _rnn(cell, unroll=False):
    return layers.RNN(cell, return_sequences=True, unroll=unroll)


CELLS = {
    "NTM 128x20": lambda: NTMCell(100),
    "LSTM 128": lambda: layers.LSTMCell(128),
}
WAYS = {
    "`keras.layers.RNN`": (_rnn, False),
    "`keras.layers.RNN`, XLA": (_rnn, True),
    "`scan`": (Scanned, False),
    "`scan`, XLA": (Scanned, True),
    "unrolled": (lambda cell: _rnn(cell, unroll=True), False),
}
LONGEST_UNROLLED = 10


def make(cell, way, length):
    """A function that trains for some steps and gives milliseconds per step."""
    keras.utils.set_random_seed(0)
    wrap, jit_compile = WAYS[way]
    inputs = keras.Input((length, NUM_INPUTS), BATCH_SIZE)
    model = keras.Model(inputs, layers.Dense(8)(wrap(CELLS[cell]())(inputs)))
    model.compile("adam", "mse", jit_compile=jit_compile, steps_per_execution=STEPS)
    count = BATCH_SIZE * STEPS
    x = np.random.default_rng(0).normal(size=(count, length, NUM_INPUTS))
    y = np.zeros((count, length, 8), "float32")
    x = x.astype("float32")

    def train():
        epochs = Epochs()
        options = {"batch_size": BATCH_SIZE, "epochs": 4, "verbose": 0}
        model.fit(x, y, callbacks=[epochs], **options)
        return [1000 * seconds / STEPS for seconds in epochs.seconds]

    return train


def main(argv=None):
    """Measure and print a table for each cell and length."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.loops")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--cells", default=",".join(CELLS), help="titles")
    parser.add_argument("--lengths", default="10,100")
    arguments = parser.parse_args(argv)
    for cell in arguments.cells.split(","):
        for length in map(int, arguments.lengths.split(",")):
            print(f"\n## {cell}, {length} steps of time\n")
            print("| loop | ms per step | to the fastest | first, s |")
            print("|---|--:|--:|--:|", flush=True)
            runs, first, times = {}, {}, {}
            for way in WAYS:
                if way == "unrolled" and length > LONGEST_UNROLLED:
                    continue
                start = time.perf_counter()
                runs[way] = make(cell, way, length)
                runs[way]()
                first[way], times[way] = time.perf_counter() - start, []
            for _ in range(arguments.rounds):
                for way, run in runs.items():
                    times[way] += run()
            middle = {way: statistics.median(values) for way, values in times.items()}
            best = min(middle.values())
            for way, value in middle.items():
                line = f"{value:.1f} | {value / best:.2f} | {first[way]:.1f}"
                print(f"| {way} | {line} |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
