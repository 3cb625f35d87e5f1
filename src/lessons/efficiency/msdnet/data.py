r"""Letters of 16x16 pixels, easy to hard, or images of a file; with validation images.

Each letter has a difficulty $h \sim U(0, 1)$ of its own: it is turned by a normal angle
with deviation $.35 h$ (radians), scaled by $1 +$ a normal number with deviation
$.15 h$, shifted with deviation $1.2 h$ pixels, and noise with deviation $.05 + .3 h^2$
is added. Training, validation and test images are drawn alike.
"""

import dataclasses

import numpy as np

from lessons.toolkit import area
from lessons.toolkit.data import glyphs
from lessons.toolkit.data.files import split_from_file
from lessons.toolkit.data.fonts import FONTS, SIZE
from lessons.toolkit.data.split import Split
from lessons.toolkit.errors import UserError

SIDE = 16
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# Of the pixels: letters, CIFAR-10 (also for other files of colour images).
STATISTICS = {
    "letters": ((0.19,), (0.29,)),
    "images": ((0.4914, 0.4822, 0.4465), (0.2470, 0.2435, 0.2616)),
}
_CHUNK = 500


@dataclasses.dataclass(frozen=True, eq=False)
class Parts:
    """Training and test images, and validation images to set thresholds by.

    Attributes:
        split: a `Split`.
        validation_images, validation_labels: as in the split; never trained on.
    """

    split: Split
    validation_images: np.ndarray
    validation_labels: np.ndarray


def letters(count, seed=0, stream=0, difficulty=None):
    """Letters with their difficulty.

    Args:
        count: images.
        seed: of the random numbers.
        stream: another whole number gives other images under the same seed.
        difficulty: h of each image, shape (count,), in [0, 1]; drawn if not given.

    Returns:
        (images, labels, parameters): float32 (count, 16, 16, 1) in [0, 1], integers
        (count,), and a dictionary of arrays (count,): `difficulty`, `angle` (degrees,
        absolute), `noise` (deviation).
    """
    rng = np.random.default_rng((seed, stream))
    drawn = rng.random(count)
    h = drawn if difficulty is None else np.asarray(difficulty, float)
    labels = rng.permutation(np.arange(count) % len(LETTERS))
    font = rng.integers(len(FONTS), size=count)
    normal = rng.standard_normal((4, count))
    angle = np.degrees(0.35 * h * normal[0])
    shift = 1.2 * SIZE / SIDE * h * normal[2:]
    parameters = {
        "font": font,
        "angle": angle,
        "scale": np.clip(1 + 0.15 * h * normal[1], 0.5, 1.5),
        "shift": shift.T,
    }
    images = np.empty((count, SIDE, SIDE), np.float32)
    for start in range(0, count, _CHUNK):
        rows = slice(start, start + _CHUNK)
        chunk = {name: values[rows] for name, values in parameters.items()}
        drawn = glyphs.render(labels[rows], chunk, "letters")
        images[rows] = area.resize(drawn[..., 0], SIDE)
    noise = 0.05 + 0.3 * h**2
    grain = rng.standard_normal(images.shape, np.float32)
    images += noise[:, None, None].astype(np.float32) * grain
    found = {"difficulty": h, "angle": np.abs(angle), "noise": noise}
    return np.clip(images, 0, 1, out=images)[..., None], labels, found


def load(config):
    """Training, validation and test images of a configuration, in [0, 1].

    Args:
        config: a `Config`. `source="images"` needs `data_path`, an .npz file with
            labels; its last tenth is for tests, `num_validation` before it for
            thresholds.

    Returns:
        `Parts`.

    Raises:
        UserError: the file is not what the configuration says, or has too few images.
    """
    if config.source == "images":
        return _of_file(config)
    train = letters(config.num_train or 4000, config.seed)
    held = letters(config.num_validation, config.seed, stream=1)
    test = letters(config.num_test, config.seed, stream=2)
    split = Split(
        name="letters",
        train_images=train[0],
        train_labels=train[1],
        test_images=test[0],
        test_labels=test[1],
        class_names=tuple(LETTERS),
        description="Capital letters of the DejaVu fonts, each as hard as its own h.",
        train_parameters=train[2],
        test_parameters=test[2],
    )
    return Parts(split, held[0], held[1])


def _of_file(config):
    split = split_from_file(config.data_path, labelled=True)
    side = split.train_images.shape[1]
    if side != config.side or len(split.class_names) > config.num_classes:
        raise UserError(
            f"data_path must hold images of {config.side}x{config.side} with labels "
            f"below {config.num_classes}, got {side}x{side} and labels up to "
            f"{len(split.class_names) - 1}. Allowed: other side=, num_classes=."
        )
    left = len(split.train_images) - config.num_validation
    if left < 1:
        raise UserError(
            f"num_validation must be below {len(split.train_images)}, the images of "
            f"the file that are not for tests, got {config.num_validation}."
        )
    held = split.train_images[left:], split.train_labels[left:]
    names = tuple(map(str, range(config.num_classes)))
    split = dataclasses.replace(split.take(left), class_names=names)
    return Parts(split.take(config.num_train), *held)


def shape_and_classes(config):
    """(side, side, channels) and number of classes of a configuration's data."""
    channels = 1 if config.source == "letters" else 3
    return (config.side, config.side, channels), config.num_classes
