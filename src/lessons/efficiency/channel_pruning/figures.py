"""Figures of a run; the notebook shows the same ones."""

from lessons.efficiency.channel_pruning.variants import VARIANTS
from lessons.toolkit import figures
from lessons.toolkit.figures import Figure


def accuracy_curves(history):
    """Accuracy on the training images against the epoch, one line for each variant.

    Args:
        history: columns called `VARIANT/accuracy`.
    """
    figure, axis = figures.new()
    drawn = figures.curves(axis, history, "accuracy", VARIANTS)
    axis.set(xlabel="epoch", ylabel="accuracy on training images", ylim=(None, 1.01))
    axis.legend(fontsize=8)
    labels = ", ".join(VARIANTS[name].label for name in drawn)
    return Figure(
        figure,
        "Line chart of the accuracy on training images against the epoch, with a line "
        f"each for {labels}.",
        "The penalty costs accuracy while it acts; fine-tuning gives it back.",
    )


def all_of(report):
    """Every figure of a run, by name.

    Args:
        report: a `Report`.
    """
    return {"accuracy": accuracy_curves(report.history)}
