"""DRAW: sizes, and how much arithmetic a training step takes."""

import dataclasses

from benchmarks import settings


@dataclasses.dataclass(frozen=True)
class Row:
    """Windows of N x N, two LSTMs, heads with a hidden layer, prior from the decoder.

    Each step: read image and error image; encoder; code; decoder, told the classes
    said so far; write; evidence for the classes. Loss: cross-entropy of the pixels,
    divergence of the codes, ten times the cross-entropy of the last classes. Adam.

    Attributes:
        name: on the command line.
        title: in the table.
        side: height and width of the images.
        units: of each LSTM and of the heads' hidden layers.
        latent: numbers of a code.
        size: N.
        classes: how many.
        steps: T.
    """

    name: str
    title: str
    side: int
    units: int
    latent: int
    size: int
    classes: int
    steps: int
    batch_size: int
    class_weight: float = 10.0
    family = "draw"
    left_out = dict.fromkeys(
        ("torch", "torch_compile", "jax", "jax_scan"),
        "left out: compared with plain Keras alone",
    )

    def products(self):
        """(inputs, outputs) of each matrix of a step."""
        n, d, glimpse = self.units, self.latent, 2 * self.size**2
        return [
            (glimpse + 2 * n, 4 * n),  # encoder
            (d + self.classes + n, 4 * n),  # decoder
            *2 * [(n, n), (n, 2 * d)],  # posterior and prior
            (n, 10 + self.size**2),  # two windows, patch
            (glimpse + d, self.classes),
        ]

    def num_parameters(self):
        """Trained parameters, with the first canvas."""
        affine = sum((inputs + 1) * outputs for inputs, outputs in self.products())
        return affine + self.side**2

    def step_flops(self):
        """Products of one step: matrices, filters of rows, filters of columns."""
        matrices = sum(inputs * outputs for inputs, outputs in self.products())
        a, n = self.side, self.size
        read = 2 * (n * a * a + n * n * a)
        write = n * n * a + n * a * a
        return 6 * self.batch_size * self.steps * (matrices + read + write)

    def data(self):
        """Random images and classes."""
        import numpy as np

        generator = np.random.default_rng(0)
        count = self.batch_size * settings.NUM_STEPS
        images = generator.random((count, self.side, self.side, 1), np.float32)
        return images, generator.integers(self.classes, size=count)


ROWS = (
    Row(
        "draw",
        "DRAW 16x16, LSTM 64, windows 5x5, 6 steps",
        side=16,
        units=64,
        latent=8,
        size=5,
        classes=10,
        steps=6,
        batch_size=100,
    ),
)
