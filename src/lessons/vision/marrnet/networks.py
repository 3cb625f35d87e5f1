"""The small networks: a U-Net for sketches, an encoder and a decoder for voxels.

Each function gives a Keras model with explicit inputs. Those of the paper's size are in
`networks_paper`; `of` chooses.
"""

import keras
from keras import layers

from lessons.toolkit.errors import UserError
from lessons.vision.marrnet import networks_paper
from lessons.vision.marrnet.theory import CHANNELS

SIZES = ("small", "resnet18")
UNET, ENCODER, HIDDEN, DECODER = (16, 32, 48), (24, 32, 48), 128, (48, 24, 12)


def centred(images):
    """Images in [0, 1] with about mean 0 and deviation 1, as the paper's recipe has it.

    One mean and one deviation stand for those of the three channels of ImageNet.
    """
    return (images - 0.5) / 0.25


def _convolution(values, width, name):
    return layers.Conv2D(width, 3, padding="same", activation="relu", name=name)(values)


def unet_features(size, widths=UNET):
    """Image to features of the same size: halved, doubled, with shortcuts.

    Args:
        size: of the image, a multiple of 2 to the number of halvings.
        widths: channels of each level.

    Returns:
        (batch, size, size, 3) to (batch, size, size, widths[0]).
    """
    _divisible("size", size, 2 ** (len(widths) - 1))
    inputs = keras.Input((size, size, 3))
    values, kept = inputs, []
    for level, width in enumerate(widths):
        if level:
            values = layers.MaxPooling2D(name=f"pool_{level}")(values)
        for number in (1, 2):
            values = _convolution(values, width, f"down_{level}_{number}")
        kept.append(values)
    for level in reversed(range(len(widths) - 1)):
        values = layers.UpSampling2D(name=f"double_{level}")(values)
        values = layers.Concatenate(name=f"join_{level}")([values, kept[level]])
        values = _convolution(values, widths[level], f"up_{level}")
    return keras.Model(inputs, values, name="features")


def unet(size, widths=UNET):
    """Image to the five channels of a sketch, before the sigmoid of the silhouette."""
    features = unet_features(size, widths)
    sketch = layers.Conv2D(CHANNELS, 1, name="sketch")(features.output)
    return keras.Model(features.input, sketch, name="unet")


def encoder(size, channels, code, widths=ENCODER, hidden=HIDDEN):
    """Maps to a code: convolutions with pooling, then two dense layers.

    Args:
        size: of the maps, a multiple of 8.
        channels: of the maps.
        code: components of the code.
        widths: of the convolutions.
        hidden: units of the first dense layer.

    Returns:
        (batch, size, size, channels) to (batch, code).
    """
    _divisible("size", size, 2 ** len(widths))
    inputs = keras.Input((size, size, channels))
    values = inputs
    for number, width in enumerate(widths):
        values = _convolution(values, width, f"convolution_{number}")
        values = layers.MaxPooling2D(name=f"pool_{number}")(values)
    values = layers.Flatten(name="flat")(values)
    values = layers.Dense(hidden, "relu", name="dense")(values)
    return keras.Model(inputs, layers.Dense(code, name="code")(values), name="encoder")


def decoder(grid, code, widths=DECODER):
    """A code to logits of voxels: a dense layer, then three doublings.

    Args:
        grid: voxels along an axis of the result, a multiple of 8.
        code: components of the code.
        widths: channels before each doubling.

    Returns:
        (batch, code) to (batch, grid, grid, grid).
    """
    _divisible("grid", grid, 2 ** len(widths))
    least = grid // 2 ** len(widths)
    inputs = keras.Input((code,))
    values = layers.Dense(least**3 * widths[0], "relu", name="dense")(inputs)
    values = layers.Reshape((least, least, least, widths[0]), name="cube")(values)
    for number, width in enumerate((*widths[1:], 1)):
        values = layers.Conv3DTranspose(
            width,
            4,
            2,
            padding="same",
            activation="relu" if width > 1 else None,
            name=f"doubling_{number}",
        )(values)
    voxels = layers.Reshape((grid, grid, grid), name="voxels")(values)
    return keras.Model(inputs, voxels, name="decoder")


def of(network):
    """(sketch network, encoder, decoder) of a size, as functions.

    Args:
        network: one of `SIZES`.
    """
    if network == "small":
        return unet, encoder, decoder
    big = networks_paper
    return big.sketch_network, big.encoder, big.decoder


def _divisible(name, value, by):
    if value < by or value % by:
        raise UserError(f"{name} must be a multiple of {by}, got {value}.")
