"""Figures of a run; the notebook shows the same ones."""

from lessons.toolkit import figures
from lessons.toolkit.figures import Figure
from lessons.vision.crowding.variants import VARIANTS


def losses(history):
    """Training loss against epoch for each variant."""
    figure, axis = figures.new()
    drawn = figures.curves(axis, history, "loss", VARIANTS)
    axis.set(
        xlabel="epoch", ylabel="loss of a training stimulus (nats)", ylim=(0, None)
    )
    axis.legend(fontsize=8)
    labels = ", ".join(VARIANTS[name].label for name in drawn)
    return Figure(
        figure,
        f"Line chart of the training loss against the epoch, with a line each for {labels}.",
        "All losses fall; what has not fallen far is not trained well enough to compare.",
    )


def all_of(report):
    """Every figure of a run, by name."""
    return {"losses": losses(report.history)}
