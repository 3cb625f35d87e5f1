"""What a data set gives, and checks of arrays and numbers that users pass."""

import dataclasses

import numpy as np

from lessons.toolkit.errors import UserError


@dataclasses.dataclass(frozen=True, eq=False)
class Split:
    """A data set in two parts.

    Attributes:
        name: the source.
        train_images: float32, C-contiguous, shape (train, height, width, channels),
            in [0, 1]; 0 is background.
        train_labels: int64, shape (train,): indices into `class_names`.
        test_images: as `train_images`, for the test part.
        test_labels: as `train_labels`, for the test part.
        class_names: the name of each class.
        description: what this is, one sentence.
        train_parameters: the true parameters of procedural images, by name, each
            with one entry per image; empty for real data.
        test_parameters: the same for the test part.
    """

    name: str
    train_images: np.ndarray
    train_labels: np.ndarray
    test_images: np.ndarray
    test_labels: np.ndarray
    class_names: tuple[str, ...]
    description: str
    train_parameters: dict[str, np.ndarray] = dataclasses.field(default_factory=dict)
    test_parameters: dict[str, np.ndarray] = dataclasses.field(default_factory=dict)

    def __repr__(self):
        shape = "x".join(map(str, self.train_images.shape[1:]))
        return (
            f"Split({self.name}: {len(self.train_labels)} train + "
            f"{len(self.test_labels)} test images of {shape}, "
            f"{len(self.class_names)} classes)"
        )

    def take(self, count=None):
        """The same with only the first `count` training images; None takes all.

        Raises:
            UserError: there are fewer images than asked for.
        """
        if count is None:
            return self
        count = check_count(count, "number of training images", len(self.train_labels))
        return dataclasses.replace(
            self,
            train_images=self.train_images[:count],
            train_labels=self.train_labels[:count],
            train_parameters={k: v[:count] for k, v in self.train_parameters.items()},
        )

    def everything(self):
        """Images and labels of both parts together, training part first."""
        return (
            np.concatenate([self.train_images, self.test_images]),
            np.concatenate([self.train_labels, self.test_labels]),
        )


def as_images(pixels, scale=1.0):
    """Pixels divided by `scale`, in the form `Split` promises.

    Args:
        pixels: shape (n, height, width), any real dtype.
        scale: the value of the brightest pixel.

    Returns:
        float32, C-contiguous, shape (n, height, width, 1).
    """
    images = np.array(pixels, dtype=np.float32, order="C")
    images /= np.float32(scale)
    return images[..., np.newaxis]


def check_images(array, name="images", *, shape=None, lowest=0.0, highest=1.0):
    """Check images that a user passes.

    Args:
        array: anything NumPy can turn into numbers.
        name: the argument's name, for messages.
        shape: (height, width, channels) that each image must have; None in a place
            (or for all) stands for any size.
        lowest, highest: the range of pixel values, inclusive.

    Returns:
        float32, C-contiguous, shape (n, height, width, channels). It is `array`
        itself where that has this form already.

    Raises:
        UserError: wrong rank or shape, no image, not numbers, not finite, or out of
            range. The message names the argument, what was given and what is allowed.
    """
    try:
        array = np.asarray(array)
    except ValueError:  # lists of different lengths
        raise UserError(f"{name} must be one array, got a ragged list.") from None
    if array.dtype.kind not in "buif":
        raise UserError(f"{name} must hold real numbers, got dtype {array.dtype}.")
    wanted = tuple(shape or (None, None, None))
    _check_shape(array, name, wanted)
    finite = np.isfinite(array)
    if not finite.all():
        first = tuple(map(int, np.argwhere(~finite)[0]))
        raise UserError(
            f"{name} must be finite, got {int(finite.size - finite.sum())} NaN or "
            f"infinite values of {array.size}, the first at index {first}."
        )
    least, most = array.min(), array.max()
    if least < lowest or most > highest:
        raise UserError(
            f"{name} must lie in [{lowest:g}, {highest:g}], "
            f"got values from {least:g} to {most:g}."
        )
    return np.ascontiguousarray(array, dtype=np.float32)


def _check_shape(array, name, wanted):
    fits = array.ndim == 1 + len(wanted) and all(
        want in (None, got) for want, got in zip(wanted, array.shape[1:], strict=True)
    )
    words = zip(wanted, ("height", "width", "channels"), strict=True)
    text = ", ".join(word if want is None else str(want) for want, word in words)
    if not fits:
        raise UserError(f"{name} must have shape (n, {text}), got {array.shape}.")
    if array.size == 0:
        raise UserError(
            f"{name} must hold at least one image of at least one pixel, "
            f"got shape {array.shape}."
        )


def check_count(value, name, most=None):
    """Return `value` as an int between 1 and `most`, or raise `UserError`."""
    is_count = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
    if not is_count or value < 1 or (most is not None and value > most):
        bounds = "of at least 1" if most is None else f"from 1 to {most}"
        raise UserError(f"{name} must be a whole number {bounds}, got {value!r}.")
    return int(value)


def check_seed(seed, none_allowed=False, name="seed"):
    """Return `seed` if it is a whole number from 0, or raise `UserError`."""
    if seed is None and none_allowed:
        return None
    is_whole = isinstance(seed, (int, np.integer)) and not isinstance(seed, bool)
    if not is_whole or seed < 0:
        extra = ", or None for the order of the file" if none_allowed else ""
        raise UserError(
            f"{name} must be a whole number of at least 0{extra}, got {seed!r}."
        )
    return int(seed)
