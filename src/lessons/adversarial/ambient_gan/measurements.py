r"""What is seen of an image: the measurement models of the paper.

A measurement is $y = f_\theta(x)$ with a random $\theta$. Each class draws $\theta$
(`sample_theta`) and applies it (`measure`) apart, in Keras operations that can be
differentiated with respect to the image. Images have shape (batch, height, width,
channels); $\theta$ differs from image to image.
"""

import keras
from keras import ops

from lessons.adversarial.ambient_gan import theory_fourier
from lessons.toolkit.errors import UserError


class Measurement:
    r"""A measurement model $y = f_\theta(x)$.

    Args:
        image_shape: (height, width, channels) of an image.

    Attributes:
        output_shape: of one measurement.
    """

    def __init__(self, image_shape):
        image_shape = tuple(image_shape)
        if len(image_shape) != 3 or min(image_shape) < 1:
            raise UserError(
                "image_shape must be (height, width, channels), each at least 1, "
                f"got {image_shape!r}."
            )
        self.image_shape = image_shape
        self.output_shape = image_shape

    @property
    def keeps_shape(self):
        """Whether measurements are images of the original size."""
        return self.output_shape == self.image_shape

    def sample_theta(self, count, seed=None):
        r"""Draw $\theta$ for `count` images.

        Args:
            count: how many.
            seed: a number, a `keras.random.SeedGenerator`, or None.
        """
        raise NotImplementedError

    def measure(self, images, theta):
        r"""The measurements $f_\theta(x)$, shape (batch, *output_shape)."""
        raise NotImplementedError

    def __call__(self, images, seed=None):
        r"""Measure each image with a $\theta$ of its own."""
        return self.measure(images, self.sample_theta(ops.shape(images)[0], seed))

    def get_config(self):
        """The arguments, for saving."""
        return {"image_shape": self.image_shape}

    @classmethod
    def from_config(cls, config):
        """The measurement of `get_config`."""
        return cls(**config)


@keras.saving.register_keras_serializable("lessons")
class Identity(Measurement):
    """Everything is seen."""

    def sample_theta(self, count, seed=None):
        """Nothing to draw."""
        return None

    def measure(self, images, theta):
        """The images."""
        return images


@keras.saving.register_keras_serializable("lessons")
class BlockPixels(Measurement):
    r"""Each pixel is set to 0 with probability $p$, independently: $y = m \odot x$.

    Args:
        image_shape: as for `Measurement`.
        p: probability of a pixel to be blocked.
        per_channel: each colour channel has a mask of its own (the official code).
        rescale: divide what is left by $1 - p$ (the official code), so that the mean
            of $y$ is $x$.
    """

    def __init__(self, image_shape, p=0.8, per_channel=False, rescale=False):
        super().__init__(image_shape)
        if not 0 <= p <= 1 or (rescale and p == 1):
            raise UserError(
                "p must be a probability, below 1 when pixels are rescaled, "
                f"got p={p!r}, rescale={rescale!r}."
            )
        self.p, self.per_channel, self.rescale = float(p), per_channel, rescale

    def sample_theta(self, count, seed=None):
        """Masks of zeros and ones, shape (count, height, width, channels or 1)."""
        height, width, channels = self.image_shape
        shape = (count, height, width, channels if self.per_channel else 1)
        drawn = keras.random.uniform(shape, dtype="float32", seed=seed)
        return ops.cast(drawn >= self.p, "float32")

    def measure(self, images, theta):
        """Images with zeros where the mask is zero."""
        kept = images * ops.cast(theta, images.dtype)
        return kept / (1.0 - self.p) if self.rescale else kept

    def get_config(self):
        """The arguments, for saving."""
        names = ("p", "per_channel", "rescale")
        return {**super().get_config(), **{name: getattr(self, name) for name in names}}


@keras.saving.register_keras_serializable("lessons")
class ConvolveNoise(Measurement):
    r"""A blurred image with noise: $y = k * x + \epsilon$, $\epsilon \sim N(0, s^2)$.

    The kernel is a normalised Gaussian of 5x5 pixels with standard deviation 1; the
    image is surrounded by zeros.

    Args:
        image_shape: as for `Measurement`.
        noise: $s$.
        sigma, size: standard deviation and side of the kernel, in pixels.
    """

    def __init__(self, image_shape, noise=0.1, sigma=1.0, size=5):
        super().__init__(image_shape)
        if noise < 0:
            raise UserError(f"noise must be at least 0, got {noise!r}.")
        self.noise, self.sigma, self.size = float(noise), float(sigma), size
        self.kernel = theory_fourier.gaussian_kernel(sigma, size)

    def sample_theta(self, count, seed=None):
        r"""The noise $\epsilon$, shape (count, height, width, channels)."""
        shape = (count, *self.image_shape)
        return keras.random.normal(shape, stddev=self.noise, dtype="float32", seed=seed)

    def measure(self, images, theta):
        """Images blurred, plus the noise."""
        kernel = ops.cast(self.kernel[:, :, None, None], images.dtype)
        kernel = ops.tile(kernel, (1, 1, self.image_shape[2], 1))
        blurred = ops.depthwise_conv(images, kernel, padding="same")
        return blurred + ops.cast(theta, images.dtype)

    def get_config(self):
        """The arguments, for saving."""
        names = ("noise", "sigma", "size")
        return {**super().get_config(), **{name: getattr(self, name) for name in names}}


class Patch(Measurement):
    r"""A square of `patch` pixels at a random place; $\theta$ is its first corner.

    Args:
        image_shape: as for `Measurement`.
        patch: side of the square.
        code_offsets: corners as in the official code, which never draws the last one
            possible: 0, ..., side - patch - 1.
    """

    def __init__(self, image_shape, patch=4, code_offsets=False):
        super().__init__(image_shape)
        side = min(self.image_shape[:2])
        if not 1 <= patch <= side - bool(code_offsets):
            raise UserError(
                f"patch must be from 1 to {side - bool(code_offsets)}, got {patch!r}."
            )
        self.patch, self.code_offsets = patch, code_offsets

    @property
    def num_offsets(self):
        """Numbers of corners to choose from, (rows, columns)."""
        return tuple(
            side - self.patch + 1 - bool(self.code_offsets)
            for side in self.image_shape[:2]
        )

    def sample_theta(self, count, seed=None):
        """Top and left of the squares, int32, shape (count, 2)."""
        drawn = keras.random.uniform((count, 2), dtype="float32", seed=seed)
        sizes = ops.convert_to_tensor(self.num_offsets, "float32")
        return ops.cast(ops.minimum(ops.floor(drawn * sizes), sizes - 1), "int32")

    def inside(self, theta):
        """One within the squares, zero outside, shape (count, height, width, 1)."""

        def between(start, side):
            start, place = start[:, None], ops.arange(side, dtype="int32")
            return ops.logical_and(place >= start, place < start + self.patch)

        height, width, _ = self.image_shape
        rows, columns = between(theta[:, 0], height), between(theta[:, 1], width)
        both = ops.logical_and(rows[:, :, None], columns[:, None, :])
        return ops.cast(both[..., None], "float32")

    def get_config(self):
        """The arguments, for saving."""
        own = {"patch": self.patch, "code_offsets": self.code_offsets}
        return {**super().get_config(), **own}


@keras.saving.register_keras_serializable("lessons")
class BlockPatch(Patch):
    """The square is set to 0."""

    def measure(self, images, theta):
        """Images with zeros in the square."""
        return images * ops.cast(1.0 - self.inside(theta), images.dtype)


@keras.saving.register_keras_serializable("lessons")
class KeepPatch(Patch):
    """Everything outside of the square is set to 0; its place can be seen."""

    def measure(self, images, theta):
        """Images with zeros outside of the square."""
        return images * ops.cast(self.inside(theta), images.dtype)


@keras.saving.register_keras_serializable("lessons")
class ExtractPatch(Patch):
    """The square itself; its place is lost.

    Args:
        image_shape, patch, code_offsets: as for `Patch`.
        pad_back: surround the square with zeros up to the size of the image, as the
            official code does so that the same critic fits.
    """

    def __init__(self, image_shape, patch=4, code_offsets=False, pad_back=False):
        super().__init__(image_shape, patch, code_offsets)
        self.pad_back = pad_back
        if not pad_back:
            self.output_shape = (patch, patch, self.image_shape[2])

    def measure(self, images, theta):
        """The squares, by a product with rows of the identity on either side."""
        height, width, _ = self.image_shape
        steps = ops.arange(self.patch, dtype="int32")
        rows, columns = (
            ops.one_hot(theta[:, i, None] + steps, side, dtype=images.dtype)
            for i, side in enumerate((height, width))
        )  # (batch, patch, side)
        found = ops.einsum("bkh,bhwc,blw->bklc", rows, images, columns)
        if not self.pad_back:
            return found
        margins = [side - self.patch for side in (height, width)]
        around = [(margin // 2, margin - margin // 2) for margin in margins]
        return ops.pad(found, [(0, 0), *around, (0, 0)])

    def get_config(self):
        """The arguments, for saving."""
        return {**super().get_config(), "pad_back": self.pad_back}
