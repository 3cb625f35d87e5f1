"""Figures of class maps and of damage."""

import numpy as np

from lessons.foundations.stimulated_learning import theory
from lessons.toolkit import animation, figures, turning
from lessons.toolkit.figures import BLUE, GREY, ORANGE, Figure

BARS = {  # of the figure that turns: name of the metric, label, colour
    "accuracy": ("accuracy", GREY),
    "decode_2": ("decoded", BLUE),
    "own_drop": ("own drop", ORANGE),
    "other_drop": ("other drop", GREY),
}


def _map(axis, values, rows, columns, centre=None, **options):
    axis.imshow(np.reshape(values, (rows, columns)), cmap="gray_r", **options)
    if centre is not None:
        axis.plot(*centre, "+", color=ORANGE, markersize=7, markeredgewidth=1.5)
    axis.set_xticks([])
    axis.set_yticks([])
    axis.grid(visible=False)


def class_maps(maps_by_label, rows, columns, centres=None):
    """Mean activation maps: a row for each network, a column for each class.

    Args:
        maps_by_label: arrays of shape (classes, units), by the row's label.
        rows, columns: of the grid.
        centres: of the classes, marked where given.
    """
    count = len(next(iter(maps_by_label.values())))
    size = (0.75 * count + 0.6, 0.85 * len(maps_by_label) + 0.2)
    figure, axes = figures.new(len(maps_by_label), count, size=size, squeeze=False)
    for line, (label, maps) in zip(axes, maps_by_label.items(), strict=True):
        for c, (axis, values) in enumerate(zip(line, maps, strict=True)):
            centre = None if centres is None else centres[c]
            _map(axis, values, rows, columns, centre, vmin=0, vmax=1)
        line[0].set_ylabel(label, fontsize=8)
    for c, axis in enumerate(axes[0]):
        axis.set_title(str(c), fontsize=9)
    return Figure(
        figure,
        f"Grey maps of mean activations, dark for 1: rows {', '.join(maps_by_label)}; "
        f"a column for each of {count} classes. A cross marks the class's centre.",
        "Which units respond to a class, and where they stand.",
    )


def maps_turning(entries, rows, columns, centres, start):
    """Class maps of one layer, turned from network to network.

    Args:
        entries: for each position (label, maps of shape (classes, units), scores as
            from `evaluation.evaluate`).
        rows, columns: of the grid.
        centres: of the classes.
        start: position shown at first.

    Returns:
        A `Turning`.
    """
    frames = [_maps_frame(entry, rows, columns, centres) for entry in entries]
    alts = [
        f"{label}: "
        + ", ".join(f"{text} {scores[name]:.2f}" for name, (text, _) in BARS.items())
        for label, _, scores in entries
    ]
    return turning.turn(
        frames,
        [label for label, _, _ in entries],
        "how strong the stimulus is, η",
        "Ten grey maps, one for each digit, of the mean activations of the second "
        "hidden layer, and beside them bars of accuracy, decoding and damage. As η "
        "grows each map concentrates around the cross at its class's centre.",
        "Maps focus as η grows; less sharply they focus without any stimulus, when the "
        "units of the plain network are put in order.",
        alts=alts,
        start=start,
    )


def _maps_frame(entry, rows, columns, centres):
    label, maps, scores = entry
    half = -(-len(maps) // 2)
    figure, axes = figures.new(
        2, half + 1, size=(7.6, 2.7), width_ratios=[1] * half + [1.7]
    )
    for c, values in enumerate(maps):
        axis = axes[c // half, c % half]
        _map(axis, values, rows, columns, centres[c], vmin=0, vmax=1)
        axis.set_title(f"digit {c}", fontsize=8)
    grid = axes[0, -1].get_gridspec()
    for axis in axes[:, -1]:
        axis.remove()
    axis = figure.add_subplot(grid[:, -1])
    for place, (name, (_, color)) in enumerate(BARS.items()):
        value = scores[name]
        axis.barh(-place, max(value, 0), color=color, height=0.6)
        axis.annotate(f"{value:.2f}", (max(value, 0) + 0.03, -place), va="center")
    axis.set_yticks([-n for n in range(len(BARS))], [t for t, _ in BARS.values()])
    axis.set(xlim=(0, 1.3), xlabel="part of 1", title=label)
    axis.tick_params(labelsize=8)
    axis.title.set_fontsize(9)
    return figure


def damage(matrices):
    """Damage matrices side by side.

    Args:
        matrices: arrays of shape (regions, classes), by title.
    """
    count = len(matrices)
    figure, axes = figures.new(1, count, size=(1.9 * count + 0.8, 2.7), squeeze=False)
    for axis, (title, matrix) in zip(axes[0], matrices.items(), strict=True):
        shown = axis.imshow(matrix, vmin=-1, vmax=1, cmap="RdBu_r")
        axis.set_title(title, fontsize=9)
        axis.set_xticks(range(0, len(matrix[0]), 3))
        axis.set_yticks(range(0, len(matrix), 3))
        axis.set_xlabel("class")
        axis.grid(visible=False)
    axes[0, 0].set_ylabel("muted region")
    figure.colorbar(shown, ax=axes[0, -1], label="accuracy lost")
    texts = []
    for title, matrix in matrices.items():
        diagonal = np.mean(np.diag(matrix))
        others = (np.sum(matrix) - np.trace(matrix)) / (matrix.size - len(matrix))
        texts.append(f"{title} {diagonal:.2f} on the diagonal, {others:.2f} off it")
    return Figure(
        figure,
        "Matrices of the accuracy that each class (column) loses when the region of a "
        f"class (row) is muted, red for a loss. Means: {'; '.join(texts)}.",
        "A dark diagonal means that muting a region hurts its own class.",
    )


def width_curves(curves):
    """What muting costs the other classes against what it costs the own one.

    Args:
        curves: for each line (own, other, arguments of `axis.plot`), from narrow to
            wide masks.
    """
    figure, axis = figures.new(size=(6.2, 3.4))
    for own, other, options in curves:
        axis.plot(own, other, markersize=4, **options)
    axis.axvline(0.5, color=GREY, linewidth=1, linestyle=":")
    axis.set(
        xlabel="accuracy lost by the region's own class",
        ylabel="lost by the others",
        xlim=(-0.02, 1),
        ylim=(-0.02, 0.9),
    )
    axis.legend(fontsize=8)
    labels = ", ".join(options["label"] for _, _, options in curves)
    return Figure(
        figure,
        "Line chart of the mean accuracy that the other classes lose against what the "
        f"muted region's own class loses, as the mask grows wider: {labels}.",
        "The lower a line, the better the regions of the classes are kept apart.",
    )


def by_coefficient(coefficients, runs, names, metrics):
    """Means and ranges over seeds against the coefficient of the stimulus.

    Args:
        coefficients: of the variants.
        runs: recorded runs, `results.Runs`.
        names: the variants, in the order of the coefficients.
        metrics: two lists of (metric, label, colour), for the left and right axis.
    """
    figure, axes = figures.new(1, 2, size=(7.8, 3.4))
    places = np.arange(len(coefficients))
    for axis, lines in zip(axes, metrics, strict=True):
        for metric, label, color in lines:
            values = [runs[name, metric] for name in names]
            means, spans = figures.mean_and_range(values)
            axis.errorbar(
                places, means, spans, color=color, marker="o", markersize=4, label=label
            )
        axis.set_xticks(places, [f"{value:g}" for value in coefficients])
        axis.set_xlabel("η")
        above = {"loc": "lower center", "bbox_to_anchor": (0.5, 1.0), "ncols": 2}
        axis.legend(fontsize=8, frameon=False, **above)
    axes[0].set_ylabel("part of 1")
    axes[1].set_ylabel("nats")
    labels = ", ".join(label for lines in metrics for _, label, _ in lines)
    return Figure(
        figure,
        "Line charts against the coefficient η of the stimulus, with means and ranges "
        f"over eight seeds: {labels}.",
        "Divergence falls and localisation rises with η; accuracy falls at the end.",
    )


def _sequence(model, features, images, log_targets, stimuli):
    """Pictures of each frame of a sequence: input, target with context, surfaces."""
    outputs = model.predict(features, verbose=0)
    tables = np.asarray(theory.mixed_log_target(log_targets, stimuli))
    surfaces = [
        np.exp(np.asarray(theory.log_surface(outputs[layer.name])))
        for layer in model.hidden
    ]
    names = [
        "input",
        "target",
        *(layer.name.replace("_", " ") for layer in model.hidden),
    ]
    return names, [images, np.exp(tables), *surfaces]


def _shapes(model, images):
    grid = model.arguments["rows"], model.arguments["columns"]
    return [images.shape[1:3], *[grid] * (1 + len(model.hidden))]


def sequence_strip(model, features, images, log_targets, stimuli):
    """Target and surfaces along a sequence, a column for each frame.

    Args:
        model: a `GridClassifier`.
        features: shape (frames, features).
        images: shape (frames, height, width), to show.
        log_targets: of the classes, shape (classes, units).
        stimuli: classes of each frame and its neighbours, shape (frames, m).
    """
    names, rows = _sequence(model, features, images, log_targets, stimuli)
    shapes = _shapes(model, images)
    size = (0.8 * len(features) + 0.6, 0.85 * len(rows) + 0.2)
    figure, axes = figures.new(len(rows), len(features), size=size, squeeze=False)
    for line, name, values, shape in zip(axes, names, rows, shapes, strict=True):
        for axis, value in zip(line, values, strict=True):
            _map(axis, value, *shape, vmin=0)
        line[0].set_ylabel(name, fontsize=8)
    return Figure(
        figure,
        f"Small multiples along a sequence of {len(features)} frames: rows "
        f"{', '.join(names)}; the target of a frame is the sum of the bumps of its own "
        "class and of its neighbours' classes.",
        "The activity of the hidden layers jumps from region to region.",
    )


def sequence_animation(model, features, images, log_targets, stimuli):
    """The same as an animation; see `sequence_strip`."""
    names, rows = _sequence(model, features, images, log_targets, stimuli)
    shapes = _shapes(model, images)
    frames = []
    for moment in range(len(features)):
        figure, axes = figures.new(1, len(rows), size=(1.6 * len(rows), 1.9))
        for axis, name, values, shape in zip(axes, names, rows, shapes, strict=True):
            _map(axis, values[moment], *shape, vmin=0)
            axis.set_title(name, fontsize=9)
        frames.append(animation.frame_of(figure, dpi=110))
    return animation.animate(
        frames,
        f"Animation over {len(features)} frames of a sequence of digits: the image, "
        "the target of its class and of both neighbours, and the activation surfaces "
        "of the hidden layers, which jump to the region of the current digit.",
        "The activity of the hidden layers jumps from region to region.",
        milliseconds=800,
        hold=1600,
    )
