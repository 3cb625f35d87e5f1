"""Capsule networks: sizes, and how much arithmetic a training step takes."""

import dataclasses

from benchmarks import settings

NUM_CLASSES, CLASS_DIM, CAPSULE_DIM = 10, 16, 8
KERNEL_SIZE = 9
IMAGE_SIZE = 28
NUM_ITERATIONS = 3
PRESENT, ABSENT, DOWN_WEIGHT = 0.9, 0.1, 0.5  # the margin loss
EPSILON = 1e-9  # under the root of a length


@dataclasses.dataclass(frozen=True)
class Row:
    """One network that ends in a layer of class capsules, trained with Adam.

    Attributes:
        name: on the command line.
        title: in the table.
        filters: of the first convolution; 0 if the inputs are capsules.
        types: of primary capsules per place; the capsules themselves without filters.
        left_out: peers that take too long, and why.
    """

    name: str
    title: str
    filters: int
    types: int
    batch_size: int
    left_out: dict = dataclasses.field(default_factory=dict)
    family = "capsules"

    @property
    def places(self):
        """Side of the grid of primary capsules."""
        return (self.first_size - KERNEL_SIZE) // 2 + 1

    @property
    def first_size(self):
        """Side of the first convolution's output."""
        return IMAGE_SIZE - KERNEL_SIZE + 1

    @property
    def num_capsules(self):
        """Number of lower capsules."""
        return self.places**2 * self.types if self.filters else self.types

    def num_parameters(self):
        """Trained parameters."""
        votes = self.num_capsules * CAPSULE_DIM * NUM_CLASSES * CLASS_DIM
        if not self.filters:
            return votes
        channels = self.types * CAPSULE_DIM
        first = (KERNEL_SIZE**2 + 1) * self.filters
        return first + (KERNEL_SIZE**2 * self.filters + 1) * channels + votes

    def step_flops(self):
        """Products of one step; the images themselves need no gradient."""
        votes = self.num_capsules * NUM_CLASSES * CLASS_DIM
        products = [CAPSULE_DIM * votes]
        # Weighted sums in each iteration, agreements in all but the last.
        products += [votes] * (2 * NUM_ITERATIONS - 1)
        total = 3 * sum(products)
        if self.filters:
            channels = self.types * CAPSULE_DIM
            total += 2 * self.first_size**2 * KERNEL_SIZE**2 * self.filters
            total += 3 * self.places**2 * KERNEL_SIZE**2 * self.filters * channels
        else:
            total -= CAPSULE_DIM * votes
        return 2 * self.batch_size * total

    def data(self):
        """Random inputs and one class each, as rows of zeros and a one."""
        import numpy as np

        generator = np.random.default_rng(0)
        count = self.batch_size * settings.NUM_STEPS
        shape = (IMAGE_SIZE, IMAGE_SIZE, 1)
        if not self.filters:
            shape = (self.num_capsules, CAPSULE_DIM)
        inputs = generator.random((count, *shape), dtype=np.float32)
        classes = generator.integers(NUM_CLASSES, size=count)
        return inputs, np.eye(NUM_CLASSES, dtype=np.float32)[classes]


ROWS = (
    Row(
        "routing",
        "capsule layer, 1152 to 10, 3 iterations",
        filters=0,
        types=1152,
        batch_size=32,
    ),
    Row(
        "capsules",
        "small CapsNet 28x28, 3 iterations",
        filters=32,
        types=8,
        batch_size=64,
        left_out=dict.fromkeys(
            ("jax", "jax_scan"), "left out: its 9x9 convolutions take seconds"
        ),
    ),
)
