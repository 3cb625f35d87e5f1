"""Figures of the theory: each takes computed numbers and only draws."""

import numpy as np

from lessons.efficiency.wage import theory
from lessons.toolkit import figures, turning
from lessons.toolkit.drawing import Drawing
from lessons.toolkit.figures import BLACK, BLUE, GREEN, GREY, ORANGE, Figure


def layer_drawing():
    """One layer with its four quantisers: forward, backward, update."""
    drawing = Drawing()
    top, middle, bottom = 3.3, 1.9, 0.5
    forward, backward, update = "blue", "orange", "green"
    for name, x, label in (
        ("product", 1.5, "product\n$a\\,W_q$"),
        ("scale", 3.1, "÷ α\nmaximum"),
        ("relu", 4.5, "ReLU"),
        ("qa", 5.8, "$Q_A$"),
    ):
        drawing.node(name, x, top, label, kind="layer", color=forward)
    for name, x, label in (
        ("back", 1.5, "product\n$e\\,W_q^T$"),
        ("mask", 3.1, "ReLU's\nmask"),
        ("qe", 4.9, "$Q_E$"),
        ("clip", 6.1, "clip's\nmask"),
    ):
        drawing.node(name, x, bottom, label, kind="layer", color=backward)
    drawing.node("in", 0.0, top, "$a$", kind="text")
    drawing.node("out", 7.2, top, "$a$", kind="text")
    drawing.node("e_in", 7.2, bottom, "$e$", kind="text")
    drawing.node("e_out", 0.0, bottom, "$e$", kind="text")
    drawing.node("qw", 1.5, middle, "$Q_W$", kind="layer", color=forward)
    drawing.node("store", 3.0, middle, "store $W$\n(stops at the edge)", kind="array")
    drawing.node("round", 5.5, middle, "$Q_G$: round\nby chance", kind="layer")
    drawing.node("gradient", 7.2, middle, "$g = a^T e$", kind="layer", color=update)
    for start, end, label in (
        ("in", "product", "8 bits"),
        ("product", "scale", ""),
        ("scale", "relu", ""),
        ("relu", "qa", ""),
        ("qa", "out", "8 bits"),
        ("store", "qw", ""),
        ("qw", "product", "2 bits"),
    ):
        drawing.arrow(start, end, label, color=forward)
    for start, end, label in (
        ("e_in", "clip", ""),
        ("clip", "qe", ""),
        ("qe", "mask", ""),
        ("mask", "back", ""),
        ("back", "e_out", ""),
        ("qw", "back", "2 bits"),
    ):
        drawing.arrow(start, end, label, color=backward)
    drawing.text(4.35, bottom - 0.14, "8 bits", color=backward)
    drawing.arrow("mask", "gradient", "", color=update)
    drawing.arrow("gradient", "round", "", color=update)
    drawing.arrow("round", "store", "8 bits", color=update)
    return drawing.figure(
        "Diagram of one layer. Forward, from left to right: activations of 8 bits meet "
        "weights of 2 bits, the sum is divided by alpha, passes maximum and ReLU and "
        "is quantised to 8 bits. Backward, from right to left: the error passes the "
        "mask of the clip, is quantised to 8 bits, passes the mask of ReLU and meets "
        "the same weights. Between them the gradient is rounded by chance to 8 bits "
        "and moves the stored weights, which stop at the edge.",
        "Four quantisers guard four kinds of numbers; no arrow carries real numbers.",
    )


def quantisers(bits=(2, 3, 8)):
    """Transfer curves of Q, and the mean and spread of stochastic rounding."""
    figure, (left, right) = figures.new(1, 2, size=(7.5, 3.2))
    values = np.linspace(-1.2, 1.2, 2401)
    for k, color in zip(bits, (BLUE, ORANGE, GREEN), strict=True):
        left.plot(values, theory.quantize(values, k), color=color, label=f"k = {k}")
    left.set(xlabel="x", ylabel="Q(x, k)", title="rounding to levels")
    left.legend(fontsize=8)
    values = np.linspace(-2, 2, 801)
    part = np.abs(values) % 1
    spread = np.sqrt(part * (1 - part))
    right.plot(values, np.round(values), color=ORANGE, label="nearest")
    right.plot(values, values, color=BLUE, label="stochastic, mean")
    right.fill_between(
        values,
        values - spread,
        values + spread,
        color=BLUE,
        alpha=0.2,
        linewidth=0,
        label="± 1 standard deviation",
    )
    right.set(
        xlabel="wanted step (steps of the store)",
        ylabel="step taken",
        title="rounding of steps",
    )
    right.legend(fontsize=8)
    return Figure(
        figure,
        "Left: staircases with 3, 7 and 255 levels, flat beyond plus and minus one "
        "step below 1. Right: rounding to the nearest takes no step below one half, "
        "while the mean of stochastic rounding is the diagonal, with a band that "
        "vanishes at whole numbers.",
        "A step below one half is lost by the nearest and kept on average by chance.",
    )


def error_window(errors, bits=8, exponents=range(-4, 5)):
    """The window of the errors' quantiser over their histogram, turned by gamma.

    Args:
        errors: any shape, not all 0.
        bits: of the errors.
        exponents: gamma is 2 to these powers, one frame for each.

    Returns:
        A `Turning`.
    """
    gammas = [2.0**n for n in exponents]
    rows = [theory.window(errors, bits, gamma) for gamma in gammas]
    sizes = np.abs(np.asarray(theory.normalized(errors))).ravel()
    logs = np.log2(sizes[sizes > 0])
    frames = [_window_frame(logs, bits, gammas, rows, at) for at in range(len(rows))]
    labels = [f"γ = {_power(gamma)}" for gamma in gammas]
    alts = [
        f"At {label} {zeros:.0%} of the errors become 0, {saturated:.1%} saturate, "
        f"and the cosine to the true errors is {cosine:.2f}."
        for label, (zeros, saturated, cosine) in zip(labels, rows, strict=True)
    ]
    return turning.turn(
        frames,
        labels,
        "where the window lies, γ",
        "Histogram of the sizes of errors on a logarithmic axis with the window that "
        "8 bits can hold, and beside it the cosine between errors and quantised "
        "errors against gamma, which is highest at gamma 1 and falls on both sides.",
        "Losing the small errors costs little, cutting the large ones costs much.",
        alts=alts,
        start=gammas.index(1.0),
    )


def _power(gamma):
    return f"{gamma:g}" if gamma >= 1 else f"1/{1 / gamma:g}"


def _window_frame(logs, bits, gammas, rows, at):
    figure, (left, right) = figures.new(1, 2, size=(7.5, 3.2))
    gamma, (zeros, saturated, cosine) = gammas[at], rows[at]
    left.hist(logs, bins=np.arange(-24, 1.01, 0.5), color=GREY)
    low = np.log2(theory.step(bits) / 2 / gamma)
    high = np.log2((1 - theory.step(bits)) / gamma)
    left.axvspan(low, min(high, 5), color=BLUE, alpha=0.2, linewidth=0)
    left.axvline(high, color=ORANGE)
    left.set(
        xlabel="log2 of |e| / Shift(max |e|)",
        ylabel="number of errors",
        xlim=(-24, 5),
        title=f"{zeros:.1%} become 0, {saturated:.2%} saturate",
    )
    right.plot(gammas, [row[2] for row in rows], "o-", color=BLACK, markersize=4)
    right.plot([gamma], [cosine], "o", color=ORANGE, markersize=9)
    right.set_xscale("log", base=2)
    right.set(xlabel="γ", ylabel="cosine of e and Q_E(e)", ylim=(0, 1.02))
    right.set_title(f"cosine {cosine:.3f}")
    return figure


def energy(table, products):
    """Energy of all multiply-accumulates of an image, by the format of the numbers.

    Args:
        table: format to picojoules of (multiplication, addition).
        products: multiplications of an image.
    """
    figure, axis = figures.new(size=(6.0, 2.8))
    totals = []
    for place, (multiply, add) in enumerate(table.values()):
        axis.bar(place, products * multiply / 1e9, color=BLUE, width=0.6)
        axis.bar(
            place,
            products * add / 1e9,
            bottom=products * multiply / 1e9,
            color=ORANGE,
            width=0.6,
        )
        totals.append(products * (multiply + add) / 1e9)
        axis.annotate(
            f"{totals[-1]:.2f}",
            (place, totals[-1]),
            (0, 3),
            textcoords="offset points",
            ha="center",
            fontsize=9,
        )
    axis.set_xticks(range(len(table)), list(table))
    axis.set(ylabel="mJ for an image", ylim=(0, 1.2 * max(totals)))
    axis.grid(axis="x", visible=False)
    names = ", ".join(f"{n} {t:.2f} mJ" for n, t in zip(table, totals, strict=True))
    return Figure(
        figure,
        f"Bar chart of the energy of the products and sums of one image: {names}; "
        "multiplications in blue below, additions in orange above.",
        "Arithmetic on the paper's table, no measurement; memory is not in it.",
    )
