"""Data sets by name: `load("digits")`, `load("glyphs")`, `load("mnist")`.

Every source has the same signature and gives the same thing, a `Split`: float32
images of shape (n, height, width, channels) in [0, 1] and integer labels. `digits`,
`glyphs` and `photos` need no network; `mnist` and `fashion_mnist` read a file that the
user names or downloads once.
"""

import dataclasses
import importlib
import inspect

from lessons.toolkit.data.split import Split, check_images
from lessons.toolkit.errors import UserError, unknown

__all__ = ["Source", "Split", "catalog", "check_images", "find", "load", "load_for"]


@dataclasses.dataclass(frozen=True)
class Source:
    """One row of the catalog of data sets.

    Attributes:
        name: the name given to `load`.
        title: what it is, a few words.
        shape: (height, width, channels) of one image.
        classes: number of classes, by default.
        train, test: number of images in each part, by default.
        kind: "real" or "procedural".
        offline: whether it needs no file and no network.
        module: the module with its `load`.
    """

    name: str
    title: str
    shape: tuple[int, int, int]
    classes: int
    train: int
    test: int
    kind: str
    offline: bool
    module: str

    def options(self):
        """Name and default of each option that `load` takes for this source."""
        parameters = inspect.signature(_loader(self)).parameters.values()
        return {p.name: p.default for p in parameters if p.name not in _COMMON}

    def where(self):
        """Where its file is: "with the package", a path, or "" (not here)."""
        if self.offline:
            return "with the package"
        from lessons.toolkit.data import mnist

        return str(mnist.locate(self.name) or "")


_COMMON = ("name", "seed", "size", "path")
_SOURCES = (
    Source(
        "digits",
        "handwritten digits of 8x8 pixels (scikit-learn)",
        (8, 8, 1),
        10,
        1500,
        297,
        "real",
        True,
        "digits",
    ),
    Source(
        "glyphs",
        "digits and letters of the DejaVu fonts, bent and shifted at random",
        (28, 28, 1),
        10,
        10_000,
        2_000,
        "procedural",
        True,
        "glyphs",
    ),
    Source(
        "photos",
        "grey patches of two photographs (scikit-learn)",
        (16, 16, 1),
        2,
        10_000,
        2_000,
        "real",
        True,
        "photos",
    ),
    Source(
        "mnist",
        "MNIST handwritten digits",
        (28, 28, 1),
        10,
        60_000,
        10_000,
        "real",
        False,
        "mnist",
    ),
    Source(
        "fashion_mnist",
        "Fashion-MNIST articles of clothing",
        (28, 28, 1),
        10,
        60_000,
        10_000,
        "real",
        False,
        "mnist",
    ),
)


def catalog():
    """All sources, as a tuple of `Source`."""
    return _SOURCES


def find(name):
    """The `Source` called `name`.

    Raises:
        UserError: there is none.
    """
    for source in _SOURCES:
        if source.name == name:
            return source
    raise unknown("data set", name, [source.name for source in _SOURCES])


def load(source, *, seed=0, size=None, path=None, **options):
    """Load or generate a data set.

    Args:
        source: its name, see `catalog`.
        seed: which images fall into which part (`digits`), which are taken
            (`mnist`, `photos`) or how they are drawn (`glyphs`). The same seed gives
            the same numbers. None keeps the order of the file, where there is a file.
        size: number of training images, or None for the default of the source.
        path: a file or folder that holds the data, for sources that need one.
        **options: what the source adds, see `Source.options`; all have `test_size`,
            the number of test images.

    Returns:
        A `Split`.

    Raises:
        UserError: no such source or option, a value out of range, or a file that is
            absent or not what it should be.
    """
    found = find(source)
    for option in options:
        if option not in found.options():
            raise unknown(f"option of the data set {source!r}", option, found.options())
    if path is not None:
        if found.offline:
            raise UserError(
                f"the data set {source!r} reads no file, got path={str(path)!r}. "
                "Allowed: path=None."
            )
        options["path"] = path
    return _loader(found)(found.name, seed=seed, size=size, **options)


def load_for(config):
    """The images that a configuration names.

    Args:
        config: a `lessons.toolkit.config.ImageConfig`; gives `source`, `num_train`,
            `data_path` and `seed`.

    Returns:
        A `Split`.

    Raises:
        UserError: as for `load`.
    """
    return load(
        config.source, seed=config.seed, size=config.num_train, path=config.data_path
    )


def _loader(source):
    return importlib.import_module(f"{__name__}.{source.module}").load
