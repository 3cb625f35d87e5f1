"""The pictures of a run; the notebook shows the same ones."""

import numpy as np

from lessons.foundations.self_normalizing.comparison import CLASSICS
from lessons.toolkit import figures
from lessons.toolkit.figures import (
    AMBER,
    BLACK,
    BLUE,
    GREEN,
    ORANGE,
    PINK,
    SKY,
    Figure,
)

LOOKS = {
    "snn": (BLUE, "o", "SNN (SELU)"),
    "relu": (ORANGE, "s", "ReLU, He init"),
    "batch_norm": (GREEN, "^", "batch norm"),
    "layer_norm": (PINK, "v", "layer norm"),
    "weight_norm": (AMBER, "D", "weight norm"),
    "highway": (BLACK, "P", "highway"),
    "residual": (SKY, "X", "residual"),
    "tanh": ("0.45", "<", "tanh"),
    "scaled_tanh": ("0.45", ">", "scaled tanh"),
    "svm": ("0.45", "*", "SVM"),
    "forest": ("0.45", "h", "random forest"),
}
_LINES = ("-", "--", ":", "-.")


def _split(name):
    method, _, depth = name.partition("/")[0].rpartition("_")
    return method, int(depth)


def losses(history, methods=("snn", "batch_norm", "relu", "layer_norm")):
    """Training loss against epoch; colour is the method, line the depth.

    Args:
        history: columns `METHOD_DEPTH/loss`.
        methods: those to draw, one panel each; missing ones are left out.
    """
    columns = {_split(n): v for n, v in history.items() if n.endswith("/loss")}
    present = [m for m in methods if any(m == method for method, _ in columns)]
    present = present or sorted({method for method, _ in columns})
    depths = sorted({depth for method, depth in columns if method in present})
    figure, axes = figures.new(
        1,
        len(present),
        size=(2.2 * len(present) + 0.6, 3.0),
        sharey=True,
        squeeze=False,
    )
    for axis, method in zip(axes[0], present, strict=True):
        color, _, label = LOOKS[method]
        for index, depth in enumerate(depths):
            if (method, depth) in columns:
                values = columns[method, depth]
                line = _LINES[index % len(_LINES)]
                epochs = np.arange(1, len(values) + 1)
                axis.plot(epochs, values, line, color=color, label=f"{depth} layers")
        axis.set(title=label, xlabel="epoch", ylim=(0, None))
        axis.legend(fontsize=8, loc="lower left")
    axes[0, 0].set_ylabel("training loss (nats)")
    return Figure(
        figure,
        f"{len(present)} panels, one per method, with training loss against epoch for "
        f"networks of {', '.join(map(str, depths))} hidden layers.",
        "A method whose curves lie on each other does not mind depth.",
    )


def accuracies(metrics):
    """Test accuracy of every network, with the range over initial weights."""
    names = [n for n in metrics if n.endswith("/test_accuracy")]
    depths = sorted({_split(name)[1] for name in names})
    figure, axis = figures.new(size=(7.0, 3.6))
    methods = list(dict.fromkeys(_split(name)[0] for name in names))
    for index, method in enumerate(methods):
        color, marker, label = LOOKS[method]
        shift = 0.07 * (index - (len(methods) - 1) / 2)
        places, rows = [], []
        for place, depth in enumerate(depths):
            key = f"{method}_{depth}"
            if f"{key}/test_accuracy" in metrics:
                places.append(place + shift)
                columns = ("test_accuracy", "lowest", "highest")
                rows.append([metrics[f"{key}/{column}"] for column in columns])
        middle, low, high = np.array(rows).T
        axis.vlines(places, low, high, color=color, linewidth=1.2)
        axis.plot(places, middle, "-", color=color, linewidth=0.8, alpha=0.5)
        axis.plot(places, middle, marker, color=color, label=label, markersize=6)
    axis.set_xticks(range(len(depths)), [str(depth) for depth in depths])
    axis.set(xlabel="hidden layers", ylabel="test accuracy", ylim=(0, 1.02))
    axis.legend(fontsize=8, ncols=1, loc="center left", bbox_to_anchor=(1.0, 0.5))
    return Figure(
        figure,
        "Test accuracy against the number of hidden layers, one marker per kind of "
        "network with a bar from its worst to its best initial weights.",
        "Markers at the top right are networks that learn when they are deep.",
    )


def tables(recorded):
    """Accuracy on each table, and the mean rank, for every method.

    Args:
        recorded: metrics of one run or of several seeds.
    """
    prefix = "tables/"
    names = [n.split("/")[1] for n in recorded[0] if n.endswith("/rank_of_all")]
    ends = ("rank", "rank_of_all", "depth")
    sets = [
        n.split("/")[2]
        for n in recorded[0]
        if n.startswith(f"{prefix}{names[0]}/") and not n.endswith(ends)
    ]
    figure, (left, right) = figures.new(
        1, 2, size=(8.4, 3.6), width_ratios=[1.7, 1], sharey=True
    )
    mean = {k: np.mean([run[k] for run in recorded]) for k in recorded[0]}
    names.sort(key=lambda name: -mean[f"{prefix}{name}/rank_of_all"])
    places = np.arange(len(names))
    for index, table in enumerate(sets):
        values = [mean[f"{prefix}{name}/{table}"] for name in names]
        marker, color = "os^vD"[index % 5], figures.PALETTE[index % 7]
        text = table.replace("_", " ")
        left.plot(values, places, marker, color=color, label=text, alpha=0.8)
    ranks = [[r[f"{prefix}{name}/rank_of_all"] for r in recorded] for name in names]
    for place, values in zip(places, ranks, strict=True):
        right.plot(values, [place] * len(values), "|", color=BLUE, markersize=9)
        right.plot(np.mean(values), place, "o", color=BLUE)
    labels = [LOOKS[name][2] for name in names]
    left.set_yticks(places, labels)
    left.set(xlabel="test accuracy (cross-validated)")
    left.legend(fontsize=8, loc="lower left")
    right.set(xlabel="mean rank (1 is best)")
    classics = " and ".join(LOOKS[name][2] for name in CLASSICS)
    return Figure(
        figure,
        f"Left: for {len(names)} methods, cross-validated accuracy on {len(sets)} "
        "small tables. Right: their mean ranks, one tick per seed and a dot for the "
        "mean.",
        f"All networks choose their depth by validation; {classics} come from "
        "scikit-learn. Ticks of neighbours overlap: seeds move ranks a lot.",
    )
