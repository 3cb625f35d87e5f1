"""Figures of a run; the notebook shows the same ones."""

import numpy as np

from lessons.foundations.self_normalizing.variants import (
    CLASSICS,
    VARIANTS,
    depth_group,
)
from lessons.toolkit import figures
from lessons.toolkit.figures import BLUE, COLORS, Figure

LINES = ("-", "--", ":", "-.")
PANELS = ("snn", "batch_norm", "relu", "layer_norm")


def losses(history, networks):
    """Training loss against epoch: a panel for each variant, a line for each depth.

    Args:
        history: columns GROUP/VARIANT/loss, the group being `depth_group`.
        networks: (variant, depth) of each network. Those of `PANELS` are drawn; all
            of them if there is none of `PANELS`.
    """
    trained = {name for name, _ in networks}
    shown = [name for name in PANELS if name in trained] or sorted(trained)
    depths = sorted({depth for name, depth in networks if name in shown})
    figure, axes = figures.new(
        1, len(shown), size=(2.2 * len(shown) + 0.6, 3.0), sharey=True, squeeze=False
    )
    for axis, name in zip(axes[0], shown, strict=True):
        for index, depth in enumerate(depths):
            if (name, depth) in networks:
                look = figures.look(
                    VARIANTS[name],
                    label=f"{depth} layers",
                    linestyle=LINES[index % len(LINES)],
                    marker="",
                )
                values = history[f"{depth_group(depth)}/{name}/loss"]
                axis.plot(np.arange(1, len(values) + 1), values, **look)
        axis.set(title=VARIANTS[name].label, xlabel="epoch")
    axes[0, 0].set_ylabel("training loss (nats)")
    axes[0, 0].set_ylim(bottom=0)  # shared, and only now that all curves are drawn
    axes[0, 0].legend(fontsize=8, loc="upper right")
    return Figure(
        figure,
        f"{len(shown)} panels, one per variant, with training loss against epoch for "
        f"networks of {', '.join(map(str, depths))} hidden layers.",
        "A method whose curves lie on each other does not mind depth.",
    )


def accuracies(metrics, networks):
    """Test accuracy of every network, with the range over initial weights.

    Args:
        metrics: GROUP/VARIANT/METRIC, the group being `depth_group`.
        networks: (variant, depth) of each network.
    """
    depths = sorted({depth for _, depth in networks})
    names = list(dict.fromkeys(name for name, _ in networks))
    figure, axis = figures.new(size=(7.0, 3.6))
    for index, name in enumerate(names):
        shift = 0.05 * (index - (len(names) - 1) / 2)
        own = [depth for depth in depths if (name, depth) in networks]
        places = [depths.index(depth) + shift for depth in own]
        middle, low, high = (
            [metrics[f"{depth_group(depth)}/{name}/{column}"] for depth in own]
            for column in ("test_accuracy", "lowest", "highest")
        )
        variant = VARIANTS[name]
        color = COLORS[variant.color]
        axis.vlines(places, low, high, color=color, linewidth=1.2)
        axis.plot(places, middle, "-", color=color, linewidth=0.8, alpha=0.5)
        axis.plot(places, middle, **figures.look(variant, linestyle=""), markersize=6)
    axis.set_xticks(range(len(depths)), [str(depth) for depth in depths])
    axis.set(xlabel="hidden layers", ylabel="test accuracy", ylim=(0, 1.02))
    axis.legend(fontsize=8, ncols=1, loc="center left", bbox_to_anchor=(1.0, 0.5))
    return Figure(
        figure,
        "Test accuracy against the number of hidden layers, one marker per kind of "
        "network with a bar from its worst to its best initial weights.",
        "Markers at the top right are networks that learn when they are deep.",
    )


def tables(runs, names, sets):
    """Accuracy on each table, and the mean rank, of every variant and classic.

    Args:
        runs: metrics `tables/VARIANT/METRIC`, each a number or one number per seed.
        names: the variants compared.
        sets: names of the tables.
    """
    known = VARIANTS | CLASSICS
    ranks = {
        name: np.atleast_1d(runs[f"tables/{name}/rank_of_all"])
        for name in (*names, *CLASSICS)
    }
    names = sorted(ranks, key=lambda name: -ranks[name].mean())
    places = np.arange(len(names))
    figure, (left, right) = figures.new(
        1, 2, size=(8.4, 3.6), width_ratios=[1.7, 1], sharey=True
    )
    for index, table in enumerate(sets):
        values = [np.mean(runs[f"tables/{name}/{table}"]) for name in names]
        marker, color = "os^vD"[index % 5], figures.PALETTE[index % 7]
        text = table.replace("_", " ")
        left.plot(values, places, marker, color=color, label=text, alpha=0.8)
    for place, name in enumerate(names):
        values = ranks[name]
        right.plot(values, [place] * len(values), "|", color=BLUE, markersize=9)
        right.plot(values.mean(), place, "o", color=BLUE)
    left.set_yticks(places, [known[name].label for name in names])
    left.set(xlabel="test accuracy (cross-validated)")
    left.legend(fontsize=8, ncols=4, loc="lower center", bbox_to_anchor=(0.5, 1.0))
    right.set(xlabel="mean rank (1 is best)")
    classics = " and ".join(CLASSICS[name].label for name in CLASSICS)
    return Figure(
        figure,
        f"Left: for {len(names)} methods, cross-validated accuracy on {len(sets)} "
        "small tables. Right: their mean ranks, one tick per seed and a dot for the "
        "mean.",
        f"All networks choose their depth by validation; {classics} come from "
        "scikit-learn. Ticks of neighbours overlap: seeds move ranks a lot.",
    )


def all_of(report):
    """Every figure of a run, by name; those of its parts."""
    config, found = report.config, {}
    if "depth" in config.parts:
        found["loss"] = losses(report.history, config.networks())
        found["accuracy"] = accuracies(report.metrics, config.networks())
    if "tables" in config.parts:
        found["tables"] = tables(report.metrics, config.table_variants, config.tables)
    return found
