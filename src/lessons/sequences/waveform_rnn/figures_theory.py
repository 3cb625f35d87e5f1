"""Figures of the theory: the network unrolled, and what feeding back does to errors."""

import numpy as np

from lessons.sequences.waveform_rnn import theory_loop
from lessons.toolkit import figures, turning
from lessons.toolkit.drawing import Drawing
from lessons.toolkit.figures import BLACK, BLUE, GREEN, ORANGE, PINK, SKY

ALPHAS = (
    *(1.0, 0.97, 0.95, 0.94, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1),
    *(0.01, 0.002, 0.0005, 0.0),
)


def network_drawing():
    """Three strides of the network: windows, states, predictions, mixers."""
    drawing = Drawing()
    for t, x in enumerate((0.0, 3.4, 6.8), 1):
        drawing.text(x, 3.0, f"$t = {t}$")
        drawing.node(
            f"u{t}",
            x,
            0.0,
            f"window $u_{t}$\n80 samples",
            kind="array",
            width=1.5,
            color="blue" if t == 1 else "green",
        )
        drawing.node(f"h{t}", x, 1.0, f"$h_{t}$ (64)", kind="layer", width=0.95)
        label = f"$p_{t}$, 10 samples"
        drawing.node(f"p{t}", x, 2.0, label, kind="layer", color="orange", width=1.45)
        drawing.arrow(f"u{t}", f"h{t}", "$W_x$")
        drawing.arrow(f"h{t}", f"p{t}", "$W_o$")
    for t, x in ((1, 1.85), (2, 5.25)):
        drawing.node(f"m{t}", x, 0.9, "+", kind="operation")
        drawing.node(f"x{t}", x, 2.75, f"truth $x_{t}$", kind="array", color="blue")
        drawing.arrow(f"h{t}", f"h{t + 1}", "$W_h$", bend=-0.2, at=0.8)
        drawing.arrow(
            f"p{t}", f"m{t}", r"$1-\alpha$", color="orange", dashed=True, at=0.62
        )
        drawing.arrow(f"x{t}", f"m{t}", r"$\alpha$", color="blue", at=0.3)
        drawing.arrow(f"m{t}", f"u{t + 1}", "last 10", color="green", at=0.45)
        drawing.arrow(f"u{t}", f"u{t + 1}", "70 move on", bend=0.28, color="green")
        drawing.arrow(f"x{t}", f"p{t}", head=False, color="grey")
        drawing.text(x - 1.0, 2.68, "loss", color="grey")
    _copies(drawing)
    return drawing.figure(
        "Diagram of the network unrolled for three strides. A window of 80 samples "
        "goes through W_x into a state of 64 numbers, which also reads the state "
        "before through W_h and gives a prediction of 10 samples through W_o. The "
        "prediction, times one minus alpha, and the true samples, times alpha, are "
        "added and become the last 10 samples of the next window; the other 70 move "
        "on. The loss compares each prediction with the truth. The arrow from the "
        "prediction is dashed.",
        "The dashed arrow is all that is new: with α = 1 it is gone, with α = 0 only "
        "it is left. Where the gradient is cut, it is cut there.",
    )


def _copies(drawing):
    """What the third window holds for three values of alpha, ten samples a cell."""
    for x, label, color in (
        (0.0, r"$\alpha = 1$", "blue"),
        (3.4, r"$\alpha = 1/2$", "green"),
        (6.8, r"$\alpha = 0$", "orange"),
    ):
        drawing.text(x - 1.0, -1.35, label, align="right")
        for cell in range(8):
            drawing.node(
                f"{label}{cell}",
                x - 0.8 + 0.23 * cell,
                -1.35,
                "",
                kind="array",
                width=0.2,
                height=0.2,
                color="blue" if cell < 6 else color,
            )
    drawing.text(
        3.4, -1.7, "third window: blue cells are truth, green mixed, orange predicted"
    )


def alpha_knob(tract, coarse, glottal, block):
    """What happens to an error, for each alpha: roots, course, and greatest modulus.

    Args:
        tract: weights of the vocal tract at 16 kHz, shape (q,).
        coarse: the same at 8 kHz.
        glottal: at 8 kHz with a glottal pole.
        block: coefficients of a linear predictor of blocks, shape (W, s).

    Returns:
        A `Turning`.
    """
    grid = np.unique(
        np.concatenate([np.linspace(0, 1, 121), np.geomspace(1e-4, 0.1, 40)])
    )
    curves = {
        "tract, 16 kHz": (
            ORANGE,
            tract,
            [theory_loop.loop_radius(tract, a) for a in grid],
        ),
        "tract, 8 kHz": (
            BLUE,
            coarse,
            [theory_loop.loop_radius(coarse, a) for a in grid],
        ),
        "and glottis, 8 kHz": (
            PINK,
            glottal,
            [theory_loop.loop_radius(glottal, a) for a in grid],
        ),
        "blocks of 10, fitted": (
            GREEN,
            None,
            [theory_loop.block_radius(block, a) for a in grid[::4]],
        ),
    }
    frames, alts = [], []
    for alpha in ALPHAS:
        frames.append(_knob_frame(alpha, tract, curves, grid, block))
        radius = theory_loop.loop_radius(tract, alpha)
        course = np.abs(theory_loop.errors(tract, alpha, 100)).max() / 1e-6
        word = "outside" if radius > 1 else "inside"
        alts.append(
            f"At alpha {alpha:g} the outermost of six roots lies {word} the unit "
            f"circle, at {radius:.3f}; an error grows at most {course:.2g}-fold in "
            "100 samples."
        )
    return turning.turn(
        frames,
        [f"α = {alpha:g}" for alpha in ALPHAS],
        "part of truth, α",
        "Three charts that change with alpha. Left, six roots in the complex plane "
        "with the unit circle. Middle, the size of an error over 100 samples on a "
        "log scale. Right, the greatest modulus of the roots against alpha: a hump "
        "far above 1 for the tract at 16 kHz, a curve just below 1 at 8 kHz, a lower "
        "hump with a glottal pole, and a curve that rises to 1 only as alpha falls "
        "to 0 for blocks.",
        "Both ends are stable and the middle is not, one sample at a time; with "
        "blocks of ten nothing leaves the circle.",
        alts=alts,
        start=ALPHAS.index(0.5),
    )


def _knob_frame(alpha, tract, curves, grid, block):
    figure, (left, middle, right) = figures.new(1, 3, size=(8.0, 2.8))
    # All frames have the same layout, which is laid out faster by hand.
    figure.set_layout_engine("none")
    for axis, place, width in (
        (left, 0.045, 0.235),
        (middle, 0.36, 0.25),
        (right, 0.695, 0.295),
    ):
        axis.set_position((place, 0.17, width, 0.71))
    roots = theory_loop.loop_roots(tract, alpha)
    circle = np.exp(2j * np.pi * np.linspace(0, 1, 200))
    left.plot(circle.real, circle.imag, color=BLACK, linewidth=0.8)
    outside = np.abs(roots) > 1
    for chosen, color in ((outside, ORANGE), (~outside, SKY)):
        left.plot(roots[chosen].real, roots[chosen].imag, "o", color=color)
    left.set(xlim=(-1.9, 1.9), ylim=(-1.9, 1.9), aspect="equal")
    left.set(title="roots, 16 kHz", xticks=(-1, 0, 1), yticks=(-1, 0, 1))
    for label, (color, weights, radii) in curves.items():
        places = grid if len(radii) == len(grid) else grid[::4]
        right.plot(places, radii, color=color, label=label, linewidth=1.4)
        here = (
            theory_loop.block_radius(block, alpha)
            if weights is None
            else theory_loop.loop_radius(weights, alpha)
        )
        right.plot(alpha, here, "o", color=color, markersize=5)
        if weights is not None:
            sizes = np.abs(theory_loop.errors(weights, alpha, 100))
            middle.semilogy(np.maximum(sizes, 1e-12), color=color, linewidth=1.1)
    right.axhline(1, color=BLACK, linewidth=0.8)
    right.legend(fontsize=6.5, loc="lower left")
    right.set(xlabel="α", ylabel="greatest modulus ρ", ylim=(0, 1.7))
    middle.set(xlabel="samples", title="error after 1e-6", ylim=(1e-12, 1e16))
    return figure
