"""The drawing of the game, and a figure whose knob is the strength of measuring."""

import numpy as np

from lessons.adversarial.ambient_gan import theory, unmeasure
from lessons.adversarial.ambient_gan.measurements import BlockPixels
from lessons.toolkit import figures, turning
from lessons.toolkit.drawing import Drawing
from lessons.toolkit.figures import BLACK

_STRENGTHS = (0.0, 0.2, 0.5, 0.8, 0.9, 0.95, 0.99)
_CELLS = 3  # images per side of a grid


def game():
    """Who sees what: real measurements above, those of the generator below."""
    drawing = Drawing()
    drawing.node("x", 0, 1.7, "$x$")
    drawing.node("theta", 1.9, 2.55, r"$\theta$")
    drawing.node("real_f", 1.9, 1.7, r"$f_\theta$", kind="layer", color="green")
    drawing.node("y", 3.6, 1.7, "$y$", kind="observed")
    drawing.node("z", -1.9, 0, "$z$")
    drawing.node("generator", -0.95, 0, "$G$", kind="layer", color="blue")
    drawing.node("xg", 0, 0, "$x^g$", kind="deterministic")
    drawing.node("Theta", 1.9, 0.82, r"$\Theta$")
    drawing.node("fake_f", 1.9, 0, r"$f_\Theta$", kind="layer", color="green")
    drawing.node("yg", 3.6, 0, "$y^g$", kind="deterministic")
    drawing.node("critic", 4.9, 0.85, "$D$", kind="layer", color="orange")
    drawing.node("answer", 6.1, 0.85, "real or\ngenerated?", kind="text")
    for start, end in (
        ("x", "real_f"),
        ("theta", "real_f"),
        ("real_f", "y"),
        ("y", "critic"),
        ("z", "generator"),
        ("generator", "xg"),
        ("xg", "fake_f"),
        ("Theta", "fake_f"),
        ("fake_f", "yg"),
        ("yg", "critic"),
        ("critic", "answer"),
    ):
        drawing.arrow(start, end)
    drawing.arrow(
        "critic", "generator", "gradient", bend=-0.42, dashed=True, color="orange"
    )
    drawing.text(0, 2.18, "never seen")
    drawing.text(3.6, 2.18, "all we have")
    drawing.text(0, 0.48, "what we want")
    return drawing.figure(
        "Two rows of boxes. Above, an image x that is never seen is measured with a "
        "random theta and gives the observed y. Below, noise z goes through the "
        "generator G, and the image it draws is measured in the same way with a theta "
        "of its own. Both measurements go to the critic D; a dashed arrow leads its "
        "gradient back through the measurement to the generator.",
        "Grey is what is observed. Images meet nowhere; only measurements do.",
    )


def strengths(images, values=_STRENGTHS, seed=0):
    """What is left of images as more pixels are blocked: the knob is p.

    Args:
        images: clean ones in [0, 1], shape (n, height, width, 1), n at least 9.
        values: of p.
        seed: of the masks; a pixel that is blocked at one p is blocked at all larger.

    Returns:
        A `turning.Turning`.
    """
    frames = [_strength(images, p, seed) for p in values]
    return turning.turn(
        frames,
        [f"p = {p:g}" for p in values],
        "fraction of blocked pixels p",
        "Three panels: nine small digits with a fraction p of their pixels blocked; "
        "the same nine as unmeasure restores them, divided by 1 − p and blurred; and "
        "the condition number of three pixels against p, with a dot at this p.",
        "What is seen, what the baseline makes of it, and how hard inversion is.",
        start=values.index(0.8) if 0.8 in values else 0,
    )


def _strength(images, p, seed):
    """One frame of `strengths`."""
    images = images[: _CELLS**2]
    measurement = BlockPixels(images.shape[1:], p)
    mask = measurement.sample_theta(len(images), seed)
    seen = np.asarray(measurement.measure(images, mask))
    restored = unmeasure.estimate("block_pixels", measurement, seen, mask)
    figure, axes = figures.new(1, 3, size=(7.4, 2.8), width_ratios=[1, 1, 1.3])
    figures.show_tiles(axes[0], seen, _CELLS, title="measured")
    figures.show_tiles(axes[1], restored, _CELLS, title="unmeasured")
    fractions = np.linspace(0, 0.99, 100)
    curve = [theory.condition_number(3, fraction) for fraction in fractions]
    axes[2].plot(fractions, curve, color=figures.GREY)
    axes[2].plot(p, theory.condition_number(3, p), "o", color=BLACK, markersize=8)
    axes[2].set(yscale="log", xlabel="p", ylim=(0.7, None))
    axes[2].set_title(f"condition number: {theory.condition_number(3, p):,.0f}")
    return figure
