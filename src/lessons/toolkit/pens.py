"""Pictures of drawings that are sequences of pen movements (`toolkit.data.strokes`)."""

import numpy as np

from lessons.toolkit import animation, figures
from lessons.toolkit.data import strokes as formats
from lessons.toolkit.errors import UserError
from lessons.toolkit.figures import BLACK, GREY, PALETTE, Figure


def draw(axis, strokes, *, color=BLACK, by_stroke=False, width=1.6, points=False):
    """Draw one drawing on an axis, in its proportions and without ticks.

    Args:
        axis: a matplotlib axis.
        strokes: stroke-3; one without a row leaves the axis blank.
        color: of all lines.
        by_stroke: whether each movement of the pen has a colour of its own.
        width: of the lines, in points of print.
        points: whether the points are marked.
    """
    for index, line in enumerate(formats.to_lines(strokes)):
        shade = PALETTE[index % len(PALETTE)] if by_stroke else color
        marker = "." if points or len(line) == 1 else ""
        axis.plot(*line.T, color=shade, linewidth=width, marker=marker, markersize=4)
    bare(axis)


def bare(axis):
    """Leave an axis with equal scales and nothing but what is drawn on it."""
    axis.set_aspect("equal", adjustable="datalim")
    axis.margins(0.08)
    axis.grid(False)
    axis.set_xticks([])
    axis.set_yticks([])
    for spine in axis.spines.values():
        spine.set_visible(False)


def grid(rows, alt, caption, *, row_labels=(), titles=(), size=None, colors=None):
    """Drawings in rows and columns.

    Args:
        rows: lists of stroke-3; None leaves a place blank.
        alt, caption: as for `figures.Figure`.
        row_labels: texts beside the rows.
        titles: texts above the columns.
        size: (width, height) in inches; by default about 0.8 for each drawing.
        colors: of the rows.

    Raises:
        UserError: there is no drawing.
    """
    width = max(map(len, rows), default=0)
    if not width:
        raise UserError("a grid needs at least one drawing, got none.")
    size = size or (0.8 * width + 0.9 * bool(row_labels), 0.8 * len(rows) + 0.3)
    figure, axes = figures.new(len(rows), width, size=size, squeeze=False)
    for i, row in enumerate(rows):
        for j in range(width):
            bare(axes[i, j])
            if j < len(row) and row[j] is not None:
                draw(axes[i, j], row[j], color=colors[i] if colors else BLACK)
        if i < len(row_labels):
            axes[i, 0].set_ylabel(
                row_labels[i], rotation=0, ha="right", va="center", fontsize=9
            )
    for axis, title in zip(axes[0], titles, strict=False):
        axis.set_title(title, fontsize=9)
    return Figure(figure, alt, caption)


def animate(drawings, alt, caption, *, num_frames=20, size=(6.0, 1.6), **options):
    """Drawings that are drawn side by side, point by point, as an `Animation`.

    Args:
        drawings: a list of stroke-3, each of at least one row.
        alt, caption: as for `animation.Animation`.
        num_frames: how many pictures; the last shows the whole drawings.
        size: (width, height) in inches.
        **options: for `animation.animate`.
    """
    frames = []
    for part in np.linspace(0, 1, num_frames + 1)[1:]:
        figure, axes = figures.new(1, len(drawings), size=size, squeeze=False)
        for axis, drawing in zip(axes[0], drawings, strict=True):
            whole = np.concatenate(formats.to_lines(drawing))
            shown = max(1, int(round(part * len(drawing))))
            draw(axis, drawing[:shown])
            axis.plot(*whole[shown - 1], "o", color=GREY, markersize=3)
            axis.set_xlim(*_span(whole[:, 0]))
            axis.set_ylim(*_span(whole[:, 1]))
        frames.append(animation.frame_of(figure))
    return animation.animate(frames, alt, caption, **options)


def _span(values):
    """Limits that leave a margin, also around values that are all equal."""
    low, high = float(np.min(values)), float(np.max(values))
    margin = 0.08 * (high - low) or 0.5
    return low - margin, high + margin
