"""The baseline's network: sizes, and how much arithmetic a training step takes."""

import dataclasses

from benchmarks import settings

CHANNELS = 3  # of an image


@dataclasses.dataclass(frozen=True)
class Row:
    """One network with a logit at its end, trained with Adam.

    Attributes:
        name: on the command line.
        title: in the table.
        side: of the images.
        channels, kernels: maps of each convolution, and side of its kernels.
        dense: units of the dense layers before the last.
    """

    name: str
    title: str
    side: int
    channels: tuple[int, ...]
    kernels: tuple[int, ...]
    dense: tuple[int, ...]
    batch_size: int
    family = "convnet_baseline"
    left_out = {}

    def maps(self):
        """(inputs of a unit, units, places) of each layer with weights."""
        side, inputs, found = self.side, CHANNELS, []
        for units, kernel in zip(self.channels, self.kernels, strict=True):
            side += 1 - kernel
            found.append((kernel**2 * inputs, units, side**2))
            side, inputs = side // 2, units
        inputs *= side**2
        for units in (*self.dense, 1):
            found.append((inputs, units, 1))
            inputs = units
        return found

    @property
    def flat(self):
        """How many numbers enter the first dense layer."""
        return self.maps()[len(self.channels)][0]

    def num_parameters(self):
        """Weights and biases."""
        return sum((inputs + 1) * units for inputs, units, _ in self.maps())

    def step_flops(self):
        """Products of one step; the images themselves need no gradient."""
        products = [2 * self.batch_size * i * u * p for i, u, p in self.maps()]
        return 3 * sum(products) - products[0]

    def data(self):
        """Random images and labels, 0 or 1."""
        import numpy as np

        generator = np.random.default_rng(0)
        count = self.batch_size * settings.NUM_STEPS
        shape = (count, self.side, self.side, CHANNELS)
        images = generator.random(shape, dtype=np.float32)
        return images, generator.integers(2, size=count).astype(np.float32)


ROWS = (
    Row(
        "convnet",
        "convolutional baseline 32x32",
        side=32,
        channels=(16, 16, 16),
        kernels=(5, 5, 3),
        dense=(96, 96),
        batch_size=32,
    ),
)
