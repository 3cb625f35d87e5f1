"""Figures of a run and of recorded runs; the notebook shows the same ones."""

import numpy as np
from matplotlib import patches

from lessons.sequences.draw.model import DRAW
from lessons.sequences.draw.variants import VARIANTS
from lessons.toolkit import figures
from lessons.toolkit.figures import BLUE, GREY, ORANGE, Figure


def box(axis, place, size, color, **options):
    """Draw the square that a window covers, from its first to its last centre.

    Args:
        axis: a matplotlib axis that shows an image.
        place: x, y, stride and variance, pixels counted from 1.
        size: N.
        color: of the edge.
        **options: for `matplotlib.patches.Rectangle`.
    """
    x, y, stride, _ = (float(v) for v in place)
    side = (size - 1) * stride
    corner = x - 1 - side / 2, y - 1 - side / 2
    axis.add_patch(
        patches.Rectangle(
            corner,
            side,
            side,
            fill=False,
            edgecolor=color,
            linewidth=1.6,
            clip_on=True,
            **options,
        )
    )


def _show(axis, image):
    axis.imshow(image, vmin=0, vmax=1, cmap="gray_r", interpolation="nearest")
    axis.set(xticks=[], yticks=[])
    axis.grid(visible=False)


def glimpses(model, images, labels):
    """Where a network looks at each step, what it says, and what it has drawn.

    Args:
        model: a `DRAW` with windows and ten classes.
        images: a few, shape (n, height, width, 1).
        labels: shape (n,).
    """
    trace = model.trace(images)
    logits = trace.logits - trace.logits.max(axis=-1, keepdims=True)
    said = np.exp(logits) / np.exp(logits).sum(axis=-1, keepdims=True)
    count, steps = trace.kl.shape
    canvases = 0.5 + 0.5 * np.tanh(trace.canvas[:, :, :, 0] / 2)  # sigmoid
    figure, axes = figures.new(
        3 * count,
        steps,
        size=(1.15 * steps + 0.6, 3.0 * count),
        height_ratios=[3, 1.2, 3] * count,
        squeeze=False,
    )
    sizes = model.cell.arguments["read_size"], model.cell.arguments["write_size"]
    for row in range(count):
        for t in range(steps):
            top, middle, bottom = axes[3 * row : 3 * row + 3, t]
            _show(top, images[row, ..., 0])
            box(top, trace.look[row, t], sizes[0], BLUE)
            colors = [ORANGE if k == labels[row] else GREY for k in range(10)]
            middle.bar(range(10), said[row, t], color=colors)
            middle.set(ylim=(0, 1), yticks=[], xticks=[])
            middle.grid(visible=False)
            middle.set_xlabel(f"{said[row, t].argmax()}: {said[row, t].max():.2f}")
            middle.xaxis.label.set_size(8)
            _show(bottom, canvases[row, t])
            box(bottom, trace.touch[row, t], sizes[1], ORANGE)
            if not row:
                top.set_title(f"t = {t + 1}", fontsize=9)
        for axis, text in zip(
            axes[3 * row : 3 * row + 3, 0], ("look", "say", "draw"), strict=True
        ):
            axis.set_ylabel(text, fontsize=9)
    right = [said[i, -1].argmax() for i in range(count)]
    texts = ", ".join(f"a {k} called {r}" for k, r in zip(labels, right, strict=True))
    return Figure(
        figure,
        f"For {count} digits and {steps} steps: the image with a square where the "
        "network looks, bars of the probability of ten classes, and the canvas with a "
        f"square where it wrote. After the last step: {texts}.",
        "The square finds the digit late, and only then the bars say something.",
    )


def over_steps(values, metric, ylabel):
    """A number after each step, mean and range over seeds, a line for each variant.

    Args:
        values: arrays of shape (seeds, T) by the variant's name.
        metric: what it is, for the alt text.
        ylabel: with its unit.
    """
    figure, axis = figures.new(size=(6.6, 3.3))
    texts = []
    for name, numbers in values.items():
        steps = np.arange(1, numbers.shape[1] + 1)
        axis.plot(steps, numbers.mean(axis=0), **figures.look(VARIANTS[name]))
        axis.fill_between(
            steps,
            numbers.min(axis=0),
            numbers.max(axis=0),
            color=figures.COLORS[VARIANTS[name].color],
            alpha=0.15,
            linewidth=0,
        )
        means = " ".join(f"{m:.2f}" for m in numbers.mean(axis=0))
        texts.append(f"{VARIANTS[name].label} {means}")
    axis.set(xlabel="step t", ylabel=ylabel, ylim=(0, None))
    axis.xaxis.get_major_locator().set_params(integer=True)
    axis.legend(fontsize=8)
    return Figure(
        figure,
        f"Line chart of the {metric} after each step, means over seeds with their "
        f"range as a band: {'; '.join(texts)}.",
        f"How the {metric} grows while the network looks.",
    )


def learning(history, names):
    """Accuracy on training images against the epoch, a line for each variant.

    Args:
        history: columns `VARIANT/accuracy`.
        names: of the variants drawn.
    """
    chosen = {name: VARIANTS[name] for name in names}
    figure, axis = figures.new(size=(6.6, 3.3))
    drawn = figures.curves(axis, history, "accuracy", chosen)
    axis.axhline(0.1, color=GREY, linestyle=":", linewidth=1.2)
    axis.annotate("chance", (1, 0.11), fontsize=8, va="bottom")
    axis.set(xlabel="epoch", ylabel="accuracy after the last step", ylim=(0, 1))
    axis.legend(fontsize=8)
    ends = ", ".join(
        f"{chosen[n].label} {history[f'{n}/accuracy'][-1]:.2f}" for n in drawn
    )
    return Figure(
        figure,
        "Line chart of the accuracy on training images against the epoch. At the end: "
        f"{ends}.",
        "Networks with a window and a linear canvas stay near chance for long, and "
        "then jump.",
    )


def samples(models, told, seed=0):
    """Samples for each class, a row for each network.

    Args:
        models: `DRAW`s with classes, by the variant's name.
        told: classes to tell the decoder, shape (n,).
        seed: of the codes.
    """
    figure, axes = figures.new(
        len(models), 1, size=(7.4, 0.95 * len(models) + 0.3), squeeze=False
    )
    told = np.asarray(told)
    for axis, (name, model) in zip(axes[:, 0], models.items(), strict=True):
        rows = np.eye(model.cell.classes, dtype="float32")[told]
        drawn = model.generate(len(told), rows, seed=seed).images[:, -1]
        figures.show_tiles(axis, drawn, len(told))
        axis.set_title(VARIANTS[name].label, fontsize=9)
    labels = ", ".join(VARIANTS[name].label for name in models)
    return Figure(
        figure,
        f"Rows of generated images for the classes {' '.join(map(str, told))}, one "
        f"row each for {labels}: blobs without strokes at different places.",
        f"Told {' '.join(map(str, told))}, from left to right.",
    )


def all_of(report, split):
    """Every figure of a run, by name.

    Args:
        report: a `Report`.
        split: a `Split`.
    """
    found = {}
    names = [n for n in report.config.variants if f"{n}/accuracy" in report.history]
    if names:
        found["learning"] = learning(report.history, names)
    models = {
        name: model
        for name in report.config.variants
        for model in [report.models.get(name) or report.models.get("model")]
        if isinstance(model, DRAW)
    }
    for model in models.values():
        if model.cell.classes == 10 and model.cell.reader == "attention":
            found["glimpses"] = glimpses(
                model, split.test_images[:2], split.test_labels[:2]
            )
            break
    for model in list(models.values())[:1]:
        drawn = model.generate(10, seed=report.config.seed).images[:, -1]
        found["samples"] = _plain_samples(drawn)
    return found


def _plain_samples(drawn):
    figure, axis = figures.new(size=(7.4, 1.3))
    figures.show_tiles(axis, drawn[..., :1], len(drawn))
    return Figure(
        figure,
        f"A row of {len(drawn)} generated images.",
        "Drawn from nothing: codes from the prior.",
    )
