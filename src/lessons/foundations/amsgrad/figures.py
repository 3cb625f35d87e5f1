"""The pictures of a run; the notebook shows the same ones."""

import numpy as np

from lessons.foundations.amsgrad.framework import METHODS
from lessons.toolkit import figures
from lessons.toolkit.figures import AMBER, BLUE, GREEN, ORANGE, PINK, SKY, Figure

LOOKS = {
    "adam": (ORANGE, "-"),
    "amsgrad": (BLUE, "-"),
    "sgd": (GREEN, "--"),
    "adagrad": (SKY, "-."),
    "adamnc": (PINK, "-."),
    "rmsprop": (AMBER, ":"),
}


def loss_curves(history):
    """Training loss against epoch, one line per method.

    Args:
        history: columns called `METHOD/loss`.
    """
    figure, axis = figures.new(size=(7.0, 3.6))
    for name, values in history.items():
        method, _, column = name.partition("/")
        if column == "loss":
            color, line = LOOKS[method]
            epochs = np.arange(1, len(values) + 1)
            axis.plot(epochs, values, line, color=color, label=METHODS[method].title)
    axis.set(yscale="log", xlabel="epoch", ylabel="training loss (nats)")
    axis.legend(fontsize=9)
    return Figure(
        figure,
        "Line chart of training loss against epoch on a logarithmic axis, one line "
        "per method, all of them falling.",
        "Same network, same weights at the start, same rate; only the method differs.",
    )


def final_points(ends):
    """Where independent stochastic games ended, one histogram per method.

    Args:
        ends: final points by method, each of shape (replicates,).
    """
    figure, axis = figures.new(size=(7.0, 3.0))
    edges = np.linspace(-1, 1, 41)
    for method, points in ends.items():
        color, _ = LOOKS[method]
        axis.hist(points, edges, color=color, alpha=0.6, label=METHODS[method].title)
    axis.set(xlabel="final point x", ylabel="games", xlim=(-1.02, 1.02))
    methods = ", ".join(METHODS[method].title for method in ends)
    axis.legend(fontsize=9, loc="upper center")
    return Figure(
        figure,
        "Histogram of the final points of independent stochastic games in the "
        f"interval from minus one to one, coloured by method: {methods}.",
        "The best point is -1. The methods whose Gamma is never negative end there.",
    )
