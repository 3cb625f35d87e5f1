"""CIFAR-10 from the file that its authors publish; nothing is downloaded.

The other data sets come from `lessons.toolkit.data`.
"""

import tarfile
from pathlib import Path

import numpy as np

from lessons.toolkit import data
from lessons.toolkit.data.split import Split, check_seed
from lessons.toolkit.errors import UserError

FILE = "cifar-10-binary.tar.gz"
CLASSES = (
    *("airplane", "automobile", "bird", "cat", "deer"),
    *("dog", "frog", "horse", "ship", "truck"),
)
_RECORD = 1 + 3 * 32 * 32  # a label, then red, green and blue planes
_TRAIN = [f"data_batch_{number}.bin" for number in range(1, 6)]


def load(config):
    """The data set of a configuration.

    Args:
        config: a `Config`.

    Returns:
        A `lessons.toolkit.data.Split`.

    Raises:
        UserError: the data set is not there, or is smaller than asked for.
    """
    if config.source == "cifar10":
        return load_cifar10(config.data_path, config.seed, config.num_train)
    return data.load_for(config)


def image_shape(source):
    """(height, width, channels) of a data set's images."""
    return (32, 32, 3) if source == "cifar10" else data.find(source).shape


def load_cifar10(path, seed=0, size=None):
    """The 60,000 colour images of CIFAR-10, in the authors' two parts.

    Args:
        path: the binary version of the data set, as published (`FILE`).
        seed: which training images are taken, if not all.
        size: number of training images; None takes all 50,000.

    Returns:
        A `Split` with images of shape (n, 32, 32, 3).

    Raises:
        UserError: there is no such file, or it is not what it should be.
    """
    if path is None or not Path(path).is_file():
        raise UserError(
            f"the data set 'cifar10' needs the file {FILE}, got path={path!r}. Fetch "
            "it from the data set's page (A. Krizhevsky, CIFAR-10, binary version) "
            "and pass data_path=FILE."
        )
    try:
        with tarfile.open(path) as archive:
            train = [_records(archive, name) for name in _TRAIN]
            test = _records(archive, "test_batch.bin")
    except (tarfile.TarError, OSError, KeyError, EOFError) as error:
        raise UserError(
            f"cannot read {str(path)!r} as {FILE}: {type(error).__name__}: {error}."
        ) from None
    train = np.concatenate(train)
    order = np.random.default_rng(check_seed(seed)).permutation(len(train))
    split = Split(
        name="cifar10",
        train_images=_images(train[order]),
        train_labels=train[order, 0].astype(np.int64),
        test_images=_images(test),
        test_labels=test[:, 0].astype(np.int64),
        class_names=CLASSES,
        description="Photographs of 32x32 pixels in colour, of ten kinds of things.",
    )
    return split.take(size)


def _records(archive, name):
    """The rows of one file of the archive: uint8, shape (n, 3073)."""
    content = archive.extractfile(f"cifar-10-batches-bin/{name}").read()
    if not content or len(content) % _RECORD:
        raise OSError(f"{name} has {len(content)} bytes, no multiple of {_RECORD}")
    records = np.frombuffer(content, np.uint8).reshape(-1, _RECORD)
    if records[:, 0].max() >= len(CLASSES):
        raise OSError(f"{name} holds the label {records[:, 0].max()}")
    return records


def _images(records):
    planes = records[:, 1:].reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1)
    return np.ascontiguousarray(planes, dtype=np.float32) / 255.0
