"""Drawings and figures that need no trained network."""

import numpy as np

from lessons.memory.variable_depth import ideal
from lessons.toolkit import figures, turning
from lessons.toolkit.drawing import Drawing
from lessons.toolkit.figures import BLUE, GREEN, GREY, ORANGE

_STEP = 1.05  # inches from layer to layer


def ladder():
    """Layers, classifiers and gates, where an example leaves at the third layer."""
    drawing = Drawing()
    drawing.node("x", 0, 0, "$x$", kind="array")
    below = "x"
    for layer in range(1, 5):
        height, gone = layer * _STEP, layer > 3
        color = "grey" if gone else "blue"
        name = "L" if layer == 4 else str(layer)
        drawing.node(f"h{layer}", 0, height, f"$h_{name}$", kind="layer", color=color)
        drawing.arrow(below, f"h{layer}", color="grey" if gone else None)
        drawing.node(
            f"p{layer}",
            1.9,
            height + 0.2,
            f"classifier $p_{name}$",
            kind="layer",
            color="grey" if gone else "green",
            width=1.35,
        )
        drawing.arrow(f"h{layer}", f"p{layer}", color="grey" if gone else None)
        if layer < 4:
            drawing.node(
                f"g{layer}",
                1.35,
                height - 0.3,
                f"$\\pi_{layer}$",
                kind="operation",
                color="orange",
                width=0.46,
            )
            drawing.arrow(f"h{layer}", f"g{layer}")
        shares = ("$g_1$", "$g_2$", "$g_3$", "$g_L$")
        left = (
            "$= \\pi_1$",
            "$= \\pi_2\\,(1 - g_1)$",
            "$= \\pi_3\\,(1 - g_1 - g_2)$",
            "= all that is left",
        )[layer - 1]
        drawing.node(
            f"w{layer}",
            4.4,
            height + 0.2,
            shares[layer - 1],
            kind="array",
            color="grey" if gone else "orange",
        )
        drawing.arrow(f"p{layer}", f"w{layer}", color="grey" if gone else None)
        drawing.text(4.85, height + 0.2, left, align="left")
        below = f"h{layer}"
    for layer in range(1, 4):
        drawing.arrow(f"g{layer}", f"w{layer}", color="orange", bend=0.12)
    drawing.text(1.9, 4 * _STEP + 0.6, "never computed", color="grey")
    drawing.text(0, -0.42, "input")
    return drawing.figure(
        "A ladder. From the input x upwards the layers h1, h2, h3 and hL. Each feeds a "
        "classifier to its right, and each but the last a gate, pi. The gates cut a "
        "stick: layer 1 gets g1 = pi1, layer 2 a part pi2 of what is left, layer 3 a "
        "part pi3 of what is left then, and the last layer the rest. The last layer is "
        "grey: an example that leaves at layer 3 never computes it.",
        "Blue: layers. Green: classifiers. Orange: gates, and what they hand out.",
    )


ALPHAS = (0.001, 0.003, 0.01, 0.02, 0.05, 0.1, 0.15, 0.3, 1.0)


def prior_knob(alphas=ALPHAS, num_layers=5):
    """What the prior's weight turns: the ideal gates for what layers say.

    Args:
        alphas: a frame each.
        num_layers: L.

    Returns:
        A `Turning`.
    """
    ratios = np.append(np.linspace(0.0, 0.995, 60), 1.0)
    curves = {a: _gates_of_better_layer(ratios, a, num_layers) for a in alphas}
    frames, alts = [], []
    for alpha in alphas:
        frames.append(_prior_frame(alpha, ratios, curves, num_layers))
        low, high = ideal.depth_range(alpha, num_layers)
        half = ideal.one_better_layer(0.5, alpha, num_layers)
        alts.append(
            f"With α = {alpha:g} a layer that is twice as good as the others gets a "
            f"gate of {half:.2f}; depths from {low:.2f} to {high:.2f} can be "
            "expressed; where all layers say the same each gets 0.20."
        )
    return turning.turn(
        frames,
        [f"α = {alpha:g}" for alpha in alphas],
        "weight α of the prior",
        "Left, the ideal gate of a layer that is better than the others, against the "
        "others' probability over its own: it falls from near 1 to a fifth, the "
        "earlier the greater α. Right, bars of the five gates in three cases: only "
        "layer 2 is right, layer 2 is twice as good, all layers are alike.",
        "Where does the curve leave its plateau, and what becomes of the bars?",
        alts=alts,
        start=alphas.index(0.01) if 0.01 in alphas else 0,
    )


def _gates_of_better_layer(ratios, alpha, num_layers):
    right = np.tile(ratios[:, None], (1, num_layers))
    right[:, 0] = 1.0
    return ideal.ideal_gates(right, alpha)[:, 0]


def _prior_frame(alpha, ratios, curves, num_layers):
    figure, (left, right) = figures.new(1, 2, size=(8.4, 3.3))
    for values in curves.values():
        left.plot(ratios, values, color=GREY, linewidth=0.7, alpha=0.5)
    left.plot(ratios, curves[alpha], color=BLUE, linewidth=2.4)
    left.axhline(1 / num_layers, color=GREY, linestyle=":")
    left.set(
        xlabel="others' p(y) over that of the best layer",
        ylabel="ideal gate of the best layer",
        ylim=(0, 1.03),
        title=f"α = {alpha:g}",
    )
    low, high = ideal.depth_range(alpha, num_layers)
    cases = (
        ("only layer 2 right", 1e-9, BLUE),
        ("layer 2 twice as good", 0.5, GREEN),
        ("all alike", 1.0, ORANGE),
    )
    layers = np.arange(1, num_layers + 1)
    for place, (label, ratio, color) in enumerate(cases):
        values = np.full(num_layers, ratio)
        values[1] = 1.0
        gates = ideal.ideal_gates(values, alpha)
        depth = ideal.depth(gates)
        shift = 0.27 * (place - 1)
        text = f"{label}: D = {depth:.2f}"
        right.bar(layers + shift, gates, 0.25, color=color, label=text)
    right.set(
        xlabel="layer",
        ylabel="ideal gate",
        ylim=(0, 1.25),
        title=f"depths {low:.2f} to {high:.2f}",
    )
    right.legend(fontsize=8, loc="upper right")
    return figure
