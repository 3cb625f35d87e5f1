"""Figures of the theory: each takes computed numbers and only draws."""

import numpy as np

from lessons.foundations.stimulated_learning import theory
from lessons.toolkit import figures
from lessons.toolkit.drawing import Drawing
from lessons.toolkit.figures import ORANGE, Figure


def network_drawing(side=12, spread=1.5, seed=0):
    """The network as two grids, with the target of the current class at each.

    Args:
        side: rows and columns of a grid.
        spread: of the target.
        seed: of the activations that are drawn for show.
    """
    drawing = Drawing()
    top, middle, bottom = 3.6, 2.0, 0.6
    places = {"first": 2.1, "second": 4.5}
    drawing.node("in", 0.2, top, "features\n(batch, 64)", kind="array")
    drawing.node("out", 6.7, top, "softmax\n(batch, 10)", kind="layer", color="blue")
    drawing.node("loss", 6.7, middle, "$J = CE + \\eta\\,(R_1 + R_2)$", kind="layer")
    for number, (name, x) in enumerate(places.items(), 1):
        drawing.node(name, x, top, "", kind="layer", width=1.3, height=1.3)
        drawing.text(x, top + 0.82, f"$h_{number}$: (batch, {side * side})")
        target = f"target_{name}"
        drawing.node(target, x, bottom, "", kind="array", width=1.1, height=1.1)
        drawing.text(x, bottom - 0.72, "target $T_c$")
        label = f"$R_{number}$ = KL($T_c$ ‖ $q_{number}$)"
        drawing.node(f"kl_{name}", x, middle, label, kind="layer", color="orange")
        drawing.arrow(name, f"kl_{name}", color="orange")
        drawing.arrow(target, f"kl_{name}", color="orange")
    drawing.arrow("in", "first", "", color="blue")
    drawing.arrow("first", "second", "$W$, rows of\nlength $\\xi_i$", color="blue")
    drawing.arrow("second", "out", "$W$, rows of\nlength $\\xi_i$", color="blue")
    drawing.arrow("out", "loss", "CE", color="blue")
    drawing.arrow("kl_second", "loss", "", color="orange")
    drawing.arrow("kl_first", "loss", "", color="orange", bend=0.25)
    drawn = drawing.figure(
        "Diagram: features of shape (batch, 64) pass two hidden layers of 144 sigmoid "
        "units, each drawn as a grid of 12 by 12, to a softmax over 10 classes. Below "
        "each grid stands the target of the current class, a bump; a divergence R "
        "compares it with the layer's normalised activations, and both divergences "
        "join the cross-entropy in the loss J.",
        "The grid gives each unit a place; the stimulus says where to respond.",
    )
    _put_grids(drawn, places, top, bottom, side, spread, seed)
    return drawn


def _put_grids(drawn, places, top, bottom, side, spread, seed):
    """Put pictures of activations and targets into the boxes of the drawing."""
    axis = drawn.figure.axes[0]
    rng = np.random.default_rng(seed)
    points = theory.grid_points(side, side)
    log_target = theory.log_target(points, [(side * 0.7, side * 0.3)], spread)
    target = np.exp(log_target).reshape(side, side)
    activations = rng.random((2, side, side)) * 0.6 + 0.4 * target / target.max()
    for x, shown in zip(places.values(), activations, strict=True):
        for height, picture, half in ((top, shown, 0.58), (bottom, target, 0.48)):
            inset = axis.inset_axes(
                (x - half, height - half, 2 * half, 2 * half),
                transform=axis.transData,
                zorder=5,
            )
            inset.imshow(picture, cmap="gray_r", vmin=0)
            inset.set_axis_off()


def targets(centres, rows, columns, spread, names):
    """Targets of all classes on one grid, and how far apart two classes are.

    Args:
        centres: shape (classes, 2), as (column, row).
        rows, columns: of the grid.
        spread: in grid cells.
        names: of the classes.
    """
    points = theory.grid_points(rows, columns)
    log_targets = theory.log_target(points, centres, spread)
    figure, (left, right) = figures.new(1, 2, size=(7.5, 3.5))
    heights = np.exp(log_targets - log_targets.max(axis=1, keepdims=True))
    shown = heights.max(axis=0).reshape(rows, columns)
    left.imshow(shown, vmin=0, vmax=2, cmap="gray_r")
    for name, (x, y) in zip(names, centres, strict=True):
        left.annotate(
            name, (x, y), ha="center", va="center", color=ORANGE, fontweight="bold"
        )
    left.set(xlabel="column", ylabel="row", title="targets and their centres")
    apart = np.array(
        [[float(theory.kl(p, q)) for q in log_targets] for p in log_targets]
    )
    shown = right.imshow(apart, cmap="Blues")
    figure.colorbar(shown, ax=right, label="KL (nats)")
    ticks = range(len(names))
    right.set_xticks(ticks, names)
    right.set_yticks(ticks, names)
    right.set(xlabel="q: target of class", ylabel="p: target of class")
    right.set_title("KL(p‖q) between targets")
    for axis in (left, right):
        axis.grid(visible=False)
    away = apart + np.diag(np.full(len(names), np.inf))
    first, second = np.unravel_index(away.argmin(), away.shape)
    return Figure(
        figure,
        f"Left: a grid of {rows} by {columns} units with a grey bump for each of the "
        f"{len(names)} classes, its name at the centre. Right: matrix of the "
        "divergences between the targets of two classes; the smallest is "
        f"{away.min():.1f} nats, between {names[first]} and {names[second]}.",
        "Classes whose mean images are alike stand side by side.",
    )


def divergence_landscapes(rows, columns, spread, pair):
    """The divergences from a target with two peaks, against the place of one bump.

    Args:
        rows, columns: of the grid.
        spread: of both peaks of the target, and of the bump.
        pair: centres of the peaks as (column, row), shape (2, 2).

    Returns:
        (figure, best): a `Figure`, and by direction the (column, row) of the least
        divergence.
    """
    points = theory.grid_points(rows, columns)
    peaks = np.exp(theory.log_target(points, pair, spread))
    target = np.log(peaks.mean(axis=0))
    moved = theory.log_target(points, points, spread)  # a bump at every unit
    figure, axes = figures.new(1, 4, size=(7.5, 2.5))
    axes[0].imshow(np.exp(target).reshape(rows, columns), cmap="gray_r")
    axes[0].set_title("target T\n", fontsize=9)
    best = {}
    for axis, direction in zip(axes[1:], theory.DIRECTIONS, strict=True):
        found = theory.divergence(target[None], moved, direction)
        found = np.asarray(found).reshape(rows, columns)
        row, column = np.unravel_index(found.argmin(), found.shape)
        best[direction] = (int(column), int(row))
        axis.imshow(found, cmap="Blues", vmax=found.min() + 4)
        axis.plot(column, row, "x", color=ORANGE, markersize=9, markeredgewidth=2)
        axis.set_title(f"{direction}\nleast {found.min():.2f}", fontsize=9)
    for axis in axes:
        axis.grid(visible=False)
        axis.set_xticks([])
        axis.set_yticks([])
    places = ", ".join(f"{name} at {place}" for name, place in best.items())
    drawn = Figure(
        figure,
        "Four grids: a target with two peaks, and the forward, reverse and symmetric "
        "divergence between it and a single bump, against the unit on which the bump "
        f"stands. An orange cross marks the least: {places} (column, row).",
        "Forward wants both peaks covered, reverse is content with one.",
    )
    return drawn, best
