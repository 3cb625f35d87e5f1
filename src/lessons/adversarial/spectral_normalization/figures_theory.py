"""Figures of the theory: each takes computed numbers and only draws."""

import numpy as np

from lessons.adversarial.spectral_normalization import theory
from lessons.adversarial.spectral_normalization.variants import VARIANTS
from lessons.toolkit import figures, turning
from lessons.toolkit.drawing import Drawing
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


def power_turning(matrix=((1.1, 0.35), (0.05, 0.75)), start=(0.6, -1.0), rounds=8):
    """The power iteration in the plane, turned by its rounds.

    Args:
        matrix: two by two.
        start: the vector u to start from.
        rounds: how many; the first frame shows the first.

    Returns:
        A `Turning`.
    """
    matrix, left = np.asarray(matrix), np.asarray(start)
    exact = np.linalg.svd(matrix)
    frames, estimates, passed = [], [], []
    for _ in range(rounds):
        estimate, left, right = map(np.asarray, theory.power_iteration(matrix, left))
        estimates.append(estimate)
        passed.append(right)
        frames.append(_round_frame(matrix, exact, passed, estimates[-1]))
    labels = [f"{k}" for k in range(1, rounds + 1)]
    return turning.turn(
        frames,
        labels,
        "rounds of power iteration",
        "Left, the unit circle with an arrow v that turns towards a dashed line; right "
        "the ellipse that the matrix makes of the circle, with the arrow W v turning "
        "towards the longest half-axis.",
        "The length is nearly right long before the direction is.",
        alts=[
            f"After round {label} the estimate is {estimate:.4f}; the largest singular "
            f"value is {exact[1][0]:.4f}."
            for label, estimate in zip(labels, estimates, strict=True)
        ],
        start=2,
    )


def _round_frame(matrix, exact, passed, estimate):
    turn, values, back = exact
    angle = np.linspace(0, 2 * np.pi, 200)
    circle = np.stack([np.cos(angle), np.sin(angle)])
    figure, axes = figures.new(1, 2, size=(6.4, 3.4))
    side = np.sign(back[0] @ passed[-1])
    for axis, shape, axis_of, image in (
        (axes[0], circle, side * back[0], np.eye(2)),
        (axes[1], matrix @ circle, side * values[0] * turn[:, 0], matrix),
    ):
        axis.plot(*shape, color=BLACK, linewidth=1.2)
        axis.plot(*np.c_[np.zeros(2), axis_of], "--", color=GREEN, linewidth=2)
        for old in passed[:-1]:
            axis.plot(*np.c_[np.zeros(2), image @ old], color=ORANGE, alpha=0.25)
        axis.annotate(
            "",
            image @ passed[-1],
            (0, 0),
            arrowprops={"arrowstyle": "-|>", "color": ORANGE, "linewidth": 2},
        )
        axis.set(xlim=(-1.35, 1.35), ylim=(-1.35, 1.35), aspect="equal")
        axis.set(xticks=[-1, 0, 1], yticks=[-1, 0, 1])
    degrees = np.degrees(np.arccos(min(1.0, side * back[0] @ passed[-1])))
    axes[0].set_title(f"v, off by {degrees:.1f}°", fontsize=10)
    axes[1].set_title(
        f"W v, length {np.linalg.norm(matrix @ passed[-1]):.4f} of {values[0]:.4f}",
        fontsize=10,
    )
    return figure


def layer_drawing():
    """A layer under spectral normalisation: what is trained, kept and computed."""
    drawing = Drawing()
    drawing.node("w", 0, 1.2, "weights $W$\ntrained", kind="array", color="blue")
    drawing.node("p", 2.2, 1.2, "one round\n$v, u, \\sigma$", kind="layer")
    drawing.node("u", 4.1, 1.2, "$u$\nkept", kind="array", color="green")
    drawing.node("d", 2.2, 0, "$W / \\sigma$", kind="layer", color="orange")
    drawing.node("h", 0, 0, "$h$", kind="observed")
    drawing.node("y", 4.1, 0, "$\\bar W_{SN}\\, h$", kind="deterministic", width=0.85)
    drawing.arrow("w", "p")
    drawing.arrow("p", "u", "next $u$", bend=-0.25)
    drawing.arrow("u", "p", "last $u$", bend=-0.25)
    drawing.arrow("p", "d", "$\\sigma$")
    drawing.arrow("w", "d")
    drawing.arrow("h", "d")
    drawing.arrow("d", "y")
    drawing.arrow("y", "w", bend=-0.45, dashed=True, color="blue")
    return drawing.figure(
        "The weights W and the kept vector u enter one round of power iteration, which "
        "gives the norm sigma and the next u; W divided by sigma maps the input h to "
        "the output. A dashed arrow leads from the output back to the weights.",
        "The division is part of the layer, so the gradient flows through it.",
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
        "arithmetic, from less than a thousandth of a percent to half a percent.",
        "Spectral normalisation costs a few small products; the penalty costs a second "
        "backward pass.",
    )
