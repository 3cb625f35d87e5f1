"""Figures of a run; the notebook shows the same ones."""

import numpy as np

from lessons.adversarial.spectral_normalization import evaluation, plane
from lessons.adversarial.spectral_normalization.variants import VARIANTS
from lessons.toolkit import figures
from lessons.toolkit.figures import BLACK, Figure

_SIZE = 61  # points on a side of a map
_LIMIT = 5.0


def planes(critics):
    """Value and slope of critics over the plane, with the two clusters.

    Args:
        critics: variant to critic.
    """
    figure, axes = figures.new(
        2, len(critics), size=(2.1 * len(critics) + 0.7, 4.3), squeeze=False
    )
    points = plane.grid(_LIMIT, _SIZE)
    extent = (-_LIMIT, _LIMIT, -_LIMIT, _LIMIT)
    for column, (variant, critic) in enumerate(critics.items()):
        values, gradients = evaluation.critic_and_gradient(critic, points)
        slopes = np.linalg.norm(gradients, axis=1).reshape(_SIZE, _SIZE)
        span = np.abs(values).max()
        upper, lower = axes[:, column]
        upper.imshow(
            values.reshape(_SIZE, _SIZE),
            extent=extent,
            origin="lower",
            cmap="RdBu_r",
            vmin=-span,
            vmax=span,
        )
        shade = lower.imshow(
            slopes, extent=extent, origin="lower", cmap="viridis", vmin=0, vmax=2
        )
        upper.set_title(f"{VARIANTS[variant].label}\n|f| to {span:.2g}", fontsize=10)
        lower.set_title(f"slope to {slopes.max():.2g}", fontsize=10)
        for axis in (upper, lower):
            for side, color in ((1, BLACK), (-1, "white")):
                where = (side * plane.CENTRE, 0.0)
                axis.plot(*where, "o", ms=5, color=color, mec=BLACK, mew=0.8)
            axis.set_xticks([-4, 0, 4])
            axis.set_yticks([-4, 0, 4])
            axis.grid(visible=False)
    axes[0, 0].set_ylabel("critic f")
    axes[1, 0].set_ylabel("slope ‖∇f‖")
    bar = figure.colorbar(shade, ax=axes[1, :], shrink=0.9, extend="max")
    bar.set_label("slope (2 and more)")
    return Figure(
        figure,
        "Two rows of maps of the plane, one column per method, with a black dot for "
        "the data and a white dot for the samples. Above, the critic's value changes "
        "sign between the dots; below, its slope.",
        "Spectral normalisation alone keeps the slope below 1 everywhere and near 1 "
        "between the clusters.",
    )


def spectra(critics, normalized=True):
    """Squared singular values of the critics' hidden layers, largest first.

    Args:
        critics: variant to critic.
        normalized: divided by the largest of each layer.
    """
    values = {v: evaluation.spectra(critic) for v, critic in critics.items()}
    num_layers = min(sum(len(s) > 1 for s in found) for found in values.values())
    figure, axes = figures.new(
        1, num_layers, size=(2.9 * num_layers, 3.5), sharey=True, squeeze=False
    )
    for index, axis in enumerate(axes[0]):
        for variant, found in values.items():
            square = np.square(found[index])
            if normalized:
                square = square / square[0]
            width = 2.6 if variant == "spectral" else 1.4
            axis.plot(
                np.arange(1, len(square) + 1),
                square,
                **figures.look(VARIANTS[variant], linewidth=width),
            )
        axis.set(title=f"layer {index + 1}", xlabel="singular value number t")
        axis.set_ylim(0, 1.03)
    axes[0, 0].set_ylabel("σ²(t) / σ²(1)")
    axes[0, -1].legend(fontsize=8, frameon=False)
    return Figure(
        figure,
        "One panel per layer with decreasing curves of squared singular values divided "
        "by the largest, one curve per method: those of weight clipping fall the "
        "fastest, those of spectral normalisation slowly, and those of the orthonormal "
        "method end the highest.",
        "The slower a curve falls, the more directions the layer uses.",
    )


def samples(images, num_columns=16):
    """Samples of each model, a few rows of tiles each.

    Args:
        images: variant to samples in [0, 1].
        num_columns: tiles in a row.
    """
    columns = min(2, len(images))
    rows = -(-len(images) // columns)
    figure, axes = figures.new(
        rows, columns, size=(3.8 * columns, 0.8 * rows + 0.2), squeeze=False
    )
    for axis in axes.ravel():
        axis.set_axis_off()
    for axis, (variant, drawn) in zip(axes.ravel(), images.items(), strict=False):
        drawn = drawn.mean(axis=-1) if drawn.shape[-1] == 3 else drawn
        figures.show_tiles(axis, drawn, num_columns, title=VARIANTS[variant].label)
        axis.title.set_fontsize(9)
    methods = ", ".join(VARIANTS[name].label for name in images)
    return Figure(
        figure,
        f"{len(images)} blocks of small grey images, one for each method ({methods}).",
        "Samples after the same number of generator updates.",
    )


def across_settings(table, metric="Fréchet distance² (pixels)"):
    """A measure of every method under every setting, means and ranges over seeds.

    Args:
        table: variant to {setting: values over seeds}.
        metric: the axis.
    """
    figure, axis = figures.new(size=(7.6, 3.8))
    for offset, (variant, row) in enumerate(table.items()):
        width = 2.6 if variant == "spectral" else 1.2
        at = np.arange(len(row)) + 0.06 * (offset - len(table) / 2)
        middle, spans = figures.mean_and_range(row.values())
        axis.errorbar(
            at,
            middle,
            spans,
            ms=4,
            **figures.look(VARIANTS[variant], marker="o", linewidth=width),
        )
    methods = ", ".join(VARIANTS[variant].label for variant in table)
    axis.set_xticks(range(len(row)), list(row))
    axis.set(yscale="log", xlabel="setting of table 1", ylabel=metric)
    axis.legend(fontsize=8, frameon=False, loc="center left", bbox_to_anchor=(1, 0.5))
    return Figure(
        figure,
        f"Lines over the settings {', '.join(row)} on a logarithmic axis, one per "
        f"method ({methods}), with bars from the smallest to the "
        "largest seed.",
        "Lower is better; a method is robust if its line stays low.",
    )


def all_of(report, drawn):
    """Every figure of a run, by name.

    Args:
        report: a `Report` with its models and metrics.
        drawn: variant to samples in [0, 1], under the last setting.
    """
    config, models, found = report.config, report.models, {}
    if config.plane_variants:
        critics = {name: models[f"plane_{name}"] for name in config.plane_variants}
        found["plane"] = planes(critics)
    last = config.settings[-1]
    found["spectra"] = spectra({v: models[f"{last}_{v}"].critic for v in drawn})
    found["samples"] = samples(drawn)
    if len(config.settings) > 1:
        name = "judged_frechet" if config.source == "images" else "frechet"
        table = {
            variant: {
                setting: [report.metrics[f"{setting}/{variant}/{name}"]]
                for setting in config.settings
            }
            for variant in config.variants
        }
        found["settings"] = across_settings(table)
    return found
