"""The structures as a drawing, a worked trace, and the law of balance as a knob."""

import numpy as np

from lessons.memory.neural_stack import programs, theory_loops
from lessons.toolkit import figures, turning
from lessons.toolkit.drawing import Drawing
from lessons.toolkit.figures import BLUE, GREEN, ORANGE, Figure

NET_POPS = (0.7, 0.75, 0.8, 0.84, 0.87, 0.9, 0.93, 0.96, 1.0, 1.05, 1.1)
LENGTH = 12


def wiring():
    """Controller and structure, and what goes from one to the other in a step."""
    drawing = Drawing()
    drawing.node("i", 0, 1.4, "input $i_t$", kind="array", width=1.0)
    drawing.node("o", 0, 2.96, "answer $o_t$", kind="array", width=1.0)
    drawing.node(
        "h", 2.1, 2.18, "controller\n$h_t$", kind="layer", color="blue", height=1.9
    )
    for k in range(5):
        drawing.node(
            f"cell {k}", 6.2, 0.5 + 0.42 * k, f"$V[{k + 1}],\\ s[{k + 1}]$",
            kind="array", width=1.5, height=0.42,
        )  # fmt: skip
    drawing.text(6.2, 0.02, "cells, newest on top")
    drawing.arrow("i", "h")
    drawing.arrow("h", "o")
    drawing.arrow("h", "cell 4", "push: $d_t,\\ v_t$", color="blue", bend=0.06)
    drawing.arrow("h", "cell 4", "pop: $u_t$", color="orange", bend=-0.06)
    drawing.node("r", 4.1, 3.6, "$r_t$", kind="deterministic", color="green")
    drawing.arrow("cell 4", "r", "read", color="green", bend=0.15)
    drawing.arrow("r", "h", color="green", dashed=True)
    drawing.text(2.9, 3.6, "one step later", color="green", align="right")
    drawing.text(7.2, 2.18, "a stack pushes, pops and reads here", align="left")
    drawing.text(7.2, 0.5, "a queue pops and reads here", align="left")
    drawing.text(7.2, 1.34, "a deque does all three at both ends", align="left")
    return drawing.figure(
        "A controller takes the input and gives the answer. It sends push strength and "
        "value, and pop strength, to the top of a column of cells, each with a value "
        "and a strength. What is read at the top goes, dashed, to the controller one "
        "step later: this is a stack. A queue pops and reads at the bottom instead, a "
        "deque does everything at both ends.",
        "A stack. The controller sees neither cells nor strengths, only what was read "
        "last.",
    )


def trace():
    """The worked trace: strengths as stacked bars, what is read of them hatched."""
    figure, axes = figures.new(1, 2, size=(8.0, 3.4), sharey=True)
    signals = [(0.8, 0.0), (0.5, 0.1), (0.9, 0.9)]
    units = np.eye(3)
    for axis, structure in zip(axes, ("stack", "queue"), strict=True):
        steps = [(*pair, unit) for pair, unit in zip(signals, units, strict=True)]
        kept, _ = theory_loops.run(structure, steps)
        for t, strengths in enumerate(kept):
            end = "top" if structure == "stack" else "bottom"
            weights = theory_loops.weights(strengths, end)
            floor = 0.0
            for k, (s, w) in enumerate(zip(strengths, weights, strict=True)):
                color = (BLUE, ORANGE, GREEN)[k]
                label = f"$v_{k + 1}$" if t == 2 else None
                axis.bar(t, s, 0.6, floor, color=color, alpha=0.45, label=label)
                low = floor + (s - w if end == "top" else 0)
                axis.bar(t, w, 0.6, low, fill=False, hatch="///", edgecolor=color)
                floor += s
        names = [f"d={d:g}, u={u:g}" for d, u in signals]
        axis.set_xticks(range(3), names, fontsize=9)
        axis.set(title=structure, xlabel="step")
        axis.grid(axis="x", visible=False)
    axes[0].set(ylabel="strength", ylim=(0, 1.55))
    axes[0].legend(fontsize=9, ncols=3, loc="upper left")
    return Figure(
        figure,
        "Two charts of stacked bars, a bar for each of three steps: strengths of the "
        "cells, the oldest at the bottom, with the part that is read hatched. After "
        "the third step the stack keeps 0.3 of the first value and 0.9 of the third, "
        "the queue 0.3 of the second and 0.9 of the third; the stack reads the "
        "uppermost 1.0, the queue the lowest 1.0.",
        "Hatched: what is read, from the top (stack) or the bottom (queue), up to 1.",
    )


def _panel(axis, structure, signals):
    """Strengths over time, right and wrong reads marked; how many answers are right."""
    strengths, read = programs.run(structure, LENGTH, signals)
    axis.imshow(strengths.T[:LENGTH], aspect="auto", vmin=0, vmax=1, cmap="gray_r",
                origin="lower")  # fmt: skip
    axis.grid(False)
    _, right = programs.answers(structure, LENGTH, signals)
    for k in np.flatnonzero(read[LENGTH : 2 * LENGTH].max(1)):  # something is read
        cell = int(read[LENGTH + k, :LENGTH].argmax())
        color, marker = (GREEN, "o") if right[k] else (ORANGE, "X")
        axis.plot(LENGTH + k, cell, marker, color=color, ms=6)
    axis.axvline(LENGTH, color="0.6", linestyle=":", linewidth=1)
    axis.set(title=f"{structure}: {right.sum()} of {LENGTH} right", xlabel="step")
    return int(right.sum())


def balance():
    """A figure that turns: strengths of both programs for several net pops q."""
    frames, alts = [], []
    for net_pop in NET_POPS:
        signals = programs.Signals(0.95, 0.05, 0.0, net_pop)
        figure, axes = figures.new(1, 2, size=(8.6, 3.3), sharey=True)
        counts = [
            _panel(axis, structure, signals)
            for axis, structure in zip(axes, ("stack", "queue"), strict=True)
        ]
        axes[0].set_ylabel("cell")
        frames.append(figure)
        alts.append(
            f"Net pop {net_pop:g}, net push 0.9: the stack gives {counts[0]} of "
            f"{LENGTH} answers from the right cell, the queue {counts[1]}."
        )
    return turning.turn(
        frames,
        [f"{net_pop:g}" for net_pop in NET_POPS],
        "net pop q of a step of the answer (net push p = 0.9)",
        "Strengths of twelve cells over 25 steps for a stack and a queue, dark where "
        "large, with a green dot on the cell that is read most if it is the right one "
        "and an orange cross if not.",
        "Turn q: a stack is right to the end only where q is close to p.",
        alts=alts,
        start=NET_POPS.index(0.84),
    )
