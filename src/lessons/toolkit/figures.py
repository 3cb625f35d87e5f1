"""How figures look, and what every figure carries: alt text and a caption.

Colours are those of Okabe and Ito (2008), which colour-blind readers can tell apart
and which stay readable on a white page.
"""

import base64
import dataclasses
import io

import matplotlib
import matplotlib.figure
import numpy as np
from matplotlib import cycler, patches

from lessons.toolkit.display import display
from lessons.toolkit.errors import UserError

BLUE, ORANGE, GREEN = "#0072B2", "#D55E00", "#009E73"
PINK, SKY, AMBER, BLACK = "#CC79A7", "#56B4E9", "#E69F00", "#000000"
PALETTE = (BLUE, ORANGE, GREEN, PINK, SKY, AMBER, BLACK)
GREY = "0.45"  # for what is not compared by colour
COLORS = {  # the words that a `Variant` says
    "blue": BLUE,
    "orange": ORANGE,
    "green": GREEN,
    "pink": PINK,
    "sky": SKY,
    "amber": AMBER,
    "black": BLACK,
    "grey": GREY,
}

_SHOWN_DPI = 96  # size on a page; the picture itself has more pixels
_STYLE = {
    "figure.figsize": (7.0, 3.6),
    "figure.dpi": 110,
    "figure.constrained_layout.use": True,
    "savefig.dpi": 150,
    "font.size": 10,
    "axes.titlesize": 11,
    "axes.labelsize": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.alpha": 0.25,
    "lines.linewidth": 1.8,
    "legend.frameon": False,
    "image.cmap": "gray_r",
    "image.interpolation": "nearest",
    "axes.prop_cycle": cycler(color=PALETTE),
}


def style():
    """A context manager that draws in the house style and leaves no trace."""
    return matplotlib.rc_context(_STYLE)


def require_sentences(**texts):
    """Check that what a figure says in words is said in sentences.

    Args:
        **texts: `alt` and `caption`.

    Raises:
        UserError: one has fewer than four words.
    """
    for name, text in texts.items():
        if len(text.split()) < 4:
            raise UserError(f"a figure's {name} must be a sentence, got {text!r}.")


@dataclasses.dataclass(frozen=True)
class Figure:
    """A matplotlib figure with what a reader who cannot see it needs.

    Attributes:
        figure: the `matplotlib.figure.Figure`.
        alt: what the picture shows, for screen readers (a sentence or two).
        caption: what to look for.
    """

    figure: matplotlib.figure.Figure
    alt: str
    caption: str

    def __post_init__(self):
        require_sentences(alt=self.alt, caption=self.caption)

    def save(self, path):
        """Write a PNG, whose metadata holds the alt text, to a path or a stream."""
        metadata = {"Description": self.alt, "Title": self.caption, "Software": None}
        with style():
            self.figure.savefig(path, format="png", metadata=metadata)

    def savefig(self, *args, **kwargs):
        """As `matplotlib.figure.Figure.savefig`: any format, without the alt text."""
        with style():
            self.figure.savefig(*args, **kwargs)


def tile(images, num_columns, pad=1, fill=0.0):
    """Put equal images into one array, row by row.

    Args:
        images: array of shape (n, height, width) or (n, height, width, 1).
        num_columns: images per row; the last row is filled up.
        pad: pixels between images.
        fill: value of the pixels between images.

    Returns:
        Array of shape (rows * (height + pad) - pad, columns * (width + pad) - pad).
    """
    images = np.asarray(images)
    if images.ndim == 4 and images.shape[-1] == 1:
        images = images[..., 0]
    if images.ndim != 3 or not len(images) or num_columns < 1:
        raise UserError(
            "tile needs images of shape (n, height, width[, 1]) and at least one "
            f"column, got shape {images.shape} and num_columns={num_columns}."
        )
    count, height, width = images.shape
    num_rows = -(-count // num_columns)
    cells = np.full((num_rows * num_columns, height + pad, width + pad), fill)
    cells[:count, :height, :width] = images
    grid = cells.reshape(num_rows, num_columns, height + pad, width + pad)
    grid = grid.transpose(0, 2, 1, 3).reshape(num_rows * (height + pad), -1)
    return grid[: grid.shape[0] - pad, : grid.shape[1] - pad]


def show_tiles(axis, images, num_columns, *, title="", low=0.0, high=1.0, fill=0.35):
    """Draw a grid of grey images on an axis, without ticks.

    Args:
        axis: a matplotlib axis.
        images: array of shape (n, height, width[, 1]).
        num_columns: images per row.
        title: text above the grid.
        low, high: values shown as white and black.
        fill: grey level of the lines between images.
    """
    grid = tile(images, num_columns, fill=low + fill * (high - low))
    axis.imshow(grid, vmin=low, vmax=high, cmap="gray_r", interpolation="nearest")
    axis.set_title(title)
    axis.set_axis_off()


def new(num_rows=1, num_columns=1, *, size=None, **options):
    """A styled figure that pyplot does not hold on to: `(figure, axes)`.

    Args:
        num_rows, num_columns: the grid of axes.
        size: (width, height) in inches.
        **options: for `Figure.subplots`.
    """
    with style():
        figure = matplotlib.figure.Figure(figsize=size, layout="constrained")
        axes = figure.subplots(num_rows, num_columns, **options)
    return figure, axes


def look(variant, **changes):
    """How a variant is drawn, as arguments of `axis.plot`.

    Args:
        variant: a `lessons.toolkit.variants.Variant`.
        **changes: arguments to add or to replace, such as `label=None`.
    """
    options = {
        "color": COLORS[variant.color],
        "linestyle": variant.line,
        "marker": variant.marker,
        "label": variant.label,
    }
    return options | changes


def curves(axis, history, column, variants, *, every=1, **changes):
    """Draw a column of a history for each variant that has it, against the epoch.

    Args:
        axis: a matplotlib axis.
        history: numbers by epoch, by VARIANT/COLUMN.
        column: such as "loss".
        variants: `Variant`s by name, in the order of the legend.
        every: what lies between two numbers, such as the updates of an epoch.
        **changes: for `look`, the same for all.

    Returns:
        The names of the variants that were drawn.
    """
    drawn = [name for name in variants if f"{name}/{column}" in history]
    for name in drawn:
        values = history[f"{name}/{column}"]
        places = every * np.arange(1, len(values) + 1)
        axis.plot(places, values, **look(variants[name], **changes))
    return drawn


def bars(axis, values, variants, *, width=0.7, shift=0.0, digits=None):
    """Draw a bar at the mean over seeds for each variant, and a line over their range.

    Args:
        axis: a matplotlib axis; its ticks are named after the variants.
        values: numbers over seeds, shape (seeds,), by the variant's name.
        variants: `Variant`s by name.
        width: of a bar, where 1 is the distance of two variants.
        shift: of all bars to the right, for several bars at one place.
        digits: digits after the point of the mean, written above; None for nothing.
    """
    for place, (name, numbers) in enumerate(values.items()):
        numbers = np.atleast_1d(numbers)
        mean, low, high = numbers.mean(), numbers.min(), numbers.max()
        color = COLORS[variants[name].color]
        axis.bar(place + shift, mean, width, color=color)
        axis.vlines(place + shift, low, high, color=BLACK, linewidth=1.2)
        if digits is not None:
            axis.annotate(
                f"{mean:.{digits}f}",
                (place + shift, max(high, mean, 0)),
                (0, 3),
                textcoords="offset points",
                ha="center",
                fontsize=8,
            )
    axis.set_xticks(range(len(values)), [variants[name].label for name in values])


def mean_and_range(values):
    """What `axis.errorbar` takes to show means and ranges of several rows of numbers.

    Args:
        values: rows of numbers over seeds; they may differ in length.

    Returns:
        (means, spans): shapes (rows,) and (2, rows), from the mean to the least and to
        the greatest.
    """
    rows = list(values)
    means, low, high = (
        np.array([f(row) for row in rows]) for f in (np.mean, np.min, np.max)
    )
    return means, np.stack([means - low, high - means])


def ellipse(axis, mean, covariance, *, deviations=1, **options):
    """Draw where a two-dimensional Gaussian is some standard deviations from its mean.

    Args:
        axis: a matplotlib axis.
        mean: shape (2,).
        covariance: shape (2, 2).
        deviations: how many standard deviations.
        **options: for `matplotlib.patches.Ellipse`, such as `edgecolor`.
    """
    values, vectors = np.linalg.eigh(covariance)
    angle = np.degrees(np.arctan2(vectors[1, 1], vectors[0, 1]))
    size = 2 * deviations * np.sqrt(np.maximum(values[::-1], 0.0))
    axis.add_patch(patches.Ellipse(mean, *size, angle=angle, **options))


def show(figure):
    """Display a `Figure` in a notebook: a PNG, or its alt text where there is none."""
    stream = io.BytesIO()
    figure.save(stream)
    picture = base64.b64encode(stream.getvalue()).decode("ascii")
    bundle = {"image/png": picture, "text/plain": figure.alt}
    size = figure.figure.get_size_inches() * _SHOWN_DPI
    metadata = {"image/png": {"width": int(size[0]), "height": int(size[1])}}
    display(bundle, metadata)
