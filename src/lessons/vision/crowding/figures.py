"""Figures of runs: accuracy against spacing, eccentricity, ink; photographs."""

import numpy as np

from lessons.toolkit import figures
from lessons.toolkit.data import pictures
from lessons.toolkit.figures import BLACK, BLUE, GREEN, GREY, ORANGE, Figure
from lessons.vision.crowding.conditions import KINDS
from lessons.vision.crowding.variants import VARIANTS

# How a configuration is drawn: colour, line, marker.
LOOKS = {
    "a": (BLACK, ":", ""),
    "ax": (GREEN, "-", "^"),
    "xa": (BLUE, "-", "s"),
    "xax": (ORANGE, "-", "o"),
}
KIND_LABELS = {
    "odd": "odd digits",
    "bold": "bold letters",
    "thin": "thin letters",
    "bold_dimmed": "bold, as bright as digits",
    "odd_dimmed": "digits, as bright as thin",
    "thin_brightened": "thin, as bright as digits",
    "shuffled": "digits, pixels shuffled",
    "flat": "digits, evened out",
    "black": "nothing",
}
CHANCE = 0.2


def losses(history):
    """Training loss against epoch for each variant."""
    figure, axis = figures.new()
    drawn = figures.curves(axis, history, "loss", VARIANTS)
    axis.set(xlabel="epoch", ylabel="loss (nats)", ylim=(0, None))
    axis.legend(fontsize=8)
    labels = ", ".join(VARIANTS[name].label for name in drawn)
    return Figure(
        figure,
        f"Line chart of the training loss against the epoch, one line for {labels}.",
        "Losses fall; where one has not fallen far, nothing can be compared yet.",
    )


def against(runs, names, group, places, xlabel, alt, caption):
    """Accuracy in each configuration against a number, one panel for each variant.

    Args:
        runs: a `recorded.Table`.
        names: of the variants.
        group: "spacing" or "eccentricity".
        places: numbers along the axis.
        xlabel: what they are.
        alt, caption: of the figure.
    """
    columns = min(3, len(names))
    rows = -(-len(names) // columns)
    figure, axes = figures.new(
        rows, columns, size=(8, 0.5 + 2.5 * rows), sharey=True, squeeze=False
    )
    for axis, name in zip(axes.flat, names, strict=False):
        for configuration, (color, line, marker) in LOOKS.items():
            points = _points(runs, group, name, configuration, places)
            if not points:
                continue
            means, spans = figures.mean_and_range(points.values())
            options = {"color": color, "linestyle": line, "label": configuration}
            axis.plot(points.keys(), means, marker=marker, markersize=4, **options)
            low, high = means - spans[0], means + spans[1]
            axis.fill_between(list(points), low, high, color=color, alpha=0.15, lw=0)
        axis.axhline(CHANCE, color=GREY, linewidth=0.8)
        axis.set(ylim=(0.1, 1.02), xlabel=xlabel)
        axis.set_title(VARIANTS[name].label, fontsize=9)
    for axis in axes.flat[len(names) :]:
        axis.set_axis_off()
    for row in axes:
        row[0].set_ylabel("accuracy")
    axes[0, 0].legend(fontsize=8, ncols=2)
    return Figure(figure, alt, caption)


def _points(runs, group, name, configuration, places):
    """Numbers over seeds by place; a target alone has one number for all spacings."""
    points = {}
    for place in places:
        key = f"{configuration}_{place}"
        if group == "spacing" and configuration == "a":
            key = "a"
        if (group, name, key) in runs:
            points[place] = runs[group, name, key]
    return points


def flanker_kinds(objects, runs, names, least):
    """Examples of each kind of flankers, and accuracy against their mean brightness.

    Args:
        objects: `data.Objects`.
        runs: a `recorded.Table`.
        names: of variants.
        least: the least spacing.
    """
    kinds = ("odd", *KINDS)
    figure, axes = figures.new(1, 2, size=(8, 3.8), width_ratios=(1, 1.7))
    shown = [
        objects.test_flankers[kind][np.arange(6) % len(objects.test_flankers[kind])]
        for kind in kinds
    ]
    figures.show_tiles(axes[0], np.concatenate(shown), 6)
    side = objects.size + 1
    for row, kind in enumerate(kinds):
        axes[0].text(
            -2,
            row * side + side / 2,
            KIND_LABELS[kind],
            ha="right",
            va="center",
            fontsize=8,
        )
    lines = []
    for name in names:
        ink = [runs["ink", kind].mean() for kind in kinds]
        rows = [
            runs["spacing", name, f"xax_{least}"]
            if kind == "odd"
            else runs["flankers", name, kind]
            for kind in kinds
        ]
        means, spans = figures.mean_and_range(rows)
        options = figures.look(VARIANTS[name], linestyle="")
        axes[1].errorbar(ink, means, spans, elinewidth=0.8, **options)
        lines.append(
            f"{VARIANTS[name].label}: "
            + ", ".join(
                f"{KIND_LABELS[kind]} {mean:.2f}"
                for kind, mean in zip(kinds, means, strict=True)
            )
        )
    axes[1].axhline(CHANCE, color=GREY, linewidth=0.8)
    axes[1].set(
        xlabel="mean brightness of the flankers",
        ylabel=f"accuracy, xax, spacing {least} px",
        ylim=(0.1, 1.02),
    )
    axes[1].legend(fontsize=8)
    return Figure(
        figure,
        "Left, six examples of each kind of flankers. Right, mean accuracy with two of "
        f"them against their mean brightness. {'; '.join(lines)}.",
        "Darker flankers crowd less, and of equally bright ones those without a shape.",
    )


def clutter(runs, names, examples, eccentricities):
    """Targets on photographs, and accuracy on each photograph.

    Args:
        runs: a `recorded.Table`.
        names: of variants.
        examples: canvases to show, shape (n, field, field).
        eccentricities: two of them.
    """
    figure, axes = figures.new(
        1, 3, size=(8.5, 3.1), width_ratios=(0.9, 1, 1), sharey=False
    )
    figures.show_tiles(axes[0], 1 - examples, 2, fill=0)
    texts = []
    for axis, eccentricity in zip(axes[1:], eccentricities, strict=True):
        for place, name in enumerate(names):
            means = [
                runs["clutter", name, f"{picture}_dim_{eccentricity}"].mean()
                for picture in pictures.PHOTOGRAPHS
            ]
            options = figures.look(VARIANTS[name], linestyle="", label=None)
            axis.plot(np.full(len(means), place), means, alpha=0.5, **options)
            axis.hlines(np.mean(means), place - 0.3, place + 0.3, color=BLACK)
            texts.append(
                f"{VARIANTS[name].label} at {eccentricity} px {np.mean(means):.2f}"
            )
        axis.axhline(CHANCE, color=GREY, linewidth=0.8)
        axis.set(ylim=(0, 1.02), title=f"dimmed, eccentricity {eccentricity} px")
        labels = [
            VARIANTS[name].label.replace(", ", ",\n").replace(" at", "\nat")
            for name in names
        ]
        axis.set_xticks(range(len(names)), labels, fontsize=7)
        axis.grid(axis="x", visible=False)
    axes[1].set_ylabel("accuracy")
    return Figure(
        figure,
        "Left, digits on four photographs. Right, mean accuracy on each of eight "
        f"dimmed photographs, means over them: {', '.join(texts)}.",
        "Each dot is a photograph, the mean of eight seeds; the grey line is chance.",
    )


def all_of(report):
    """Every figure of a run, by name."""
    return {"losses": losses(report.history)}
