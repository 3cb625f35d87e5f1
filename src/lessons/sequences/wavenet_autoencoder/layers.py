r"""Dilated convolutions that train fast on a CPU and can go on sample by sample.

$y_t = b + \sum_{j=0}^{k-1} w_j\, x_{t - (k-1-j) d}$: the last tap is the present. The
taps are cut out of the padded input, put side by side and multiplied at once; on a CPU
TensorFlow's own dilated convolution copies the input to and fro instead.
"""

import keras
from keras import layers, ops

from lessons.toolkit.errors import UserError


@keras.saving.register_keras_serializable("lessons")
class DilatedConv(layers.Layer):
    """`Conv1D` with stride 1; the weights have its shapes and order.

    Args:
        filters: output channels.
        kernel_size: k.
        dilation: d, samples between two taps.
        causal: whether all zeros stand before the first sample; else on both sides.

    Input (batch, time, channels), output (batch, time, filters).
    """

    def __init__(self, filters, kernel_size=3, dilation=1, causal=True, **options):
        super().__init__(**options)
        if min(filters, kernel_size, dilation) < 1:
            raise UserError(
                "a convolution needs filters, kernel_size and dilation of at least 1, "
                f"got {filters}, {kernel_size} and {dilation}."
            )
        self.filters, self.kernel_size = filters, kernel_size
        self.dilation, self.causal = dilation, causal

    @property
    def reach(self):
        """Samples before the present that the first tap lies."""
        return (self.kernel_size - 1) * self.dilation

    def build(self, input_shape):
        """Create kernel (k, channels, filters) and bias."""
        shape = (self.kernel_size, input_shape[-1], self.filters)
        self.kernel = self.add_weight(name="kernel", shape=shape)
        self.bias = self.add_weight(
            name="bias", shape=(self.filters,), initializer="zeros"
        )
        self.built = True

    def call(self, x):
        """Convolve."""
        before = self.reach if self.causal else self.reach // 2
        length = x.shape[1]
        padded = ops.pad(x, [[0, 0], [before, self.reach - before], [0, 0]])
        taps = [
            padded[:, j * self.dilation : j * self.dilation + length]
            for j in range(self.kernel_size)
        ]
        return self.product(ops.concatenate(taps, axis=-1))

    def product(self, taps):
        """Taps side by side, shape (..., k times channels), times the kernel."""
        kernel = ops.reshape(self.kernel, (-1, self.filters))
        return ops.matmul(taps, ops.cast(kernel, taps.dtype)) + ops.cast(
            self.bias, taps.dtype
        )

    def first_ring(self, batch, dtype="float32"):
        """Zeros for `step`, shape (reach, batch, channels)."""
        return ops.zeros((self.reach, batch, self.kernel.shape[1]), dtype)

    def step(self, x, ring, t):
        """One sample: slot s of the ring holds the last input at a time s mod reach.

        Args:
            x: the input at time t, shape (batch, channels).
            ring: shape (reach, batch, channels).
            t: int32 scalar.

        Returns:
            (y, ring): shape (batch, filters), and the ring with x in place of what is
            never needed again.
        """
        size = (1, *ring.shape[1:])
        slots = [
            (t + j * self.dilation) % self.reach for j in range(self.kernel_size - 1)
        ]
        old = [ops.slice(ring, (slot, 0, 0), size)[0] for slot in slots]
        y = self.product(ops.concatenate([*old, x], axis=-1))
        return y, ops.slice_update(ring, (slots[0], 0, 0), x[None])

    def get_config(self):
        """The arguments, for saving."""
        return {
            **super().get_config(),
            "filters": self.filters,
            "kernel_size": self.kernel_size,
            "dilation": self.dilation,
            "causal": self.causal,
        }


def add_frames(x, frames):
    """Add a number of every frame to each of its samples: nearest-neighbour upsampling.

    Args:
        x: shape (batch, time, channels), time a multiple of the frames.
        frames: shape (batch, frames, channels).
    """
    count = frames.shape[1]
    split = ops.reshape(x, (-1, count, x.shape[1] // count, x.shape[2]))
    return ops.reshape(split + frames[:, :, None], (-1, *x.shape[1:]))


def gated(a):
    r"""$\sigma(a_1) \tanh(a_2)$ for the two halves of the last axis."""
    gate, filtered = ops.split(a, 2, axis=-1)
    return ops.sigmoid(gate) * ops.tanh(filtered)
