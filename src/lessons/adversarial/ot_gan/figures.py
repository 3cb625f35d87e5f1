"""Figures of a run; the notebook shows the same ones."""

import numpy as np
from matplotlib import patches

from lessons.adversarial.ot_gan import data, evaluation
from lessons.adversarial.ot_gan.variants import VARIANTS
from lessons.toolkit import animation, figures
from lessons.toolkit.figures import BLUE, COLORS, ORANGE, Figure

_LIMIT = 3.4  # of the axes


def _cloud(axis, points, color, size=3.0):
    """Samples over circles at three standard deviations of the eight Gaussians."""
    axis.scatter(*points.T, s=size, color=color, alpha=0.5, linewidths=0)
    for centre in data.centres():
        circle = patches.Circle(centre, evaluation.NEAR, fill=False, edgecolor="0.4")
        axis.add_patch(circle)
    axis.set(xlim=(-_LIMIT, _LIMIT), ylim=(-_LIMIT, _LIMIT), aspect="equal")
    axis.set_xticks([])
    axis.set_yticks([])
    axis.grid(visible=False)
    outside = np.mean(np.abs(points).max(axis=1) > _LIMIT)
    if outside > 0.005:
        text = f"{outside:.0%} outside"
        axis.text(0.5, 0.03, text, ha="center", transform=axis.transAxes, fontsize=8)


def clouds(config, frames):
    """Samples before the critic was frozen (above) and at the end (below).

    Args:
        config: the `Config` that was run.
        frames: samples after each epoch, by variant.
    """
    figure, axes = figures.new(
        2, len(frames), size=(1.75 * len(frames) + 0.3, 3.9), squeeze=False
    )
    for column, (name, samples) in enumerate(frames.items()):
        color = COLORS[VARIANTS[name].color]
        _cloud(axes[0, column], samples[-1 - config.frozen_epochs], color)
        _cloud(axes[1, column], samples[-1], color)
        axes[0, column].set_title(VARIANTS[name].label, fontsize=10)
    axes[0, 0].set_ylabel("trained together")
    axes[1, 0].set_ylabel("critic frozen")
    return Figure(
        figure,
        "Two rows of scatter plots, one column per method, over circles that mark "
        "the eight Gaussians: after training together, and after the critic was "
        "frozen.",
        "Where the frozen critic still knows all of the data, samples stay; where it "
        "only knew what was wrong with the last samples, they leave.",
    )


def curves(config, history, ring=None, by_size=None):
    """Energy distance against generator updates; a line where the critic froze.

    Args:
        config: the `Config` that was run.
        history: columns called `VARIANT/energy_distance`, one value per epoch.
        ring: energy distance of a ring through the modes, or None for no such line.
        by_size: K to energy distances of recorded runs, an array over seeds, for a
            second panel; or None.
    """
    panels = 2 if by_size else 1
    figure, axes = figures.new(
        1,
        panels,
        size=(9.4, 3.6) if by_size else (7.0, 3.6),
        squeeze=False,
        gridspec_kw={"width_ratios": (2.2, 1)[:panels]},
    )
    axis = axes[0, 0]
    steps = (config.num_train or data.NUM_TRAIN_POINTS) / config.batch_size
    freeze = config.epochs * config.generator_updates / (config.generator_updates + 1)
    freeze *= steps
    for name in config.variants:
        values = np.clip(history[f"{name}/energy_distance"], 1e-3, 1e3)
        epochs = len(values) - config.frozen_epochs
        before = np.arange(1, epochs + 1) / epochs * freeze
        after = freeze + np.arange(1, config.frozen_epochs + 1) * steps
        axis.plot(np.r_[before, after], values, **figures.look(VARIANTS[name]))
    if config.frozen_epochs:
        axis.axvline(freeze, color="0.3", linestyle=":", linewidth=1.2)
        axis.text(freeze, 0.02, " critic frozen", transform=axis.get_xaxis_transform())
    if ring:
        axis.axhline(ring, color="0.3", linestyle="--", linewidth=1.0)
        axis.text(0, ring, " a ring", va="bottom", fontsize=8)
    axis.set(yscale="log", xlabel="generator updates", ylim=(3e-3, 100))
    axis.set_ylabel("energy distance², held-out data")
    axis.legend(fontsize=8, ncols=3, loc="upper left")
    alt = (
        "Line chart on a logarithmic scale of squared energy distance against "
        "generator updates for each method, with a vertical line where the critic "
        "is frozen."
    )
    if by_size:
        _batch_study(axes[0, 1], by_size, ring)
        alt += (
            " Beside it, the energy distance of OT-GAN falls with the size of a "
            "mini-batch; bars go from the smallest to the largest seed, and a dashed "
            "line stands for a ring."
        )
    return Figure(
        figure,
        alt,
        "Where a line rises after the critic was frozen, that critic no longer leads "
        "the samples to the data.",
    )


def _batch_study(axis, by_size, ring):
    """Mean and range of the energy distance against the size of a mini-batch."""
    means, spans = figures.mean_and_range(by_size.values())
    axis.errorbar(list(by_size), means, spans, color=BLUE, marker="o", capsize=3)
    if ring:
        axis.axhline(ring, color="0.3", linestyle="--", linewidth=1.0)
    axis.set(xscale="log", yscale="log", xlabel="examples per mini-batch K")
    axis.set_xticks(list(by_size), [f"{size}" for size in by_size])
    axis.set_ylabel("energy distance², OT-GAN at the end")
    axis.minorticks_off()


def training_film(frames, epochs, held_out):
    """Samples over training as an animation: one frame per epoch.

    Args:
        frames: samples after each epoch, each (n, 2).
        epochs: epochs before the critic was frozen.
        held_out: data points, drawn in grey.
    """
    pictures = []
    for index, points in enumerate(frames):
        figure, axis = figures.new(size=(3.6, 3.8))
        axis.scatter(*held_out[:400].T, s=3, color="0.75", linewidths=0)
        _cloud(axis, points[:300], BLUE if index < epochs else ORANGE, 5)
        state = "training" if index < epochs else "critic frozen"
        axis.set_title(f"epoch {index + 1:2d}: {state}")
        pictures.append(animation.frame_of(figure, dpi=80))
    return animation.animate(
        pictures,
        "Animation: points start as a wide cloud, open into a ring and thicken on it "
        "around the eight grey Gaussians; after the critic is frozen, their colour "
        "changes and they gather closer, some of them still between two Gaussians.",
        "Samples of OT-GAN after each epoch, for the same codes.",
    )


def images(samples, num_columns=16):
    """Samples of the last epoch as small images."""
    samples = samples[: 6 * num_columns]
    if samples.shape[-1] == 3:
        samples = samples.mean(axis=-1) / 2 + 0.5
    figure, axis = figures.new(size=(7.5, 7.5 * 6 / num_columns))
    figures.show_tiles(axis, samples, num_columns)
    return Figure(
        figure,
        f"A grid of {len(samples)} small grey images drawn by the generator.",
        "Samples of the averaged generator after the last epoch.",
    )


def conditional_digits(model, num_columns=16, seed=3):
    """Samples of a conditional model: one row per class.

    Args:
        model: an `OTGAN` with labels.
        num_columns: samples per class.
        seed: of the codes.
    """
    labels = np.repeat(np.eye(10, dtype=np.float32), num_columns, axis=0)
    samples = model.sample(len(labels), seed=seed, labels=labels)
    figure, axis = figures.new(size=(6.4, 4.1))
    figures.show_tiles(axis, samples, num_columns)
    return Figure(
        figure,
        "Ten rows of small grey images, one for each digit from 0 to 9, drawn by the "
        "conditional generator.",
        "Rows are the classes that were asked for, columns different codes.",
    )


def all_of(report, split, frames):
    """Every figure of a run, by name.

    Args:
        report: a `Report` with its histories.
        split: the `Examples`.
        frames: samples after each epoch, by variant.
    """
    config = report.config
    ring = report.metrics.get("ring/energy_distance")
    found = {"distance": curves(config, report.history, ring)}
    first = frames[config.variants[0]]
    if config.source != "eight_gaussians":
        return found | {"samples": images(first[-1])}
    film = training_film(first, len(first) - config.frozen_epochs, split.test)
    return found | {"clouds": clouds(config, frames), "film": film}
