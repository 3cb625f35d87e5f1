"""The lesson's network: sizes, and how much arithmetic a training step takes."""

import dataclasses

from benchmarks import settings

NUM_CLASSES = 5
WINDOW = 2  # of pooling over space, with stride 1; the last pools its whole map
NUM_LAYERS = 3


@dataclasses.dataclass(frozen=True)
class Row:
    """Crops of several scales through the same convolutions, trained with Adam.

    Attributes:
        name: on the command line.
        title: in the table.
        scales: crops of an example.
        side: of a crop.
        filters: channels of each convolution.
        kernel: side of the kernels.
    """

    name: str
    title: str
    scales: int
    side: int
    filters: int
    kernel: int
    batch_size: int
    family = "crowding"
    left_out = {}

    def maps(self):
        """(inputs of a unit, units, places) of each layer with weights."""
        side, inputs, found = self.side, 1, []
        for _ in range(NUM_LAYERS):
            side += 1 - self.kernel
            found.append((self.kernel**2 * inputs, self.filters, self.scales * side**2))
            side, inputs = side + 1 - WINDOW, self.filters
        return [*found, (self.filters, NUM_CLASSES, 1)]

    def num_parameters(self):
        """Weights and biases; scales share them."""
        return sum((inputs + 1) * units for inputs, units, _ in self.maps())

    def step_flops(self):
        """Products of one step; the crops themselves need no gradient."""
        products = [2 * self.batch_size * i * u * p for i, u, p in self.maps()]
        return 3 * sum(products) - products[0]

    def data(self):
        """Random crops and labels."""
        import numpy as np

        generator = np.random.default_rng(0)
        count = self.batch_size * settings.NUM_STEPS
        shape = (count, self.scales, self.side, self.side, 1)
        crops = generator.random(shape, dtype=np.float32)
        return crops, generator.integers(NUM_CLASSES, size=count).astype(np.int32)


ROWS = (
    Row(
        "scales",
        "convolutions shared by 5 scales, 32x32",
        scales=5,
        side=32,
        filters=12,
        kernel=3,
        batch_size=32,
    ),
)
