"""Figures of a run and of recorded runs; the notebook shows the same ones."""

from lessons.memory.variable_depth.variants import VARIANTS
from lessons.toolkit import charts


def all_of(report):
    """Every figure of a run, by name.

    Args:
        report: a `Report`.
    """
    first = charts.accuracy_curves(
        report.history,
        VARIANTS,
        "Accuracy of each network's answer while it is trained.",
        "examples",
    )
    return {"accuracy": first}
