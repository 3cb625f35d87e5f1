"""Figures of one step: where the next point may be, and at which temperature."""

import numpy as np
from scipy import special

from lessons.sequences.sketch_rnn import evaluation, theory, theory_routes
from lessons.sequences.sketch_rnn import figures as figures_of_runs
from lessons.toolkit import figures, pens
from lessons.toolkit.data import strokes
from lessons.toolkit.figures import BLACK, BLUE, GREY, ORANGE, Figure


def next_points(model, drawing, steps, extent=3.3):
    """The density of the next point at some steps of a drawing, as heat maps.

    Args:
        model: a `SketchRNN` without an encoder.
        drawing: stroke-3.
        steps: how many points are drawn in each picture.
        extent: of the pictures, around the pen.
    """
    length = model.arguments["max_length"]
    rows = strokes.to_stroke5(drawing, length)[None]
    numbers = evaluation.decoded(model, rows, np.zeros((1, 0)))[0]
    figure, axes = figures.new(1, len(steps), size=(3.6 * len(steps), 3.4))
    grid = np.linspace(-extent, extent, 121)
    offsets = np.stack(np.meshgrid(grid, grid), axis=-1)
    whole = np.concatenate(strokes.to_lines(drawing))
    words = []
    for axis, done in zip(axes, steps, strict=True):
        density = mixture_density(numbers[done], offsets, model)
        pen = np.exp(
            theory_routes.laws(numbers[done], model.arguments["num_mixtures"])[0]
        )
        here = whole[done - 1]
        box = (here[0] - extent, here[0] + extent, here[1] - extent, here[1] + extent)
        shade = np.log10(density + 1e-4)
        axis.imshow(shade, origin="lower", extent=box, cmap="Blues", aspect="equal")
        for line in strokes.to_lines(drawing[:done]):
            axis.plot(*line.T, color=BLACK, linewidth=1.5)
        axis.plot(*here, "o", color=BLACK, markersize=4)
        axis.plot(*whole[done], "x", color=ORANGE, markersize=8, markeredgewidth=2)
        states = " ".join(f"{p:.2f}" for p in pen)
        axis.set_title(f"after {done} points; pen {states}", fontsize=9)
        axis.set(xlim=box[:2], ylim=box[2:])
        axis.grid(False)
        words.append(f"after {done} points")
    return Figure(
        figure,
        "Heat maps of the density of the next point on a log scale, "
        f"{', '.join(words)}, with the drawing so far and a cross at its next point.",
        "Within a stroke one narrow peak; where a choice is due, several.",
    )


def mixture_density(numbers, offsets, model):
    """Density of offsets under one step's mixture, the shape of `offsets` but its last.

    Args:
        numbers: of one step, shape (6M + 3,).
        offsets: shape (..., 2).
        model: a `SketchRNN`.
    """
    _, weights, means, covariances = theory_routes.laws(
        numbers, model.arguments["num_mixtures"]
    )
    each = theory_routes.gaussian_log_density(offsets[..., None, :], means, covariances)
    return np.exp(np.logaddexp.reduce(weights + each, axis=-1))


def covariances(law):
    """Covariance matrices of a step's components, float64 (..., M, 2, 2).

    Args:
        law: a `theory.Step`.
    """
    scales = np.asarray(law.scales, float)
    found = scales[..., :, None] * scales[..., None, :]
    mixed = np.asarray(law.correlations, float)[..., None, None]
    return found * np.where(np.eye(2) > 0, 1.0, mixed)


def temperature_frame(model, numbers, temperature, noise):
    """One frame of the knob: drawings at a temperature, and the law of one step.

    Args:
        model: a `SketchRNN` without an encoder.
        numbers: the decoder's numbers of the step that is shown, shape (6M + 3,).
        temperature: of both.
        noise: the same random numbers for every frame.
    """
    drawn = figures_of_runs.shown(
        model.generate(temperature=temperature, drawn=noise).drawings()
    )
    figure, axes = figures.new(2, 5, size=(7.6, 3.3), width_ratios=(1, 1, 1, 0.15, 1.5))
    for index, drawing in enumerate(drawn[:6]):
        axis = axes[divmod(index, 3)]
        if drawing is not None:
            pens.draw(axis, drawing)
        pens.bare(axis)
    for axis in axes[:, 3]:
        axis.set_axis_off()
    law = theory.at_temperature(
        theory.step_of(numbers[None], model.arguments["num_mixtures"]), temperature
    )
    _ellipses(axes[0, 4], law)
    pen = special.softmax(np.asarray(law.pen_logits[0]))
    axes[1, 4].bar(["down", "lifted", "end"], pen, color=BLUE)
    axes[1, 4].set(ylim=(0, 1), ylabel="probability")
    return figure


def _ellipses(axis, law):
    """1-sigma ellipses of a step's components, darker the heavier."""
    weights = special.softmax(np.asarray(law.weight_logits[0]))
    for k, weight in enumerate(weights):
        figures.ellipse(
            axis,
            np.asarray(law.means[0, k]),
            covariances(law)[0, k],
            facecolor=BLUE,
            alpha=0.1 + 0.7 * weight,
        )
    axis.axhline(0, color=GREY, linewidth=0.6)
    axis.axvline(0, color=GREY, linewidth=0.6)
    axis.set(xlim=(-3, 3), ylim=(-3, 3), xlabel="Δx", ylabel="Δy")
    axis.set_aspect("equal", adjustable="box")
