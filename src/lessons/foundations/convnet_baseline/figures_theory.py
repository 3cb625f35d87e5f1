"""Figures of the theory: each takes computed numbers and only draws."""

import numpy as np

from lessons.foundations.convnet_baseline import figures as own
from lessons.foundations.convnet_baseline import networks
from lessons.foundations.convnet_baseline import theory_momentum as momentum
from lessons.foundations.convnet_baseline.variants import VARIANTS
from lessons.toolkit import charts, figures, turning
from lessons.toolkit.drawing import Drawing
from lessons.toolkit.figures import BLUE, GREEN, GREY, ORANGE

_STYLES = {
    "descent": (GREY, "descent"),
    "heavy_ball": (ORANGE, "heavy ball"),
    "nesterov": (BLUE, "Nesterov"),
}


def network_drawing(architecture):
    """The maps of a network to scale, with parameters and receptive fields.

    Args:
        architecture: an `Architecture`.
    """
    drawing, stages = Drawing(), networks.stages(architecture)
    convolutions = [stage for stage in stages if stage.kind == "conv"]
    dense = stages[len(convolutions) :]
    edge = _map(drawing, "image", 0.0, architecture, architecture.side, 3, 1)
    for place, stage in enumerate(convolutions):
        before = f"pool{place - 1}" if place else "image"
        drawing.text(edge + 0.42, 0.85, f"{stage.parameters:,}", color="blue")
        for kind, space, side, field in (
            ("conv", 0.8, stage.side, stage.field),
            ("pool", 0.3, stage.pooled, stage.pooled_field),
        ):
            name, color = f"{kind}{place}", "blue" if kind == "conv" else "sky"
            edge = _map(
                drawing,
                name,
                edge + space,
                architecture,
                side,
                stage.units,
                field,
                color,
            )
            drawing.arrow(before, name)
            before = name
    flat = dense[0].fan_in
    drawing.node("flat", edge + 0.55, 0, f"{flat}", kind="layer", height=1.25)
    drawing.arrow(before, "flat")
    x, before = edge + 0.55, "flat"
    for place, stage in enumerate(dense):
        x, name = x + 1.0, f"dense{place}"
        height = 0.45 if stage is dense[-1] else 1.1
        label, color = f"{stage.units}", "green"
        drawing.node(name, x, 0, label, kind="layer", color=color, height=height)
        drawing.arrow(before, name, dashed=place > 0)
        drawing.text(x - 0.5, 0.85, f"{stage.parameters:,}", color="green")
        before = name
    drawing.text(x, -0.4, "logit")
    parts = ", ".join(f"{s.parameters:,}" for s in stages)
    maps = ", then ".join(
        f"a map of {s.side} pixels and {s.units} channels, halved to {s.pooled}"
        for s in convolutions
    )
    return drawing.figure(
        f"A chain of boxes: an image of {architecture.side} pixels, then {maps}; its "
        f"{flat} numbers go into dense layers, to which dashed arrows lead where units "
        f"are dropped. The layers have {parts} parameters.",
        "Most parameters are in the dense layers, most work is in the convolutions.",
    )


def _map(drawing, name, left, architecture, side, units, field, color=None):
    """Draw a map whose left edge is given; returns its right edge."""
    width = max(side * 1.25 / architecture.side, 0.14)
    x = left + width / 2
    wide = width > 0.4
    drawing.node(
        name,
        x,
        0,
        f"{side}\n×{units}" if wide else "",
        kind="array",
        color=color,
        width=width,
        height=width,
    )
    if not wide:
        drawing.text(x, width / 2 + 0.25, f"{side}\n×{units}")
    drawing.text(x, -0.9, f"{field} px")
    return left + width


def momentum_turning(values, rate=0.05, num_steps=40, start=None):
    """Paths of the three methods on a quadratic, and how fast each converges.

    Args:
        values: momenta mu, one frame for each.
        rate: of all methods.
        num_steps: of the paths.
        start: the frame shown at first; by default the last but one.

    Returns:
        A `Turning`.
    """
    steps = np.linspace(0.005, 1.2, 240)
    frames = [_momentum_frame(mu, rate, num_steps, steps) for mu in values]
    alts = []
    for mu in values:
        ends = {
            name: np.linalg.norm(
                momentum.path(
                    name, momentum.CURVATURES, momentum.START, rate, mu, num_steps
                )[-1]
            )
            for name in momentum.METHODS
        }
        alts.append(
            f"At momentum {mu:g}, after {num_steps} steps: "
            + ", ".join(
                f"{_STYLES[n][1]} {end:.2g} from the minimum" for n, end in ends.items()
            )
            + "."
        )
    return turning.turn(
        frames,
        [f"μ = {mu:g}" for mu in values],
        "momentum μ",
        "Paths of descent, heavy ball and Nesterov's momentum on a narrow valley, and "
        "beside them the factor of convergence against the rate times the curvature; "
        "with more momentum the heavy ball swings across the valley for long, Nesterov "
        "does not.",
        "The heavy ball's curve is flat at the root of μ, Nesterov's falls to 0.",
        alts=alts,
        start=len(values) - 2 if start is None else start,
    )


def _momentum_frame(mu, rate, num_steps, steps):
    figure, (left, right) = figures.new(1, 2, size=(7.5, 3.4))
    axis = np.linspace(-1.3, 1.3, 101)
    a, b = momentum.CURVATURES
    left.contour(
        axis,
        axis,
        a * axis[None] ** 2 + b * axis[:, None] ** 2,
        levels=np.geomspace(0.02, 15, 9),
        colors="0.8",
        linewidths=0.8,
    )
    for name in momentum.METHODS:
        color, label = _STYLES[name]
        points = momentum.path(
            name, momentum.CURVATURES, momentum.START, rate, mu, num_steps
        )
        left.plot(*points.T, ".-", color=color, linewidth=1, markersize=4, label=label)
        factors = [momentum.factor(name, step, mu) for step in steps]
        right.plot(steps, factors, color=color)
    for curvature in momentum.CURVATURES:
        right.axvline(rate * curvature, color=GREEN, linewidth=0.8, linestyle=":")
    left.set(
        xlabel=f"w₁, curvature {a:g}",
        ylabel=f"w₂, curvature {b:g}",
        xlim=(-1.3, 1.3),
        ylim=(-1.3, 1.3),
        title=f"{num_steps} steps, μ = {mu:g}",
    )
    left.legend(fontsize=8, loc="lower left")
    right.set(
        xlabel="rate times curvature, ηλ",
        ylabel="factor of a step",
        ylim=(0, 1.05),
        title=f"root of μ: {mu**0.5:.3f}",
    )
    return figure


def scale_turning(scales, accuracies, starts, start=2):
    """Accuracy against the first weights' scale, and what the layers put out at first.

    Args:
        scales: of the first weights, one frame for each.
        accuracies: by variant, shape (scales, seeds).
        starts: for each scale a list of arrays: the outputs of each layer with a
            kernel before training, any shape.
        start: the frame shown at first.

    Returns:
        A `Turning`.
    """
    frames, alts = [], []
    for place, scale in enumerate(scales):
        spreads = [float(np.std(values)) for values in starts[place]]
        figure, (left, right) = figures.new(1, 2, size=(7.5, 3.4))
        own.scale_curves(left, scales, accuracies, at=scale)
        left.legend(fontsize=8, loc="upper center", ncol=2)
        bins = np.linspace(-7, 3, 61)
        for depth, values in enumerate(starts[place]):
            logs = np.log10(np.maximum(np.abs(np.ravel(values)), 1e-12))
            logs = np.clip(logs, bins[0], bins[-1])
            right.hist(
                logs,
                bins,
                histtype="step",
                density=True,
                color=figures.PALETTE[depth],
                label=f"layer {depth + 1}",
            )
        right.set(
            xlabel="log10 of |output| before training",
            ylabel="density",
            ylim=(0, 1.6),
            title=f"scale {scale:g}: logits spread {spreads[-1]:.1g}",
        )
        right.legend(fontsize=7, loc="upper left")
        frames.append(figure)
        values = {name: rows[place] for name, rows in accuracies.items()}
        means = charts.means_in_words(values, VARIANTS, 2)
        alts.append(
            f"At a scale of {scale:g} the logits start with a spread of "
            f"{spreads[-1]:.1g}; accuracy after training: {means}."
        )
    return turning.turn(
        frames,
        [f"±{scale:g}" for scale in scales],
        "scale of the first weights",
        "Left: accuracy against the scale of the first weights, a line for each way to "
        "train. Right: histograms of the outputs of each layer before training, which "
        "shrink from layer to layer where the scale is small.",
        "Where signals shrink to a thousandth, momentum alone stays at one half.",
        alts=alts,
        start=start,
    )
