"""Figures of the theory: each takes computed numbers and only draws."""

import numpy as np

from lessons.toolkit import figures
from lessons.toolkit.drawing import Drawing
from lessons.toolkit.figures import BLUE, GREY, ORANGE, Figure


def gate_drawing():
    """Two channels, one with an open and one with a closed gate, and their reader."""
    drawing = Drawing()
    drawing.node("in", 0.0, 1.0, "$x^l$", kind="text")
    rows = {"open": (1.9, "blue", "0.8"), "closed": (0.1, "orange", "0")}
    for name, (y, color, gamma) in rows.items():
        drawing.node(f"{name}_conv", 1.5, y, f"filter\n$W_{name[0]}$", kind="layer")
        drawing.node(f"{name}_norm", 2.9, y, "mean 0,\nvariance 1", kind="layer")
        label = f"$\\gamma$ = {gamma}"
        drawing.node(f"{name}_gate", 4.5, y, label, kind="array", color=color)
        drawing.node(f"{name}_relu", 6.6, y, "ReLU", kind="layer")
        drawing.node(f"{name}_beta", 5.5, y - 0.75, "$\\beta$", kind="fixed")
        drawing.arrow("in", f"{name}_conv")
        drawing.arrow(f"{name}_conv", f"{name}_norm")
        drawing.arrow(f"{name}_norm", f"{name}_gate")
        drawing.arrow(
            f"{name}_gate",
            f"{name}_relu",
            "" if name == "open" else "nothing",
            color=color,
            dashed=name == "closed",
        )
        drawing.arrow(f"{name}_beta", f"{name}_relu", color=color)
    drawing.node("next", 8.6, 1.0, "next kernel", kind="layer")
    drawing.node("norm", 10.1, 1.0, "its mean", kind="array", color="orange")
    drawing.node("out", 11.2, 1.0, "$x^{l+1}$", kind="text")
    drawing.arrow("open_relu", "next", "varies", color="blue")
    drawing.arrow("closed_relu", "next", "$\\max(\\beta, 0)$", color="orange")
    drawing.arrow("next", "norm")
    drawing.arrow("norm", "out")
    drawing.arrow(
        "closed_relu", "norm", "folded", color="orange", dashed=True, bend=0.25
    )
    return drawing.figure(
        "Diagram of two channels. Both pass a filter, are normalised, multiplied by "
        "their gate gamma, shifted by beta and pass ReLU into the next kernel. The "
        "gate of the upper one is 0.8 and its signal varies. The gate of the lower one "
        "is 0: only its beta is left, a constant, and a dashed arrow folds it into the "
        "mean of the next layer.",
        "A closed gate does not make a channel 0 but constant, and constants fold.",
    )


def lasso_gaps(exact, rough, bound):
    """How far ISTA and the sub-gradient method are from the least objective.

    Args:
        exact, rough: gaps after 1, 2, ... steps, shape (steps,).
        bound: L |w|² / 2; over t it bounds ISTA's gap.
    """
    figure, axis = figures.new(size=(6.5, 3.4))
    steps = np.arange(1, len(exact) + 1)
    floor = 1e-12
    axis.loglog(steps, np.maximum(exact, floor), color=BLUE, label="ISTA")
    axis.loglog(steps, np.maximum(rough, floor), color=ORANGE, label="sub-gradient")
    axis.loglog(steps, bound / steps, ":", color=BLUE, label="bound of ISTA, ~ 1/t")
    guide = rough[9] * np.sqrt(10 / steps)
    axis.loglog(steps, guide, ":", color=ORANGE, label="~ 1/√t")
    axis.set(xlabel="step t", ylabel="objective minus its least", ylim=(floor, None))
    axis.legend(fontsize=8)
    return Figure(
        figure,
        "Line chart with logarithmic axes of the gap of the objective against the "
        f"step. ISTA falls ever faster to rounding; after {len(exact)} steps the "
        f"sub-gradient method is still {rough[-1]:.2g} above. Dotted guides fall as "
        "1 over t and as 1 over the root of t.",
        "ISTA's bound is far above what ISTA does; the sub-gradient crawls.",
    )


def norms_and_gates(norms, scaled_norms, gates):
    """Norms of the filters of one layer before and after scaling, beside the gates.

    Args:
        norms, scaled_norms: L1 norms, shape (channels,).
        gates: sizes of the gates, the same in both networks, shape (channels,).
    """
    order = np.argsort(-norms)
    places = np.arange(len(order))
    figure, axes = figures.new(1, 3, size=(7.8, 2.9))
    for axis, values, color, title in (
        (axes[0], norms, BLUE, "norms as trained"),
        (axes[1], scaled_norms, ORANGE, "norms, filters scaled"),
        (axes[2], gates, GREY, "gates, in both networks"),
    ):
        axis.bar(places, values[order], color=color, width=0.9)
        axis.set(title=title, xlabel="channel, by its norm as trained")
    axes[0].set_ylabel("L1 norm, or size of the gate")
    return Figure(
        figure,
        f"Bar charts of {len(order)} channels sorted by the L1 norm of their filter: "
        "the norms as trained fall from left to right, those of the scaled filters are "
        "in no order, and the gates are the same for both.",
        "Two networks of one function: their norms rank channels otherwise.",
    )
