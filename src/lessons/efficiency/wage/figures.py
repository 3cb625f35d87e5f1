"""Figures of a run; the notebook shows the same ones."""

import numpy as np

from lessons.efficiency.wage.variants import VARIANTS
from lessons.toolkit import charts, figures
from lessons.toolkit.figures import BLUE, ORANGE, Figure


def accuracy_curves(history):
    """Accuracy on the training images against the epoch, one line for each variant.

    Args:
        history: columns called `VARIANT/accuracy`.
    """
    caption = "Where the rate falls, networks of whole numbers take a step upwards."
    return charts.accuracy_curves(history, VARIANTS, caption)


def weights(model, title="after training"):
    """What the stored weights are, and what the network computes with.

    Args:
        model: an `IntegerClassifier` with bits for its weights.
        title: when the weights were taken.
    """
    products = model.products
    figure, axes = figures.new(1, len(products), size=(7.5, 2.6), squeeze=False)
    bits = model.bits[0]
    edge = 2.0**-bits  # where rounding changes: half a step
    for place, (axis, layer) in enumerate(zip(axes[0], products, strict=True), 1):
        stored = np.asarray(layer.kernel).ravel()
        axis.hist(stored, bins=np.linspace(-1, 1, 65), color=BLUE)
        for side in (-edge, edge):
            axis.axvline(side, color=ORANGE, linewidth=1.2)
        zeros = np.mean(np.abs(stored) <= edge)
        axis.set(xlabel="stored weight", title=f"layer {place}: {zeros:.0%} zeros")
        axis.set_yticks([])
    axes[0, 0].set_ylabel("number of weights")
    return Figure(
        figure,
        f"Histograms of the stored weights of each layer {title}, with orange lines "
        f"at plus and minus {edge:g}, between which a weight counts as 0.",
        "The network sees only on which side of the orange lines a weight lies.",
    )


def accuracy_bars(values, title, lines=()):
    """`charts.accuracy_bars` of this lesson's variants."""
    return charts.accuracy_bars(values, VARIANTS, title, lines)


def all_of(report):
    """Every figure of a run, by name.

    Args:
        report: a `Report` with its main model.
    """
    found = {"accuracy": accuracy_curves(report.history)}
    if report.models["model"].bits[0] is not None:
        found["weights"] = weights(report.models["model"])
    return found
