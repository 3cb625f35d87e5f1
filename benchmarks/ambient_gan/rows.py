"""A generator's update through pad-rotate-project: sizes, and how much arithmetic."""

import dataclasses

from benchmarks import settings

LATENT_DIM, HIDDEN, SIDE, PAD = 128, 512, 28, 6
DETECTORS = SIDE + 2 * PAD
CRITIC_UNITS = (25, 25)
SLOPE = 0.2  # of the critic's leaky ReLU, below zero


@dataclasses.dataclass(frozen=True)
class Row:
    """A dense generator whose images are measured and scored by a fixed critic.

    Inputs are codes and, in the last column, an angle for each; the loss is target
    minus score.

    Attributes:
        name: on the command line.
        title: in the table.
        left_out: peers that do not take part, and why.
    """

    name: str
    title: str
    batch_size: int
    left_out: dict = dataclasses.field(default_factory=dict)
    family = "ambient_gan"

    def num_parameters(self):
        """Trained parameters: the generator's."""
        return (LATENT_DIM + 1) * HIDDEN + (HIDDEN + 1) * SIDE**2

    def step_flops(self):
        """Products of one step; codes and critic need no gradient of their own."""
        sizes = (DETECTORS, *CRITIC_UNITS, 1)
        critic = sum(a * b for a, b in zip(sizes, sizes[1:], strict=False))
        generator = 2 * LATENT_DIM * HIDDEN + 3 * HIDDEN * SIDE**2
        return 2 * self.batch_size * (generator + 2 * critic)

    def data(self):
        """Random codes with angles, and a target each."""
        import numpy as np

        generator = np.random.default_rng(0)
        count = self.batch_size * settings.NUM_STEPS
        codes = generator.uniform(-1, 1, size=(count, LATENT_DIM))
        angles = generator.uniform(-np.pi, np.pi, size=(count, 1))
        inputs = np.concatenate([codes, angles], axis=1).astype(np.float32)
        return inputs, np.zeros((count, 1), np.float32)


ROWS = (
    Row("measured", "dense generator through pad-rotate-project 28x28", batch_size=64),
)
