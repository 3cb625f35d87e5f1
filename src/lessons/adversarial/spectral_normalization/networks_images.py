"""The published networks for images: the standard CNN and the residual network.

Tables 3 to 6 of the paper's appendix B. The sides of the images decide the
number of layers: 32 for CIFAR-10, 48 for STL-10.
"""

import keras
from keras import layers

from lessons.adversarial.spectral_normalization import networks
from lessons.adversarial.spectral_normalization.layers import (
    NormalizedConv2D,
    NormalizedDense,
)
from lessons.toolkit.errors import UserError

EMBEDDING_DIM = 128  # of the class, where it is concatenated


def _first_side(side, doublings):
    if side % 2**doublings:
        raise UserError(
            f"images of side {side} cannot be doubled {doublings} times to. Allowed: "
            f"a multiple of {2**doublings}, or other generator_units."
        )
    return side // 2**doublings


def cnn_generator(latent_dim, channels, shape):
    """Dense layer and transposed convolutions with batch normalisation (table 3).

    Args:
        latent_dim: size of a code; the paper's is 128.
        channels: of the feature maps, smallest map first: 512, 256, 128, 64.
        shape: (side, side, colours) of the images, which come out in [-1, 1].
    """
    side = _first_side(shape[0], len(channels) - 1)
    stack = [
        keras.Input((latent_dim,), name="code"),
        layers.Dense(side**2 * channels[0]),
        layers.Reshape((side, side, channels[0])),
    ]
    for width in channels[1:]:
        stack += [
            layers.Conv2DTranspose(width, 4, strides=2, padding="same"),
            layers.BatchNormalization(momentum=0.9),
            layers.ReLU(),
        ]
    stack += [
        layers.Conv2D(shape[2], 3, padding="same"),
        layers.Activation("tanh", dtype="float32"),
    ]
    return keras.Sequential(stack, name="generator")


def cnn_critic(shape, channels, variant):
    """Pairs of 3x3 and halving 4x4 convolutions, the last of 3x3 alone (table 3).

    Args:
        shape: (side, side, colours) of the images.
        channels: 64, 128, 256, 512 in the paper.
        variant: a `Variant`.
    """
    options = networks.linear_options(variant)
    given = tensor = keras.Input(shape, name="example")
    for index, width in enumerate(channels):
        tensor = NormalizedConv2D(width, 3, **options)(tensor)
        tensor = networks.activate(tensor, variant)
        if index < len(channels) - 1:
            tensor = NormalizedConv2D(width, 4, strides=2, **options)(tensor)
            tensor = networks.activate(tensor, variant)
    value = networks.head(layers.Flatten()(tensor), [], variant)
    return keras.Model(given, value, name="critic")


def _up_block(tensor, width, labels):
    """Residual block that doubles the side (figure 8b of the paper)."""
    hidden = layers.ReLU()(networks.batch_norm(tensor, labels))
    hidden = layers.UpSampling2D()(hidden)
    hidden = layers.Conv2D(width, 3, padding="same")(hidden)
    hidden = layers.ReLU()(networks.batch_norm(hidden, labels))
    hidden = layers.Conv2D(width, 3, padding="same")(hidden)
    shortcut = layers.Conv2D(width, 1)(layers.UpSampling2D()(tensor))
    return layers.Add()([hidden, shortcut])


def resnet_generator(latent_dim, channels, shape, num_classes=0):
    """Residual up-blocks, batch normalisation by class if there are any (table 4).

    Args:
        latent_dim: size of a code; the paper's is 128.
        channels: of the blocks: 256, 256, 256 for CIFAR-10.
        shape: (side, side, colours) of the images, which come out in [-1, 1].
        num_classes: 0 for no labels.
    """
    side = _first_side(shape[0], len(channels))
    given, tensor, labels = networks.inputs((latent_dim,), num_classes, "code")
    tensor = layers.Dense(side**2 * channels[0])(tensor)
    tensor = layers.Reshape((side, side, channels[0]))(tensor)
    for width in channels:
        tensor = _up_block(tensor, width, labels)
    tensor = layers.ReLU()(layers.BatchNormalization(momentum=0.9)(tensor))
    tensor = layers.Conv2D(shape[2], 3, padding="same")(tensor)
    images = layers.Activation("tanh", dtype="float32")(tensor)
    return keras.Model(given, images, name="generator")


def _down_block(tensor, width, options, *, first=False, halve=False):
    """Residual block of the critic; the first one starts without a ReLU."""
    hidden = tensor if first else layers.ReLU()(tensor)
    hidden = NormalizedConv2D(width, 3, **options)(hidden)
    hidden = NormalizedConv2D(width, 3, **options)(layers.ReLU()(hidden))
    shortcut = tensor
    if first:  # pooled before its convolution, which is cheaper and gives the same
        shortcut = layers.AveragePooling2D(2)(shortcut)
    if halve or shortcut.shape[-1] != width:
        shortcut = NormalizedConv2D(width, 1, **options)(shortcut)
    if halve:
        hidden = layers.AveragePooling2D(2)(hidden)
        shortcut = shortcut if first else layers.AveragePooling2D(2)(shortcut)
    return layers.Add()([hidden, shortcut])


def resnet_critic(shape, channels, variant, num_classes=0, kind="projection"):
    """Two halving residual blocks, more at that size, sum over positions (table 4).

    Args:
        shape: (side, side, colours) of the images.
        channels: of the blocks: 128, 128, 128, 128 for CIFAR-10.
        variant: a `Variant` that does not normalise activations.
        num_classes: 0 for no labels.
        kind: of the head with labels: "projection", or "concat" for an embedding of
            128 numbers beside the features after the third block.
    """
    if variant.activation_norm:
        raise UserError(
            "the residual critic has no normalisation of activations, got "
            f"{variant.label!r}. Allowed: the other variants."
        )
    options = networks.linear_options(variant)
    given, tensor, labels = networks.inputs(shape, num_classes, "example")
    for index, width in enumerate(channels):
        tensor = _down_block(tensor, width, options, first=index == 0, halve=index < 2)
        if index == 2 and labels and kind == "concat":
            embed = NormalizedDense(EMBEDDING_DIM, use_bias=False, **options)
            side = tensor.shape[1]
            flat = layers.RepeatVector(side**2)(embed(labels[0]))
            places = layers.Reshape((side, side, EMBEDDING_DIM))(flat)
            tensor = layers.Concatenate()([tensor, places])
    tensor = layers.ReLU()(tensor)
    # A mean times the number of positions: the global sum of the paper.
    positions = tensor.shape[1] * tensor.shape[2]
    features = layers.Rescaling(positions)(layers.GlobalAveragePooling2D()(tensor))
    value = networks.head(features, labels, variant, kind, use_bias=False)
    return keras.Model(given, value, name="critic")
