"""The autoencoders: sizes, and how much arithmetic a training step takes."""

import dataclasses
import math

from benchmarks import settings

IMAGE_SHAPE = (28, 28, 1)
NUM_PIXELS = math.prod(IMAGE_SHAPE)
VARIANCE = 0.5
NORM_MOMENTUM, NORM_EPSILON = 0.9, 1e-5
SMALLEST_SCALE = 1e-6


@dataclasses.dataclass(frozen=True)
class Row:
    """One autoencoder, the same in every framework, trained with Adam.

    Attributes:
        name: on the command line.
        title: in the table.
        latent_dim: size of the code.
        encoder_units: widths before the two heads (`conv`: one).
        decoder_units: widths after the code (`conv`: none).
        filters: channels of the convolutions; empty for a dense model.
        batch_norm: whether every affine map is normalised.
    """

    name: str
    title: str
    latent_dim: int
    encoder_units: tuple[int, ...]
    decoder_units: tuple[int, ...] = ()
    filters: tuple[int, ...] = ()
    batch_norm: bool = True
    batch_size: int = 128
    family = "vae"
    left_out = {}

    def affine_maps(self):
        """(inputs per output, outputs, places) of each map, from image to image.

        A convolution is a map from 9 times its channels, applied at each pixel.
        """
        head = 2 * self.latent_dim
        if not self.filters:
            encoder = (NUM_PIXELS, *self.encoder_units, head)
            decoder = (self.latent_dim, *self.decoder_units, NUM_PIXELS)
            widths = (*zip(encoder, encoder[1:], strict=False),)
            widths += (*zip(decoder, decoder[1:], strict=False),)
            return [(inputs, outputs, 1) for inputs, outputs in widths]
        down = (IMAGE_SHAPE[-1], *self.filters)
        size = IMAGE_SHAPE[0]
        maps = []
        for inputs, outputs in zip(down, down[1:], strict=False):
            maps.append((9 * inputs, outputs, size**2))
            size //= 2
        start = size**2 * self.filters[-1]
        (units,) = self.encoder_units
        maps += [(start, units, 1), (units, head, 1), (self.latent_dim, start, 1)]
        up = down[::-1]
        for inputs, outputs in zip(up, up[1:], strict=False):
            size *= 2
            maps.append((9 * inputs, outputs, size**2))
        return maps

    def num_parameters(self):
        """Trained parameters: weights, offsets, and two more per normalised unit."""
        extra = 3 if self.batch_norm else 1
        return sum(i * o + extra * o for i, o, _ in self.affine_maps())

    def step_flops(self):
        """Floating point operations of one step: its matrix products only.

        Forward, gradient of the weights, gradient of the inputs; the image itself
        needs no gradient.
        """
        products = [2 * self.batch_size * i * o * p for i, o, p in self.affine_maps()]
        return 3 * sum(products) - products[0]

    def data(self):
        """Random images, one array: speed does not depend on what they show."""
        import numpy as np

        generator = np.random.default_rng(0)
        shape = (self.batch_size * settings.NUM_STEPS, *IMAGE_SHAPE)
        return (generator.random(shape, dtype=np.float32),)


ROWS = (
    Row(
        "dense",
        "dense 784-400-20, no BN",
        latent_dim=20,
        encoder_units=(400,),
        decoder_units=(400,),
        batch_norm=False,
    ),
    Row(
        "paper",
        "dense of the vae lesson's paper, BN",
        latent_dim=384,
        encoder_units=(512, 512, 256),
        decoder_units=(256, 512, 512),
    ),
    Row(
        "conv",
        "convolutional 28x28, BN",
        latent_dim=16,
        encoder_units=(64,),
        filters=(16, 32),
    ),
)
