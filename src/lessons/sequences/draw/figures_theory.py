"""Figures of the theory: two steps of the network, a window that turns, gradients."""

import numpy as np

from lessons.sequences.draw import theory_routes
from lessons.toolkit import figures, turning
from lessons.toolkit.drawing import Drawing
from lessons.toolkit.figures import BLACK, BLUE, GREEN, GREY, ORANGE, Figure

STRIDES = (0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0)
DEVIATIONS = (0.3, 1.0, 3.0)


def network_drawing():
    """Two steps of the network with its canvas of pixels and its canvas of classes."""
    drawing = Drawing()
    for t, x in enumerate((0.0, 5.0), 1):
        drawing.node(f"x{t}", x - 1.2, 2.1, "image $x$\n16×16", kind="array")
        drawing.node(f"r{t}", x, 2.1, f"read $r_{t}$\n2·25", kind="array", color="blue")
        drawing.node(f"e{t}", x + 1.15, 2.1, f"encoder\n$h^e_{t}$ (64)", kind="layer")
        drawing.node(f"z{t}", x + 1.15, 1.0, f"$z_{t}$")
        drawing.node(f"p{t}", x, 1.0, "prior", kind="layer", color="green")
        drawing.node(
            f"d{t}", x + 1.15, 0.0, f"decoder\n$h^d_{t}$ (64)", kind="layer",
            color="green",
        )  # fmt: skip
        drawing.node(f"w{t}", x + 2.35, -0.75, "write\n25", kind="array", color="green")
        drawing.node(
            f"c{t}", x + 2.35, -1.75, f"canvas $c_{t}$\n16×16", kind="array",
            color="green",
        )  # fmt: skip
        drawing.node(
            f"l{t}",
            x + 2.35,
            3.15,
            f"classes $l_{t}$\n10",
            kind="array",
            color="orange",
        )
        drawing.arrow(f"x{t}", f"r{t}")
        drawing.arrow(f"r{t}", f"e{t}", color="blue")
        drawing.arrow(f"e{t}", f"z{t}", r"$q$", dashed=True)
        drawing.arrow(f"p{t}", f"z{t}", color="green")
        drawing.arrow(f"z{t}", f"d{t}", color="green")
        drawing.arrow(f"d{t}", f"w{t}", color="green")
        drawing.arrow(f"w{t}", f"c{t}", "+", color="green")
        drawing.arrow(f"r{t}", f"l{t}", color="orange", bend=-0.25)
        drawing.arrow(f"z{t}", f"l{t}", color="orange", bend=0.25)
    drawing.node("d0", -2.3, 0.0, "$h^d_0 = 0$", kind="text")
    drawing.node("c0", -2.3, -1.75, "$c_0$", kind="text")
    drawing.node("l0", -2.3, 3.15, "$l_0 = 0$", kind="text")
    for t in (1, 2):
        drawing.arrow(f"d{t - 1}", f"r{t}", "where" if t == 2 else "", color="blue")
        drawing.arrow(f"d{t - 1}", f"e{t}", color="blue", bend=0.05)
        drawing.arrow(f"d{t - 1}", f"p{t}", color="green")
        drawing.arrow(f"d{t - 1}", f"d{t}", color="green")
        drawing.arrow(f"c{t - 1}", f"c{t}", "+", color="green")
        drawing.arrow(f"l{t - 1}", f"l{t}", "+", color="orange")
    drawing.arrow("e1", "e2", bend=0.3)
    for t, at in ((1, 0.3), (2, 0.2)):
        error = rf"$x - \sigma(c_{t - 1})$"
        drawing.arrow(f"c{t - 1}", f"r{t}", error, color="grey", at=at)
        drawing.arrow(
            f"l{t - 1}", f"d{t}", "said", color="orange", dashed=True, bend=0.32, at=0.3
        )
    return drawing.figure(
        "Diagram of two steps. A patch is read from the image and from its difference "
        "to the canvas, at a place that the decoder's state of the step before gives. "
        "With that state it enters the encoder, whose state gives the posterior of the "
        "code. The code enters the decoder, which writes a patch that is added to the "
        "canvas. The prior of the code comes from the decoder's state before. Readings "
        "and codes are added up as evidence for the classes; what was said so far "
        "enters the decoder of the next step. Prior, code, decoder, write and canvas "
        "are green.",
        "Green, and a distribution of classes in the place of what was said, is all "
        "that is needed to draw from nothing: no green arrow comes from the image.",
    )


def window_knob(image, size, x, y):
    """What a window reads and gives back, for strides and widths of its filters.

    Args:
        image: shape (B, A).
        size: N.
        x, y: the window's centre, pixels counted from 1.

    Returns:
        A `Turning`.
    """
    frames, labels, alts = [], [], []
    for deviation in DEVIATIONS:
        for stride in STRIDES:
            frames.append(_window_frame(image, size, x, y, stride, deviation))
            labels.append(f"δ = {stride:g}, σ = {deviation:g}")
            alts.append(
                f"Image with {size} times {size} dots {stride:g} pixels apart, filters "
                f"of width {deviation:g}, the patch and what is written back."
            )
    return turning.turn(
        frames,
        labels,
        "distance δ of the filters and their width σ, in pixels",
        "Four pictures for each setting: an image with the centres of the filters, the "
        "filters of columns as a matrix, the patch that is read, and the image that "
        "the patch gives when it is written back. With far filters pixels between them "
        "are lost, with wide ones the patch is flat, with close ones what is written "
        "is much darker than the image.",
        "With narrow filters δ = 1 gives back the middle nearly pixel by pixel, "
        "δ = 1.5 the whole digit with gaps; at δ = 0.25 overlapping filters add up.",
        alts=alts,
        start=labels.index("δ = 1.5, σ = 1"),
    )


def _window_frame(image, size, x, y, stride, deviation):
    rows = theory_routes.filters(y, stride, deviation, size, image.shape[0])
    columns = theory_routes.filters(x, stride, deviation, size, image.shape[1])
    patch = rows @ image @ columns.T
    back = rows.T @ patch @ columns
    figure, axes = figures.new(1, 4, size=(8.2, 2.3))
    steps = (np.arange(size) - (size - 1) / 2) * stride
    for axis, values in ((axes[0], image), (axes[2], patch), (axes[3], back)):
        axis.imshow(values, vmin=0, vmax=1, cmap="gray_r", interpolation="nearest")
    across, down = np.meshgrid(x - 1 + steps, y - 1 + steps)
    axes[0].plot(across.ravel(), down.ravel(), ".", color=ORANGE, markersize=4)
    axes[0].set(xlim=(-0.5, image.shape[1] - 0.5), ylim=(image.shape[0] - 0.5, -0.5))
    axes[1].imshow(columns, vmin=0, cmap="gray_r", aspect="auto")
    titles = ("image and centres", "filters of columns", "read", "written back")
    for axis, title in zip(axes, titles, strict=True):
        axis.set_title(title, fontsize=9)
        axis.set(xticks=[], yticks=[])
        axis.grid(visible=False)
    axes[1].set(xlabel="pixel", ylabel="filter")
    return figure


def gradients(rewards, estimates, counts, spreads):
    """Rewards against the place, and errors of gradients against the draws.

    Args:
        rewards: (places, soft, hard), arrays of one length.
        estimates: mean and deviation of the place that is learned.
        counts: numbers of draws.
        spreads: standard errors by name, arrays over `counts`.
    """
    places, soft, hard = rewards
    mean, deviation = estimates
    figure, (left, right) = figures.new(1, 2, size=(7.8, 3.1))
    left.plot(places, soft, color=BLUE, label="Gaussian window")
    left.plot(places, hard, color=ORANGE, label="hard crop", drawstyle="default")
    left.axvspan(mean - deviation, mean + deviation, color="0.9")
    left.axvline(mean, color=GREY, linestyle=":", linewidth=1.2)
    left.set(xlabel="place of the glimpse (pixel)", ylabel="reward")
    left.legend(fontsize=8)
    colors = (BLUE, GREEN, BLACK)
    for (name, values), color in zip(spreads.items(), colors, strict=True):
        right.loglog(counts, values, color=color, label=name)
    right.set(xlabel="glimpses drawn", ylabel="standard error of the gradient")
    right.legend(fontsize=8)
    ends = ", ".join(f"{name} {values[-1]:.2g}" for name, values in spreads.items())
    return Figure(
        figure,
        "Two charts. Left, the reward against the place of a glimpse: smooth for a "
        "Gaussian window, a staircase for a hard crop. Right, on log scales, the "
        f"standard error of the gradient against the number of glimpses; at the end: "
        f"{ends}.",
        "The staircase has no slope to follow; REINFORCE needs none, and pays for it "
        "with many draws.",
    )
