"""Networks of the paper's size: ResNet-18 and the authors' later decoder of voxels.

Keras has no ResNet-18 (He et al. 2016, arXiv:1512.03385), so it is built here.
"""

import keras
from keras import layers

from lessons.toolkit.errors import UserError
from lessons.vision.marrnet.theory import CHANNELS

WIDTHS = (64, 128, 256, 512)
SKETCH_WIDTHS = (256, 128, 64, 32)  # of 5x5 transposed convolutions, then 1x1 of 32
VOXEL_WIDTHS = (512, 256, 128, 64, 32)  # the paper gives none; those of the later code
MOMENTUM = 0.9  # of the moving averages: PyTorch's 0.1


def _normalised(values, name):
    return layers.BatchNormalization(momentum=MOMENTUM, epsilon=1e-5, name=name)(values)


def _block(values, width, stride, name):
    """Two 3x3 convolutions and a shortcut."""
    shortcut = values
    for number, step in ((1, stride), (2, 1)):
        values = layers.Conv2D(
            width,
            3,
            step,
            padding="same",
            use_bias=False,
            name=f"{name}_convolution_{number}",
        )(values)
        values = _normalised(values, f"{name}_norm_{number}")
        if number == 1:
            values = layers.ReLU(name=f"{name}_relu_1")(values)
    if stride > 1 or shortcut.shape[-1] != width:
        shortcut = layers.Conv2D(
            width, 1, stride, use_bias=False, name=f"{name}_shortcut"
        )(shortcut)
        shortcut = _normalised(shortcut, f"{name}_shortcut_norm")
    values = layers.Add(name=f"{name}_sum")([values, shortcut])
    return layers.ReLU(name=f"{name}_relu_2")(values)


def resnet18(size, channels):
    """ResNet-18 without its end.

    Args:
        size: of the input, a multiple of 32.
        channels: of the input.

    Returns:
        (batch, size, size, channels) to (batch, size / 32, size / 32, 512).
    """
    if size < 32 or size % 32:
        raise UserError(f"size must be a multiple of 32 for ResNet-18, got {size}.")
    inputs = keras.Input((size, size, channels))
    values = layers.Conv2D(64, 7, 2, padding="same", use_bias=False, name="first")(
        inputs
    )
    values = layers.ReLU(name="first_relu")(_normalised(values, "first_norm"))
    values = layers.MaxPooling2D(3, 2, padding="same", name="first_pool")(values)
    for level, width in enumerate(WIDTHS):
        for number in range(2):
            stride = 2 if level and not number else 1
            values = _block(values, width, stride, f"block_{level}_{number}")
    return keras.Model(inputs, values, name="resnet18")


def sketch_network(size):
    """Centred image to the channels of a sketch, before the silhouette's sigmoid.

    The paper's text: four 5x5 transposed and four 1x1 convolutions. Its widths, and
    where the fifth doubling happens, are our choice: bilinear, before the 1x1.
    """
    trunk = resnet18(size, 3)
    inputs = keras.Input((size, size, 3))
    values = trunk(inputs)
    for number, width in enumerate(SKETCH_WIDTHS):
        values = layers.Conv2DTranspose(
            width, 5, 2, padding="same", activation="relu", name=f"doubling_{number}"
        )(values)
    values = layers.UpSampling2D(interpolation="bilinear", name="doubling_4")(values)
    for number in range(3):
        values = layers.Conv2D(
            SKETCH_WIDTHS[-1], 1, activation="relu", name=f"mixing_{number}"
        )(values)
    sketch = layers.Conv2D(CHANNELS, 1, name="sketch")(values)
    return keras.Model(inputs, sketch, name="sketch_network")


def encoder(size, channels, code):
    """Maps to a code: ResNet-18, mean over places, one dense layer."""
    trunk = resnet18(size, channels)
    values = layers.GlobalAveragePooling2D(name="mean")(trunk.output)
    return keras.Model(
        trunk.input, layers.Dense(code, name="code")(values), name="encoder"
    )


def decoder(grid, code, widths=VOXEL_WIDTHS):
    """A code to logits of voxels: 1, then 4, and doublings up to the grid.

    Args:
        grid: voxels along an axis; 128 with five widths.
        code: components of the code.
        widths: channels of all but the last layer.
    """
    if grid != 4 * 2 ** len(widths):
        raise UserError(
            f"grid must be {4 * 2 ** len(widths)} for the decoder of the paper's size, "
            f"got {grid}."
        )
    inputs = keras.Input((code,))
    values = layers.Reshape((1, 1, 1, code), name="point")(inputs)
    for number, width in enumerate((*widths, 1)):
        values = layers.Conv3DTranspose(
            width,
            4,
            2 if number else 1,
            padding="same" if number else "valid",
            name=f"layer_{number}",
        )(values)
        if width > 1:
            values = _normalised(values, f"norm_{number}")
            values = layers.ReLU(name=f"relu_{number}")(values)
    voxels = layers.Reshape((grid, grid, grid), name="voxels")(values)
    return keras.Model(inputs, voxels, name="decoder")
