r"""Measurements that are numbers, not images: sums along lines, and inner products."""

import math

import keras
import numpy as np
import tensorflow as tf
from keras import ops

from lessons.adversarial.ambient_gan.measurements import Measurement
from lessons.toolkit.errors import UserError


def enough_padding(side):
    r"""Zeros to put on each side so that a turned square stays inside.

    At least $h(\sqrt 2 - 1)/2$: 6 for 28 pixels (40 in all), 14 for 64 (92 in all).
    """
    return math.ceil(side * (math.sqrt(2) - 1) / 2)


def rotate(images, theta):
    r"""Turn images about their centre, bilinear, zero outside.

    The value at (x, y) is read at $(c x - s y, s x + c y)$ from the centre, with x to
    the right and y downwards: the picture turns counter-clockwise for $\theta > 0$.
    The gradient is exact; that of `ops.image.affine_transform` in TensorFlow is not:
    it resamples with the inverse rotation, which is not the transpose.

    Args:
        images: shape (batch, height, width, channels).
        theta: angles in radians, shape (batch,).

    Returns:
        Images of the same shape.
    """
    _, height, width, channels = images.shape
    rows, columns = height + 2, width + 2  # a frame of zeros, for what is outside
    flat = ops.pad(images, [(0, 0), (1, 1), (1, 1), (0, 0)])
    flat = ops.reshape(flat, (-1, channels))
    x, y, first = _places(theta, height, width)
    left = ops.minimum(ops.floor(x), columns - 2)
    top = ops.minimum(ops.floor(y), rows - 2)
    right, down = x - left, y - top  # bilinear weights of the far neighbours
    place = first * (rows * columns) + ops.cast(top * columns + left, "int32")
    # One gather for the four neighbours of every pixel of the batch.
    places = ops.stack([place, place + 1, place + columns, place + columns + 1])
    near, above = 1.0 - right, 1.0 - down
    weights = ops.stack([near * above, right * above, near * down, right * down])
    # `ops.take` would look for negative places first, a pass for nothing.
    values = tf.gather(flat, places)  # (4, batch, height * width, channels)
    turned = ops.sum(values * ops.cast(weights, images.dtype)[..., None], axis=0)
    return ops.reshape(turned, (-1, height, width, channels))


def _places(theta, height, width):
    """Where each pixel is read, in the framed image, and the number of its image."""
    middle_y, middle_x = (height - 1) / 2, (width - 1) / 2
    y = np.repeat(np.arange(height, dtype="float32") - middle_y, width)
    x = np.tile(np.arange(width, dtype="float32") - middle_x, height)
    theta = ops.cast(theta, "float32")[:, None]
    cosine, sine = ops.cos(theta), ops.sin(theta)
    source_x = ops.clip(cosine * x - sine * y + (middle_x + 1), 0.0, width + 1.0)
    source_y = ops.clip(sine * x + cosine * y + (middle_y + 1), 0.0, height + 1.0)
    return source_x, source_y, ops.arange(ops.shape(theta)[0], dtype="int32")[:, None]


def project(images):
    """Sums over the rows, one for each column: shape (batch, width, channels)."""
    return ops.sum(images, axis=1)


@keras.saving.register_keras_serializable("lessons")
class PadRotateProject(Measurement):
    r"""Pad with zeros, turn by $\theta \sim U(-\pi, \pi)$, add up each column.

    The measurement is a vector: `num_angles` projections one after the other, each
    channel by itself, and then the angles if they are known.

    Args:
        image_shape: as for `Measurement`.
        num_angles: projections in one measurement; the official code has 2 for MNIST.
        with_theta: whether the angles, in radians, are part of the measurement.
        pad: zeros on each side; as many as it takes unless given.
    """

    def __init__(self, image_shape, num_angles=1, with_theta=False, pad=None):
        super().__init__(image_shape)
        if num_angles < 1 or (pad is not None and pad < 0):
            raise UserError(
                "num_angles must be at least 1 and pad at least 0, "
                f"got {num_angles!r} and {pad!r}."
            )
        height, width, channels = self.image_shape
        self.pad = enough_padding(max(height, width)) if pad is None else pad
        self.num_angles, self.with_theta = num_angles, with_theta
        one = (width + 2 * self.pad) * channels + bool(with_theta)
        self.output_shape = (num_angles * one,)

    def sample_theta(self, count, seed=None):
        """Angles in radians, shape (count, num_angles)."""
        shape = (count, self.num_angles)
        return keras.random.uniform(
            shape, -math.pi, math.pi, dtype="float32", seed=seed
        )

    def measure(self, images, theta):
        """Projections at all angles, and the angles if `with_theta`."""
        around = (self.pad, self.pad)
        padded = ops.pad(images, [(0, 0), around, around, (0, 0)])
        height, width, channels = (
            self.image_shape[0] + 2 * self.pad,
            self.image_shape[1] + 2 * self.pad,
            self.image_shape[2],
        )
        copies = ops.repeat(padded, self.num_angles, axis=0)
        copies = ops.reshape(copies, (-1, height, width, channels))
        turned = rotate(copies, ops.reshape(theta, (-1,)))
        parts = ops.reshape(project(turned), (-1, self.num_angles * width * channels))
        if self.with_theta:
            parts = ops.concatenate([parts, ops.cast(theta, parts.dtype)], axis=1)
        return parts

    def get_config(self):
        """The arguments, for saving."""
        names = ("num_angles", "with_theta", "pad")
        return {**super().get_config(), **{name: getattr(self, name) for name in names}}


@keras.saving.register_keras_serializable("lessons")
class GaussianProjection(Measurement):
    r"""The pair $(\Theta, \langle \Theta, x \rangle)$, $\Theta \sim N(0, I_n)$.

    A vector of $n + 1$ numbers for an image of $n$: the direction is part of what is
    seen, otherwise only the length of x would be.
    """

    def __init__(self, image_shape):
        super().__init__(image_shape)
        self.output_shape = (math.prod(self.image_shape) + 1,)

    def sample_theta(self, count, seed=None):
        """Directions, shape (count, n)."""
        shape = (count, math.prod(self.image_shape))
        return keras.random.normal(shape, dtype="float32", seed=seed)

    def measure(self, images, theta):
        """Directions and inner products, shape (batch, n + 1)."""
        flat = ops.reshape(images, (-1, math.prod(self.image_shape)))
        theta = ops.cast(theta, flat.dtype)
        product = ops.sum(flat * theta, axis=1, keepdims=True)
        return ops.concatenate([theta, product], axis=1)
