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

from benchmarks.capsules.rows import ROWS as CAPSULES
from benchmarks.hierarchical_vae.rows import ROWS as HIERARCHICAL_VAE
from benchmarks.lstm.rows import ROWS as LSTM
from benchmarks.neural_turing_machine.rows import ROWS as NEURAL_TURING_MACHINE
from benchmarks.vae.rows import ROWS as VAE

_FAMILIES = (VAE, CAPSULES, LSTM, NEURAL_TURING_MACHINE, HIERARCHICAL_VAE)
ROWS = {row.name: row for family in _FAMILIES for row in family}
