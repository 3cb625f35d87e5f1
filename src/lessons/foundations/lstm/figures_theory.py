"""The pictures of theory and of what a trained network does: they only draw."""

import numpy as np

from lessons.toolkit import figures
from lessons.toolkit.figures import (
    AMBER,
    BLACK,
    BLUE,
    GREEN,
    ORANGE,
    SKY,
    Figure,
)


def error_flow(jacobians, inputs):
    """Norms of Jacobian products, and of input gradients, against the lag.

    Args:
        jacobians: dictionary from the scale $\\rho$ of U to norms, shape (T,).
        inputs: dictionary from a label to norms of input gradients, shape (T,).
    """
    figure, (left, right) = figures.new(1, 2, size=(9.6, 3.8))
    colors = (SKY, BLUE, GREEN, ORANGE)
    for color, (scale, norms) in zip(colors, jacobians.items(), strict=False):
        lags = np.arange(1, len(norms) + 1)
        left.semilogy(lags, norms, color=color, label=f"ρ = {scale:g}")
        left.semilogy(lags, float(scale) ** lags, ":", color=color, linewidth=1)
    left.set(xlabel="lag k (steps)", ylabel=r"$\|\partial h_T/\partial h_{T-k}\|_2$")
    left.set(title="plain RNN, U = ρ · orthogonal", ylim=(1e-20, 1e3))
    left.legend(fontsize=8, loc="lower left")
    for color, (label, norms) in zip(
        (ORANGE, AMBER, BLUE), inputs.items(), strict=False
    ):
        right.semilogy(np.arange(len(norms)), norms, color=color, label=label)
    right.set(xlabel="lag k (steps)", ylabel=r"$\|\partial L/\partial x_{T-k}\|$")
    right.set(title="at initialisation")
    right.legend(fontsize=8, loc="lower left")
    return Figure(
        figure,
        "Two panels on logarithmic axes. Left: spectral norms of Jacobian products "
        "fall with the lag for every scale up to one, below their dotted bounds. "
        "Right: input gradients of three networks against the lag.",
        "What an LSTM changes is the slope, and the forget bias sets it.",
    )


def temperatures(taus, entropies, shares, text_entropy, text_share):
    """Entropy of the next character and variety of samples against temperature.

    Args:
        taus: shape (K,).
        entropies: mean entropy in bits, shape (K,).
        shares: share of different trigrams, shape (K,).
        text_entropy: bits per character of the model on real text.
        text_share: share of different trigrams in real text of the same length.
    """
    figure, (left, right) = figures.new(1, 2, size=(9.0, 3.4))
    for axis, values, level, name in (
        (left, entropies, text_entropy, "mean entropy (bits)"),
        (right, shares, text_share, "share of different trigrams"),
    ):
        axis.plot(taus, values, "o-", color=BLUE, ms=4)
        axis.axhline(level, color=BLACK, linestyle="--", linewidth=1)
        axis.set(xlabel="temperature τ", ylabel=name)
    left.set_title("what the next character is drawn from")
    right.set_title("variety of 16 samples")
    return Figure(
        figure,
        "Two line charts against temperature, both rising: entropy of the next "
        "character, and share of different trigrams in the samples; dashed lines give "
        "the values of real text.",
        "Low temperatures repeat themselves, high ones babble.",
    )


def coloured_text(panels, width=72):
    """Text whose background is the activation of a memory cell.

    Args:
        panels: list of (title, text, activations in [-1, 1] of shape (len(text),)).
        width: characters in a row.
    """
    rows = [_rows(text, values, width) for _, text, values in panels]
    heights = [len(grid) for grid, _ in rows]
    figure, axes = figures.new(
        len(panels),
        1,
        size=(9.0, 0.205 * sum(heights) + 0.4 * len(panels)),
        height_ratios=heights,
        squeeze=False,
    )
    for axis, (title, _, _), (grid, chars) in zip(
        axes[:, 0], panels, rows, strict=True
    ):
        axis.imshow(grid, cmap="RdBu_r", vmin=-1.6, vmax=1.6, aspect="auto")
        for row, line in enumerate(chars):
            for column, char in enumerate(line):
                axis.text(
                    column,
                    row,
                    char,
                    family="monospace",
                    fontsize=7.5,
                    ha="center",
                    va="center",
                    parse_math=False,
                )
        axis.set_title(title, fontsize=10, loc="left")
        axis.set_axis_off()
    return Figure(
        figure,
        "Lines of text on a coloured background: red where the cell is near plus one, "
        "blue where it is near minus one.",
        "Single cells follow properties of the text that have a name.",
    )


def _rows(text, values, width):
    """Text and values as rows of at most `width`: a grid with NaN, and lines."""
    lines, grids, start = [], [], 0
    for line in text.split("\n"):
        shown = line[:width]
        row = np.full(width, np.nan)
        row[: len(shown)] = values[start : start + len(shown)]
        lines.append(shown)
        grids.append(row)
        start += len(line) + 1
    return np.array(grids), lines
