"""Objects of the lesson: even digits to tell apart, and four kinds of flankers."""

import dataclasses
import functools

import numpy as np

from lessons.toolkit import area, data
from lessons.toolkit.data import glyphs

CLASSES = tuple("02468")
BOLD = ("Sans-Bold", "Serif-Bold", "SansMono-Bold")
THIN = ("Sans", "SansMono")
BOLD_LETTERS = "ABCDEFGHIJ"
THIN_LETTERS = "ΓΔΘΛΞΠΣΦΨΩγδθλξπσφψω"
THINNED, LETTER_BOX = -0.6, 20  # pixels off each edge of a stroke; side of a letter


@dataclasses.dataclass(frozen=True, eq=False)
class Objects:
    """What is put onto canvases: float32 in [0, 1], squares of the same size.

    Attributes:
        train_targets, test_targets: even digits, shape (n, size, size).
        train_labels, test_labels: half the digit, shape (n,).
        train_flankers, test_flankers: by kind: "odd" digits, "bold" letters, "thin"
            letters. "bold_dimmed" are bold letters, and "odd_dimmed" digits, made
            darker until they are as bright on the mean as odd digits and as thin
            letters; "thin_brightened" are thin letters made as bright as odd digits,
            with pixels above 1; "shuffled" are odd digits whose pixels lie in random
            order, "flat" ones whose pixels are all their mean; "black" is nothing.
    """

    train_targets: np.ndarray
    train_labels: np.ndarray
    test_targets: np.ndarray
    test_labels: np.ndarray
    train_flankers: dict[str, np.ndarray]
    test_flankers: dict[str, np.ndarray]

    @property
    def size(self):
        """Side of the objects in pixels."""
        return self.test_targets.shape[-1]


def load(config):
    """The objects of a configuration.

    Args:
        config: a `Config`; digits of its source are cut in two before anything is
            placed.

    Returns:
        `Objects`.
    """
    split = data.load_for(config)
    targets, labels, flankers = {}, {}, {}
    letters = _letters(config.size)
    for part, images, digits in (
        ("train", split.train_images, split.train_labels),
        ("test", split.test_images, split.test_labels),
    ):
        sized = resized(images[..., 0], config.size)
        even = digits % 2 == 0
        targets[part], labels[part] = sized[even], digits[even] // 2
        flankers[part] = _kinds(sized[~even], letters)
    return Objects(
        train_targets=targets["train"],
        train_labels=labels["train"],
        test_targets=targets["test"],
        test_labels=labels["test"],
        train_flankers=flankers["train"],
        test_flankers=flankers["test"],
    )


def resized(images, size):
    """Pictures of another size: averaged where smaller, interpolated where larger.

    Args:
        images: shape (n, height, width).
        size: new side.
    """
    if size <= images.shape[-1]:
        return area.resize(images, size)
    from skimage import transform

    shape = (len(images), size, size)
    return transform.resize(images, shape, order=1, mode="edge").astype(np.float32)


def _kinds(odd, letters):
    bold, thin = letters
    rng = np.random.default_rng(0)
    flat = np.zeros_like(odd) + odd.mean(axis=(1, 2), keepdims=True)
    shuffled = rng.permuted(odd.reshape(len(odd), -1), axis=1).reshape(odd.shape)
    return {
        "odd": odd,
        "bold": bold,
        "thin": thin,
        "bold_dimmed": bold * min(1, odd.mean() / bold.mean()),
        "odd_dimmed": odd * min(1, thin.mean() / odd.mean()),
        "thin_brightened": thin * (odd.mean() / thin.mean()),
        "shuffled": shuffled,
        "flat": flat,
        "black": np.zeros_like(odd[:1]),
    }


@functools.cache
def _letters(size):
    """Bold and thin letters of the fonts that matplotlib ships, as high as digits."""
    drawn = []
    for fonts, characters, weight in (
        (BOLD, BOLD_LETTERS, 0.0),
        (THIN, THIN_LETTERS, THINNED),
    ):
        images = [
            glyphs.render(
                np.arange(len(characters)),
                {
                    "font": np.full(len(characters), glyphs.FONTS.index(font)),
                    "weight": np.full(len(characters), weight),
                },
                characters,
            )
            for font in fonts
        ]
        images = np.concatenate(images)[..., 0]
        cut = (images.shape[-1] - LETTER_BOX) // 2
        drawn.append(
            resized(images[:, cut : cut + LETTER_BOX, cut : cut + LETTER_BOX], size)
        )
    return tuple(drawn)


def ink(objects):
    """Mean brightness of flankers by kind, as `ink/KIND`, and of targets."""
    found = {f"ink/{kind}": f.mean() for kind, f in objects.test_flankers.items()}
    found["ink/target"] = objects.test_targets.mean()
    return {name: float(value) for name, value in found.items()}
