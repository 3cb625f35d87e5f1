"""Spectrally normalised critics: sizes, and how much arithmetic an update takes."""

import dataclasses

from benchmarks import settings

SLOPE = 0.1  # of the leaky ReLU, below zero
SIDE, COLOURS = 32, 3


@dataclasses.dataclass(frozen=True)
class Row:
    """The paper's critic, told data from samples with the hinge loss and Adam.

    Half of the images stand for data (target 1), half for samples (target -1).

    Attributes:
        name: on the command line.
        title: in the table.
        channels: of the convolutions; each but the last is followed by a halving one.
        left_out: peers that do not take part, and why.
    """

    name: str
    title: str
    channels: tuple[int, ...]
    batch_size: int
    left_out: dict = dataclasses.field(default_factory=dict)
    family = "spectral_normalization"

    def convolutions(self):
        """(size, stride, inputs, outputs, side of the output) of each layer."""
        side, inputs = SIDE, COLOURS
        for index, outputs in enumerate(self.channels):
            yield 3, 1, inputs, outputs, side
            inputs = outputs
            if index < len(self.channels) - 1:
                side //= 2
                yield 4, 2, inputs, outputs, side

    @property
    def features(self):
        """Inputs of the last, dense layer."""
        return self.channels[-1] * (SIDE // 2 ** (len(self.channels) - 1)) ** 2

    def num_parameters(self):
        """Trained parameters."""
        kernels = sum((k**2 * i + 1) * o for k, _, i, o, _ in self.convolutions())
        return kernels + self.features + 1

    def step_flops(self):
        """Products of one step; the images themselves need no gradient."""
        layers = [k**2 * i * o * side**2 for k, _, i, o, side in self.convolutions()]
        matrices = [k**2 * i * o for k, _, i, o, _ in self.convolutions()]
        products = 3 * sum(layers) - layers[0] + 3 * self.features
        # Two products of matrix and vector for each layer, once a step.
        return 2 * (self.batch_size * products + 2 * (sum(matrices) + self.features))

    def data(self):
        """Random images, and 1 or -1 for each."""
        import numpy as np

        generator = np.random.default_rng(0)
        count = self.batch_size * settings.NUM_STEPS
        shape = (count, SIDE, SIDE, COLOURS)
        images = 2 * generator.random(shape, dtype=np.float32) - 1
        targets = generator.choice([-1.0, 1.0], size=(count, 1))
        return images, targets.astype(np.float32)


ROWS = (
    Row(
        "spectral",
        "spectrally normalised critic 32x32, a quarter as wide as the paper's",
        (16, 32, 64, 128),
        batch_size=64,
        left_out={"jax_scan": "left out: its convolutions within a scan take seconds"},
    ),
)
