"""Figures of a run; the notebook shows the same ones."""

import numpy as np

from lessons.adversarial.ambient_gan.variants import VARIANTS
from lessons.toolkit import figures
from lessons.toolkit.figures import Figure

_CURVE_POINTS = 12  # about how often the Fréchet distance is taken
_SHOWN = 36  # images in a grid


def _grey(images, low):
    images = np.asarray(images, np.float32).mean(axis=-1, keepdims=True)
    return (images - low) / (1.0 - low)


def grids(examples, measurement, seen, samples):
    """What was seen, and what each strategy made of it.

    Args:
        examples: the `Examples`.
        measurement: the true `Measurement`.
        seen: variant to what it was trained on.
        samples: variant to samples.
    """
    panels = [("clean (not seen)", examples.train[:_SHOWN])]
    if measurement.keeps_shape and "ignore" in seen:
        panels.append(("measured (all we have)", seen["ignore"][:_SHOWN]))
    panels += [(VARIANTS[n].label, drawn[:_SHOWN]) for n, drawn in samples.items()]
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


def compared(panels, low=0.0):
    """Grids of images side by side.

    Args:
        panels: (title, images) pairs.
        low: smallest value of a pixel.
    """
    return Figure(
        _panels([(title, images[:_SHOWN]) for title, images in panels], low),
        f"Grids of {_SHOWN} small grey images side by side: {_titles(panels)}.",
        "What scores well, what was drawn, and what theory says.",
    )


def epochs_between(config):
    """Epochs between two points of `curves`."""
    return max(1, config.epochs // _CURVE_POINTS)


def curves(history, every):
    """Fréchet distance against epochs for each variant.

    Args:
        history: columns called `VARIANT/frechet`.
        every: epochs between two numbers.
    """
    figure, axis = figures.new(size=(6.4, 3.3))
    shown = {name: np.clip(values, 1e-3, 1e3) for name, values in history.items()}
    figures.curves(axis, shown, "frechet", VARIANTS, every=every, markersize=4)
    axis.set(yscale="log", xlabel="epochs", ylabel="Fréchet distance², pixels")
    axis.legend(fontsize=8, ncols=4, loc="upper right")
    return Figure(
        figure,
        "Line chart on a logarithmic scale of the squared Fréchet distance between "
        "samples and clean images against epochs, one line for each strategy.",
        "Strategies that do not know the measurement stop improving early: what they "
        "aim at is not the data.",
    )


def all_of(report, examples, measurement, seen, samples):
    """Every figure of a run, by name.

    Args:
        report: a `Report` with its histories.
        examples, measurement, seen, samples: as for `grids`.
    """
    return {
        "samples": grids(examples, measurement, seen, samples),
        "distance": curves(report.history, epochs_between(report.config)),
    }
