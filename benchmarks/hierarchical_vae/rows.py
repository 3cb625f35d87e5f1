"""The chain of latents: sizes, and how much arithmetic a training step takes."""

import dataclasses
import math

import numpy as np

from benchmarks import settings

IMAGE_SHAPE = (28, 28, 1)
HOLE_SHAPE = (14, 14, 1)
NUM_PIXELS = math.prod(HOLE_SHAPE)
SMALLEST_SCALE = 1e-3
UNIT_SHIFT = math.log(math.e - 1)
PIXEL_SCALE = 0.25


def visible():
    """1 on the border, 0 in the hole, shape (height, width, 1)."""
    plane = np.ones(IMAGE_SHAPE, np.float32)
    plane[7:21, 7:21] = 0
    return plane


def first_pixel_raw():
    """What gives the pixels their first standard deviation."""
    softplus = (PIXEL_SCALE - SMALLEST_SCALE) / (1 - SMALLEST_SCALE)
    return math.log(math.expm1(softplus)) - UNIT_SHIFT


@dataclasses.dataclass(frozen=True)
class Row:
    """One chain, the same in every framework, trained with Adam.

    Attributes:
        name: on the command line.
        title: in the table.
        latents: sizes of the layers, from the pixels up.
        hidden: width of every hidden layer.
    """

    name: str
    title: str
    latents: tuple[int, ...]
    hidden: int
    batch_size: int = 100
    family = "hierarchical_vae"
    left_out = {}

    def prior_inputs(self):
        """Inputs of each prior, and of the decoder before them."""
        below = [size + 2 * self.hidden for size in self.latents]
        return [*below, self.hidden]

    def affine_maps(self):
        """(inputs, outputs, rows per example) of each map."""
        hidden = self.hidden
        maps = [(2 * math.prod(IMAGE_SHAPE), hidden, 2)]
        maps += [(hidden, hidden, 2)] * (len(self.latents) - 1)
        maps += [(hidden, 2 * size, 1) for size in self.latents]
        outputs = [NUM_PIXELS, *(2 * size for size in self.latents)]
        for inputs, size in zip(self.prior_inputs(), outputs, strict=True):
            maps += [(inputs, hidden, 1), (hidden, size, 1)]
        return maps

    def num_parameters(self):
        """Trained parameters: weights, offsets, one deviation per pixel."""
        return NUM_PIXELS + sum(i * o + o for i, o, _ in self.affine_maps())

    def step_flops(self):
        """Floating point operations of one step: its matrix products only.

        Forward, gradient of the weights, gradient of the inputs; the image itself
        needs no gradient.
        """
        products = [2 * self.batch_size * i * o * r for i, o, r in self.affine_maps()]
        return 3 * sum(products) - products[0]

    def data(self):
        """Random images, one array: speed does not depend on what they show."""
        generator = np.random.default_rng(0)
        shape = (self.batch_size * settings.NUM_STEPS, *IMAGE_SHAPE)
        return (generator.random(shape, dtype=np.float32),)


ROWS = (Row("chain", "chain of three latents, 28x28", (16, 8, 4), 192),)
