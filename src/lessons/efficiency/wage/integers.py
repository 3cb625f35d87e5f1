r"""The forward pass of a trained network in whole numbers: NumPy, int32, no floats.

An activation is $a = A\,2^{-(k_A-1)}$ and a weight $w = B\,2^{-(k_W-1)}$ with whole $A$
and $B$. A sum of products is then a whole number of steps $2^{-(k_A+k_W-2)}$, and both
$\alpha$ and the return to $k_A$ bits are one shift to the right. Route apart from
`layers`: nothing of `theory` is called.
"""

import numpy as np
from keras import layers

from lessons.efficiency.wage.layers import Gate, QuantConv2D, QuantDense
from lessons.toolkit.errors import UserError


def to_integers(values, bits, dtype=np.int32):
    """Values on the grid of so many bits as whole numbers of steps.

    Raises:
        UserError: a value is off the grid or outside of it.
    """
    steps = np.asarray(values, np.float64) * 2 ** (bits - 1)
    whole = np.rint(steps)
    if np.any(whole != steps) or np.abs(whole).max(initial=0) > 2 ** (bits - 1) - 1:
        raise UserError(f"values must lie on the grid of {bits} bits.")
    return whole.astype(dtype)


def shift_right(sums, places):
    """Whole numbers divided by 2 to the `places`, to the nearest, ties to even."""
    if places == 0:
        return sums
    whole = sums >> places
    rest = sums - (whole << places)
    half = 1 << (places - 1)
    return whole + ((rest > half) | ((rest == half) & (whole % 2 == 1)))


def most_inputs(accumulator_bits, activation_bits=8, weight_bits=2):
    """Inputs that a unit may have before its sum can leave a signed accumulator."""
    product = (2 ** (activation_bits - 1) - 1) * (2 ** (weight_bits - 1) - 1)
    return (2 ** (accumulator_bits - 1) - 1) // product


def replay(model, images, dtype=np.int32):
    """Outputs of a model as whole numbers, computed without a float.

    Args:
        model: an `IntegerClassifier` with bits for weights and activations and without
            batch normalisation.
        images: shape (batch, height, width, channels), in [0, 1].
        dtype: of activations, weights and sums.

    Returns:
        Shape (batch, classes), in steps of $2^{-(k_A+k_W-2)}$ of the last layer's sums,
        before its division by alpha.

    Raises:
        UserError: the model computes with real numbers.
    """
    weight_bits, activation_bits = model.bits[:2]
    normalizes = any(isinstance(x, layers.BatchNormalization) for x in model.stack)
    if weight_bits is None or activation_bits is None or normalizes:
        raise UserError(
            "replay needs a model of whole numbers. Allowed: bits of weights and "
            "activations, without batch normalisation."
        )
    most = 2 ** (activation_bits - 1) - 1
    pixels = 2 * np.asarray(images, np.float64) - 1
    values = np.clip(np.rint(pixels * (most + 1)), -most, most).astype(dtype)
    places = 0
    for layer in model.stack:
        if isinstance(layer, (QuantDense, QuantConv2D)):
            values = _product(layer, values, weight_bits, dtype)
            places = weight_bits - 1 + int(np.log2(layer.scale))
        elif isinstance(layer, layers.Flatten):
            values = values.reshape(len(values), -1)
        elif isinstance(layer, layers.MaxPooling2D):
            values = _pool(values, layer.pool_size[0], layer.strides[0])
        elif isinstance(layer, layers.ReLU):
            values = np.maximum(values, 0)
        elif isinstance(layer, Gate) and layer.activation_bits is not None:
            values = np.minimum(shift_right(values, places), most).astype(dtype)
    return values


def ternary(layer, bits=2):
    """The weights that a layer computes with, rounded here, as whole numbers."""
    most = 2 ** (bits - 1) - 1
    stored = np.asarray(layer.kernel, np.float64)
    return np.clip(np.rint(stored * 2 ** (bits - 1)), -most, most).astype(np.int32)


def _product(layer, values, bits, dtype):
    kernel = ternary(layer, bits).astype(dtype)
    if isinstance(layer, QuantDense):
        return values @ kernel
    height, width = values.shape[1:3]
    size, stride = layer.size, layer.stride
    pads = []
    for side in (height, width):
        total = max((-(-side // stride) - 1) * stride + size - side, 0)
        pads.append((total // 2, total - total // 2))
    padded = np.pad(values, ((0, 0), *pads, (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (size, size), (1, 2))
    windows = windows[:, ::stride, ::stride].transpose(0, 1, 2, 4, 5, 3)
    return windows.reshape(*windows.shape[:3], -1) @ kernel.reshape(-1, layer.units)


def _pool(values, size, stride):
    windows = np.lib.stride_tricks.sliding_window_view(values, (size, size), (1, 2))
    return windows[:, ::stride, ::stride].max(axis=(-2, -1))
