"""Figures of a run and of recorded runs; the notebook shows the same ones."""

import numpy as np
from matplotlib.collections import LineCollection

from lessons.efficiency.channel_pruning.variants import VARIANTS
from lessons.toolkit import charts, figures, turning
from lessons.toolkit.figures import BLACK, BLUE, GREEN, ORANGE, Figure


def gate_paths(histories, limits):
    """Size of every gate against the epoch, a row for each way to train.

    Args:
        histories: by title, histories with the columns of `evaluation.gates`.
        limits: shrinkage of one step, of each layer; a dotted line.
    """
    figure, axes = figures.new(
        len(histories), len(limits), size=(7.8, 4.4), sharex=True, sharey=True
    )
    parts = []
    for row, (title, history) in zip(axes, histories.items(), strict=True):
        zeros = total = 0
        for layer, (axis, limit) in enumerate(zip(row, limits, strict=True), 1):
            names = [n for n in history if n.startswith(f"gate_{layer}_")]
            paths = np.abs([history[n] for n in names])
            epochs = np.arange(1, paths.shape[1] + 1)
            axis.plot(epochs, paths.T, color=BLUE, linewidth=0.6, alpha=0.5)
            axis.axhline(limit, color=ORANGE, linestyle=":", linewidth=1.4)
            gone = int(np.sum(paths[:, -1] == 0))
            axis.set_title(f"layer {layer}: {gone} exactly 0", fontsize=9)
            axis.set_yscale("symlog", linthresh=1e-3)
            zeros, total = zeros + gone, total + len(names)
        row[0].set_ylabel(f"{title}\nsize of the gate")
        parts.append(f"{title}: {zeros} of {total} gates end at exactly 0")
    for axis in axes[-1]:
        axis.set_xlabel("epoch")
    return Figure(
        figure,
        "Line charts of the size of every gate against the epoch, a column for each "
        f"layer. {'; '.join(parts)}. A dotted line marks the shrinkage of one step.",
        "With ISTA gates reach 0, and some leave it again; with the penalty in the "
        "loss they hover about the dotted line.",
    )


def accuracy_bars(values, title, lines=()):
    """Mean test accuracy and its range over seeds, a bar for each variant.

    Args:
        values: accuracies over seeds by variant.
        title: what is compared.
        lines: pairs (label, accuracy) of yardsticks, drawn across.
    """
    figure, axis = figures.new(size=(7.5, 3.6))
    charts.seed_dots(axis, values, VARIANTS)
    for place, numbers in enumerate(values.values()):
        axis.annotate(
            f"{np.mean(numbers):.3f}",
            (place, 1.004),
            ha="center",
            fontsize=8,
        )
    charts.yardsticks(axis, lines, len(values) - 0.6)
    labels = [VARIANTS[name].label for name in values]
    axis.set_xticks(range(len(values)), labels, rotation=25, fontsize=8)
    axis.set(ylabel="accuracy on test images", title=title, ylim=(None, 1.012))
    texts = charts.means_in_words(values, VARIANTS, 3)
    return Figure(
        figure,
        f"Dot chart of the accuracy on test images, {title}, a dot for each seed and a "
        f"line at the mean: {texts}.",
        "One dot is one seed; the axis does not start at 0.",
    )


def sizes(rows, total):
    """Which channels are left and how accurate the networks are, turned by rho.

    Args:
        rows: for each rho, a dictionary: `rho`; `kept`, channels of each layer of one
            seed; `products`, `pruned` and `small`, over seeds: multiplications,
            accuracy after fine-tuning, and that of networks of these sizes from
            scratch (or None).
        total: channels of each layer before the cut.

    Returns:
        A `Turning`.
    """
    frames = [_size_frame(rows, total, at) for at in range(len(rows))]
    alts = []
    for row in rows:
        kept = "-".join(map(str, row["kept"]))
        alts.append(
            f"With rho {row['rho']:g} the layers keep {kept} channels on this seed; "
            f"fine-tuned the accuracy is {np.mean(row['pruned']):.3f} on the mean of "
            f"{len(row['pruned'])} seeds."
        )
    return turning.turn(
        frames,
        [f"ρ = {row['rho']:g}" for row in rows],
        "weight of the penalty, ρ",
        "Left, a graph of the channels of three layers with those that are left in "
        "blue and those that are gone in grey. Right, accuracy against the number of "
        "multiplications, for pruned networks and for networks of the same sizes from "
        "scratch: the pruned ones hardly fall until few channels are left.",
        "Most channels can go before the accuracy falls.",
        alts=alts,
        start=min(2, len(rows) - 1),
    )


def _size_frame(rows, total, at):
    row = rows[at]
    figure, (left, right) = figures.new(1, 2, size=(7.8, 3.5), width_ratios=(1.0, 1.2))
    _graph(left, row["kept"], total)
    left.set_title(f"channels left: {'-'.join(map(str, row['kept']))}", fontsize=10)
    for key, color, label in (
        ("pruned", BLUE, "pruned, fine-tuned"),
        ("small", GREEN, "from scratch"),
    ):
        found = [r for r in rows if r[key] is not None]
        means, spans = figures.mean_and_range(r[key] for r in found)
        products = [np.mean(r["products"]) for r in found]
        right.errorbar(products, means, spans, color=color, marker="o", label=label)
        if row[key] is not None:
            here = np.mean(row["products"]), np.mean(row[key])
            right.plot(*here, "o", color=BLACK, fillstyle="none", markersize=12)
    right.set_xscale("log")
    right.set(xlabel="multiplications for an image", ylabel="accuracy on test images")
    right.legend(fontsize=8, loc="lower right")
    return figure


def _graph(axis, kept, total):
    """Columns of channels, the kept ones first; lines between kept ones."""
    heights = [np.linspace(0, 1, count) for count in (1, *total, 10)]
    left = (1, *kept, 10)
    lines = []
    for x, (count, following) in enumerate(zip(left[:-1], left[1:], strict=True)):
        for a in heights[x][:count]:
            lines += [((x, a), (x + 1, b)) for b in heights[x + 1][:following]]
    alpha = float(np.clip(60 / len(lines), 0.02, 0.5))
    axis.add_collection(LineCollection(lines, colors=BLUE, alpha=alpha, linewidths=0.6))
    for x, (places, count) in enumerate(zip(heights, left, strict=True)):
        axis.plot(np.full(len(places), x), places, ".", color="0.8", markersize=3)
        axis.plot(np.full(count, x), places[:count], ".", color=BLUE, markersize=4)
    names = ("image", *(f"layer {n}" for n in range(1, len(total) + 1)), "classes")
    axis.set_xticks(range(len(left)), names, fontsize=8)
    axis.set_yticks([])
    axis.grid(visible=False)


def all_of(report):
    """Every figure of a run, by name.

    Args:
        report: a `Report`.
    """
    accuracy = charts.accuracy_curves(
        report.history,
        VARIANTS,
        "Networks that are cut from a trained one have epochs of fine-tuning only.",
    )
    return {"accuracy": accuracy}
