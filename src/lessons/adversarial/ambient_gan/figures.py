"""The pictures of a run; the notebook shows the same ones."""

import numpy as np

from lessons.toolkit import figures
from lessons.toolkit.figures import BLACK, BLUE, GREEN, ORANGE, Figure

LOOKS = {
    "full": (BLACK, "full data", "o"),
    "ambient": (BLUE, "ambient", "s"),
    "unmeasure": (GREEN, "unmeasure", "^"),
    "ignore": (ORANGE, "ignore", "D"),
}
_SHOWN = 36  # images in a grid


def _grey(images, low):
    images = np.asarray(images, np.float32).mean(axis=-1, keepdims=True)
    return (images - low) / (1.0 - low)


def grids(examples, measurement, seen, samples):
    """What was seen, and what each strategy made of it.

    Args:
        examples: the `Examples`.
        measurement: the true `Measurement`.
        seen: strategy to what it was trained on.
        samples: strategy to samples.
    """
    panels = [("clean (not seen)", examples.train[:_SHOWN])]
    if measurement.keeps_shape and "ignore" in seen:
        panels.append(("measured (all we have)", seen["ignore"][:_SHOWN]))
    panels += [(LOOKS[mode][1], drawn[:_SHOWN]) for mode, drawn in samples.items()]
    return Figure(
        _panels(panels, examples.low),
        f"Grids of {_SHOWN} small grey images: {_titles(panels)}. The name of a "
        "strategy stands above samples of its generator.",
        "The clean images were never seen by ambient, unmeasure and ignore.",
    )


def _titles(panels):
    return "; ".join(title for title, _ in panels)


def _panels(panels, low):
    """Grids of images with titles, at most three in a row."""
    columns = min(3, len(panels))
    rows = -(-len(panels) // columns)
    figure, axes = figures.new(
        rows, columns, size=(2.45 * columns, 2.6 * rows), squeeze=False
    )
    for axis in axes.ravel()[len(panels) :]:
        axis.set_axis_off()
    for axis, (title, images) in zip(axes.ravel(), panels, strict=False):
        figures.show_tiles(axis, _grey(images, low), 6, title=title)
    return figure


def failures(panels, low=0.0):
    """Samples of models that cannot get it right.

    Args:
        panels: (title, samples) pairs.
        low: smallest value of a pixel.
    """
    return Figure(
        _panels([(title, images[:_SHOWN]) for title, images in panels], low),
        f"Grids of {_SHOWN} small grey samples, one for each way to fail: "
        f"{_titles(panels)}.",
        "Each follows from the measurement, not from the training.",
    )


def curves(history):
    """Fréchet distance against epochs for each strategy.

    Args:
        history: columns `MODE/epoch` and `MODE/frechet`.
    """
    figure, axis = figures.new(size=(6.4, 3.3))
    for mode, (color, label, marker) in LOOKS.items():
        if history.get(f"{mode}/frechet"):
            axis.plot(
                history[f"{mode}/epoch"],
                np.clip(history[f"{mode}/frechet"], 1e-3, 1e3),
                color=color,
                marker=marker,
                markersize=4,
                label=label,
            )
    axis.set(yscale="log", xlabel="epochs", ylabel="Fréchet distance², pixels")
    axis.legend(fontsize=8, ncols=4, loc="upper right")
    return Figure(
        figure,
        "Line chart on a logarithmic scale of the squared Fréchet distance between "
        "samples and clean images against epochs, one line for each strategy.",
        "Strategies that do not know the measurement stop improving early: what they "
        "aim at is not the data.",
    )


def all_of(examples, measurement, seen, samples, history):
    """Every picture of a run, by name."""
    return {
        "samples": grids(examples, measurement, seen, samples),
        "distance": curves(history),
    }
