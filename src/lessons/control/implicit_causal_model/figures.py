"""Pictures of tests: Manhattan and QQ plots, precision, and structure."""

import numpy as np

from lessons.control.implicit_causal_model.variants import VARIANTS
from lessons.toolkit import figures
from lessons.toolkit.figures import Figure


def all_of(report, shown):
    """The figures of a report.

    Args:
        report: a `Report`.
        shown: p-values of the last setting by variant.
    """
    found = {}
    losses = {k: v for k, v in report.history.items() if k.endswith("/loss")}
    if losses:
        found["losses"] = training(losses)
    if shown:
        found["qq"] = qq(shown, "all SNPs of the last setting")
    return found


def training(losses):
    """Losses of all trained models against the epoch, each from 1 at the start."""
    figure, axis = figures.new()
    for name, values in losses.items():
        axis.plot(np.arange(1, len(values) + 1), values, label=name[: -len("/loss")])
    axis.set(xlabel="epoch", ylabel="loss (nats)")
    axis.legend(fontsize=8)
    names = ", ".join(name[: -len("/loss")] for name in losses)
    return Figure(
        figure,
        f"Line chart of the training loss against the epoch for {names}.",
        "Losses of different kinds of models do not compare with each other.",
    )


def band(count, draws=2000, seed=0):
    """95 % of the ordered -log10 p of as many independent null tests.

    Args:
        count: tests.
        draws: simulations.
        seed: of them.

    Returns:
        (expected, low, high), each of shape (count,), falling.
    """
    places = np.unique(np.geomspace(1, count, 60).astype(int))
    from scipy import stats

    low, high = (
        -np.log10(stats.beta.ppf(part, places, count + 1 - places))
        for part in (0.975, 0.025)
    )
    return -np.log10((places - 0.5) / count), low, high


def draw_qq(axis, shown):
    """Draw ordered -log10 p against what uniform ones would be, on an axis."""
    count = len(next(iter(shown.values())))
    expected, low, high = band(count)
    axis.fill_between(expected, low, high, color="0.85", label="95 % of uniform p")
    axis.plot(expected[[0, -1]], expected[[0, -1]], color=figures.GREY, linewidth=0.8)
    ideal = -np.log10((np.arange(count) + 0.5) / count)
    for name, p in shown.items():
        found = -np.log10(np.sort(np.maximum(p, 1e-300)))
        options = figures.look(VARIANTS[name], marker="")
        axis.plot(ideal, found, **options)
    axis.set(
        xlabel="expected −log10 p",
        ylabel="found −log10 p",
        xlim=(0, None),
        ylim=(0, 8),
    )


def qq(shown, title):
    """A QQ plot.

    Args:
        shown: p-values by variant.
        title: whose.
    """
    figure, axis = figures.new(size=(6.2, 4))
    draw_qq(axis, shown)
    axis.set_title(title)
    axis.legend(fontsize=8, loc="upper left")
    labels = ", ".join(VARIANTS[name].label for name in shown)
    return Figure(
        figure,
        f"QQ plot of p-values, {title}, with a line each for {labels} and a grey band "
        "where 95 % of uniform p-values lie.",
        "Lines that leave the band upwards report too small p-values.",
    )
