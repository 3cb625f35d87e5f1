"""Images and texts of files that the user names, for data no package carries."""

import contextlib
from pathlib import Path

import numpy as np

from lessons.toolkit.data.split import Split
from lessons.toolkit.errors import UserError

_HOW_TO = (
    "Allowed: an .npz file with an array `images`, uint8, shape (n, side, side, 3), "
    "and optionally `labels`, integers of shape (n,). For CIFAR-10: "
    "(x, y), _ = keras.datasets.cifar10.load_data(); "
    "numpy.savez('cifar10.npz', images=x, labels=y[:, 0])"
)


@contextlib.contextmanager
def arrays(path, source, how_to):
    """The .npz file that a user named as `data_path`, open while its arrays are read.

    Args:
        path: the file.
        source: the data set that needs it.
        how_to: what the file must hold, sentences for the error's text.

    Raises:
        UserError: no file was named, or an array cannot be read from it.
    """
    if path is None:
        raise UserError(f"source={source!r} needs data_path. {how_to}")
    if not Path(path).is_file():
        raise UserError(f"no file {str(path)!r}. {how_to}")
    try:
        with np.load(path, allow_pickle=False) as file:
            yield file
    except (OSError, ValueError, KeyError) as error:
        raise UserError(f"cannot read {str(path)!r}: {error}. {how_to}") from None


def read_text(path, allowed):
    """The text of a UTF-8 file that a user named.

    Args:
        path: the file.
        allowed: what it must be, for the error's text.

    Raises:
        UserError: it cannot be read, or is no text.
    """
    path = Path(path)
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(
            f"cannot read {path.name!r}: {type(error).__name__}. Allowed: {allowed}"
        ) from None


def images_from_file(path):
    """Images of an .npz file, in [-1, 1]: CIFAR-10, CelebA, ImageNet dogs, birds.

    Args:
        path: the file; see the error's text for what it holds.

    Returns:
        (images, labels): float32 (n, side, side, 3), and integers (n,) or None.

    Raises:
        UserError: no file was named, or it is not such a file.
    """
    with arrays(path, "images", _HOW_TO) as file:
        images = file["images"]
        labels = file["labels"] if "labels" in file.files else None
    if (
        images.dtype != np.uint8
        or images.ndim != 4
        or images.shape[1] != images.shape[2]
        or images.shape[3] != 3
        or (labels is not None and labels.shape != images.shape[:1])
    ):
        given = f"{images.dtype} {images.shape}"
        raise UserError(f"{str(path)!r} holds `images` {given}. {_HOW_TO}")
    return images.astype(np.float32) / 127.5 - 1.0, labels


def split_from_file(path, num_train=None, *, labelled=False):
    """The images of an .npz file in [0, 1] as a `Split`; its last tenth is held out.

    Args:
        path: the file, see `images_from_file`.
        num_train: how many of the training images to keep; None keeps all.
        labelled: whether labels are needed; without them all images are of one class.

    Raises:
        UserError: as `images_from_file`, or the file lacks labels that are needed.
    """
    images, labels = images_from_file(path)
    if labels is None:
        if labelled:
            raise UserError(
                f"{str(path)!r} holds no `labels`, which a classifier needs. "
                "Allowed: an .npz file with arrays `images` and `labels`."
            )
        labels = np.zeros(len(images), np.int64)
    images, labels = (images + 1) / 2, labels.astype(np.int64)
    train = slice(0, len(images) - max(1, len(images) // 10))
    held_out = slice(train.stop, None)
    split = Split(
        name="images",
        train_images=images[train],
        train_labels=labels[train],
        test_images=images[held_out],
        test_labels=labels[held_out],
        class_names=tuple(map(str, range(int(labels.max()) + 1))),
        description="Images of a file that the user named.",
    )
    return split.take(num_train)
