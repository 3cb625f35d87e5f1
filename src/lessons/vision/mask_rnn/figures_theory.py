"""Figures that need no run: the method as a drawing, ghosts, tolerance of F."""

import numpy as np
from keras import ops

from lessons.toolkit import figures, turning
from lessons.toolkit.drawing import Drawing
from lessons.toolkit.figures import Figure
from lessons.vision.mask_rnn import metrics, theory, theory_routes

SIDE, STEP, SIZE = 12, 3, 48  # the square of the knob, its pixels per frame, the image


def drawing():
    """One step of the recurrence, and where gradients are cut."""
    picture = Drawing()
    kinds = {
        "b0": ("array", 0, 0.9, "$b_{t-1}^i$\n32 x 32"),
        "warp": ("layer", 1.5, 0.9, "warp"),
        "m": ("array", 3.0, 0.9, "$m_t^i$\n32 x 32"),
        "frame": ("array", 3.0, 2.3, "$I_t$\n32 x 32 x 3"),
        "flow": (
            "array",
            3.1,
            -0.5,
            "$|\\phi_{t,t-1}|$, $|\\phi_{t,t+1}|$\n32 x 32 x 2",
        ),
        "app": ("layer", 5.1, 1.8, "appearance stream\n12, 24, 32"),
        "mot": ("layer", 5.1, 0.0, "flow stream\n12, 24, 32"),
        "sum": ("operation", 7.2, 0.9, "+"),
        "sig": ("layer", 8.1, 0.9, "$\\sigma$"),
        "gate": ("layer", 9.2, 0.9, "box"),
        "b1": ("array", 10.5, 0.9, "$b_t^i$\n32 x 32"),
        "loc": ("layer", 7.6, 2.6, "RoI pooling in the\nbox of $m_t^i$, localiser"),
        "phi": ("array", 1.5, -0.5, "$\\phi_{t,t-1}$\n32 x 32 x 2"),
        "next": ("layer", 10.5, -0.5, "warp of $t + 1$"),
        "arg": ("layer", 12.2, 0.9, "argmax\nover $i$"),
        "label": ("array", 13.8, 0.9, "labels\n0 to $N$"),
    }
    colors = {"app": "blue", "mot": "orange", "loc": "green", "gate": "green"}
    for name, (kind, x, y, label) in kinds.items():
        picture.node(name, x, y, label, kind=kind, color=colors.get(name))
    for one, other in (
        ("b0", "warp"),
        ("phi", "warp"),
        ("warp", "m"),
        ("frame", "app"),
        ("m", "app"),
        ("m", "mot"),
        ("flow", "mot"),
        ("sum", "sig"),
        ("sig", "gate"),
        ("gate", "b1"),
        ("b1", "arg"),
        ("arg", "label"),
        ("app", "loc"),
        ("loc", "gate"),
        ("phi", "flow"),
    ):
        picture.arrow(one, other)
    picture.arrow("app", "sum", "logits", at=0.72)
    picture.arrow("mot", "sum", "logits", at=0.72)
    picture.plate([k for k in kinds if k not in ("arg", "label")], "$i = 1 \\ldots N$")
    picture.arrow("b1", "next", dashed=True)
    picture.text(9.1, 0.15, "gradients go back here,\nuntil they are cut")
    return picture.figure(
        "A drawing from left to right. The old mask b and the backward flow go into a "
        "warp, which gives the mask m. Frame and m go into the appearance stream, the "
        "two flow magnitudes and m into the flow stream. Their logits are added, a "
        "sigmoid and a box gate follow and give the new mask b, which goes to the warp "
        "of the next step along a dashed arrow: gradients go back there until they are "
        "cut. Features of the appearance stream are pooled inside the proposed box "
        "and make the localiser's box. A frame around all of it says: for each object "
        "i; outside, an argmax over the objects gives labels.",
        "One step for one object; the same weights serve all steps and, before "
        "fine-tuning, all objects.",
    )


def ghost_knob(steps=6):
    """A square, its mask warped along the exact flow, and the ghost: turned by frames.

    Args:
        steps: warps; the knob's positions are the frames 1 to `steps` + 1.
    """
    at = theory_routes.square_video(SIDE, STEP, SIZE)
    state, gated = at(0)[0], at(0)[0]
    frames, alts = [], []
    for time in range(steps + 1):
        truth, flow = at(time)
        if time:
            state, gated = (
                ops.convert_to_numpy(theory.warp(b[None], flow[None]))[0]
                for b in (state, gated)
            )
            gated = gated * (np.abs(flow[..., 0]) > 0)
        expected = theory.ghost_jaccard(SIDE, STEP, time)
        figure, axes = figures.new(1, 3, size=(7.4, 2.0))
        numbers = []
        for axis, mask, title in zip(
            axes,
            (truth, state, gated),
            ("truth", "warped", "warped, where it moves"),
            strict=True,
        ):
            j = float(metrics.jaccard(mask > 0.5, truth > 0.5))
            numbers.append(j)
            image = np.ones((SIZE, SIZE, 3))
            image[(mask > 0.5) & (truth > 0.5)] = [0, 0.45, 0.7]
            image[(mask > 0.5) & (truth < 0.5)] = [0.9, 0.6, 0]
            axis.imshow(image[4:26], interpolation="nearest")
            axis.set(xticks=(), yticks=(), title=f"{title}: J = {j:.3f}")
            axis.title.set_fontsize(9)
            axis.grid(False)
        text = f"s / (s + kd) = {SIDE} / ({SIDE} + {time} · {STEP}) = {expected:.3f}"
        axes[1].set_xlabel(text, fontsize=8)
        frames.append(figure)
        alts.append(
            f"Frame {time + 1}: the warped mask has J {numbers[1]:.3f}, its ghost is "
            f"{time * STEP} pixels long; with the gate J is {numbers[2]:.3f}."
        )
    return turning.turn(
        frames,
        [str(time + 1) for time in range(steps + 1)],
        "frame",
        "Three pictures of a square that moves to the right: the truth; the first mask "
        "warped along the exact flow, with a growing ghost behind it; and the same "
        "with all pixels removed that do not move, without a ghost.",
        "Blue: right. Amber: the ghost, exactly the strip that the square has left.",
        alts=alts,
        start=3,
        num_colors=64,
    )


def tolerance(shifts=(1, 2, 5), side=20, radius=1):
    """Boundary pixels of a square and of a shifted one: near enough, or not.

    Args:
        shifts: pixels to the right, one picture each.
        side: of the square.
        radius: tolerance of F.
    """
    figure, axes = figures.new(1, len(shifts), size=(7.4, 2.5))
    texts = []
    truth = np.zeros((side + 12, side + 16), bool)
    truth[6 : 6 + side, 5 : 5 + side] = True
    for axis, shift in zip(axes, shifts, strict=True):
        mask = np.roll(truth, shift, axis=1)
        ours, theirs = metrics.boundary(mask), metrics.boundary(truth)
        image = np.ones((*truth.shape, 3))
        image[theirs] = 0.8
        near = metrics.dilate(theirs, radius)
        image[ours & near] = [0, 0.45, 0.7]
        image[ours & ~near] = [0.84, 0.37, 0]
        j = float(metrics.jaccard(mask, truth))
        f = float(metrics.boundary_f(mask, truth, radius))
        axis.imshow(image, interpolation="nearest")
        axis.set(xticks=(), yticks=(), title=f"shift {shift}: J {j:.3f}, F {f:.3f}")
        axis.title.set_fontsize(10)
        axis.grid(False)
        texts.append(f"shift {shift}: J {j:.3f}, F {f:.3f}")
    return Figure(
        figure,
        "Outlines of a square, grey, and of the same square shifted to the right, "
        f"whose pixels are blue within a pixel of the grey ones and red elsewhere. "
        f"{'; '.join(texts)}.",
        "Grey: true outline. Blue: within one pixel of it. Red: not. F forgives a "
        "pixel, and falls faster than J beyond it.",
    )
