"""Single digits, overlapping pairs and affine test sets, from any source of digits.

A *scene* is the pictures of the digits that lie over each other, each on the whole
canvas: shape (digits, height, width, 1). The digits of a pair never share a class, and
both come from the same part, so that no test digit is seen in training.
"""

import dataclasses

import numpy as np
from scipy import ndimage

from lessons.toolkit.data import load_for
from lessons.toolkit.errors import UserError
from lessons.vision.capsules import affnist

ROTATION, SHEAR, SCALE = 20.0, 0.2, (0.8, 1.2)  # of the affine test set; degrees


@dataclasses.dataclass(frozen=True, eq=False)
class Task:
    """What one network is trained and judged on.

    Attributes:
        name: of the task, one of `config.TASKS`.
        scenes: float32 in [0, 1], shape (n, digits, height, width, 1), unshifted.
        labels: int64, shape (n, digits).
        max_shift: how far a digit may move at training, in pixels.
        tests: (scenes, labels) by name; "test" is the main one.
    """

    name: str
    scenes: np.ndarray
    labels: np.ndarray
    max_shift: int
    tests: dict[str, tuple[np.ndarray, np.ndarray]]

    @property
    def image_shape(self):
        """(height, width, 1)."""
        return self.scenes.shape[2:]


def paste(images, canvas):
    """Put images into the middle of a black canvas.

    Args:
        images: shape (n, height, width, 1).
        canvas: height and width of the result.

    Raises:
        UserError: the images are larger than the canvas.
    """
    height, width = images.shape[1:3]
    if max(height, width) > canvas:
        raise UserError(
            f"canvas={canvas} cannot hold images of {height}x{width}. Allowed: at "
            f"least {max(height, width)}."
        )
    top, left = (canvas - height) // 2, (canvas - width) // 2
    result = np.zeros((len(images), canvas, canvas, 1), np.float32)
    result[:, top : top + height, left : left + width] = images
    return result


def shift(images, offsets):
    """Move images by whole pixels; what leaves the canvas is lost.

    Args:
        images: shape (n, height, width, 1).
        offsets: (down, right) of each, whole numbers of shape (n, 2).

    Returns:
        Shape of `images`.
    """
    height, width = images.shape[1:3]
    most = int(np.max(np.abs(offsets), initial=0))
    margin = ((0, 0), (most, most), (most, most), (0, 0))
    padded = np.pad(images, margin)
    result = np.empty_like(images)
    for index, (down, right) in enumerate(offsets):
        rows, columns = most - down, most - right
        result[index] = padded[index, rows : rows + height, columns : columns + width]
    return result


def affine(images, rng, rotation=ROTATION, shear=SHEAR, scale=SCALE):
    """Rotate, shear and scale each image at random about the middle.

    Args:
        images: shape (n, height, width, 1).
        rng: a NumPy generator.
        rotation: degrees at most, either way.
        shear: at most, either way.
        scale: least and greatest factor.

    Returns:
        Shape of `images`; bilinear, black where nothing was.
    """
    count, height, width, _ = images.shape
    angles = np.deg2rad(rng.uniform(-rotation, rotation, count))
    shears = rng.uniform(-shear, shear, count)
    scales = rng.uniform(*scale, count)
    centre = (np.array([height, width]) - 1) / 2
    result = np.empty_like(images)
    for index, (a, k, s) in enumerate(zip(angles, shears, scales, strict=True)):
        turn = np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]])
        # `affine_transform` asks where a pixel comes from: the inverse of the map
        back = np.linalg.inv(s * turn @ np.array([[1, k], [0, 1]]))
        result[index, ..., 0] = ndimage.affine_transform(
            images[index, ..., 0], back, centre - back @ centre, order=1
        )
    return np.clip(result, 0.0, 1.0)


def pairs(images, labels, count, rng):
    """Draw pairs of digits of different classes.

    Args:
        images: shape (n, height, width, 1).
        labels: shape (n,).
        count: how many pairs.
        rng: a NumPy generator.

    Returns:
        (scenes, labels), shapes (count, 2, height, width, 1) and (count, 2).

    Raises:
        UserError: the images are all of one class.
    """
    if len(np.unique(labels)) < 2:
        raise UserError("pairs need digits of at least two classes, got one.")
    first = rng.integers(len(images), size=count)
    second = rng.integers(len(images), size=count)
    while (same := labels[first] == labels[second]).any():
        second[same] = rng.integers(len(images), size=same.sum())
    chosen = np.stack([first, second], axis=1)
    return images[chosen], labels[chosen]


def shifted(scenes, most, rng):
    """Every digit of every scene moved by up to `most` pixels on each axis."""
    flat = scenes.reshape(-1, *scenes.shape[2:])
    offsets = rng.integers(-most, most + 1, size=(len(flat), 2))
    return shift(flat, offsets).reshape(scenes.shape)


def images_of(scenes):
    """The images of scenes: their digits' sum, clipped at 1."""
    return np.minimum(scenes.sum(axis=1), 1.0)


def load(config):
    """The tasks of a configuration: a dictionary of `Task` by name.

    Raises:
        UserError: a data set is not there, or something does not fit.
    """
    if "affnist" in config.tasks and config.affnist_path is None:
        raise affnist.absent()
    split = load_for(config)
    train = paste(split.train_images, config.canvas), split.train_labels
    test = paste(split.test_images, config.canvas), split.test_labels
    return {task: _make_task(config, task, train, test) for task in config.tasks}


def _make_task(config, name, train, test):
    rng = np.random.default_rng((config.seed, len(name)))
    if name == "pairs":
        held, held_labels = pairs(*test, config.num_test_pairs, rng)
        held = shifted(held, config.pair_shift, rng)
        scenes, labels = pairs(*train, config.num_pairs, rng)
        tests = {"test": (held, held_labels)}
        return Task(name, scenes, labels, config.pair_shift, tests)
    images, labels = train
    scenes = np.repeat(images[:, None], config.single_repeats, axis=0)
    labels = np.repeat(labels[:, None], config.single_repeats, axis=0)
    held, held_labels = test[0][:, None], test[1][:, None]
    if name == "affnist":
        moved, kinds = affnist.load(config.affnist_path, canvas=config.canvas)
        tests = {"test": (shifted(held, config.shift, rng), held_labels)}
        tests["affine"] = (moved[:, None], kinds[:, None])
    else:
        tests = {"test": (held, held_labels)}
        tests["affine"] = (affine(test[0], rng)[:, None], held_labels)
    return Task(name, scenes, labels, config.shift, tests)


def noise(config, count):
    """The first task of a configuration with random pixels, and nothing to judge on.

    Args:
        config: a `Config`.
        count: number of scenes.
    """
    name, rng = config.tasks[0], np.random.default_rng(0)
    digits, most = (2, config.pair_shift) if name == "pairs" else (1, config.shift)
    shape = (count, digits, config.canvas, config.canvas, 1)
    labels = np.stack([rng.permutation(10)[:digits] for _ in range(count)])
    return Task(name, rng.random(shape, dtype=np.float32), labels, most, {})
