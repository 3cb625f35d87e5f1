"""The drawing of the network, and a figure whose knob is the iterations of routing."""

import numpy as np

from lessons.toolkit import figures, turning
from lessons.toolkit.drawing import Drawing
from lessons.toolkit.figures import BLACK, BLUE, ORANGE
from lessons.vision.capsules import theory_routing
from lessons.vision.capsules.figures_theory import unit_circle

_ITERATIONS = (1, 2, 3, 4, 5, 7, 10, 20, 50)
_START = 3  # iterations: the paper's choice


def network():
    """The published network on 28x28, from the image to its reconstruction."""
    drawing = Drawing()
    drawing.node("x", 0, 0, "image\n28x28", kind="array")
    drawing.node("conv", 1.35, 0, "convolution\n20x20x256", kind="layer", color="blue")
    drawing.node("primary", 2.95, 0, "convolution,\nsquash", kind="layer", color="blue")
    drawing.node("u", 4.45, 0, "parts $u_i$\n1152 x 8", kind="array")
    drawing.node("votes", 5.85, 0, "votes\n$W_{ij} u_i$", kind="layer", color="blue")
    drawing.node("routing", 7.15, 0, "routing\n$r$ times", kind="layer", color="orange")
    drawing.node("v", 8.55, 0, "wholes $v_j$\n10 x 16", kind="array")
    drawing.node("length", 6.7, -1.1, "lengths $|v_j|$", kind="text")
    drawing.node("margin", 4.75, -1.1, "margin loss", kind="layer", color="green")
    drawing.node("mask", 8.55, -2.0, "keep one", kind="layer", color="grey")
    drawing.node("label", 9.75, -2.0, "label", kind="text")
    drawing.node(
        "decoder", 6.7, -2.0, "decoder\n512-1024-784", kind="layer", color="blue"
    )
    drawing.node("error", 4.75, -2.0, "squared\nerror", kind="layer", color="green")
    for start, end in (
        ("x", "conv"),
        ("conv", "primary"),
        ("primary", "u"),
        ("u", "votes"),
        ("votes", "routing"),
        ("routing", "v"),
        ("v", "length"),
        ("length", "margin"),
        ("v", "mask"),
        ("label", "mask"),
        ("mask", "decoder"),
        ("decoder", "error"),
    ):
        drawing.arrow(start, end)
    drawing.text(7.15, 0.55, "$b$ grows by agreement", color="orange")
    return drawing.figure(
        "Boxes from left to right: an image, two convolutions, 1152 parts of 8 "
        "components, votes by one matrix per pair, routing repeated r times, and 10 "
        "wholes of 16 components. From the wholes one branch takes their lengths to "
        "the margin loss; the other keeps one capsule, chosen by the label, and "
        "decodes it to an image that the squared error compares.",
        "Blue has weights, orange and grey have none, green is what is minimised.",
    )


def iterations(votes, counts=_ITERATIONS):
    """Routing of one example, turned by the number of its iterations.

    Args:
        votes: shape (1, 2, lower, 2), float64.
        counts: numbers of iterations, rising.

    Returns:
        A `turning.Turning`.
    """
    trace = theory_routing.trace(votes, counts[-1])
    frames = [_iteration(votes, trace, count) for count in counts]
    return turning.turn(
        frames,
        [str(count) for count in counts],
        "iterations of routing r",
        f"Three panels: the votes of {votes.shape[2]} parts for a first whole as blue "
        "arrows and for a second as orange arrows, each as dark as its coupling, with "
        "the whole as a black arrow; and two curves against the iteration, the "
        "objective F, which rises, and the mean entropy of the couplings, which falls, "
        "with dots at this iteration.",
        "More iterations only make the choice harder.",
        alts=[_words(trace, count) for count in counts],
        start=counts.index(_START) if _START in counts else 0,
    )


def _words(trace, count):
    """What one frame shows, for a reader who cannot see it."""
    sizes = np.linalg.norm(trace.capsules[count - 1, 0], axis=-1)
    shares = trace.couplings[count - 1, 0, 0]
    return (
        f"After {count} iterations the first whole has length {sizes[0]:.2f} and the "
        f"second {sizes[1]:.2f}; the parts send "
        f"{', '.join(f'{share:.2f}' for share in shares)} to the first."
    )


def _iteration(votes, trace, count):
    """One frame of `iterations`."""
    figure, axes = figures.new(1, 3, size=(8.4, 3.1), width_ratios=[1, 1, 1.15])
    for whole, color in enumerate((BLUE, ORANGE)):
        axis, capsule = axes[whole], trace.capsules[count - 1, 0, whole]
        shares = trace.couplings[count - 1, 0, whole]
        for vote, share in zip(votes[0, whole], shares, strict=True):
            arrow = {"arrowstyle": "->", "color": color, "linewidth": 1.6}
            axis.annotate("", vote, (0, 0), arrowprops=arrow | {"alpha": float(share)})
        arrow = {"arrowstyle": "-|>", "color": BLACK, "linewidth": 2.6}
        axis.annotate("", capsule, (0, 0), arrowprops=arrow)
        axis.set_title(f"whole {whole + 1}: |v| = {np.linalg.norm(capsule):.2f}")
        axis.set(xlim=(-1.4, 1.4), ylim=(-1.4, 1.4), aspect="equal")
        axis.set_xlabel("first component")
        axis.add_patch(unit_circle())
    axes[0].set_ylabel("second component")
    steps = np.arange(1, len(trace.objective) + 1)
    for values, label, color in (
        (trace.objective[:, 0], "objective F", BLACK),
        (trace.entropy[:, 0], "entropy (nats)", figures.GREY),
    ):
        axes[2].plot(steps, values, color=color, label=label)
        axes[2].plot(count, values[count - 1], "o", color=color, markersize=7)
    axes[2].set(xscale="log", ylim=(0, None), xlabel="iteration")
    axes[2].set_xticks([1, 3, 10, 30], ["1", "3", "10", "30"])
    axes[2].set_title(f"r = {count}")
    axes[2].legend(fontsize=8)
    return figure
