r"""Digits and letters of 28x28 pixels, drawn from fonts and bent at random.

Each image is a glyph moved by known parameters. With the offset $u$ of a point from
the glyph's centre (x to the right, y down), the point goes to

$$c + t + s R(\alpha) H(k) u + e,$$

with centre $c$, shift $t$, scale $s$, rotation $R$ by $\alpha$ (counter-clockwise as
seen), shear $H(k) = [[1, -k], [0, 1]]$ (positive leans right, as italics) and a smooth
elastic displacement $e$ of the plane. Images are made in chunks, each from its own
stream of random numbers: a larger request begins with the smaller one, and several
processes may draw parts of one data set.
"""

import dataclasses

import numpy as np

from lessons.toolkit.data import warp
from lessons.toolkit.data.fonts import (
    FONTS,
    SIZE,
    Shapes,
    check_characters,
    check_fonts,
)
from lessons.toolkit.data.split import Split, check_count, check_seed
from lessons.toolkit.errors import UserError, unknown

# In training each family is seen, but slanted Mono and bold Serif never.
TEST_FONTS = (
    "SansMono-Oblique",
    "SansMono-BoldOblique",
    "Serif-Bold",
    "Serif-BoldItalic",
)
TRAIN_FONTS = tuple(font for font in FONTS if font not in TEST_FONTS)

_CHUNK = 256  # about how many images are drawn at a time: their arrays fit the cache
_REACH = 12.9  # how far from the centre ink may go; the frame is 14 pixels away


@dataclasses.dataclass(frozen=True, kw_only=True)
class Strengths:
    """How far the parameters vary; 0 switches one off.

    Attributes:
        angle: degrees; uniform in [-angle, angle].
        shear: uniform in [-shear, shear].
        scale: natural logarithm of the scale; uniform in [-scale, scale].
        shift: pixels along each axis; uniform in [-shift, shift], less where the
            glyph would leave the frame.
        weight: pixels by which each edge of a stroke moves outwards; uniform in
            [-weight, weight].
        elastic: root mean square displacement in pixels along each axis.
    """

    angle: float = 15.0
    shear: float = 0.2
    scale: float = 0.15
    shift: float = 2.0
    weight: float = 0.3
    elastic: float = 0.8

    def __post_init__(self):
        for name, most in _MOST.items():
            value = getattr(self, name)
            number = isinstance(value, (int, float)) and not isinstance(value, bool)
            if not (number and 0 <= value <= most):  # NaN fails too
                raise UserError(
                    f"Strengths.{name} must be from 0 to {most:g}, got {value!r}."
                )


_MOST = {
    "angle": 180,
    "shear": 1,
    "scale": 1,
    "shift": 10,
    "weight": 0.6,
    "elastic": 2,
}
NO_CHANGE = Strengths(angle=0, shear=0, scale=0, shift=0, weight=0, elastic=0)


def load(
    name="glyphs",
    *,
    seed=0,
    size=None,
    test_size=2_000,
    characters="digits",
    fonts=TRAIN_FONTS,
    test_fonts=TEST_FONTS,
    strengths=None,
    test_strengths=None,
):
    """Glyphs in two parts that share neither a font nor a transformation.

    Args:
        name: name of the split.
        seed: seed of both parts, which use different streams of random numbers.
        size: number of training images; 10,000 by default.
        test_size: number of test images.
        characters: "digits", "letters" (capitals), "digits+letters", or a string
            with one character per class.
        fonts: fonts of the training part, from `FONTS`.
        test_fonts: fonts of the test part, none of them in `fonts`.
        strengths: `Strengths` of the training part.
        test_strengths: `Strengths` of the test part; by default the same.

    Returns:
        A `Split` with images of shape (n, 28, 28, 1) and the parameters of
        `generate`. The classes are as balanced as the sizes allow.

    Raises:
        UserError: an argument that cannot be.
    """
    characters = check_characters(characters)
    shared = sorted(set(check_fonts(fonts)) & set(check_fonts(test_fonts, "test_font")))
    if shared:
        raise UserError(
            f"fonts and test_fonts must not overlap, both hold {', '.join(shared)}."
        )
    strengths = Strengths() if strengths is None else strengths
    test_strengths = strengths if test_strengths is None else test_strengths
    options = {"seed": seed, "characters": characters}
    size = check_count(10_000 if size is None else size, "size")
    test_size = check_count(test_size, "test_size")
    train = generate(size, fonts=fonts, strengths=strengths, **options)
    test = generate(
        test_size, fonts=test_fonts, strengths=test_strengths, stream=1, **options
    )
    return Split(
        name=name,
        train_images=train[0],
        train_labels=train[1],
        test_images=test[0],
        test_labels=test[1],
        class_names=tuple(characters),
        description="Characters of the DejaVu fonts, rotated, sheared, scaled, "
        "shifted, made bolder and bent at random; the test fonts are other fonts.",
        train_parameters=train[2],
        test_parameters=test[2],
    )


def generate(
    count,
    *,
    seed=0,
    stream=0,
    start=0,
    characters="digits",
    fonts=TRAIN_FONTS,
    strengths=None,
):
    """Draw any number of glyphs.

    Args:
        count: how many.
        seed: seed of the random numbers.
        stream: another whole number gives other images under the same seed.
        start: how many images to leave out first: `generate(5, start=10)` gives the
            last five of `generate(15)`.
        characters, fonts, strengths: as for `load`.

    Returns:
        (images, labels, parameters): float32 images of shape (count, 28, 28, 1) in
        [0, 1]; int64 indices into the characters, shape (count,); and a dict of
        arrays with one row per image: `font` (index into `FONTS`), `angle`
        (degrees), `shear`, `scale` (a factor), `shift` (pixels right, down),
        `weight` (pixels), `elastic` (control points of the displacement in pixels,
        shape (count, 2, 5, 5): right, down).
    """
    characters, fonts = check_characters(characters), check_fonts(fonts)
    count, seed = check_count(count, "count"), check_seed(seed)
    check_seed(stream, name="stream")
    check_seed(start, name="start")
    strengths = Strengths() if strengths is None else strengths
    if not isinstance(strengths, Strengths):
        raise UserError(f"strengths must be a Strengths(...), got {strengths!r}.")
    shapes = Shapes(characters)
    for font in fonts:
        shapes.add(font)
    chunk_size = len(characters) * max(1, _CHUNK // len(characters))
    images = np.empty((count, SIZE, SIZE, 1), np.float32)
    parts = []
    done = 0
    while done < count:
        chunk, skip = divmod(start + done, chunk_size)
        rng = np.random.default_rng(np.random.SeedSequence((seed, stream, chunk)))
        part = _sample(rng, chunk_size, shapes, fonts, strengths)
        part = {key: value[skip : skip + count - done] for key, value in part.items()}
        stop = done + len(part["label"])
        images[done:stop, ..., 0] = warp.render(shapes, part)
        parts.append(part)
        done = stop
    parameters = {key: np.concatenate([p[key] for p in parts]) for key in parts[0]}
    return images, parameters.pop("label"), parameters


def render(labels, parameters, characters="digits"):
    """Draw glyphs with parameters of your choice.

    Args:
        labels: indices into the characters, shape (n,).
        parameters: any of the arrays that `generate` gives; what is left out stays
            as the font has it (`font` is then the first of `FONTS`).
        characters: as for `load`.

    Returns:
        float32 images of shape (n, 28, 28, 1). Nothing keeps them within the frame.
    """
    labels = np.atleast_1d(np.asarray(labels))
    shapes = Shapes(check_characters(characters))
    _check_indices(labels, "labels", len(shapes.characters))
    full = _unchanged(labels) | {"label": labels}
    for key, value in parameters.items():
        if key not in _unchanged(labels):
            raise unknown("parameter", key, _unchanged(labels))
        value = np.asarray(value, None if key == "font" else np.float32)
        if value.shape != full[key].shape:
            raise UserError(
                f"parameter {key!r} must have shape {full[key].shape} for "
                f"{len(labels)} labels, got {value.shape}."
            )
        full[key] = value
    _check_indices(full["font"], "font", len(FONTS))
    for font in np.unique(full["font"]):
        shapes.add(FONTS[font])
    return warp.render(shapes, full)[..., np.newaxis]


def _check_indices(array, name, size):
    """Raise `UserError` unless these are indices into something of that size."""
    whole = array.ndim == 1 and array.size and array.dtype.kind in "iu"
    if not whole or array.min() < 0 or array.max() >= size:
        raise UserError(
            f"{name} must be whole numbers from 0 to {size - 1}, one per image, "
            f"got {array.tolist()!r:.60}."
        )


def _unchanged(labels):
    """Parameters that leave every glyph as the first font has it."""
    n = len(labels)
    zeros = np.zeros(n, np.float32)
    return {
        "font": np.zeros(n, np.int64),
        "angle": zeros,
        "shear": zeros,
        "scale": np.ones(n, np.float32),
        "shift": np.zeros((n, 2), np.float32),
        "weight": zeros,
        "elastic": np.zeros((n, 2, warp.CONTROL, warp.CONTROL), np.float32),
    }


def _sample(rng, count, shapes, fonts, strengths):
    """Parameters of one chunk, and `label`, such that nothing leaves the frame."""
    classes = np.arange(len(shapes.characters))
    labels = rng.permuted(np.tile(classes, (count // len(classes), 1)), axis=1).ravel()
    numbers = np.array([FONTS.index(font) for font in fonts])
    font = numbers[rng.integers(len(fonts), size=count)]
    uniform = rng.uniform(-1, 1, (6, count)).astype(np.float32)
    control = rng.standard_normal((count, 2, warp.CONTROL, warp.CONTROL), np.float32)
    parameters = {
        "label": labels,
        "font": font,
        "angle": float(strengths.angle) * uniform[0],
        "shear": float(strengths.shear) * uniform[1],
        "scale": np.exp(float(strengths.scale) * uniform[2]),
        "weight": float(strengths.weight) * uniform[3],
        "elastic": float(strengths.elastic) * control,
    }
    # Half the width and height of the moved glyph's box, but for the scale.
    unscaled = warp.matrix(parameters["angle"], parameters["shear"])
    half = shapes.half_sizes[shapes.rows(labels, font)]
    half = np.einsum("nij,nj->ni", np.abs(unscaled), half)
    bend = np.abs(warp.displacement(parameters["elastic"])).max(axis=(2, 3))
    room = _REACH - bend - np.maximum(parameters["weight"], 0)[:, np.newaxis]
    room = np.maximum(room, 1)  # only the wildest bend takes all of it
    parameters["scale"] = np.minimum(parameters["scale"], (room / half).min(axis=1))
    room = room - parameters["scale"][:, np.newaxis] * half
    parameters["shift"] = np.clip(room, 0, float(strengths.shift)) * uniform[4:].T
    return parameters
