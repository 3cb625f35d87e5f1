"""What is measured: all rows, and what a row has to say.

A row has

* `name` on the command line, `title` in the table, `family`: the package with its
  models, one module per framework;
* `batch_size`, and `left_out`: reasons by peer, for peers that do not take part;
* `num_parameters()`, `step_flops()`: floating point operations of one training step,
  matrix products only: forward, gradient of the weights, gradient of the inputs;
* `data()`: NumPy arrays, the inputs and, where there are any, the targets, of
  `NUM_STEPS` batches.
"""

import dataclasses
import importlib
import pathlib

from lessons import catalog

_HERE = pathlib.Path(__file__).parent


def _families():
    """The rows of each lesson that has a folder here, in teaching order."""
    for lesson in catalog.LESSONS:
        if (_HERE / lesson.slug / "rows.py").is_file():
            yield importlib.import_module(f"benchmarks.{lesson.slug}.rows").ROWS


ROWS = {row.name: row for family in _families() for row in family}

# One row for each pattern of training; the others are measured where `--rows` asks.
PATTERNS = (
    "dense",  # small dense steps, bound by their cost outside arithmetic
    "paper",  # batch normalisation and many random numbers
    "m2",  # large products
    "conv",
    "spectral",  # two updates in turns, convolutions
    "measured",  # a fixed transform of what a network gives
    "routing",  # many small products
    "lstm_small",
    "lstm",
    "ntm",  # a cell of many small operations
)


def _sized(row, axis, size, **fields):
    return dataclasses.replace(row, name=f"{axis}_{size}", **fields)


# The same model at several sizes: how the cost of a step grows. (label, rows by size)
GROWTH = {
    "width": (
        "units of the dense VAE's hidden layers",
        {
            size: _sized(
                ROWS["dense"],
                "width",
                size,
                encoder_units=(size,),
                decoder_units=(size,),
            )
            for size in (50, 200, 800, 3200)
        },
    ),
    "batch": (
        "images in a batch of the dense VAE",
        {
            size: _sized(ROWS["dense"], "batch", size, batch_size=size)
            for size in (8, 32, 128, 512)
        },
    ),
    "length": (
        "characters in a sequence, LSTM 128",
        {
            size: _sized(ROWS["lstm_small"], "length", size, length=size)
            for size in (10, 25, 50, 100, 200)
        },
    ),
}
# Every row that a worker may be asked for.
EVERY = ROWS | {row.name: row for _, sizes in GROWTH.values() for row in sizes.values()}
