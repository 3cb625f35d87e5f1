"""The task: images with a hole in the middle, and where the images come from."""

import numpy as np
from keras import ops

from lessons.toolkit import data
from lessons.toolkit.data import files
from lessons.toolkit.errors import UserError

_TEST_EVERY = 5  # of a file, every fifth image is for testing
FILE_SHAPE = (64, 64, 3)  # of the crops of MS-COCO that the source trained on


def check_shape(image_shape):
    """(height, width, channels) as a tuple, if the central half can be hidden.

    Raises:
        UserError: sides that are not multiples of 4.
    """
    shape = tuple(image_shape)
    if len(shape) != 3 or min(shape) < 1 or shape[0] % 4 or shape[1] % 4:
        raise UserError(
            "image_shape must be (height, width, channels) with sides that are "
            f"multiples of 4, got {shape!r}."
        )
    return shape


def crop(images):
    """The central half of images: what is hidden.

    Args:
        images: shape (batch, height, width, channels).

    Returns:
        Shape (batch, height / 2, width / 2, channels).
    """
    height, width = images.shape[1:3]
    return images[:, height // 4 : 3 * height // 4, width // 4 : 3 * width // 4]


def visible(height, width):
    """1 on the border and 0 in the hole, float32, shape (height, width, 1)."""
    plane = np.ones((height, width, 1), np.float32)
    plane[height // 4 : 3 * height // 4, width // 4 : 3 * width // 4] = 0.0
    return plane


def masked(images, hide=True):
    """Images with a plane of ones, the hole zeroed in all planes if asked for.

    Args:
        images: shape (batch, height, width, channels), in [0, 1].
        hide: whether the hole is zeroed.

    Returns:
        Shape (batch, height, width, channels + 1).
    """
    images = ops.convert_to_tensor(images)
    height, width = images.shape[1:3]
    plane = ops.cast(visible(height, width), images.dtype)
    ones = ops.ones_like(images[..., :1])
    return ops.concatenate([images, ones], axis=-1) * (plane if hide else 1)


def fill(images, holes):
    """Images with their central half replaced, as NumPy arrays.

    Args:
        images: shape (batch, height, width, channels).
        holes: shape (batch, height / 2, width / 2, channels).
    """
    filled = np.array(images)
    height, width = filled.shape[1:3]
    filled[:, height // 4 : 3 * height // 4, width // 4 : 3 * width // 4] = holes
    return filled


def image_shape(config):
    """(height, width, channels) of a configuration's images.

    A file may hold images of any size; those of the paper are taken for its own.
    """
    return FILE_SHAPE if config.source == "images" else data.find(config.source).shape


def load(config):
    """The images of a configuration, as a `lessons.toolkit.data.Split`.

    Raises:
        UserError: the data set is not there, or is smaller than asked for.
    """
    if config.source != "images":
        return data.load_for(config)
    images, _ = files.images_from_file(config.data_path)
    images = 0.5 * (images + 1.0)
    is_test = np.arange(len(images)) % _TEST_EVERY == _TEST_EVERY - 1
    train, test = images[~is_test], images[is_test]
    wanted = config.num_train
    if not len(test) or (wanted is not None and wanted > len(train)):
        raise UserError(
            f"{str(config.data_path)!r} holds {len(train)} training and {len(test)} "
            f"test images, but num_train={wanted}. Allowed: at most as many, and at "
            f"least {_TEST_EVERY} images in the file."
        )
    train = train[:wanted]
    return data.Split(
        name="images",
        train_images=train,
        train_labels=np.zeros(len(train), np.int64),
        test_images=test,
        test_labels=np.zeros(len(test), np.int64),
        class_names=("image",),
        description="Images of a file, all of one class, every fifth for testing.",
    )
