"""Whole charts, and parts of them, that several lessons draw alike."""

import numpy as np

from lessons.toolkit import figures
from lessons.toolkit.figures import BLACK, GREY, Figure


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


def accuracy_bars(values, variants, title, lines=()):
    """Mean test accuracy and its range over seeds, a bar for each variant.

    Args:
        values: accuracies over seeds by the variant's name.
        variants: `Variant`s by name.
        title: what is compared.
        lines: pairs (label, accuracy) of yardsticks, drawn across.
    """
    figure, axis = figures.new(size=(7.5, 3.4))
    figures.bars(axis, values, variants, digits=3)
    yardsticks(axis, lines, len(values) - 0.5)
    axis.tick_params(axis="x", rotation=30, labelsize=8)
    axis.set(ylabel="accuracy on test images", ylim=(0, 1.08), title=title)
    axis.set_xlim(-0.5, len(values) + (0.9 if lines else -0.5))
    axis.grid(axis="x", visible=False)
    texts = means_in_words(values, variants, 3)
    return Figure(
        figure,
        f"Bar chart of the mean accuracy on test images, {title}: {texts}; thin lines "
        "give the range over seeds.",
        "Bars are means over seeds, black lines go from the lowest to the highest.",
    )


def seed_dots(axis, values, variants):
    """Draw a dot for each seed and a line at the mean, a column for each variant.

    Args:
        axis: a matplotlib axis.
        values: numbers over seeds by the variant's name.
        variants: `Variant`s by name.
    """
    for place, (name, numbers) in enumerate(values.items()):
        options = figures.look(variants[name], marker="o", linestyle="", label=None)
        axis.plot(np.full(len(numbers), place), numbers, alpha=0.45, **options)
        axis.hlines(np.mean(numbers), place - 0.3, place + 0.3, color=BLACK)
    axis.grid(axis="x", visible=False)


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
