"""Images at random places of a larger canvas, or a user's file of images."""

import dataclasses

import numpy as np

from lessons.toolkit import data
from lessons.toolkit.data import layouts
from lessons.toolkit.data.split import Split
from lessons.toolkit.errors import UserError

FRAGMENT = 8  # side of a piece of clutter, pixels; half the image where that is less


def load(config):
    """Training and test images of a configuration.

    With a `side`, training images lie in the middle of the canvas if the model shifts
    them anew in each step (`shift`), else at random places; test images lie at random
    places, as far from the middle as `shift` allows.

    Args:
        config: a `Config`; `source="file"` reads the arrays x_train, y_train, x_test
            and y_test of the .npz file `data_path`.

    Returns:
        A `Split`: float32 images in [0, 1], or standardised by pixel with the training
        images' mean and deviation where pixels are `real`.

    Raises:
        UserError: as for `lessons.toolkit.data.load`, or images that do not fit.
    """
    rng = np.random.default_rng((config.seed, 15))
    found = _file(config) if config.source == "file" else data.load_for(config)
    parts = {"test_labels": found.test_labels[: config.num_test]}
    for part in ("train", "test"):
        images = getattr(found, f"{part}_images")
        images = images[: config.num_test] if part == "test" else images
        if config.side:
            most = _room(config, images.shape)
            centred = part == "train" and config.shift
            offsets = rng.integers(-most, most + 1, (len(images), 2))
            places = np.zeros_like(offsets) if centred else offsets
            images = placed(images, config.side, places)
        if config.clutter:
            images = cluttered(images, found.train_images, config.clutter, rng)
        if config.binarise:
            images = (rng.random(images.shape) < images).astype(np.float32)
        parts[f"{part}_images"] = images
    if config.real:
        mean, deviation = (f(parts["train_images"], axis=0) for f in (np.mean, np.std))
        for name in ("train_images", "test_images"):
            parts[name] = (parts[name] - mean) / (deviation + 1e-3)
    return dataclasses.replace(found, **parts)


def check(config):
    """Refuse sizes that cannot be, before anything is loaded.

    Raises:
        UserError: a file is needed and not named, or the other way round.
    """
    if config.source == "file" and not config.data_path:
        raise UserError(
            "source=file reads a .npz file with x_train, y_train, x_test, y_test. "
            "Allowed: data_path=FILE."
        )


def _room(config, shape):
    """How far images may lie from the middle of the canvas, in pixels."""
    room = (config.side - max(shape[1:3])) // 2
    if room < config.shift:
        raise UserError(
            f"images of {shape[1]}x{shape[2]} pixels on a canvas with side="
            f"{config.side} can be shifted by {max(room, 0)} pixels. Allowed: a larger "
            f"side, or a smaller shift than {config.shift}."
        )
    return config.shift or room


def placed(images, side, offsets):
    """Images on larger canvases of zeros.

    Args:
        images: shape (n, height, width, channels).
        side: of the canvases, pixels.
        offsets: rows and columns from the middle, whole numbers, shape (n, 2).

    Returns:
        float32, shape (n, side, side, channels).
    """
    count, height, width, channels = images.shape
    found = np.zeros((count, side, side, channels), np.float32)
    tops = (side - height) // 2 + offsets[:, 0]
    lefts = (side - width) // 2 + offsets[:, 1]
    for image, canvas, top, left in zip(images, found, tops, lefts, strict=True):
        canvas[top : top + height, left : left + width] = image
    return found


def cluttered(images, pieces_of, count, rng):
    """Images with pieces of other images at random places, the lighter value kept.

    Args:
        images: shape (n, side, side, channels).
        pieces_of: images that the pieces are cut from, shape (m, height, width,
            channels).
        count: pieces on each image.
        rng: a NumPy generator.
    """
    images, side = images.copy(), images.shape[1]
    size = min(FRAGMENT, pieces_of.shape[1] // 2)
    inner = pieces_of.shape[1] - size + 1, pieces_of.shape[2] - size + 1
    for image in images:
        for _ in range(count):
            top, left = rng.integers(inner[0]), rng.integers(inner[1])
            other = pieces_of[rng.integers(len(pieces_of))]
            piece = other[top : top + size, left : left + size]
            row, column = rng.integers(0, side - size + 1, 2)
            place = image[row : row + size, column : column + size]
            np.maximum(place, piece, out=place)
    return images


def _file(config):
    """The `Split` of a user's .npz file: uint8, or floats in [0, 1]."""
    train, train_labels, test, test_labels = layouts.read_npz(config.data_path)
    side = config.side or config.height
    parts = {}
    for name, images, labels in (
        ("train", train, train_labels),
        ("test", test, test_labels),
    ):
        images = images[..., None] if images.ndim == 3 else images
        if images.ndim != 4 or max(images.shape[1:3]) > side or not len(images):
            raise UserError(
                f"{config.data_path!r}: x_{name} has shape {images.shape}. Allowed: "
                f"(n, height, width[, channels]) with up to {side} pixels a side."
            )
        if images.dtype == np.uint8:
            images = images / np.float32(255)
        if images.min() < 0 or images.max() > 1 or len(labels) != len(images):
            raise UserError(
                f"{config.data_path!r}: x_{name} must hold uint8 or numbers from 0 to "
                f"1, and y_{name} one label for each image."
            )
        parts[f"{name}_images"] = np.ascontiguousarray(images, np.float32)
        parts[f"{name}_labels"] = np.reshape(labels, -1).astype(np.int64)
    classes = tuple(str(k) for k in range(max(config.classes, 1)))
    split = Split(
        name="file",
        class_names=classes,
        description="Images of a user's file.",
        **parts,
    )
    return split.take(config.num_train)
