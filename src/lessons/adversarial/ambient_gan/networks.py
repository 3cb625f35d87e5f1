"""The networks: small dense ones, and those of the official code.

Generators map codes to images; critics map measurements, images or vectors, to one
number.
"""

import math

import keras
from keras import layers

from lessons.adversarial.ot_gan.networks import dense_generator
from lessons.toolkit.errors import UserError

_SLOPE = 0.2  # of the leaky ReLUs
_DCGAN_CHANNELS = (64, 128, 256, 512)


def _leaky():
    return layers.LeakyReLU(negative_slope=_SLOPE)


def dense_critic(input_shape, units, batch_norm=False):
    """Flat measurements through leaky ReLU layers to one number.

    Args:
        input_shape: of one measurement.
        units: widths; the paper has (25, 25) for projections of MNIST and (100, 100)
            for those of celebA, with batch normalisation.
        batch_norm: normalise before each ReLU (not with a gradient penalty, which
            wants each example's own slope).
    """
    stack = [keras.Input(input_shape, name="measurement"), layers.Flatten()]
    for width in units:
        stack.append(layers.Dense(width, kernel_initializer="he_normal"))
        stack += [layers.BatchNormalization()] * batch_norm + [_leaky()]
    stack.append(layers.Dense(1, dtype="float32"))
    return keras.Sequential(stack, name="critic")


def mnist_generator(latent_dim, image_shape):
    """The generator of the official MNIST WGAN-GP: 4x4, 7x7, 14x14, 28x28 pixels.

    Args:
        latent_dim: size of the code.
        image_shape: (28, 28, 1).

    Raises:
        UserError: images of another shape.
    """
    if tuple(image_shape) != (28, 28, 1):
        raise UserError(
            f"networks=mnist makes 28x28x1 images, the data are {image_shape}. "
            "Allowed: networks=dense, dcgan."
        )

    def up(channels):
        return layers.Conv2DTranspose(channels, 5, strides=2, padding="same")

    stack = [
        keras.Input((latent_dim,), name="code"),
        layers.Dense(4 * 4 * 256, activation="relu"),
        layers.Reshape((4, 4, 256)),
        up(128),
        layers.ReLU(),
        layers.Cropping2D(((0, 1), (0, 1))),
        up(64),
        layers.ReLU(),
        up(1),
        layers.Activation("sigmoid", dtype="float32"),
    ]
    return keras.Sequential(stack, name="generator")


def mnist_critic(input_shape):
    """Its critic: three convolutions with stride 2 and a dense layer."""
    stack = [keras.Input(input_shape, name="measurement")]
    for channels in (64, 128, 256):
        stack += [layers.Conv2D(channels, 5, strides=2, padding="same"), _leaky()]
    stack += [layers.Flatten(), layers.Dense(1, dtype="float32")]
    return keras.Sequential(stack, name="critic")


def dcgan_generator(latent_dim, image_shape):
    """The generator of the official celebA DCGAN, for sides that are multiples of 16.

    Args:
        latent_dim: size of a code.
        image_shape: (side, side, channels); pixels come out in [-1, 1].
    """
    side, width, channels = image_shape
    if side != width or side % 16:
        raise UserError(
            "networks=dcgan makes square images whose side is a multiple of 16, "
            f"the data are {image_shape}. Allowed: networks=dense."
        )
    first = (side // 16, side // 16, _DCGAN_CHANNELS[-1])
    stack = [
        keras.Input((latent_dim,), name="code"),
        layers.Dense(math.prod(first)),
        layers.Reshape(first),
        layers.BatchNormalization(),
        layers.ReLU(),
    ]
    for depth in _DCGAN_CHANNELS[-2::-1]:
        stack += [
            layers.Conv2DTranspose(depth, 5, strides=2, padding="same"),
            layers.BatchNormalization(),
            layers.ReLU(),
        ]
    stack += [
        layers.Conv2DTranspose(channels, 5, strides=2, padding="same"),
        layers.Activation("tanh", dtype="float32"),
    ]
    return keras.Sequential(stack, name="generator")


def dcgan_critic(input_shape, batch_norm=True):
    """The critic of DCGAN: four convolutions, batch normalisation from the second on.

    Args:
        input_shape: (height, width, channels) of a measurement.
        batch_norm: False where the loss penalises the gradient of single examples.
    """
    stack = [keras.Input(input_shape, name="measurement")]
    for index, channels in enumerate(_DCGAN_CHANNELS):
        stack.append(layers.Conv2D(channels, 5, strides=2, padding="same"))
        stack += [layers.BatchNormalization()] * (batch_norm and index > 0)
        stack.append(_leaky())
    stack += [layers.Flatten(), layers.Dense(1, dtype="float32")]
    return keras.Sequential(stack, name="critic")


def build(config, image_shape, measured_shape):
    """(generator, critic) of a configuration.

    Args:
        config: a `Config`.
        image_shape: of an image.
        measured_shape: of what the critic sees; vectors get a dense critic.

    Raises:
        UserError: the networks do not fit the images.
    """
    is_gan = config.loss == "gan"
    generators = {"mnist": mnist_generator, "dcgan": dcgan_generator}
    if config.networks == "dense":
        generator = dense_generator(
            config.latent_dim, config.generator_units, image_shape
        )
    else:
        generator = generators[config.networks](config.latent_dim, image_shape)
    if config.networks == "dense":
        critic = dense_critic(measured_shape, config.critic_units)
    elif len(measured_shape) == 1:
        critic = dense_critic(measured_shape, config.critic_units, batch_norm=is_gan)
    elif config.networks == "mnist":
        critic = mnist_critic(measured_shape)
    else:
        critic = dcgan_critic(measured_shape, batch_norm=is_gan)
    return generator, critic
