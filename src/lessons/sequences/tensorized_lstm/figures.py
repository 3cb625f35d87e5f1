"""Figures of a run and of recorded runs; the notebook shows the same ones."""

import numpy as np

from lessons.sequences.tensorized_lstm.variants import VARIANTS
from lessons.toolkit import charts, figures
from lessons.toolkit.figures import BLACK, ORANGE, Figure


def loss_curves(history, every, unit="nats per symbol"):
    """Training loss against updates, a line for each variant.

    Args:
        history: columns called `VARIANT/loss`, one number per epoch.
        every: updates of an epoch.
        unit: of the loss.
    """
    figure, axis = figures.new()
    drawn = figures.curves(axis, history, "loss", VARIANTS, every=every)
    axis.set(xlabel="updates", ylabel=f"loss, {unit}", yscale="log")
    axis.legend(fontsize=8)
    texts = [
        f"{VARIANTS[name].label} ends at {history[f'{name}/loss'][-1]:.2f}"
        for name in drawn
    ]
    return Figure(
        figure,
        f"Line chart of the loss against updates: {', '.join(texts)}.",
        "Each number is the mean over the sequences of an epoch, none seen before.",
    )


def loss_dots(values, title, lines=()):
    """Losses over seeds on a logarithmic axis, a column of dots for each variant.

    Args:
        values: losses over seeds by variant.
        title: what is compared.
        lines: pairs (label, loss) of yardsticks, drawn across.
    """
    figure, axis = figures.new(size=(7.8, 3.7))
    for place, (name, numbers) in enumerate(values.items()):
        options = figures.look(VARIANTS[name], marker="o", linestyle="", label=None)
        axis.plot(np.full(len(numbers), place), numbers, alpha=0.45, **options)
        axis.hlines(np.mean(numbers), place - 0.3, place + 0.3, color=BLACK)
    axis.set_yscale("log")
    charts.yardsticks(axis, lines, len(values) - 1.2)
    labels = [VARIANTS[name].label.replace(", ", ",\n") for name in values]
    axis.set_xticks(range(len(values)), labels, rotation=30, fontsize=8, ha="right")
    axis.set(ylabel="loss, nats per symbol", title=title)
    axis.grid(axis="x", visible=False)
    texts = charts.means_in_words(values, VARIANTS, 3)
    return Figure(
        figure,
        f"Dot chart of the loss on held-out sequences, {title}, a dot for each seed, "
        f"a line at the mean: {texts}.",
        "One dot is one seed; the axis is logarithmic.",
    )


def trace_maps(maps, at):
    """Where the trace of one symbol is, location by location and step by step.

    Args:
        maps: by title, mean absolute change of the memory, shape (steps, P).
        at: step of the symbol, from 0.
    """
    figure, axes = figures.new(1, len(maps), size=(7.8, 2.7), sharey=True)
    texts = []
    for axis, (title, values) in zip(np.atleast_1d(axes), maps.items(), strict=True):
        places = values.shape[1]
        picture = axis.imshow(values.T, cmap="viridis", vmin=0, aspect="auto")
        peaks = values.argmax(axis=0)
        axis.plot(peaks, range(places), "o", color=ORANGE, markersize=5)
        axis.set(title=title, xlabel="step")
        axis.set_xticks(range(0, len(values), 3), range(1, len(values) + 1, 3))
        axis.set_yticks(range(places), range(1, places + 1))
        axis.grid(visible=False)
        figure.colorbar(picture, ax=axis, shrink=0.8)
        peaks = ", ".join(str(peak - at) for peak in peaks)
        texts.append(f"{title}: greatest {peaks} steps after the symbol")
    np.atleast_1d(axes)[0].set_ylabel("location")
    return Figure(
        figure,
        "Heat maps of how far a change of the first symbol moves the memory of each "
        f"location at each step. From first to last location, {'; '.join(texts)}.",
        "Orange dots: the step at which a location holds the symbol most. Each panel "
        "has its own scale, the same for its locations.",
    )


def memory_maps(maps):
    """Mean size of the memory of each location at each step, on one scale.

    Args:
        maps: by title, mean absolute cells, shape (steps, P).
    """
    figure, axes = figures.new(1, len(maps), size=(7.8, 2.7), sharey=True)
    high = max(values.max() for values in maps.values())
    texts = []
    for axis, (title, values) in zip(np.atleast_1d(axes), maps.items(), strict=True):
        places = values.shape[1]
        picture = axis.imshow(
            values.T, cmap="viridis", vmin=0, vmax=high, aspect="auto"
        )
        axis.set(title=title, xlabel="step")
        axis.set_xticks(range(0, len(values), 3), range(1, len(values) + 1, 3))
        axis.set_yticks(range(places), range(1, places + 1))
        axis.grid(visible=False)
        texts.append(f"{title}: up to {values.max():.2f}")
    np.atleast_1d(axes)[0].set_ylabel("location")
    figure.colorbar(picture, ax=list(np.atleast_1d(axes)), shrink=0.8)
    return Figure(
        figure,
        "Heat maps of the mean size of the memory cells of each location against the "
        f"step, on one scale. {'; '.join(texts)}.",
        "Mean size of the memory, one scale for all.",
    )


def all_of(report):
    """Every figure of a run, by name.

    Args:
        report: a `Report`.
    """
    if not report.history:
        return {}
    return {"loss": loss_curves(report.history, report.config.updates_per_epoch)}
