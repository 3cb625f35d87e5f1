"""Whole charts, and parts of them, that several lessons draw alike."""

import numpy as np

from lessons.toolkit import figures
from lessons.toolkit.figures import GREY, Figure


def accuracy_curves(history, variants, caption, examples="images"):
    """Accuracy on the training examples against the epoch, a line for each variant.

    Args:
        history: columns called `VARIANT/accuracy`.
        variants: `Variant`s by name.
        caption: what to see.
        examples: what they are, such as "images".
    """
    figure, axis = figures.new()
    drawn = figures.curves(axis, history, "accuracy", variants)
    what = f"accuracy on training {examples}"
    axis.set(xlabel="epoch", ylabel=what, ylim=(None, 1.01))
    axis.legend(fontsize=8)
    labels = ", ".join(variants[name].label for name in drawn)
    alt = f"Line chart of the {what} against the epoch, with a line each for {labels}."
    return Figure(figure, alt, caption)


def yardsticks(axis, lines, place):
    """Draw numbers to compare with as dotted lines across a chart.

    Args:
        axis: a matplotlib axis.
        lines: pairs (label, number).
        place: where along the axis the labels begin.
    """
    for label, value in lines:
        axis.axhline(value, color=GREY, linestyle=":", linewidth=1.2)
        axis.annotate(label, (place, value), fontsize=8, va="bottom")


def means_in_words(values, variants, digits):
    """Labels of variants with their means, for an alt text: "SGD 0.93, Adam 0.95".

    Args:
        values: numbers over seeds by the variant's name.
        variants: `Variant`s by name.
        digits: after the point.
    """
    return ", ".join(
        f"{variants[name].label} {np.mean(numbers):.{digits}f}"
        for name, numbers in values.items()
    )
