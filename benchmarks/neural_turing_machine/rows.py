"""Turing machines: sizes, and how much arithmetic a training step takes."""

import dataclasses

from benchmarks import settings

NUM_SHIFTS = 3
FIRST_MEMORY = 1e-6
EPSILON = 1e-12  # under roots and logarithms


@dataclasses.dataclass(frozen=True)
class Row:
    """One read head, one write head, learned first weightings and first reading.

    Each step: controller (a tanh layer) on inputs and last reading; write; read;
    logits from controller and reading. Cross-entropy at each step, Adam.

    Attributes:
        name: on the command line.
        title: in the table.
        num_inputs, num_outputs: per step.
        units: of the controller.
        slots, width: of the memory.
        length: steps per sequence.
    """

    name: str
    title: str
    num_inputs: int
    num_outputs: int
    units: int
    slots: int
    width: int
    length: int
    batch_size: int
    family = "neural_turing_machine"
    left_out = {"torch_compile": "left out: compiles for minutes"}

    @property
    def head_sizes(self):
        """Numbers the controller gives: reading head, writing head."""
        read = self.width + NUM_SHIFTS + 3  # key, shifts, strength, gate, sharpness
        return read, read + 2 * self.width  # what to erase, what to add

    def products(self):
        """(inputs, outputs) of each matrix."""
        return [
            (self.num_inputs + self.width, self.units),
            (self.units, sum(self.head_sizes)),
            (self.units + self.width, self.num_outputs),
        ]

    def num_parameters(self):
        """Trained parameters."""
        affine = sum((inputs + 1) * outputs for inputs, outputs in self.products())
        return affine + self.width + 2 * self.slots

    def step_flops(self):
        """Products of one step: matrices, two similarities, a reading, two writings."""
        matrices = sum(inputs * outputs for inputs, outputs in self.products())
        multiplications = matrices + 5 * self.slots * self.width
        return 6 * self.batch_size * self.length * multiplications

    def data(self):
        """Random bits."""
        import numpy as np

        generator = np.random.default_rng(0)
        shape = (self.batch_size * settings.NUM_STEPS, self.length)
        bits = [
            generator.integers(2, size=(*shape, count)).astype(np.float32)
            for count in (self.num_inputs, self.num_outputs)
        ]
        return tuple(bits)


ROWS = (
    Row(
        "ntm",
        "NTM 128x20, controller 100, 40 steps",
        num_inputs=10,
        num_outputs=8,
        units=100,
        slots=128,
        width=20,
        length=40,
        batch_size=32,
    ),
)
