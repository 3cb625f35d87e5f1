"""Figures of a run and of recorded runs; the notebook shows the same ones."""

import numpy as np

from lessons.memory.variable_depth import evaluation
from lessons.memory.variable_depth.variants import VARIANTS
from lessons.toolkit import charts, figures
from lessons.toolkit.figures import BLACK, BLUE, GREEN, GREY, ORANGE, PINK, SKY, Figure

LAYER_COLORS = (SKY, BLUE, GREEN, ORANGE, PINK)


def gaps(runs, names, epochs, updates_per_epoch):
    """How much deeper digits are than the easy class while training goes on.

    Args:
        runs: `results.Runs` with looks at these epochs.
        names: of variants.
        epochs: of the looks.
        updates_per_epoch: for the axis.
    """
    figure, axis = figures.new(size=(7.2, 3.8))
    places, texts = np.array(epochs) * updates_per_epoch, []
    for name in names:
        gap = np.array(
            [
                runs[f"at_{e}", name, "depth_1"] - runs[f"at_{e}", name, "depth_0"]
                for e in epochs
            ]
        )
        look = figures.look(VARIANTS[name])
        axis.plot(places, gap.mean(axis=1), **look)
        axis.fill_between(
            places, gap.min(axis=1), gap.max(axis=1), color=look["color"], alpha=0.1
        )
        first, last = gap.mean(axis=1)[[0, -1]]
        texts.append(f"{VARIANTS[name].label} {first:.2f} to {last:.2f}")
    axis.axhline(0, color=GREY, linewidth=0.8)
    axis.set(xlabel="updates", ylabel="depth of digits minus easy class, layers")
    axis.legend(fontsize=8)
    return Figure(
        figure,
        "Line chart of the depth of digits minus that of the easy class against "
        f"updates, mean and range of {len(runs)} seeds, from the first look to the "
        f"last: {'; '.join(texts)}. With true labels the gap closes; with permuted "
        "labels it stays.",
        "Lines are means over seeds, bands go from the lowest seed to the highest.",
    )


def who_answers(runs, names, num_layers):
    """Mean weights of the layers, a bar for each seed.

    Args:
        runs: `results.Runs`.
        names: of variants, a column each.
        num_layers: L.
    """
    figure, axes = figures.new(2, len(names), size=(8.4, 4.0), sharey=True)
    texts = []
    for column, name in enumerate(names):
        for row, (kind, title) in enumerate(((0, "silence"), (1, "digits"))):
            axis, bottom = axes[row, column], np.zeros(len(runs))
            shares = [
                runs[name, f"gate_{layer}_{kind}"] for layer in range(1, num_layers + 1)
            ]
            for layer, values in enumerate(shares):
                axis.bar(
                    range(len(runs)),
                    values,
                    bottom=bottom,
                    color=LAYER_COLORS[layer % len(LAYER_COLORS)],
                    label=f"layer {layer + 1}",
                )
                bottom = bottom + values
            axis.grid(visible=False)
            axis.set_xticks([])
            if row == 0:
                axis.set_title(VARIANTS[name].label, fontsize=9)
            if column == 0:
                axis.set_ylabel(f"{title}: part")
            most = np.argmax(shares, axis=0) + 1
            texts.append(
                f"{VARIANTS[name].label}, {title}: most has, by seed, layer "
                f"{', '.join(map(str, most))}"
            )
        axes[1, column].set_xlabel("seeds", fontsize=9)
    handles, labels = axes[0, 0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside right center", fontsize=8)
    return Figure(
        figure,
        f"Stacked bars of the layers' mean weights, a bar for each of {len(runs)} "
        f"seeds. {'. '.join(texts)}.",
        "A bar of one colour: one layer answers. Five equal parts: all do.",
    )


def _points(runs, groups, name, *keys):
    return np.array(
        [[runs[group, name, key].mean() for key in keys] for group in groups]
    )


def frontier(panels, taus, sureness):
    """Accuracy on hard inputs against the mean number of layers evaluated.

    Args:
        panels: (title, `results.Runs`, names of variants with gates) of each panel.
        taus, sureness: thresholds, as in a `Config`.
    """
    figure, axes = figures.new(1, len(panels), size=(8.6, 4.4))
    texts = []
    for axis, (title, runs, names) in zip(np.atleast_1d(axes), panels, strict=True):
        kinds = [k for k in range(1, 10) if f"deep/layer_1_{k}" in runs.metrics[0]]
        layers = [
            np.mean([runs["deep", f"layer_{k}_{kind}"].mean() for kind in kinds])
            for k in range(1, 6)
        ]
        axis.plot(
            range(1, 6), layers, "s:", color=GREY, label="no gates, a fixed layer"
        )
        sure = [f"sure_{s:g}" for s in sureness]
        tau = [f"tau_{t:g}" for t in taus]
        rows = [("deep", sure, "no gates, where sure", BLACK, "s")]
        for name in names:
            look = figures.look(VARIANTS[name])
            rows.append((name, tau, look["label"], look["color"], look["marker"]))
        for name, groups, label, color, marker in rows:
            points = _points(runs, groups, name, "hard_depth", "hard")
            axis.plot(*points.T, color=color, marker=marker, label=label, markersize=5)
            best = points[points[:, 1].argmax()]
            texts.append(f"{title}, {label}: {best[1]:.3f} at {best[0]:.2f} layers")
        axis.set(xlabel="layers evaluated, hard inputs", ylabel="accuracy", title=title)
        axis.set_ylim(top=1.004 * axis.get_ylim()[1])
    handles, labels = np.atleast_1d(axes)[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=2, fontsize=8)
    return Figure(
        figure,
        "Accuracy on hard inputs against the mean number of layers that are evaluated, "
        f"means over seeds; each rule at its best: {'; '.join(texts)}.",
        "Up and to the left is better; a line is one network at several thresholds.",
    )


def needed(runs, rows, kinds):
    """Layers that each kind of folds gets, by rule, mean and range over seeds.

    Args:
        runs: `results.Runs`.
        rows: (variant, group or "" for the expected depth, label, colour) of each line.
        kinds: how many.
    """
    figure, axis = figures.new(size=(7.0, 3.8))
    texts, places = [], np.arange(kinds)
    for number, (name, group, label, color) in enumerate(rows):
        key = f"{group}/{name}" if group else name
        values = [runs[f"{key}/depth_{kind}"] for kind in range(kinds)]
        means, spans = figures.mean_and_range(values)
        shift = 0.06 * (number - (len(rows) - 1) / 2)
        axis.errorbar(
            places + shift,
            means,
            spans,
            color=color,
            marker="o",
            label=label,
            capsize=2,
        )
        texts.append(f"{label} {', '.join(f'{m:.2f}' for m in means)}")
    axis.set_xticks(places, [f"{2**kind}" for kind in range(kinds)])
    axis.set(
        xlabel="times that the label changes along the line",
        ylabel="layers",
        ylim=(0.8, 5.6),
    )
    axis.legend(fontsize=8, ncols=2, loc="upper left")
    return Figure(
        figure,
        "Line chart of layers against how often the label changes, mean and range over "
        f"{len(runs)} seeds: {'; '.join(texts)}.",
        "What is folded more often needs more layers; which rules give it more?",
    )


def along_the_line(model, config, mean, threshold=0.3):
    """Where on the line a network with gates answers from which layer.

    Args:
        model: a trained `VariableDepth` of source="folds".
        config: its `Config`.
        mean: of the training features before it was subtracted, shape (features,).
        threshold: of the summed gates.
    """
    numbers = np.linspace(0, 1, 600, endpoint=False)
    figure, axes = figures.new(config.kinds, 1, size=(7.6, 4.6), sharex=True)
    texts = []
    for kind, axis in enumerate(axes):
        shown = np.zeros((len(numbers), config.kinds))
        shown[:, kind] = 1
        features = np.column_stack([4 * numbers - 2, shown]) - mean
        found = evaluation.answers(model, features.astype(np.float32))
        exits = evaluation.exits_by_gates(found.log_gates, threshold)
        chosen = found.log_probs[np.arange(len(numbers)), exits]
        axis.plot(numbers, np.exp(chosen[:, 1]), color=BLACK, linewidth=1.2)
        for layer in np.unique(exits):
            axis.fill_between(
                numbers,
                -0.3,
                -0.08,
                where=exits == layer,
                color=LAYER_COLORS[layer % len(LAYER_COLORS)],
                step="mid",
                linewidth=0,
            )
        axis.set(ylim=(-0.32, 1.08), yticks=(0, 1), ylabel=f"{2**kind}")
        axis.grid(visible=False)
        texts.append(f"{2**kind} changes: {exits.mean() + 1:.2f} layers")
    axes[-1].set_xlabel("number u before it is folded")
    handles = [
        figures.patches.Patch(color=color, label=f"layer {layer + 1}")
        for layer, color in enumerate(LAYER_COLORS[: config.num_layers])
    ]
    figure.legend(handles=handles, loc="outside right center", fontsize=8)
    figure.supylabel("changes of the label; probability", fontsize=9)
    return Figure(
        figure,
        "Rows of curves, the label of each changing twice as often along the line as "
        "that of the row above: the probability that the network gives, which goes up "
        "and down as often, and below it in colour the layer that answered; on the "
        f"mean {', '.join(texts)}.",
        "Below each curve the colour of the layer that gave the answer.",
    )


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
