"""Layers that change training images at random, as for CIFAR-10."""

from keras import layers


def shifted(image_shape, seed, pixels=4):
    """Padding with zeros and cutting at a random place, as one layer.

    Args:
        image_shape: (height, width, ...) of the images.
        seed: of the shifts.
        pixels: greatest shift along each axis.
    """
    return layers.RandomTranslation(
        *(pixels / side for side in image_shape[:2]),
        fill_mode="constant",
        interpolation="nearest",
        seed=seed,
        data_format="channels_last",
    )


def mirrored(seed):
    """Left and right exchanged for every other image on average.

    Args:
        seed: of the choice.
    """
    return layers.RandomFlip("horizontal", seed=seed, data_format="channels_last")
