"""The machine as a drawing, its sharpening as a knob, and what recorded runs found."""

import numpy as np

from lessons.memory.neural_turing_machine import dynamics, evaluation
from lessons.memory.neural_turing_machine.variants import VARIANTS
from lessons.toolkit import figures, turning
from lessons.toolkit.drawing import Drawing

GAMMAS = (1.0, 1.1, 1.25, 1.5, 2.0, 3.0, 5.0)
_SURE = (0.99, 0.9, 0.7)  # how sure each step of the head is


def wiring():
    """Controller, heads and memory, and what goes from one to the other."""
    drawing = Drawing()
    drawing.node("x", 0, 0.9, "input $x_t$", kind="array", width=1.0)
    drawing.node("y", 0, 2.3, "output $y_t$", kind="array", width=1.0)
    drawing.node(
        "z", 2.0, 1.6, "controller\n$z_t$", kind="layer", color="blue", height=1.9
    )
    drawing.node("write", 4.6, 0.9, "write head", kind="layer", color="orange")
    drawing.node("read", 4.6, 2.3, "read head", kind="layer", color="green")
    slots = 6
    for slot in range(slots):
        name = f"slot {slot}"
        drawing.node(
            name, 7.0, 0.6 + 0.4 * slot, "", kind="array", width=0.9, height=0.4
        )
    drawing.text(7.0, 3.05, "memory $M_t$, $N$ slots")
    drawing.arrow("x", "z")
    drawing.arrow("z", "y")
    drawing.arrow("z", "write", r"$k, \beta, g, s, \gamma;\ e, a$", bend=-1e-3)
    drawing.arrow("z", "read", r"$k, \beta, g, s, \gamma$")
    drawing.arrow("write", "slot 1", "$w,\\ e,\\ a$", color="orange")
    drawing.arrow("slot 4", "read", "$w$", color="green")
    drawing.node("r", 3.3, 3.15, "$r_t$", kind="deterministic", color="green")
    drawing.arrow("read", "r", color="green")
    drawing.arrow("r", "y", color="green", bend=0.15)
    drawing.arrow("r", "z", color="green", dashed=True)
    drawing.text(2.7, 2.78, "one step later", color="green", align="right")
    return drawing.figure(
        "A controller in the middle takes the input and gives the output. It sends "
        "key, strength, gate, shift and sharpness to a write head and a read head, and "
        "to the write head also what to erase and add. The write head changes the "
        "slots of a memory on the right, the read head reads them; what was read goes "
        "to the output and, dashed, to the controller at the next step.",
        "The controller never sees the memory, only what was read one step before.",
    )


def sharpening(num_slots=32, num_steps=45):
    """A figure that turns: a walking head for several exponents of the sharpening.

    Args:
        num_slots: N.
        num_steps: steps of the head.
    """
    frames, alts = [], []
    for gamma in GAMMAS:
        figure, axes = figures.new(1, len(_SURE), size=(9.0, 3.1), sharey=True)
        peaks = []
        for axis, sure in zip(axes, _SURE, strict=True):
            path = dynamics.repeated((0, 1 - sure, sure), gamma, num_steps, num_slots)
            axis.imshow(path.T, aspect="auto", vmin=0, vmax=1, cmap="gray_r")
            axis.grid(False)
            peaks.append(path[-1].max())
            title = f"sure by {sure:g}: at last {peaks[-1]:.2f}"
            axis.set(xlabel="step", title=title)
        axes[0].set_ylabel("slot")
        frames.append(figure)
        kept = ", ".join(f"{peak:.2f}" for peak in peaks)
        alts.append(
            f"Sharpness {gamma:g}: three heads walk over the slots, sure of each step "
            f"by 0.99, 0.9 and 0.7; their largest weights at the end are {kept}."
        )
    return turning.turn(
        frames,
        [f"{gamma:g}" for gamma in GAMMAS],
        "exponent γ of the sharpening",
        "Weightings of three walking heads over time, one panel for each probability "
        "of a move by one slot: dark where the weight is large. Without sharpening the "
        "lines dissolve into grey, with enough of it they stay sharp.",
        "The less sure the shift, the more sharpening it takes to keep a place.",
        alts=alts,
    )


def errors_of_recorded(panels):
    """Wrong bits against length in recorded runs: lines are means, dots are seeds.

    Args:
        panels: by title (`results.Runs`, `Config` of these runs).
    """
    figure, axes = figures.new(1, len(panels), size=(8.8, 3.5), sharey=True)
    for axis, (title, (runs, config)) in zip(axes, panels.items(), strict=True):
        axis.axvspan(config.min_length - 0.2, config.max_length + 0.2, color="0.9")
        for index, name in enumerate(config.variants):
            variant = VARIANTS[name]
            errors = np.array(
                [runs[name, f"bit_error_{length}"] for length in config.test_lengths]
            )
            place = np.array(config.test_lengths) + 0.1 * (index - 0.5)
            color = figures.COLORS[variant.color]
            axis.plot(place, errors, "o", ms=3.5, color=color, alpha=0.45)
            axis.plot(place, errors.mean(axis=1), **figures.look(variant))
        rules = {"always 0": (evaluation.zeros_error, "-")}
        if config.task == "associative_recall":
            rules["the last item"] = evaluation.last_item_error, "-."
        for label, (rule, line) in rules.items():
            found = [rule(config, length) for length in config.test_lengths]
            axis.plot(config.test_lengths, found, line, color="0.5", label=label)
        axis.set(xlabel="vectors or items", title=title, ylim=(-0.02, 0.76))
        axis.set_xticks(config.test_lengths)
        axis.legend(fontsize=9, loc="upper left", ncols=2)
    axes[0].set_ylabel("fraction of wrong bits")
    return figures.Figure(
        figure,
        "Two line charts of the fraction of wrong bits against length, with trained "
        "lengths shaded, one line for the machine and one for an LSTM and dots for "
        "single seeds: repeat copy on the left, associative recall on the right. "
        "Grey lines mark answers that look at no question.",
        "Dots are seeds, lines their means; shaded: lengths seen in training; grey: "
        "answers that need no network.",
    )
