"""Figures of the theory: each takes computed numbers and only draws."""

import numpy as np

from lessons.adversarial.spectral_normalization.variants import VARIANTS
from lessons.toolkit import figures
from lessons.toolkit.figures import BLACK, BLUE, COLORS, GREEN, ORANGE, Figure


def power_iteration(rows, ratios):
    """Error of the estimate against rounds, and the rate that theory gives.

    Args:
        rows: name to errors after 1, 2, ... rounds.
        ratios: name to (s2/s1)^4.
    """
    figure, axis = figures.new(size=(7.0, 3.6))
    for (name, errors), color in zip(rows.items(), (BLUE, ORANGE, GREEN), strict=False):
        rounds = np.arange(1, len(errors) + 1)
        axis.plot(rounds, np.maximum(errors, 1e-16), "o", ms=3, color=color, label=name)
        anchor = max(k for k, error in enumerate(errors) if error > 1e-10)
        line = errors[anchor] * ratios[name] ** (rounds - rounds[anchor])
        axis.plot(rounds, line, color=color, linewidth=1)
    axis.set(yscale="log", ylim=(1e-12, 30), xlabel="rounds of power iteration k")
    axis.set_ylabel("σ(W) − estimate")
    axis.legend(fontsize=9, frameon=False)
    return Figure(
        figure,
        "On a logarithmic axis the error of power iteration falls along straight "
        "lines, the faster the larger the gap between the two largest singular "
        "values.",
        "Dots are measured, lines have the slope that the ratio of the two largest "
        "singular values gives.",
    )


def allowed_spectra(weight, spectral):
    """Squared singular values that two normalisations allow.

    Args:
        weight: shape (count, dim), rows that sum to dim.
        spectral: shape (count, dim), rows that begin with 1.
    """
    figure, axes = figures.new(1, 2, size=(8.4, 3.3))
    for axis, rows, variant, title in zip(
        axes,
        (weight, spectral),
        ("weight_norm", "spectral"),
        ("the sum is fixed", "the largest is fixed"),
        strict=True,
    ):
        order = np.argsort(rows[:, 0])
        shown = rows[order[np.linspace(0, len(rows) - 1, 7).astype(int)]]
        color = COLORS[VARIANTS[variant].color]
        for row in shown:
            rounds = np.arange(1, len(row) + 1)
            axis.plot(rounds, row, color=color, alpha=0.6, linewidth=1.2)
        dim = rows.shape[1]
        axis.set(
            title=f"{VARIANTS[variant].label}: {title}",
            xlabel="singular value number t",
        )
        axis.set_xlim(1, dim)
        axis.set_ylabel("σ²(t)")
    return Figure(
        figure,
        "Two panels of random decreasing curves of squared singular values. Under "
        "weight normalisation all curves have the same area, so a high start means a "
        "low end; under spectral normalisation all start at one and are else free.",
        "A fixed sum lets large and many exclude each other; a fixed maximum does not.",
    )


def costs(milliseconds, power_flops, batch_flops):
    """Measured time of a critic update, and the arithmetic of a power iteration.

    Args:
        milliseconds: variant to median time.
        power_flops, batch_flops: of a power iteration and of the forward and backward
            pass of one update, for each layer.
    """
    figure, (left, right) = figures.new(1, 2, size=(8.6, 3.4))
    names = list(milliseconds)
    values = [milliseconds[name] / milliseconds["none"] for name in names]
    colors = [COLORS[VARIANTS[name].color] for name in names]
    left.barh(range(len(names)), values, color=colors)
    left.set_yticks(
        range(len(names)), [VARIANTS[name].label for name in names], fontsize=9
    )
    left.invert_yaxis()
    left.axvline(1, color=BLACK, linewidth=1, linestyle=":")
    left.set(xlabel="time of a critic update / none", title="measured, CNN")
    fraction = np.asarray(power_flops) / np.asarray(batch_flops)
    layers = np.arange(1, len(fraction) + 1)
    right.bar(layers, 100 * fraction, color=BLUE)
    right.set(yscale="log", xlabel="layer of the published CNN", title="arithmetic")
    right.set_ylabel("power iteration / update (%)")
    right.set_xticks(layers)
    return Figure(
        figure,
        "Left: bars of the time of one critic update under each method, relative to "
        "none; the gradient penalty's is by far the longest. Right: bars on a "
        "logarithmic axis of the fraction of a power iteration in each layer's "
        "arithmetic, from a ten-thousandth of a percent to half a percent.",
        "Spectral normalisation costs a few small products; the penalty costs a second "
        "backward pass.",
    )
