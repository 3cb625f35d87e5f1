"""Figures of a run; the notebook shows the same ones."""

import numpy as np

from lessons.foundations.convnet_baseline import evaluation
from lessons.foundations.convnet_baseline.variants import VARIANTS
from lessons.toolkit import charts, figures
from lessons.toolkit.figures import BLUE, GREY, Figure


def colour_tile(images, num_columns, pad=1):
    """Colour images side by side in one, white between them.

    Args:
        images: shape (n, side, side, 3), in [0, 1].
        num_columns: images of a row.
        pad: pixels between two images.
    """
    layers = [figures.tile(images[..., c], num_columns, pad, 1.0) for c in range(3)]
    return np.clip(np.stack(layers, axis=-1), 0, 1)


def pictures(images, labels, class_names, num_columns=8, rows=3):
    """Pictures of each class, side by side.

    Args:
        images: shape (n, side, side, 3), in [0, 1].
        labels: shape (n,).
        class_names: of label 0 and of label 1.
        num_columns, rows: how many of each class.
    """
    figure, axes = figures.new(1, 2, size=(7.5, 0.25 + 1.45 * rows / 3))
    for label, (axis, name) in enumerate(zip(axes, class_names, strict=True)):
        chosen = images[labels == label][: num_columns * rows]
        axis.imshow(colour_tile(chosen, num_columns))
        axis.set_title(f"{label}: {name}")
        axis.set_axis_off()
    return Figure(
        figure,
        f"Two grids of small colour pictures: heads of {class_names[0]}s at the left "
        f"and of {class_names[1]}s at the right, at different places, sizes and tilts, "
        "in many colours, before photographs and striped textures.",
        "Neither colour nor place nor background tells the classes apart.",
    )


def normalisation(before, after):
    """Mean picture and deviation of each feature, before and after normalisation.

    Args:
        before, after: training images, shape (n, side, side, 3).
    """
    figure, axes = figures.new(1, 3, size=(7.5, 2.6))
    axes[0].imshow(np.clip(before.mean(axis=0), 0, 1))
    axes[0].set_title("mean image")
    spread = before.std(axis=0).mean(axis=-1)
    picture = axes[1].imshow(spread, cmap="viridis")
    axes[1].set_title("deviation, mean of channels")
    figure.colorbar(picture, ax=axes[1], shrink=0.8)
    for axis in axes[:2]:
        axis.set_axis_off()
    for images, label, color in ((before, "before", GREY), (after, "after", BLUE)):
        axes[2].plot(
            images.mean(axis=0).ravel(),
            images.std(axis=0).ravel(),
            ".",
            markersize=3,
            color=color,
            label=label,
        )
    axes[2].set(xlabel="mean of a feature", ylabel="its deviation")
    axes[2].legend(fontsize=8, markerscale=3)
    return Figure(
        figure,
        "Left: the mean training image, a grey field with a slightly different blur in "
        f"the middle. Middle: the deviation of each pixel, from {spread.min():.2f} to "
        f"{spread.max():.2f}. Right: mean and deviation of every feature, a cloud "
        "before normalisation and a single point at 0 and 1 after it.",
        "Each pixel and channel gets a mean of 0 and a deviation of 1.",
    )


def learning_curves(history, names):
    """Training and validation accuracy and loss, with the best epoch marked.

    Args:
        history: columns called `VARIANT/val_accuracy`, `VARIANT/train_accuracy` and
            `VARIANT/val_loss`.
        names: of the variants to draw.
    """
    figure, (left, right) = figures.new(1, 2, size=(7.5, 3.3))
    chosen, best = {name: VARIANTS[name] for name in names}, []
    figures.curves(left, history, "val_accuracy", chosen, marker="")
    figures.curves(
        left, history, "train_accuracy", chosen, marker="", alpha=0.35, label=None
    )
    figures.curves(right, history, "val_loss", chosen, marker="")
    for name in names:
        losses = history[f"{name}/val_loss"]
        best.append(int(np.argmin(losses)) + 1)
        color = figures.COLORS[chosen[name].color]
        right.plot(best[-1], min(losses), "o", color=color, markersize=7)
    left.set(xlabel="epoch", ylabel="accuracy", ylim=(0.4, 1.01))
    right.set(xlabel="epoch", ylabel="validation loss (nats)")
    left.legend(fontsize=8, loc="lower right")
    texts = ", ".join(
        f"{chosen[name].label} in epoch {epoch}"
        for name, epoch in zip(names, best, strict=True)
    )
    return Figure(
        figure,
        "Left: accuracy against the epoch, bold on validation images and pale on "
        "training images, which ends higher. Right: validation loss, which falls and "
        f"then rises; least for {texts}.",
        "Early stopping keeps the weights of the marked epoch.",
    )


def accuracy_bars(values, title, lines=()):
    """`charts.accuracy_bars` of this lesson's variants."""
    return charts.accuracy_bars(values, VARIANTS, title, lines)


def filters(model, num_columns=8):
    """Kernels of the first convolution as colour pictures, each stretched to [0, 1].

    Args:
        model: a `ConvNet` of colour images.
        num_columns: kernels of a row.
    """
    kernels = np.moveaxis(np.asarray(model.products[0].kernel, np.float32), -1, 0)
    flat = kernels.reshape(len(kernels), -1)
    low, high = (f(flat, axis=1)[:, None, None, None] for f in (np.min, np.max))
    stretched = (kernels - low) / np.maximum(high - low, 1e-12)
    figure, axis = figures.new(size=(5.0, 5.0 * -(-len(kernels) // num_columns) / 8))
    axis.imshow(colour_tile(stretched, num_columns))
    axis.set_axis_off()
    return Figure(
        figure,
        f"The {len(kernels)} kernels of the first layer as small colour pictures; "
        "none shows a clear edge.",
        "Kernels of 5x5 pixels and three colours, each with a contrast of its own.",
    )


def occlusions(model, images, labels, class_names):
    """Pictures and, below each, what is lost where a square of mean colour hides it.

    Args:
        model: a `ConvNet`.
        images: a few, shape (n, side, side, 3).
        labels: shape (n,).
        class_names: of label 0 and of label 1.
    """
    count = len(images)
    figure, axes = figures.new(2, count, size=(7.5, 3.6), squeeze=False)
    maps = [
        evaluation.occlusion(model, image, label)[0]
        for image, label in zip(images, labels, strict=True)
    ]
    most = max(0.01, *(np.abs(m).max() for m in maps))
    for column, (image, label, lost) in enumerate(
        zip(images, labels, maps, strict=True)
    ):
        axes[0, column].imshow(np.clip(image, 0, 1))
        axes[0, column].set_title(class_names[label])
        shown = axes[1, column].imshow(lost, cmap="PuOr", vmin=-most, vmax=most)
        for axis in axes[:, column]:
            axis.set_axis_off()
    figure.colorbar(shown, ax=axes[1], shrink=0.8, label="log-odds lost")
    return Figure(
        figure,
        f"{count} pictures, and below each a map of the log-odds of the right class "
        "that are lost where a grey square covers a place: most of them around the "
        f"head, at most {max(m.max() for m in maps):.1f}.",
        "What is covered matters where the map is dark.",
    )


def scale_curves(axis, scales, accuracies, at=None):
    """Accuracy against the scale of the first weights, mean and range over seeds.

    Args:
        axis: a matplotlib axis.
        scales: shape (scales,).
        accuracies: by variant, shape (scales, seeds).
        at: a scale to mark, or None.
    """
    for name, rows in accuracies.items():
        means, spans = figures.mean_and_range(rows)
        axis.errorbar(scales, means, spans, capsize=2, **figures.look(VARIANTS[name]))
    if at is not None:
        axis.axvline(at, color=GREY, linewidth=1.0)
    axis.axhline(0.5, color=GREY, linewidth=0.8, linestyle=":")
    axis.set_xscale("log")
    axis.set_xticks(scales, [f"{s:g}" for s in scales], minor=False)
    axis.minorticks_off()
    axis.set(xlabel="scale of the first weights", ylabel="accuracy", ylim=(0.4, 1.0))


def all_of(report):
    """Every figure of a run, by name.

    Args:
        report: a `Report` with its main model.
    """
    names = report.config.variants
    return {
        "accuracy": charts.accuracy_curves(
            report.history, VARIANTS, "A line that stays at one half learns nothing."
        ),
        "learning": learning_curves(report.history, names[:3]),
        "filters": filters(report.models["model"]),
    }
