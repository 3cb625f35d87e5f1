"""Layers that act on several scales: shape (batch, scales, height, width, channels)."""

import keras
from keras import initializers, layers, ops

from lessons.toolkit.errors import UserError
from lessons.vision.crowding import theory


def first_weights(deviation, seed):
    """An initializer: a truncated normal of a deviation, or He's if that is 0."""
    if deviation:
        return initializers.TruncatedNormal(stddev=deviation, seed=seed)
    return initializers.HeNormal(seed=seed)


@keras.saving.register_keras_serializable("lessons")
class MultiScaleCrops(layers.Layer):
    """Nested squares of a canvas, each averaged to the same size.

    Canvases of shape (batch, field, field, 1) become (batch, scales, crop, crop, 1),
    smallest square first. Two matrix products per scale: differentiable, and the same
    on every device.

    Args:
        field: side of the canvas.
        crop: side of a crop.
        count: number of scales.
        kind: "exponential" or "linear" sides.
        chevron: how many scales see a point at most; 0 for all.
        **kwargs: for `keras.Layer`.
    """

    def __init__(self, field, crop, count, kind="exponential", chevron=0, **kwargs):
        super().__init__(**kwargs)
        sides = theory.crop_sides(field, crop, count, kind)
        self.arguments = {
            "field": field,
            "crop": crop,
            "count": count,
            "kind": kind,
            "chevron": chevron,
        }
        self.matrices = theory.crop_matrices(field, crop, sides)
        self.inner = None
        if chevron:
            self.inner = theory.chevron_matrices(field, crop, sides, chevron)

    def call(self, images):
        """Crops, shape (batch, scales, crop, crop, 1)."""
        images = ops.cast(images[..., 0], self.compute_dtype)
        matrices = self.matrices.astype(self.compute_dtype)
        inner = None if self.inner is None else self.inner.astype(self.compute_dtype)
        return theory.multiscale_crops(images, matrices, inner)[..., None]

    def compute_output_shape(self, input_shape):
        """(batch, scales, crop, crop, 1)."""
        side = self.arguments["crop"]
        return (input_shape[0], self.arguments["count"], side, side, 1)

    def get_config(self):
        """The arguments, for saving."""
        return {**super().get_config(), **self.arguments}


@keras.saving.register_keras_serializable("lessons")
class SharedConv2D(layers.Layer):
    """A convolution and a ReLU with one kernel for all scales, without padding.

    The same as `Conv3D` with a kernel of depth 1; scales join the batch, so that the
    fast two-dimensional convolution computes it.

    Args:
        filters: channels of the result.
        kernel_size: side of the kernel.
        deviation: standard deviation of the first kernel, a truncated normal; 0
            takes He's.
        bias: at the start.
        seed: of the first kernel.
        **kwargs: for `keras.Layer`.
    """

    def __init__(
        self, filters, kernel_size, *, deviation=0.0, bias=0.0, seed=0, **kwargs
    ):
        super().__init__(**kwargs)
        self.filters, self.kernel_size = filters, kernel_size
        self.deviation, self.start, self.seed = deviation, bias, seed

    def build(self, input_shape):
        """One kernel and one bias, whatever the number of scales."""
        self.kernel = self.add_weight(
            name="kernel",
            shape=(self.kernel_size, self.kernel_size, input_shape[-1], self.filters),
            initializer=first_weights(self.deviation, self.seed),
        )
        self.bias = self.add_weight(
            name="bias",
            shape=(self.filters,),
            initializer=initializers.Constant(self.start),
        )
        self.built = True

    def call(self, inputs):
        """Maps, shape (batch, scales, height, width, filters)."""
        flat = ops.reshape(inputs, (-1, *inputs.shape[2:]))
        flat = ops.conv(flat, self.kernel, padding="valid", data_format="channels_last")
        flat = ops.relu(flat + self.bias)
        return ops.reshape(flat, (-1, inputs.shape[1], *flat.shape[1:]))

    def compute_output_shape(self, input_shape):
        """(batch, scales, height, width, filters)."""
        less = self.kernel_size - 1
        batch, scales, height, width, _ = input_shape
        return (batch, scales, height - less, width - less, self.filters)

    def get_config(self):
        """The arguments, for saving."""
        return {
            **super().get_config(),
            "filters": self.filters,
            "kernel_size": self.kernel_size,
            "deviation": self.deviation,
            "bias": self.start,
            "seed": self.seed,
        }


@keras.saving.register_keras_serializable("lessons")
class SpatialMaxPool(layers.Layer):
    """Greatest value of each square window, in each scale by itself.

    Args:
        window: side of the window; that of the map pools all of it.
        stride: distance of two windows.
        **kwargs: for `keras.Layer`.
    """

    def __init__(self, window, stride=1, **kwargs):
        super().__init__(**kwargs)
        self.window, self.stride = window, stride

    def call(self, inputs):
        """Shape (batch, scales, height, width, channels)."""
        flat = ops.reshape(inputs, (-1, *inputs.shape[2:]))
        flat = ops.max_pool(
            flat, self.window, self.stride, "valid", data_format="channels_last"
        )
        return ops.reshape(flat, (-1, inputs.shape[1], *flat.shape[1:]))

    def get_config(self):
        """The arguments, for saving."""
        return {**super().get_config(), "window": self.window, "stride": self.stride}


@keras.saving.register_keras_serializable("lessons")
class ScaleMaxPool(layers.Layer):
    """Greatest value over neighbouring scales, at each place and in each channel.

    Args:
        num_scales: how many scales are left; windows overlap as much as they must.
        **kwargs: for `keras.Layer`.
    """

    def __init__(self, num_scales, **kwargs):
        super().__init__(**kwargs)
        self.num_scales = num_scales

    def build(self, input_shape):
        """Nothing to make; the number of scales must suffice."""
        if not 1 <= self.num_scales <= input_shape[1]:
            raise UserError(
                f"num_scales must be 1 to {input_shape[1]}, got {self.num_scales}."
            )
        self.built = True

    def call(self, inputs):
        """Shape (batch, num_scales, height, width, channels)."""
        if self.num_scales == 1:
            return ops.max(inputs, axis=1, keepdims=True)
        kept = inputs[:, : self.num_scales]
        for first in range(1, inputs.shape[1] - self.num_scales + 1):
            kept = ops.maximum(kept, inputs[:, first : first + self.num_scales])
        return kept

    def get_config(self):
        """The arguments, for saving."""
        return {**super().get_config(), "num_scales": self.num_scales}
