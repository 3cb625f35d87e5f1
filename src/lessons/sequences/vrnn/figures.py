"""Figures of a run and of recorded runs; the notebook shows the same ones."""

import numpy as np

from lessons.sequences.vrnn.variants import VARIANTS
from lessons.toolkit import charts, figures, pens
from lessons.toolkit.figures import BLACK, PALETTE, Figure

_SHOWN = 4  # sequences of each model


def samples(rows, frame_size):
    """Test sequences and sequences that models generated, four of each.

    Args:
        rows: arrays (sequences, time, frame) by label; the first four are drawn, four
            frames of each.
        frame_size: samples of a frame.
    """
    figure, axes = figures.new(
        len(rows), _SHOWN, size=(7.8, 0.78 * len(rows) + 0.4), sharex=True, sharey=True,
        squeeze=False,
    )  # fmt: skip
    places = np.arange(frame_size)
    for number, (label, sequences) in enumerate(rows.items()):
        for axis, sequence in zip(axes[number], sequences, strict=False):
            for t, frame in enumerate(sequence[:4]):
                axis.plot(
                    places + t * (frame_size + 2), frame, linewidth=1.1,
                    color=BLACK if number == 0 else PALETTE[0],
                )  # fmt: skip
            axis.set(ylim=(-3.2, 3.2), yticks=(-2, 0, 2), xticks=())
            axis.grid(axis="x", visible=False)
        axes[number, 0].set_ylabel(
            label, rotation=0, ha="right", va="center", fontsize=8.5
        )
    for axis in axes[-1]:
        axis.set_xlabel("sample; gaps part frames", fontsize=8.5)
    return Figure(
        figure,
        f"A grid of {len(rows)} rows with {_SHOWN} sequences each, four frames of a "
        f"sequence side by side. Rows: {', '.join(rows)}. Test frames are smooth "
        "sinusoids of one pitch and amplitude in a sequence.",
        "Look for smooth frames, and for one pitch within a sequence.",
    )


def likelihoods(values, lines, title, unit="nats per sequence"):
    """Log likelihoods over seeds, a dot for each seed, with exact yardsticks.

    Args:
        values: numbers over seeds by variant.
        lines: pairs (label, number), drawn across.
        title: of the chart.
        unit: of the numbers.
    """
    figure, axis = figures.new(size=(7.8, 4.2))
    charts.seed_dots(axis, values, VARIANTS)
    charts.yardsticks(axis, lines, len(values) - 0.55)
    labels = [VARIANTS[name].label for name in values]
    axis.set_xticks(range(len(values)), labels, rotation=25, fontsize=8, ha="right")
    axis.set(ylabel=f"log likelihood ({unit})", title=title)
    axis.set_xlim(-0.6, len(values) + 0.9)
    low, high = axis.get_ylim()
    axis.set_ylim(low, high + 0.08 * (high - low))  # room for the highest label
    means = charts.means_in_words(values, VARIANTS, 1)
    rivals = ", ".join(f"{label} {number:.1f}" for label, number in lines)
    return Figure(
        figure,
        f"Dot chart of the log likelihood, {title}, a dot for each seed and a line at "
        f"the mean: {means}. Dotted lines: {rivals}.",
        "Compare each model with the lines of those that need no network.",
    )


def training(history, names):
    """The loss of each variant against the epoch.

    Args:
        history: columns `VARIANT/loss`.
        names: of the variants drawn.
    """
    figure, axis = figures.new(size=(7.2, 3.2))
    figures.curves(axis, history, "loss", {name: VARIANTS[name] for name in names})
    axis.set(xlabel="epoch", ylabel="negative bound (nats)")
    axis.legend(fontsize=8)
    ends = ", ".join(
        f"{VARIANTS[n].label} {history[f'{n}/loss'][-1]:.1f}" for n in names
    )
    return Figure(
        figure,
        f"Line chart of the training loss against the epoch; it ends at: {ends}.",
        "Lower is better: the loss is the negative bound on the training set.",
    )


def divergences(values, truth):
    """KL of each time step, mean over test sequences.

    Args:
        values: arrays (time,) by the variant's name.
        truth: what the hidden causes carry, shape (time,).
    """
    figure, axis = figures.new(size=(6.6, 3.0))
    for name, steps in values.items():
        places = 1 + np.arange(len(steps))
        axis.plot(places, steps, **figures.look(VARIANTS[name], marker="o"))
    axis.plot(1 + np.arange(len(truth)), truth, ":", color=BLACK, label="true causes")
    axis.set(xlabel="time step t", ylabel="KL (nats)", ylim=(0, None))
    axis.legend(fontsize=8, loc="lower right")
    rows = {VARIANTS[name].label: steps for name, steps in values.items()}
    rows["the true causes"] = truth
    first = ", ".join(
        f"{label} {v[0]:.1f}, then {v[1:].mean():.1f}" for label, v in rows.items()
    )
    return Figure(
        figure,
        "Line chart of the mean KL divergence against the time step. At the first "
        f"step and on the mean of the others: {first} nats.",
        "The truth needs most at the first step, the network spends least there.",
    )


def rings(panels, phases):
    """Two numbers of each frame of one pitch, coloured by the true phase.

    Args:
        panels: arrays (frames, 2) by title.
        phases: shape (frames,), radians.
    """
    figure, axes = figures.new(1, len(panels), size=(7.8, 2.9))
    for axis, (title, points) in zip(axes, panels.items(), strict=True):
        dots = axis.scatter(*points.T, c=phases, s=5, cmap="twilight", vmin=0,
            vmax=2 * np.pi)  # fmt: skip
        axis.set_title(title, fontsize=9.5)
        axis.set(xlabel="first", aspect="equal")
    axes[0].set_ylabel("second")
    bar = figure.colorbar(dots, ax=axes, ticks=[0, np.pi, 2 * np.pi])
    bar.set_ticklabels(["0", "π", "2π"])
    bar.set_label("true phase")
    return Figure(
        figure,
        f"Scatter plots, one for each of: {', '.join(panels)}. Frames of one pitch lie "
        "on a ring, dented where the encoder is untrained, and the colour, the true "
        "phase, turns once around it.",
        "A ring is there before training: that z knows the phase is no merit of it.",
    )


def letters(truth, generated, scale):
    """Test drawings above, generated ones below.

    Args:
        truth: masked stroke sequences (drawings, time, 4).
        generated: by label, (drawings, time, 3).
        scale: of offsets.
    """
    factors = np.array([scale, scale, 1])
    real = [row[row[:, 3] > 0.5][:, :3] * factors for row in truth[:9]]
    rows = [real] + [
        [row * factors for row in drawings[:9]] for drawings in generated.values()
    ]
    return pens.grid(
        rows,
        "Rows of nine drawings. Above, digits as outlines; below, "
        f"{', '.join(generated)}: lines of a pen without a plan for a whole digit.",
        "Pieces of curves and corners are right; whole digits are rare.",
        row_labels=["test", *generated],
        size=(7.8, 0.85 * len(rows) + 0.2),
    )


def all_of(report, sequences):
    """Every figure of a run, by name.

    Args:
        report: a `Report`.
        sequences: `data.Sequences`.
    """
    names = report.config.variants
    found = {"training": training(report.history, names)}
    steps = sequences.test.shape[1]
    drawn = {
        VARIANTS[name].label: _model(report, name).generate(_SHOWN, steps)
        for name in names[:3]
    }
    if sequences.kind == "frame":
        rows = {"test": sequences.test, **drawn}
        found["samples"] = samples(rows, sequences.test.shape[2])
    if sequences.kind == "pen":
        found["letters"] = letters(sequences.test, drawn, sequences.scale)
    return found


def _model(report, name):
    return report.models.get(name) or report.models["model"]
