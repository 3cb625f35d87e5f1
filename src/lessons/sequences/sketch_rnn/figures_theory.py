"""Figures that need no training: the formats, simplification, the architecture."""

import numpy as np

from lessons.toolkit import figures, pens
from lessons.toolkit.data import outlines, strokes
from lessons.toolkit.drawing import Drawing
from lessons.toolkit.figures import BLUE, GREEN, GREY, ORANGE, Figure

STATES = {"pen down": BLUE, "pen lifted": ORANGE, "finished": GREEN}


def format_figure(drawing, max_length):
    """A drawing, its points coloured by the state of the pen, and its stroke-5 rows.

    Args:
        drawing: stroke-3.
        max_length: rows shown.
    """
    rows = strokes.to_stroke5(drawing, max_length)
    figure, (left, right) = figures.new(1, 2, size=(7.6, 3.4), width_ratios=(1, 1.6))
    pens.draw(left, drawing, color=GREY, width=1.2)
    points = np.concatenate(strokes.to_lines(drawing))
    for state, (name, color) in enumerate(STATES.items()):
        chosen = rows[: len(points), 2 + state] > 0.5
        left.plot(*points[chosen].T, "o", color=color, markersize=5, label=name)
    right.imshow(rows.T, cmap="RdBu", vmin=-2, vmax=2, aspect="auto")
    right.set_yticks(range(5), ["Δx", "Δy", "p₁", "p₂", "p₃"])
    right.set(xlabel="row i")
    right.axvline(len(drawing) - 0.5, color=GREEN, linestyle="--")
    right.grid(False)
    left.legend(fontsize=8, loc="lower left", bbox_to_anchor=(-0.1, -0.18), ncols=2)
    return Figure(
        figure,
        f"Left, a drawing of {len(drawing)} points, blue where the pen stays down and "
        f"orange where it is lifted. Right, its {max_length} stroke-5 rows as columns "
        "of a picture; after the last point the lowest row is 1.",
        "Every line ends with an orange point; after the dashed line all is padding.",
    )


def simplification(
    character="g", font="Serif-Italic", tolerances=(0.002, 0.01, 0.03, 0.1)
):
    """An outline of a letter, simplified more and more.

    Args:
        character, font: the letter.
        tolerances: in em.
    """
    lines = outlines.outlines(character, font, step=0.01)
    figure, axes = figures.new(1, len(tolerances), size=(7.6, 2.5))
    counts = []
    for axis, tolerance in zip(axes, tolerances, strict=True):
        kept = strokes.simplified(lines, tolerance)
        counts.append(sum(map(len, kept)))
        for line in kept:
            axis.plot(*line.T, color=BLUE, linewidth=1.2, marker=".", markersize=5)
        pens.bare(axis)
        axis.set_title(f"ε = {tolerance:g} em: {counts[-1]} points", fontsize=9)
    return Figure(
        figure,
        f"The outlines of an italic letter {character} with "
        f"{', '.join(map(str, counts))} points: the larger the tolerance, the fewer "
        "and longer its straight pieces.",
        "Points go first where the outline is straight; the shape survives for long.",
    )


def network_drawing():
    """The architecture with the laptop's sizes."""
    drawing = Drawing()
    places = (0.0, 1.1, 2.2, 3.3)
    for i, x in enumerate(places):
        name = f"$S_{i + 1}$" if i < 3 else "end"
        drawing.node(f"s{i}", x, 0, name, kind="array", width=0.6)
        drawing.node(
            f"f{i}", x, 0.9, "$\\rightarrow$", kind="layer", color="blue", width=0.6
        )
        drawing.node(
            f"b{i}", x, 1.7, "$\\leftarrow$", kind="layer", color="blue", width=0.6
        )
        if i < 3:
            drawing.arrow(f"s{i}", f"f{i}")
        if 0 < i < 3:
            drawing.arrow(f"f{i - 1}", f"f{i}")
            drawing.arrow(f"b{i}", f"b{i - 1}")
    drawing.node(
        "code", 1.65, 2.75, "$\\mu, \\hat\\sigma$ (8)", kind="layer", color="green"
    )
    drawing.node("z", 4.0, 2.75, "$z$", kind="latent", color="green")
    drawing.arrow("b0", "code", "$h_\\leftarrow$ (32)", bend=-0.15, at=0.6)
    drawing.arrow("f2", "code", "$h_\\rightarrow$ (32)", bend=0.35, at=0.6)
    drawing.arrow("code", "z", "$\\mu + e^{\\hat\\sigma/2}\\epsilon$")
    drawing.node("first", 4.6, 1.3, "$h_0, c_0$", kind="layer", color="orange")
    drawing.arrow("z", "first", "tanh")
    steps = (6.0, 7.5, 9.0)
    for i, x in enumerate(steps):
        drawing.node(
            f"d{i}", x, 1.3, "LSTM 64", kind="layer", color="orange", width=0.95
        )
        drawing.node(
            f"y{i}", x, 2.2, f"$y_{i + 1}$ (33)", kind="layer", color="pink", width=0.95
        )
        drawing.node(f"i{i}", x, 0.3, f"$[S_{i};\\, z]$ (13)", kind="array", width=1.15)
        drawing.arrow(f"i{i}", f"d{i}")
        drawing.arrow(f"d{i}", f"y{i}")
        if i:
            drawing.arrow(f"d{i - 1}", f"d{i}")
            drawing.arrow(f"y{i - 1}", f"i{i}", dashed=True, color="grey")
    drawing.arrow("first", "d0")
    drawing.text(1.65, 3.3, "encoder (decoder-only models lack it)", color="blue")
    drawing.text(
        7.5, 2.8, "pen 3 | weights, means, scales, correlations 6 × 5", color="pink"
    )
    return drawing.figure(
        "Diagram. Left, two recurrent layers read the points of a drawing, one from "
        "first to last and one backwards from the last real point; their last "
        "states give the mean and spread of a code z. Right, z sets the first state of "
        "the decoder, which reads it in each step with the point before; each step "
        "gives 33 numbers, from which the next point is sampled and read in turn.",
        "Training reads the true points; drawing follows the dashed arrows.",
    )
