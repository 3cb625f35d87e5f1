"""CapsNet: a convolution, two layers of capsules, and a decoder that checks them.

It is trained on scenes, see `model_scenes`: the network only sees the sum of their
digits; the decoder has to take it apart again.
"""

import math
from typing import NamedTuple

import keras
from keras import initializers, layers, ops

from lessons.toolkit import labels as class_labels
from lessons.toolkit.errors import UserError
from lessons.vision.capsules import theory
from lessons.vision.capsules.layers import Capsules, PrimaryCapsules
from lessons.vision.capsules.model_scenes import SceneModel


class CapsOutput(NamedTuple):
    """One forward pass, everything with the batch first."""

    capsules: object  # (batch, classes, dim), float32
    lengths: object  # (batch, classes), in [0, 1)
    digits: object  # (batch, digits, height, width, 1), as shifted


def check_size(image_shape, kernel_size, primary_kernel):
    """Raise `UserError` where the kernels of a CapsNet do not fit into the image.

    Args:
        image_shape: (height, width, 1).
        kernel_size, primary_kernel: of the two convolutions, which have no padding.
    """
    least = kernel_size + primary_kernel - 1
    if min(image_shape[:2]) < least:
        raise UserError(
            f"image_shape {image_shape!r} is too small for kernels of {kernel_size} "
            f"and {primary_kernel} without padding. Allowed: at least {least}x{least}."
        )


@keras.saving.register_keras_serializable("lessons")
class CapsNet(SceneModel):
    """The network of Sabour, Frosst & Hinton 2017 (arXiv:1710.09829), figures 1 and 2.

    Trained with `compile(optimizer)` and `fit(scenes, labels)`, labels of shape
    (batch, digits): the loss is the mean over the batch of `theory.margin_loss` plus
    `reconstruction_weight` times `theory.squared_error` of every digit, decoded from
    its own capsule. Metrics: `margin`, and `error` (sum over pixels and digits).

    Args:
        image_shape, num_classes, max_shift, seed: as for `SceneModel`.
        filters, kernel_size: of the first convolution.
        primary_types, primary_dim, primary_kernel, primary_stride: of
            `PrimaryCapsules`.
        class_dim: components of a class capsule.
        decoder_units: widths of the decoder's hidden layers.
        reconstruction_weight: of the summed squared error; 0 leaves the decoder out.
        official_init: truncated normal weights (0.05 for the first convolution, 0.1
            elsewhere) and biases 0.1, as in the official code, instead of Keras's.
        routing: dictionary of arguments for `Capsules`.
        **kwargs: for `SceneModel`.
    """

    def __init__(
        self,
        image_shape,
        num_classes=10,
        *,
        filters=256,
        kernel_size=9,
        primary_types=32,
        primary_dim=8,
        primary_kernel=9,
        primary_stride=2,
        class_dim=16,
        decoder_units=(512, 1024),
        reconstruction_weight=0.0005,
        official_init=False,
        routing=None,
        **kwargs,
    ):
        super().__init__(image_shape, num_classes, **kwargs)
        self._arguments = {
            "filters": filters,
            "kernel_size": kernel_size,
            "primary_types": primary_types,
            "primary_dim": primary_dim,
            "primary_kernel": primary_kernel,
            "primary_stride": primary_stride,
            "class_dim": class_dim,
            "decoder_units": tuple(decoder_units),
            "reconstruction_weight": reconstruction_weight,
            "official_init": official_init,
            "routing": dict(routing or {}),
        }
        check_size(self.image_shape, kernel_size, primary_kernel)
        if not reconstruction_weight >= 0:
            raise UserError(
                f"reconstruction_weight must be at least 0, got "
                f"{reconstruction_weight!r}."
            )
        self.class_dim = class_dim
        self.reconstruction_weight = reconstruction_weight
        self.margin_metric = keras.metrics.Mean("margin")
        self.error_metric = keras.metrics.Mean("error")
        self.encoder = self._build_encoder(**self._arguments)
        if reconstruction_weight:
            self.decoder = self._build_decoder(decoder_units)
        self.build((None, None, *self.image_shape))

    def _build_encoder(
        self,
        filters,
        kernel_size,
        primary_types,
        primary_dim,
        primary_kernel,
        primary_stride,
        class_dim,
        official_init,
        routing,
        **others,
    ):
        """A functional model from images to class capsules."""

        def start(stddev):
            if not official_init:
                return {}
            return {
                "kernel_initializer": initializers.TruncatedNormal(stddev=stddev),
                "bias_initializer": initializers.Constant(0.1),
            }

        image = keras.Input(self.image_shape, name="image")
        maps = layers.Conv2D(
            filters, kernel_size, activation="relu", name="conv", **start(0.05)
        )(image)
        parts = PrimaryCapsules(
            primary_types,
            primary_dim,
            primary_kernel,
            primary_stride,
            name="primary",
            **start(0.1),
        )(maps)
        wholes = Capsules(self.num_classes, class_dim, name="classes", **routing)(parts)
        return keras.Model(image, wholes, name="encoder")

    def _build_decoder(self, units):
        """A functional model from masked, flat capsules to images."""
        code = keras.Input((self.num_classes * self.class_dim,), name="masked")
        hidden = code
        for index, width in enumerate(units):
            name = f"hidden_{index}"
            hidden = layers.Dense(width, activation="relu", name=name)(hidden)
        pixels = math.prod(self.image_shape)
        hidden = layers.Dense(pixels, activation="sigmoid", name="pixels")(hidden)
        image = layers.Reshape(self.image_shape, dtype="float32", name="y")(hidden)
        return keras.Model(code, image, name="decoder")

    def call(self, scenes, training=False):
        """Shift, overlay, encode: a `CapsOutput`."""
        digits, image = self.compose(scenes, training)
        capsules = self.encoder(image, training=training)
        return CapsOutput(capsules, theory.length(capsules), digits)

    def compute_loss(
        self, x=None, y=None, y_pred=None, sample_weight=None, training=True
    ):
        """The mean over the batch of margin loss plus weighted reconstruction error."""
        targets = self.targets(y, x)
        loss = theory.margin_loss(y_pred.lengths, targets)  # (batch,)
        self.margin_metric.update_state(loss, sample_weight)
        if self.decoder is not None:
            decoded = self.decode(y_pred.capsules, y)
            digits = ops.cast(y_pred.digits, "float32")
            error = theory.squared_error(digits, decoded)  # (batch,)
            self.error_metric.update_state(error, sample_weight)
            loss = loss + self.reconstruction_weight * error
        return self.batch_loss(loss, y, sample_weight)

    def decode(self, capsules, labels):
        """The digit that each capsule named by `labels` stands for.

        The same decoder runs once per digit, with every other capsule set to zero.

        Args:
            capsules: shape (batch, classes, dim).
            labels: classes to decode, shape (batch, digits).

        Returns:
            Shape (batch, digits, height, width, 1).

        Raises:
            UserError: the network was built without a decoder, or has no such class.
        """
        class_labels.check(labels, self.num_classes)
        if self.decoder is None:
            raise UserError(
                "this network has no decoder: it was built with "
                "reconstruction_weight=0. Allowed: a positive weight."
            )
        num_digits = labels.shape[1]
        masked = theory.mask(
            ops.repeat(capsules, num_digits, axis=0), ops.reshape(labels, (-1,))
        )
        return ops.reshape(self.decoder(masked), (-1, num_digits, *self.image_shape))

    def scores(self, images):
        """Lengths of the class capsules of images, NumPy, shape (n, classes)."""
        capsules = self.encoder.predict(images, batch_size=256, verbose=0)
        return ops.convert_to_numpy(theory.length(capsules))

    def get_config(self):
        """The arguments, for saving."""
        return {**super().get_config(), **self._arguments}
