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
from matplotlib import cycler

from lessons.toolkit.errors import UserError

BLUE, ORANGE, GREEN = "#0072B2", "#D55E00", "#009E73"
PINK, SKY, AMBER, BLACK = "#CC79A7", "#56B4E9", "#E69F00", "#000000"
PALETTE = (BLUE, ORANGE, GREEN, PINK, SKY, AMBER, BLACK)

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
        for name in ("alt", "caption"):
            if len(getattr(self, name).split()) < 4:
                raise UserError(
                    f"a figure's {name} must be a sentence, got "
                    f"{getattr(self, name)!r}."
                )

    def save(self, path):
        """Write a PNG, whose metadata holds the alt text, to a path or a stream."""
        metadata = {"Description": self.alt, "Title": self.caption, "Software": None}
        with style():
            self.figure.savefig(path, format="png", metadata=metadata)


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


def show(figure):
    """Display a `Figure` in a notebook: a PNG, or its alt text where there is none."""
    from IPython.display import display

    stream = io.BytesIO()
    figure.save(stream)
    picture = base64.b64encode(stream.getvalue()).decode("ascii")
    bundle = {"image/png": picture, "text/plain": figure.alt}
    size = figure.figure.get_size_inches() * _SHOWN_DPI
    metadata = {"image/png": {"width": int(size[0]), "height": int(size[1])}}
    display(bundle, metadata=metadata, raw=True)
