"""Pictures of runs; those of theory are in `figures_theory`."""

import numpy as np

from lessons.toolkit import figures
from lessons.toolkit.figures import Figure


def all_of(report):
    """The figures of a report.

    Args:
        report: a `Report`.
    """
    found = {}
    losses = {k: v for k, v in report.history.items() if k.endswith("/loss")}
    if losses:
        found["losses"] = training(losses)
    return found


def training(losses):
    """Losses of all trained policies against the epoch."""
    figure, axis = figures.new()
    for name, values in losses.items():
        places = np.arange(1, len(values) + 1) / len(values)
        axis.plot(places, values, label=name[: -len("/loss")])
    axis.set(xlabel="part of the training", ylabel="loss", yscale="log")
    axis.legend(fontsize=8)
    names = ", ".join(name[: -len("/loss")] for name in losses)
    return Figure(
        figure,
        f"Line chart of the training loss against the part of the training: {names}.",
        "Losses of particles and of blocks do not compare with each other.",
    )
