"""Figures about measurements and what they determine."""

import numpy as np

from lessons.adversarial.ambient_gan import data, theory, theory_fourier
from lessons.adversarial.ambient_gan.variants import VARIANTS
from lessons.toolkit import figures
from lessons.toolkit.figures import BLUE, GREEN, ORANGE, PALETTE, Figure

_TITLES = {
    "block_pixels": "block-pixels",
    "convolve_noise": "convolve+noise",
    "block_patch": "block-patch",
    "keep_patch": "keep-patch",
    "extract_patch": "extract-patch",
    "pad_rotate_project": "pad-rotate-project",
    "pad_rotate_project_theta": "… with the angle",
    "gaussian_projection": "Gaussian projection",
}


def gallery(image, config, seed=3):
    """One image under all eight measurement models.

    Args:
        image: shape (side, side, 1).
        config: a `Config` with the settings of the measurements.
        seed: of the measurements.
    """
    figure, axes = figures.new(3, 3, size=(7.0, 7.0))
    figures.show_tiles(axes[0, 0], image[None], 1, title="image")
    _frame(axes[0, 0])
    for axis, (name, title) in zip(axes.ravel()[1:], _TITLES.items(), strict=True):
        measurement = data.make_measurement(name, image.shape, config)
        seen = np.asarray(measurement(image[None], seed=seed))
        if seen.ndim == 4:
            figures.show_tiles(axis, seen, 1, title=title)
            _frame(axis)
            continue
        axis.set_title(title)
        if name == "gaussian_projection":
            direction = seen[0, :-1].reshape(image.shape[:2])
            axis.imshow(direction, cmap="gray_r")
            _frame(axis)
            text = f"direction, and the number {seen[0, -1]:.1f}"
        else:
            count = measurement.num_angles * measurement.with_theta
            vector = seen[0, : len(seen[0]) - count]
            axis.plot(vector, color=BLUE, drawstyle="steps-mid", linewidth=1.2)
            for start in range(len(vector) // measurement.num_angles, len(vector), 40):
                axis.axvline(start - 0.5, color="0.6", linewidth=0.8, linestyle=":")
            axis.set(xlabel="entry of y", ylabel="sum of pixels")
            axis.set_ylim(top=1.25 * vector.max())
            angles = np.rad2deg(seen[0, len(vector) :])
            text = ", ".join(f"{angle:.0f}°" for angle in angles)
        axis.text(
            0.5,
            0.9 if name != "gaussian_projection" else -0.09,
            text,
            ha="center",
            transform=axis.transAxes,
            fontsize=8,
        )
    return Figure(
        figure,
        "Nine panels: an image, and what each of eight measurement models shows of it: "
        "single pixels, a blur with noise, an image with a hole, a patch with and "
        "without its place, two curves of sums, a random direction with a number.",
        "The same image under every measurement model, drawn once.",
    )


def _frame(axis):
    axis.set_axis_on()
    axis.set(xticks=[], yticks=[])
    axis.grid(visible=False)
    for side in axis.spines.values():
        side.set(visible=True, color="0.7")


def conditioning(sizes=range(1, 7)):
    """Condition number of block-pixels' matrix against p, and its rate of growth."""
    figure, (left, right) = figures.new(1, 2, size=(7.4, 3.3))
    fractions = np.linspace(0, 0.95, 96)
    greys = figures.matplotlib.colormaps["viridis"](np.linspace(0, 0.85, len(sizes)))
    for size, color in zip(sizes, greys, strict=True):
        values = [theory.condition_number(size, p) for p in fractions]
        left.plot(fractions, values, color=color, label=f"n = {size}")
    left.set(yscale="log", xlabel="p, fraction of blocked pixels")
    left.set_ylabel("condition number of A")
    left.legend(fontsize=7, ncols=2)
    for p, color in zip((0.2, 0.5, 0.8), PALETTE, strict=False):
        counts = [theory.sample_bound(size, p, 0.1, 0.05) for size in sizes]
        right.plot(sizes, counts, "o-", color=color, label=f"p = {p:g}", markersize=4)
    right.set(yscale="log", xlabel="pixels n", ylabel="order of samples needed")
    right.legend(fontsize=8)
    return Figure(
        figure,
        "Two charts on logarithmic scales: the condition number rises with the "
        "fraction of blocked pixels, steeper for more pixels; the order of samples "
        "needed rises exponentially with the number of pixels.",
        "Recoverable is not the same as easy to recover.",
    )


def blur_and_gain(side=28, noises=(0.1, 0.5), power=0.112):
    """Response of the blur by frequency, and Wiener's gain.

    Args:
        side: of the image.
        noises: standard deviations s.
        power: mean square of a pixel; MNIST's unless given.
    """
    figure, (left, right) = figures.new(1, 2, size=(7.4, 3.2))
    kernel = theory_fourier.gaussian_kernel()
    factor = theory_fourier.response(kernel, side, side)
    line = np.arange(side // 2 + 1)
    size = np.abs(factor[line, line])
    left.plot(line / side, size, color=BLUE)
    left.set(yscale="log", xlabel="cycles per pixel, along the diagonal")
    left.set_ylabel("|K(f)|")
    right.plot(line / side, 1 / size, color="0.5", linestyle=":", label="1 / |K|")
    for noise, color in zip(noises, (GREEN, ORANGE), strict=False):
        gain = np.abs(theory_fourier.wiener_gain(factor, noise**2 / power))
        right.plot(line / side, gain[line, line], color=color, label=f"s = {noise:g}")
    right.set(yscale="log", xlabel="cycles per pixel, along the diagonal")
    right.set_ylabel("gain of the inverse")
    right.legend(fontsize=8)
    return Figure(
        figure,
        "Left: the response of the blur falls from one to below a thousandth with the "
        "frequency. Right: the exact inverse rises above a thousand while Wiener's "
        "gain turns back towards zero, sooner for more noise.",
        "No frequency is lost, but the highest ones drown in noise.",
    )


def ranks(found, total=512):
    """Fraction of the distribution that each measurement model determines.

    Args:
        found: label to rank.
        total: the rank that determines everything.
    """
    figure, axis = figures.new(size=(7.0, 3.4))
    labels, values = list(found), np.array(list(found.values()))
    places = np.arange(len(labels))[::-1]
    colors = [BLUE if value == total else ORANGE for value in values]
    axis.barh(places, values, color=colors, height=0.65)
    for place, value in zip(places, values, strict=True):
        axis.text(value * 1.05, place, f"{value}", va="center", fontsize=8)
    axis.set_yticks(places, labels, fontsize=8)
    axis.axvline(total, color="0.4", linestyle=":", linewidth=1)
    axis.set(xscale="log", xlim=(1, 3 * total))
    axis.set_xlabel(f"numbers determined, of {total}")
    axis.grid(visible=False, axis="y")
    bars = "; ".join(f"{label}: {value}" for label, value in found.items())
    return Figure(
        figure,
        f"Bar chart on a logarithmic scale of how many of {total} numbers about the "
        f"distribution of 3x3 binary images each measurement model determines. {bars}.",
        "Blue models determine the distribution, orange ones do not.",
    )


def robustness(rows, full, scores):
    """Two scores against the strength of measurements, a column for each of these.

    Args:
        rows: (title, label of x, numbers by variant, x and score, yardstick) of each
            column: `numbers[variant][x][score]` is a list over seeds, and
            `yardstick[x][score]` the number of the Gaussian, where there is one.
        full: `full[score]` is a list for full data.
        scores: label of the axis by score, in the order of the panels.
    """
    figure, axes = figures.new(
        len(scores),
        len(rows),
        size=(3.7 * len(rows), 2.7 * len(scores)),
        sharex="col",
        sharey="row",
        squeeze=False,
    )
    for column, (title, label, numbers, stick) in zip(axes.T, rows, strict=True):
        for axis, score in zip(column, scores, strict=True):
            for name, values in numbers.items():
                xs = sorted(values)
                seeds = [values[x][score] for x in xs]
                middle, spans = figures.mean_and_range(seeds)
                axis.errorbar(xs, middle, spans, ms=5, **figures.look(VARIANTS[name]))
            if stick:
                heights = [judged[score] for judged in stick.values()]
                axis.plot(list(stick), heights, "x--", color="0.4", label="Gaussian")
            axis.axhline(
                np.mean(full[score]), color="0.4", linestyle=":", label="full data"
            )
        column[0].set(title=title, yscale="log")
        column[-1].set_xlabel(label)
    for axis, label in zip(axes[:, 0], scores.values(), strict=True):
        axis.set_ylabel(label)
    axes[-1, 0].legend(fontsize=7)
    return Figure(
        figure,
        "Line charts of the squared Fréchet distance and of the inception score "
        "against the strength of the measurement for ambient, unmeasure and ignore, "
        "with a dotted line for full data and, for blocked pixels, grey crosses for a "
        "Gaussian of the same moments, which is nearer to the data than all three.",
        "Lines span the recorded seeds.",
    )
