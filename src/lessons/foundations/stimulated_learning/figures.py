"""Figures of a run; the notebook shows the same ones."""

from lessons.foundations.stimulated_learning.variants import VARIANTS
from lessons.toolkit import figures
from lessons.toolkit.figures import Figure


def accuracy_curves(history):
    """Accuracy on the training examples against the epoch, a line for each variant.

    Args:
        history: columns called `VARIANT/accuracy`.
    """
    figure, axis = figures.new()
    drawn = figures.curves(axis, history, "accuracy", VARIANTS)
    axis.set(xlabel="epoch", ylabel="accuracy on training examples", ylim=(None, 1.01))
    axis.legend(fontsize=8)
    labels = ", ".join(VARIANTS[name].label for name in drawn)
    return Figure(
        figure,
        "Line chart of the accuracy on training examples against the epoch, with a "
        f"line each for {labels}.",
        "The regularisers change where units respond, hardly how fast classes are "
        "learned.",
    )


def all_of(report, features):
    """Every figure of a run, by name."""
    return {"accuracy": accuracy_curves(report.history)}
