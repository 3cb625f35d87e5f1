"""Figures of the theory: the game, the right angle of W, the orthogonality step."""

import numpy as np

from lessons.language.word_translation import refinement, retrieval, theory_routes
from lessons.toolkit import figures, turning
from lessons.toolkit.drawing import Drawing
from lessons.toolkit.figures import BLACK, BLUE, GREEN, GREY, ORANGE, Figure

EVERY = 10  # degrees between points of the curves
SHOWN = slice(2, None, 3)  # of them, positions of the knob: 20, 50, 80 degrees ...


def game_drawing():
    """Clouds, mapping, discriminator, and the loop of refinement."""
    drawing = Drawing()
    drawing.node("x", 0, 1.6, "source words\n$X$ ($n$, 10)", kind="array", color="blue")
    drawing.node("w", 2.1, 1.6, "$W$ (10, 10)", kind="layer", color="blue")
    drawing.node("wx", 4.1, 1.6, "$X W^T$", kind="array", color="blue")
    drawing.node(
        "y", 4.1, 0, "target words\n$Y$ ($m$, 10)", kind="array", color="orange"
    )
    label = "discriminator\n10, 64, 64, 1"
    drawing.node("d", 6.5, 0.8, label, kind="layer", color="green")
    drawing.node("p", 8.9, 0.8, "source?\n$L_D$, $L_W$", kind="array")
    drawing.node("o", 2.1, 2.7, "orthogonality step", kind="layer")
    drawing.node("m", 4.1, -1.5, "mutual CSLS pairs", kind="layer", color="pink")
    drawing.node("s", 1.2, -1.5, "Procrustes", kind="layer", color="pink")
    drawing.arrow("x", "w")
    drawing.arrow("w", "wx")
    drawing.arrow("wx", "d")
    drawing.arrow("y", "d")
    drawing.arrow("d", "p")
    drawing.arrow("o", "w")
    drawing.arrow("p", "w", "labels exchanged", bend=0.5, dashed=True, at=0.4)
    drawing.arrow("wx", "m", bend=0.55, color="pink")
    drawing.arrow("y", "m", color="pink")
    drawing.arrow("m", "s", color="pink")
    drawing.arrow("s", "w", "new $W$", color="pink")
    drawing.text(8.9, -1.5, "no part of it sees a pair", color="grey", align="right")
    return drawing.figure(
        "Diagram of the game. Source words X go through the mapping W, ten by ten; "
        "the result and the target words Y go into a discriminator with layers of 64, "
        "64 and 1, which says whether a word was a source word. A dashed arrow leads "
        "from its "
        "losses back to W, with labels exchanged; an orthogonality step follows W. "
        "Below, a loop of refinement: mutual CSLS pairs of mapped and target words go "
        "to Procrustes, which gives a new W.",
        "Above, the game; below, in pink, the refinement that comes after it.",
    )


def plane_clouds(count=24, noise=0.005):
    """Two lopsided clouds in the plane, the second turned by 140 degrees.

    Args:
        count: words.
        noise: standard deviation of what differs.

    Returns:
        (source, target): shapes (count, 2).
    """
    rng = np.random.default_rng(3)
    arms = rng.integers(3, size=count)
    centres = np.array([[1.6, 0.2], [-0.3, 0.8], [-0.4, -0.5]])
    source = centres[arms] + 0.25 * rng.gamma(1.0, size=(count, 2))
    turn = theory_routes.rotation(np.radians(140))
    return source, source @ turn.T + noise * rng.normal(size=source.shape)


def angle_knob():
    """Turn W in the plane: clouds, criterion and accuracy for every angle.

    Returns:
        A `Turning`.
    """
    source, target = plane_clouds()
    angles = np.arange(0, 360, EVERY)
    gold = {i: {i} for i in range(len(source))}
    curves = {}
    for mirrored in (False, True):
        found = []
        for angle in angles:
            turn = theory_routes.rotation(np.radians(angle), mirrored)
            scores = retrieval.csls(retrieval.cosines(source @ turn.T, target), 3)
            found.append(
                (
                    refinement.criterion(turn, source, target, k=3),
                    retrieval.precision_at_k(scores, gold),
                )
            )
        curves[mirrored] = np.array(found)
    shown = angles[SHOWN]
    frames, alts = [], []
    for angle in shown:
        frames.append(_frame(angle, source, target, angles, curves))
        value, right = curves[False][list(angles).index(angle)]
        alts.append(
            f"W turns by {angle} degrees. The criterion is {value:.3f}; {right:.0f} "
            "percent of the words are translated right."
        )
    return turning.turn(
        frames,
        [f"{angle}°" for angle in shown],
        "angle of W",
        "Three charts that change with the angle of W: two clouds of words in the "
        "plane, blue ones turned by W and orange ones that stay; the criterion against "
        "the angle, for rotations and for mirrored ones, high everywhere with several "
        "tops; the percent of right translations, with one top near 140 degrees.",
        "The criterion has several tops; only the highest one is right.",
        alts=alts,
        start=int(np.argmin(np.abs(shown - 140))),
        num_colors=32,
    )


def _frame(angle, source, target, angles, curves):
    figure, axes = figures.new(1, 3, size=(8.0, 2.9))
    figure.set_layout_engine("none")
    for axis, left in zip(axes, (0.05, 0.39, 0.72), strict=True):
        axis.set_position((left, 0.19, 0.255, 0.7))
    mapped = source @ theory_routes.rotation(np.radians(angle)).T
    axes[0].plot(target[:, 0], target[:, 1], "o", color=ORANGE, markersize=6)
    axes[0].plot(mapped[:, 0], mapped[:, 1], "o", color=BLUE, markersize=3, alpha=0.7)
    axes[0].set(xlim=(-3, 3), ylim=(-3, 3), aspect="equal", title="Y, and W X in blue")
    for column, axis in enumerate(axes[1:]):
        for mirrored, color in ((True, GREY), (False, BLUE)):
            label = "mirrored" if mirrored else "rotations"
            axis.plot(angles, curves[mirrored][:, column], color=color, label=label)
        here = curves[False][list(angles).index(angle), column]
        axis.plot(angle, here, "o", color=BLACK)
        axis.set(xlabel="angle (degrees)", xticks=(0, 90, 180, 270, 360))
    axes[1].set(title="criterion")
    axes[2].set(title="P@1 with CSLS (%)", ylim=(-3, 103))
    axes[1].legend(fontsize=7, loc="lower right")
    return figure


def step_paths(betas=(0.01, 0.05, 0.5), starts=(0.1, 0.5, 1.5, 2.0), steps=60):
    """Singular values under the orthogonality step.

    Args:
        betas: of the step, a panel each.
        starts: first singular values.
        steps: how many.
    """
    figure, axes = figures.new(1, len(betas), size=(7.8, 2.8), sharey=True)
    colors = (BLUE, GREEN, ORANGE, BLACK)
    for axis, beta in zip(axes, betas, strict=True):
        for start, color in zip(starts, colors, strict=False):
            path = theory_routes.singular_value_path(start, beta, steps)
            axis.plot(path, color=color, label=f"from {start:g}")
        axis.set(title=f"β = {beta:g}", xlabel="steps", ylim=(-1.2, 2.1))
    axes[0].set_ylabel("singular value σ")
    axes[-1].legend(fontsize=8, loc="center right")
    return Figure(
        figure,
        "Three line charts of a singular value against the number of steps, from 0.1, "
        "0.5, 1.5 and 2. With beta 0.01 they move towards 1 slowly, with 0.05 all but "
        "the lowest arrive within sixty steps; with 0.5 after a few, where the one "
        "from 2 lands at minus 1.",
        "All paths lead to 1 (or, from too far out, to -1); β is how fast.",
    )
