"""WAE-MMD: sizes, and how much arithmetic a training step takes."""

import dataclasses
import math

from benchmarks import settings

IMAGE_SHAPE = (28, 28, 1)
NUM_PIXELS = math.prod(IMAGE_SHAPE)
NORM_MOMENTUM, NORM_EPSILON = 0.9, 1e-5
PENALTY_WEIGHT = 10.0
SCALES = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)


@dataclasses.dataclass(frozen=True)
class Row:
    """A dense WAE-MMD, the same in every framework, trained with Adam.

    Attributes:
        name: on the command line.
        title: in the table.
        latent_dim: size of the code.
        units: widths of the encoder, mirrored in the decoder; each with batch
            normalisation and ReLU.
    """

    name: str
    title: str
    latent_dim: int
    units: tuple[int, ...]
    batch_size: int = 100
    family = "wasserstein_autoencoder"
    left_out = {}

    def constants(self):
        """The C of each kernel."""
        return [2.0 * self.latent_dim * scale for scale in SCALES]

    def affine_maps(self):
        """(inputs, outputs, whether normalised) of each map, from image to image."""
        down = (NUM_PIXELS, *self.units, self.latent_dim)
        up = down[::-1]
        last = len(down) - 2
        pairs = [*zip(down, down[1:], strict=False), *zip(up, up[1:], strict=False)]
        return [(i, o, k % (last + 1) < last) for k, (i, o) in enumerate(pairs)]

    def num_parameters(self):
        """Trained parameters: weights, offsets, two more per normalised unit."""
        return sum(i * o + (3 if norm else 1) * o for i, o, norm in self.affine_maps())

    def step_flops(self):
        """Floating point operations of one step: its matrix products only.

        Forward, gradient of the weights, gradient of the inputs (not of the image); the
        inner products of codes and draws, and the gradient of those with codes.
        """
        products = [2 * self.batch_size * i * o for i, o, _ in self.affine_maps()]
        pairs = 2 * self.batch_size**2 * self.latent_dim
        return 3 * sum(products) - products[0] + (3 + 3) * pairs

    def data(self):
        """Random images, one array: speed does not depend on what they show."""
        import numpy as np

        generator = np.random.default_rng(0)
        shape = (self.batch_size * settings.NUM_STEPS, *IMAGE_SHAPE)
        return (generator.random(shape, dtype=np.float32),)


ROWS = (Row("wae_mmd", "WAE-MMD, dense 784-512-512-8, BN", 8, (512, 512)),)
