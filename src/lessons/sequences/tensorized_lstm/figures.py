"""Figures of a run and of recorded runs; the notebook shows the same ones."""

from lessons.sequences.tensorized_lstm.variants import VARIANTS
from lessons.toolkit import charts, figures
from lessons.toolkit.figures import ORANGE, Figure


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
    figure, axis = figures.new(size=(7.8, 4.3))
    charts.seed_dots(axis, values, VARIANTS)
    axis.set_yscale("log")
    charts.yardsticks(axis, lines, len(values) - 1.2)
    labels = [VARIANTS[name].label.replace(", ", ",\n") for name in values]
    axis.set_xticks(range(len(values)), labels, rotation=50, fontsize=8, ha="right")
    axis.set(ylabel="loss, nats per symbol", title=title)
    texts = charts.means_in_words(values, VARIANTS, 3)
    return Figure(
        figure,
        f"Dot chart of the loss on held-out sequences, {title}, a dot for each seed, "
        f"a line at the mean: {texts}.",
        "One dot is one seed; the axis is logarithmic.",
    )


def memory_maps(memories, traces, at):
    """Size of the memory, and the trace of one symbol in it, by location and step.

    Args:
        memories: by title, mean absolute cells, shape (steps, P); one scale for all.
        traces: by the same titles, mean absolute change of the cells when the symbol
            is another one, shape (steps, P); a scale for each title.
        at: step of the symbol, from 0.
    """
    figure, axes = figures.new(
        2, len(memories), size=(7.8, 4.6), sharex=True, sharey=True
    )
    high = max(values.max() for values in memories.values())
    texts = []
    for column, title in zip(axes.T, memories, strict=True):
        for axis, values, top in zip(
            column, (memories[title], traces[title]), (high, None), strict=True
        ):
            picture = axis.imshow(
                values.T, cmap="viridis", vmin=0, vmax=top, aspect="auto"
            )
            figure.colorbar(picture, ax=axis, shrink=0.9)
            axis.set_yticks(range(values.shape[1]), range(1, values.shape[1] + 1))
            axis.set_xticks(range(0, len(values), 2), range(1, len(values) + 1, 2))
            axis.grid(visible=False)
        peaks = traces[title].argmax(axis=0)
        column[1].plot(peaks, range(len(peaks)), "o", color=ORANGE, markersize=5)
        column[0].set_title(f"{title}: size of the memory", fontsize=10)
        column[1].set_title(f"{title}: trace of the first symbol", fontsize=10)
        column[1].set_xlabel("step")
        when = ", ".join(str(peak - at) for peak in peaks)
        texts.append(f"{title}, {when} steps after the symbol")
    for axis in axes[:, 0]:
        axis.set_ylabel("location")
    return Figure(
        figure,
        "Heat maps by location and step: above the mean size of the cells, below "
        "how far another first symbol changes them. The change is greatest, from the "
        f"first location to the last: {'; '.join(texts)}.",
        "Orange dots: the step at which a location holds the symbol most.",
    )


def all_of(report):
    """Every figure of a run, by name.

    Args:
        report: a `Report`.
    """
    if not report.history:
        return {}
    return {"loss": loss_curves(report.history, report.config.updates_per_epoch)}
