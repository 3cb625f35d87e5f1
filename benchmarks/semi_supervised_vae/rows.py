"""M2 on pixels, as published: sizes, and how much arithmetic a step takes."""

import dataclasses

from benchmarks import settings

NUM_PIXELS, NUM_CLASSES, LATENT_DIM, HIDDEN = 784, 10, 50, 500
LABEL_WEIGHT = 50.0
SMALLEST_SCALE = 1e-6


@dataclasses.dataclass(frozen=True)
class Row:
    """M2 with softplus layers and Bernoulli pixels, trained with Adam.

    Attributes:
        name: on the command line.
        title: in the table.
    """

    name: str = "m2"
    title: str = "M2 of semi_supervised_vae's paper, 10 classes"
    batch_size: int = 100
    family = "semi_supervised_vae"
    left_out = {}

    def affine_maps(self):
        """(inputs, outputs, rows per image) of each map.

        What meets no label is needed once for an image, what does ten times; maps of
        the labels alone are left out, since ten rows do for the whole batch.
        """
        codes = 2 * LATENT_DIM
        return [
            (NUM_PIXELS, HIDDEN, 1),
            (NUM_PIXELS, HIDDEN, 1),
            (HIDDEN, NUM_CLASSES, 1),
            (HIDDEN, codes, NUM_CLASSES),
            (LATENT_DIM, HIDDEN, NUM_CLASSES),
            (HIDDEN, NUM_PIXELS, NUM_CLASSES),
        ]

    def num_parameters(self):
        """Trained parameters: weights and offsets, and two maps of the labels."""
        maps = sum((inputs + 1) * outputs for inputs, outputs, _ in self.affine_maps())
        return maps + 2 * NUM_CLASSES * HIDDEN

    def step_flops(self):
        """Floating point operations of one step: its matrix products only.

        Forward, gradient of the weights, gradient of the inputs; the images need no
        gradient.
        """
        products = [2 * self.batch_size * i * o * r for i, o, r in self.affine_maps()]
        return 3 * sum(products) - products[0] - products[1]

    def data(self):
        """Random images and labels, a fifth of them known."""
        import numpy as np

        generator = np.random.default_rng(0)
        count = self.batch_size * settings.NUM_STEPS
        images = generator.random((count, NUM_PIXELS), dtype=np.float32)
        labels = generator.integers(0, NUM_CLASSES, count).astype(np.int32)
        labels[generator.random(count) > 0.2] = -1
        return images, labels


ROWS = (Row(),)
