"""MNIST and Fashion-MNIST from a file: the same signature as the offline sources.

A file is looked for where the user says (`path`), then in the data folder, then where
`keras.datasets` keeps its own. Two layouts are read: the .npz of `keras.datasets`, and
the four IDX files of the original. Nothing is downloaded unless asked for.
"""

import dataclasses
from pathlib import Path

import numpy as np

from lessons.toolkit.data import cache, layouts
from lessons.toolkit.data.split import Split, as_images, check_count, check_seed
from lessons.toolkit.errors import UserError

NUM_TRAIN, NUM_TEST, SIDE, NUM_CLASSES = 60_000, 10_000, 28, 10


@dataclasses.dataclass(frozen=True)
class Files:
    """What is known of a data set's files.

    Attributes:
        title: its name in prose.
        class_names: the name of each class.
        base: address of the folder `keras.datasets` downloads from.
        npz: SHA-256 by name of the one-file layout; empty if there is none.
        idx: MD5 by name of the four IDX files, in the order of `layouts.IDX`.
        keras_folder: its folder within Keras's own cache.
    """

    title: str
    class_names: tuple[str, ...]
    base: str
    npz: dict[str, str]
    idx: dict[str, str]
    keras_folder: str

    @property
    def download(self):
        """Checksum by name of what is downloaded."""
        return self.npz or self.idx


_BASE = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"
FILES = {
    "mnist": Files(
        title="MNIST",
        class_names=tuple("0123456789"),
        base=_BASE,
        npz={
            "mnist.npz": "731c5ac602752760c8e48fbffcf8c3b8"
            "50d9dc2a2aedcf2cc48468fc17b673d1"
        },
        idx={
            "train-images-idx3-ubyte.gz": "f68b3c2dcbeaaa9fbdd348bbdeb94873",
            "train-labels-idx1-ubyte.gz": "d53e105ee54ea40749a09fcbcd1e9432",
            "t10k-images-idx3-ubyte.gz": "9fb629c4189551a2d022fa330f9573f3",
            "t10k-labels-idx1-ubyte.gz": "ec29112dd5afa0611ce80d1b7f02629c",
        },
        keras_folder=".",
    ),
    "fashion_mnist": Files(
        title="Fashion-MNIST",
        class_names=(
            "T-shirt/top",
            "trouser",
            "pullover",
            "dress",
            "coat",
            "sandal",
            "shirt",
            "sneaker",
            "bag",
            "ankle boot",
        ),
        base=_BASE,
        npz={},
        idx={
            "train-images-idx3-ubyte.gz": "8d4fb7e6c68d591d4c3dfef9ec88bf0d",
            "train-labels-idx1-ubyte.gz": "25c81989df183df01b3e8a0aad5dffbe",
            "t10k-images-idx3-ubyte.gz": "bef4ecab320f06d8554ea6380940ec79",
            "t10k-labels-idx1-ubyte.gz": "bb300cfdad3c16e7a12a480ee83cd310",
        },
        keras_folder="fashion-mnist",
    ),
}


def load(
    name,
    *,
    seed=0,
    size=None,
    path=None,
    test_size=None,
    download=False,
    verify=True,
):
    """Read the data set from its file.

    Args:
        name: "mnist" or "fashion_mnist".
        seed: which training and test images are taken when not all are, and in
            which order; None takes the first ones of the file.
        size: number of training images; all 60,000 by default.
        path: the .npz file, or a folder with it or with the four IDX files.
        test_size: number of test images; all 10,000 by default.
        download: whether to download the file if it is not on this machine.
        verify: whether the file must have the published checksum. Without, any file
            of the right layout, shapes and labels is read.

    Returns:
        A `Split` with images of shape (n, 28, 28, 1).

    Raises:
        UserError: no file, or one that is damaged or something else.
    """
    seed = check_seed(seed, none_allowed=True)
    size = check_count(NUM_TRAIN if size is None else size, "size", NUM_TRAIN)
    test_size = NUM_TEST if test_size is None else test_size
    test_size = check_count(test_size, "test_size", NUM_TEST)
    place = locate(name, path)
    if place is None and path is None and download:
        place = fetch(name)
    if place is None:
        raise _absent(name, path)
    arrays = _read(name, place, verify)
    rng = None if seed is None else np.random.default_rng(seed)
    parts = []
    for part, count in ((arrays[:2], size), (arrays[2:], test_size)):
        total = len(part[1])
        chosen = np.arange(count) if rng is None else rng.permutation(total)[:count]
        parts += [as_images(part[0][chosen], 255), part[1][chosen].astype(np.int64)]
    files = FILES[name]
    return Split(
        name,
        *parts,
        class_names=files.class_names,
        description=f"{files.title}: {NUM_TRAIN} training and {NUM_TEST} test images "
        f"of {SIDE}x{SIDE} pixels, of which {size} and {test_size} are here.",
    )


def locate(name, path=None):
    """The file or folder to read, as a `Path`, or None if there is none.

    Args:
        name: "mnist" or "fashion_mnist".
        path: where the user says it is; None for the usual places.
    """
    files = FILES[name]
    places = [Path(path).expanduser()] if path is not None else _usual_places(name)
    for place in places:
        if place.is_file():
            return place
        for layout in (files.npz, files.idx):
            if layout and all((place / file).is_file() for file in layout):
                return place / next(iter(layout)) if layout is files.npz else place
    return None


def fetch(name):
    """Download the data set into the data folder; returns its `Path`.

    Raises:
        UserError: it could not be downloaded; the folder is as it was.
    """
    files = FILES[name]
    cache.download(cache.folder() / name, files.base, files.download)
    return locate(name, cache.folder() / name)


def _usual_places(name):
    return [cache.folder() / name, cache.keras_folder() / FILES[name].keras_folder]


def _absent(name, path):
    files = FILES[name]
    names = " or ".join(
        ", ".join(layout) for layout in (files.npz, files.idx) if layout
    )
    if path is not None:
        return UserError(
            f"no {files.title} at path={str(path)!r}. Allowed: a folder that holds "
            f"{names}{', or the .npz file itself' if files.npz else ''}."
        )
    return UserError(
        f"{files.title} is not on this machine. Either download it with "
        f"`lessons data fetch {name}` (in Python: load({name!r}, download=True)), "
        f"or put {names} into {str(cache.folder() / name)!r}, or say where the files "
        "are with path=. Without any file: digits, glyphs."
    )


def _read(name, place, verify):
    """The four checked arrays: training images and labels, test images and labels."""
    files = FILES[name]
    if place.is_file():
        if not files.npz:
            raise UserError(f"{str(place)!r} must be a folder with {_list(files.idx)}.")
        digests = {place: next(iter(files.npz.values()))}
    else:
        digests = {place / file: digest for file, digest in files.idx.items()}
    for file, digest in digests.items():
        if verify and not _matches(file, digest):
            raise UserError(
                f"{str(file)!r} is not the published {files.title} file: its "
                f"{cache.algorithm_of(digest).upper()} is not {digest}. Remove it and "
                "download it again, or pass verify=False to read it all the same."
            )
    arrays = layouts.read_npz(place) if place.is_file() else layouts.read_idx(digests)
    for (images, labels), count in ((arrays[:2], NUM_TRAIN), (arrays[2:], NUM_TEST)):
        layouts.check_array(place, images, (count, SIDE, SIDE), 255)
        layouts.check_array(place, labels, (count,), NUM_CLASSES - 1)
    return arrays


def _list(names):
    return ", ".join(names)


def _matches(file, digest):
    try:
        return cache.matches(file, digest)
    except OSError as error:
        raise UserError(f"cannot read {str(file)!r}: {error.strerror}.") from None
