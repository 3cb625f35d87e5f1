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
