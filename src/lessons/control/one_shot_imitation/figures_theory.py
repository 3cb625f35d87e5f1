"""The drawing of the three networks, and pictures of theory."""

import numpy as np

from lessons.control.one_shot_imitation import theory_routes
from lessons.toolkit import figures
from lessons.toolkit.drawing import Drawing
from lessons.toolkit.figures import Figure


def networks():
    """The demonstration, context and manipulation networks, and where sizes go."""
    drawing = Drawing()
    drawing.text(0.9, 2.75, "demonstration network")
    drawing.node("d", 0.9, 2.2, "$d$: T × B × 3", kind="array", color="orange")
    drawing.node("drop", 0.9, 1.4, "temporal dropout", kind="layer")
    drawing.node("na", 0.9, 0.55, "4 × [NA, conv over\ntime] + residual", kind="layer")
    drawing.node("e", 0.9, -0.35, "T′ × B × 64", kind="array", color="orange")
    drawing.arrow("d", "drop")
    drawing.arrow("drop", "na")
    drawing.arrow("na", "e")
    drawing.text(4.05, 2.75, "context network, four steps, own weights each")
    drawing.node(
        "s", 4.05, 2.2, "state now: B × 3, robot 2", kind="array", color="orange"
    )
    drawing.node(
        "time",
        3.05,
        0.55,
        "attention over\nframes: T′ weights\nfor each block",
        kind="layer",
    )
    drawing.node("space", 4.7, 0.55, "attention\nover blocks", kind="layer")
    drawing.node("lstm", 6.1, 0.55, "LSTM\nper block", kind="layer")
    drawing.arrow("e", "time", bend=0.12)
    drawing.arrow("s", "space")
    drawing.arrow("s", "lstm", bend=-0.15)
    drawing.arrow("time", "space")
    drawing.arrow("space", "lstm")
    drawing.arrow("lstm", "time", "next step", bend=-0.42, dashed=True)
    drawing.text(8.15, 2.75, "manipulation network")
    drawing.node("q", 7.6, 0.55, "2 queries\nover blocks", kind="layer")
    drawing.node("c", 7.6, 1.4, "14 numbers", kind="array")
    drawing.node("mlp", 7.6, 2.2, "256, 256", kind="layer")
    drawing.node("a", 8.9, 2.2, "action", kind="array")
    drawing.arrow("lstm", "q")
    drawing.arrow("q", "c")
    drawing.arrow("c", "mlp")
    drawing.arrow("mlp", "a")
    return drawing.figure(
        "Block diagram from left to right. The demonstration, T frames of B blocks, "
        "goes through temporal dropout and four blocks of neighbourhood attention and "
        "convolution to an embedding for each kept frame and block. In the context "
        "network each block of the present state attends over the frames, then over "
        "the blocks, and an LSTM takes in what was found, four times. Two queries over "
        "blocks give 14 numbers, and a dense network gives the action.",
        "Orange: arrays whose size depends on the demonstration or the number of "
        "blocks. Behind the two queries nothing does.",
    )


def compounding(epsilon=1e-3):
    """Expected bad steps against the horizon, without and with recovery."""
    figure, axis = figures.new(size=(6.2, 3.6))
    steps = np.unique(np.geomspace(2, 10_000, 40).astype(int))
    alone = theory_routes.cloning_cost(epsilon, steps)
    back = [theory_routes.recovering_cost(epsilon, t, 0.5) for t in steps]
    axis.plot(steps, alone, color=figures.ORANGE, label="never finds back")
    axis.plot(steps, back, color=figures.BLUE, label="finds back, one step in two")
    axis.plot(steps, epsilon * steps * (steps + 1) / 2, color=figures.GREY, ls=":")
    axis.annotate("ε T (T + 1) / 2", (30, 0.9), fontsize=8, ha="right")
    axis.axvline(1 / epsilon, color=figures.GREY, linewidth=0.8)
    axis.annotate("T ε = 1", (1.1 / epsilon, 2e-3), fontsize=8)
    axis.set(
        xscale="log",
        yscale="log",
        xlabel="steps T of an episode",
        ylabel="expected bad steps",
        ylim=(1e-3, 2e4),
    )
    axis.legend(fontsize=8)
    return Figure(
        figure,
        "Log-log chart of expected bad steps against the length of an episode, for a "
        f"mistake probability of {epsilon:g}. Without recovery the line has slope 2 "
        "and follows the dotted bound up to about 300 steps, then bends to slope 1 "
        "near 1,000. With recovery it begins at the same point and has slope 1 from "
        "about 10 steps on.",
        "Slope 2 against slope 1, as long as T times ε is small.",
    )


def dropout(stages=(14, 26, 52, 100)):
    """Probability that a stage is lost, against the probability of dropping a frame."""
    figure, axis = figures.new(size=(6.2, 3.4))
    p = np.linspace(0.5, 0.995, 200)
    for frames in stages:
        axis.plot(
            p, theory_routes.probability_lost(p, frames), label=f"{frames} frames"
        )
    for at, name in ((0.8, "here"), (0.95, "paper")):
        axis.axvline(at, color=figures.GREY, linewidth=0.8)
        axis.annotate(name, (at, 0.93), fontsize=8, ha="right", rotation=90, va="top")
    axis.set(
        xlabel="probability p that a frame is dropped",
        ylabel="P(stage lost)",
        ylim=(0, 1),
    )
    axis.legend(fontsize=8, loc="upper left")
    lost = theory_routes.probability_lost(0.95, 26)
    return Figure(
        figure,
        "Line chart of the probability that no frame of a stage is kept, for stages of "
        f"{', '.join(map(str, stages))} frames: near 0 for p below 0.8, and rising "
        f"steeply to 1 as p goes to 1. At p = 0.95 it is {lost:.2f} for 26 frames.",
        "The longer a stage, the more frames may be dropped before it is lost.",
    )
