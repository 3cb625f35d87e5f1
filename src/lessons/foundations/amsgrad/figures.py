"""Figures of a run; the notebook shows the same ones."""

import numpy as np

from lessons.foundations.amsgrad.variants import VARIANTS
from lessons.toolkit import figures
from lessons.toolkit.figures import COLORS, Figure


def loss_curves(history):
    """Training loss against epoch, one line per variant.

    Args:
        history: columns called `VARIANT/loss`.
    """
    figure, axis = figures.new(size=(7.0, 3.6))
    figures.curves(axis, history, "loss", VARIANTS)
    axis.set(yscale="log", xlabel="epoch", ylabel="training loss (nats)")
    axis.legend(fontsize=9)
    return Figure(
        figure,
        "Line chart of training loss against epoch on a logarithmic axis, one line "
        "per method, all of them falling.",
        "Same network, same weights at the start, same rate; only the method differs.",
    )


def final_points(ends):
    """Where independent stochastic games ended, one histogram per variant.

    Args:
        ends: final points by variant, each of shape (replicates,).
    """
    figure, axis = figures.new(size=(7.0, 3.0))
    edges = np.linspace(-1, 1, 41)
    for name, points in ends.items():
        variant = VARIANTS[name]
        color = COLORS[variant.color]
        axis.hist(points, edges, color=color, alpha=0.6, label=variant.label)
    axis.set(xlabel="final point x", ylabel="games", xlim=(-1.02, 1.02))
    names = ", ".join(VARIANTS[name].label for name in ends)
    axis.legend(fontsize=9, loc="upper center")
    return Figure(
        figure,
        "Histogram of the final points of independent stochastic games in the "
        f"interval from minus one to one, coloured by method: {names}.",
        "The best point is -1. The methods whose Gamma is never negative end there.",
    )


def all_of(report, ends):
    """Every figure of a run, by name.

    Args:
        report: a `Report` with its history.
        ends: final points of the stochastic games by variant, as
            `experiment.play_games` gives them.
    """
    return {"loss": loss_curves(report.history), "ends": final_points(ends)}
