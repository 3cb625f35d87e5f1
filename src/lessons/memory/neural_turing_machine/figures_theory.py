"""Figures of the theory: each takes computed numbers and only draws."""

import numpy as np

from lessons.toolkit import figures
from lessons.toolkit.figures import BLACK, BLUE, ORANGE, SKY, Figure


def stages(parts):
    """The weighting after each step of addressing, as bars over the slots.

    Args:
        parts: title -> weighting of shape (slots,).
    """
    figure, axes = figures.new(1, len(parts), size=(9.4, 2.7), sharey=True)
    for axis, (title, weights) in zip(axes, parts.items(), strict=True):
        slots = np.arange(len(weights))
        axis.bar(slots, weights, color=BLUE, width=0.7)
        for slot, weight in zip(slots, weights, strict=True):
            axis.annotate(f"{weight:.2f}", (slot, weight), ha="center", va="bottom")
        axis.set(title=title, xlabel="slot", ylim=(0, 1.1))
        axis.set_xticks(slots)
    axes[0].set_ylabel("weight")
    return Figure(
        figure,
        "Bar charts of a weighting over four slots: before, after content addressing, "
        "after the gate, after the shift and after sharpening.",
        "One head, one step: what it looked at, what resembles the key, and how both "
        "become the new weighting.",
    )


def programmed(batch, outputs, writing, reading):
    """What the hand-made machine does with one sequence.

    Args:
        batch: `data.Sequences` of one sequence.
        outputs, writing, reading: of `programs.copy`.
    """
    panels = {
        "inputs": (batch.inputs[0], "channel"),
        "write weighting": (writing[0], "slot"),
        "read weighting": (reading[0], "slot"),
        "outputs": (outputs[0], "bit"),
    }
    figure, axes = figures.new(1, 4, size=(9.6, 2.6))
    for axis, (title, (values, label)) in zip(axes, panels.items(), strict=True):
        axis.imshow(values.T, aspect="auto", vmin=0, vmax=1, cmap="gray_r")
        axis.set(title=title, xlabel="time step", ylabel=label)
        axis.grid(False)
    return Figure(
        figure,
        "Four panels over time: a sequence of eight vectors, the write weighting and "
        "the read weighting as diagonal lines one after the other, and the outputs, "
        "which repeat the vectors.",
        "The write head walks while the input arrives, the read head while the answer "
        "is given. Nothing was learned.",
    )


def ngram_predictions(bits, tables, truth, context):
    """Predictions of a sequence by several rules, beside the true probabilities.

    Args:
        bits: the sequence, shape (length,).
        tables: label -> probabilities, shape (length - context,).
        truth: the true probabilities, same shape.
        context: bits of a context.
    """
    figure, axis = figures.new(size=(8.6, 3.2))
    steps = np.arange(context, len(bits))
    axis.plot(steps, truth, "_", color="0.6", label="true probability", ms=9, mew=4)
    looks = ((BLUE, "o"), (ORANGE, "x"), (SKY, "+"))
    for (label, values), (color, mark) in zip(tables.items(), looks, strict=False):
        axis.plot(steps, values, mark, color=color, label=label, ms=5)
    ones = np.asarray(bits[context:]) > 0.5
    axis.plot(steps[ones], np.full(ones.sum(), 1.07), "|", color=BLACK, ms=5)
    axis.plot(steps[~ones], np.full((~ones).sum(), -0.07), "|", color=BLACK, ms=5)
    axis.set(xlabel="position in the sequence", ylabel="probability of a 1")
    axis.set_ylim(-0.13, 1.32)
    axis.legend(fontsize=9, ncols=3, loc="upper center")
    return Figure(
        figure,
        "Predicted probability of a one against the position in a sequence of bits, "
        "by the optimal rule and by counted frequencies, beside the true probability, "
        "with the bits as ticks above and below.",
        "The optimal rule is never sure; counted frequencies are, and are wrong.",
    )
