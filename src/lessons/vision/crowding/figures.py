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

    Runs that have not learned the task are left out.

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
    points, learned = {}, runs.learned(name)
    for place in places:
        key = f"{configuration}_{place}"
        if group == "spacing" and configuration == "a":
            key = "a"
        if (group, name, key) in runs:
            points[place] = runs[group, name, key][learned]
    return points


def flanker_kinds(objects, runs, names, least):
    """Examples of each kind of flankers, and accuracy between two of them.

    Kinds stand in the order of their mean brightness, which is written beside them.

    Args:
        objects: `data.Objects`.
        runs: a `recorded.Table`.
        names: of variants.
        least: the least spacing.
    """
    ink = {kind: runs["ink", kind].mean() for kind in ("odd", *KINDS)}
    kinds = sorted(ink, key=lambda kind: round(-ink[kind], 3))  # stable where equal
    figure, axes = figures.new(1, 2, size=(8, 4.4), width_ratios=(1, 1.8))
    shown = [
        objects.test_flankers[kind][np.arange(6) % len(objects.test_flankers[kind])]
        for kind in kinds
    ]
    figures.show_tiles(axes[0], np.clip(np.concatenate(shown), 0, 1), 6)
    side = objects.size + 1
    middles = (np.arange(len(kinds)) + 0.5) * side
    axes[0].set_aspect("auto")
    axes[0].set_axis_on()
    labels = [f"{KIND_LABELS[kind]} ({ink[kind]:.2f})" for kind in kinds]
    axes[0].set_yticks(middles, labels, fontsize=8)
    axes[0].set_xticks([])
    axes[0].grid(visible=False)
    texts = []
    for place, name in enumerate(names):
        rows = [
            runs["spacing", name, f"xax_{least}"]
            if kind == "odd"
            else runs["flankers", name, kind]
            for kind in kinds
        ]
        means, spans = figures.mean_and_range(rows)
        options = figures.look(VARIANTS[name], linestyle="")
        heights = middles + side * 0.24 * (place - (len(names) - 1) / 2)
        axes[1].errorbar(means, heights, xerr=spans, elinewidth=0.8, **options)
        found = zip(kinds, means, strict=True)
        each = ", ".join(f"{KIND_LABELS[kind]} {mean:.2f}" for kind, mean in found)
        texts.append(f"{VARIANTS[name].label}: {each}")
    for above, below, edge in zip(kinds[:-1], kinds[1:], middles, strict=False):
        if ink[above] - ink[below] > 0.005:
            axes[1].axhline(edge + side / 2, color=GREY, linewidth=0.8)
    axes[1].axvline(CHANCE, color=GREY, linewidth=0.8)
    axes[1].set(
        xlabel=f"accuracy, xax, spacing {least} px",
        xlim=(0.1, 1.02),
        ylim=axes[0].get_ylim(),
        yticks=[],
    )
    axes[1].legend(fontsize=8, loc="lower left")
    return Figure(
        figure,
        "Left, six examples of each kind of flankers with their mean brightness. "
        f"Right, in the same rows, accuracy between two of them. {'; '.join(texts)}.",
        "Rows between two grey lines are equally bright.",
    )


def clutter(runs, names, examples):
    """Targets on photographs, and accuracy on each background.

    Args:
        runs: a `recorded.Table`.
        names: of variants.
        examples: canvases to show, shape (n, field, field).
    """
    figure, axes = figures.new(
        1, 3, size=(8.5, 3.3), width_ratios=(0.9, 1, 1), sharey=False
    )
    figures.show_tiles(axes[0], 1 - examples, 2, fill=0)
    texts = []
    looks = {
        "black": ("*", "black"),
        "grey": ("s", "plain grey"),
        "shuffled": ("x", "shuffled pixels"),
    }
    for axis, (kind, title) in zip(
        axes[1:], (("full", "as they are"), ("dim", "dimmed to a quarter")), strict=True
    ):
        for place, name in enumerate(names):
            means = [
                runs["clutter", name, f"{picture}_{kind}_0"].mean()
                for picture in pictures.PHOTOGRAPHS
            ]
            options = figures.look(VARIANTS[name], linestyle="", label=None)
            axis.plot(np.full(len(means), place), means, alpha=0.5, **options)
            axis.hlines(np.mean(means), place - 0.3, place + 0.3, color=BLACK)
            words = [f"photographs {np.mean(means):.2f}"]
            for picture, (marker, label) in looks.items():
                found = runs[name, "a"]
                if picture != "black":
                    found = runs["clutter", name, f"{picture}_{kind}_0"]
                words.append(f"{label} {found.mean():.2f}")
                axis.plot(
                    place + 0.3,
                    found.mean(),
                    color=BLACK,
                    marker=marker,
                    markersize=6,
                    markerfacecolor="none",
                    linestyle="",
                    label=None if place else label,
                )
            texts.append(f"{VARIANTS[name].label}, {title}: {', '.join(words)}")
        axis.axhline(CHANCE, color=GREY, linewidth=0.8)
        axis.set(ylim=(0, 1.05), xlim=(-0.5, len(names) - 0.2), title=title)
        labels = [
            VARIANTS[name].label.replace(", ", ",\n").replace(" at ", "\nat ")
            for name in names
        ]
        axis.set_xticks(range(len(names)), labels, fontsize=7)
        axis.grid(axis="x", visible=False)
    axes[1].set_ylabel("accuracy")
    axes[1].legend(fontsize=7, loc="center left", bbox_to_anchor=(0, 0.72))
    return Figure(
        figure,
        "Left, digits on four photographs. Right, mean accuracy on each of eight "
        f"photographs and on three plain backgrounds. {'. '.join(texts)}.",
        "Each coloured mark is a photograph, the mean of eight seeds; bars are means "
        "over photographs, the grey line is chance.",
    )


def all_of(report):
    """Every figure of a run, by name."""
    return {"losses": losses(report.history)}
