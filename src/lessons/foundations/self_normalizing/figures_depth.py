"""Figures of stacks of layers: each takes computed numbers and only draws."""

import numpy as np

from lessons.foundations.self_normalizing import theory
from lessons.toolkit import figures, turning
from lessons.toolkit.drawing import Drawing
from lessons.toolkit.figures import BLACK, BLUE, GREEN, ORANGE, PALETTE, SKY, Figure


def network():
    """Drawing of a hidden layer, what it does to mean and variance, and the stack."""
    drawing = Drawing()
    drawing.node("x", 0, 1.2, "$x$", kind="array")
    drawing.node("dense", 1.7, 1.2, "weights $w$", kind="layer")
    drawing.node("z", 3.3, 1.2, "$z = w^\\top x$", kind="array")
    drawing.node("selu", 4.9, 1.2, "SELU", kind="layer", color="blue")
    drawing.node("y", 6.2, 1.2, "$y$", kind="array")
    drawing.node("out", 7.9, 1.2, "readout", kind="layer")
    for start, end in (("x", "dense"), ("dense", "z"), ("z", "selu"), ("selu", "y")):
        drawing.arrow(start, end)
    drawing.arrow("y", "out", "after $L$")
    drawing.plate(["dense", "z", "selu", "y"], "$L$ layers")
    drawing.node("before", 0, 0, "$\\mu, \\nu$", kind="text")
    drawing.node("sums", 1.7, 0, "$\\omega, \\tau$", kind="text")
    drawing.node("normal", 3.3, 0, "$N(\\mu\\omega, \\nu\\tau)$", kind="text")
    drawing.node("after", 6.2, 0, "$\\tilde\\mu, \\tilde\\nu$", kind="text")
    drawing.arrow("before", "sums", head=False)
    drawing.arrow("sums", "normal")
    drawing.arrow("normal", "after", "moment map $g$", color="blue")
    return drawing.figure(
        "Diagram of a hidden layer: inputs x, weights w, sums z, SELU, outputs y, "
        "repeated L times, then a readout. Below it what is followed: mean and "
        "variance of x, the sums omega and tau of the weights, a Gaussian for z, and "
        "mean and variance of y, which the moment map gives.",
        "Above, what is computed; below, the few numbers of it that theory follows.",
    )


def layer_by_layer(stacks, layers):
    """Moments of many starting points, and activations of real layers, by depth.

    Args:
        stacks: name of the inputs -> what `propagation.propagate` gives, with the
            activations of `layers` (and of the input, 0) kept.
        layers: positions of the knob.

    Returns:
        A `turning.Turning`.
    """
    mu, nu = np.meshgrid(np.linspace(-1, 1, 17), np.geomspace(0.1, 8, 17))
    means, variances = theory.orbit(mu.ravel(), nu.ravel(), max(layers))
    frames, alts = [], []
    for layer in layers:
        histograms = {name: kept[layer] for name, (_, _, kept) in stacks.items()}
        frames.append(_after_layers(means[layer], variances[layer], histograms))
        low, high = variances[layer].min(), variances[layer].max()
        alts.append(
            f"After {layer} layers: the variances of all starting points lie between "
            f"{low:.3g} and {high:.3g}, their means within "
            f"{np.abs(means[layer]).max():.2g} of 0."
        )
    return turning.turn(
        frames,
        [str(layer) for layer in layers],
        "layers passed",
        "Left, a cloud of points, mean against variance, that draws together at "
        "(0, 1). Right, histograms of activations for three kinds of inputs.",
        "Whatever comes in, after enough layers the moments are those of the star.",
        alts=alts,
        start=list(layers).index(3) if 3 in layers else 0,
    )


def _after_layers(means, variances, histograms):
    """One frame of `layer_by_layer`."""
    figure, (left, right) = figures.new(1, 2, size=(8.4, 3.2))
    left.plot(means, variances, ".", color=SKY, markersize=5)
    left.plot(0, 1, "*", color=BLACK, markersize=12)
    left.set(xlabel="mean", ylabel="variance", yscale="log")
    left.set(xlim=(-1.1, 1.1), ylim=(0.08, 10))
    left.set_yticks([0.1, 1, 10], ["0.1", "1", "10"])
    bins = np.linspace(-3, 5, 81)
    for (name, values), color in zip(
        histograms.items(), (BLUE, GREEN, ORANGE), strict=False
    ):
        style = {"color": color, "histtype": "step", "linewidth": 1.5}
        right.hist(values.ravel(), bins, density=True, label=name, **style)
    right.set(xlabel="activation", ylabel="density", ylim=(0, 0.8))
    right.legend(fontsize=8, title="inputs")
    return figure


def thirty_two_layers(results, keep):
    """Mean and variance against layer, over histograms of activations on the way.

    Args:
        results: dictionary from a pair's name to what `propagation.propagate` gives.
        keep: three layers whose activations were kept.
    """
    figure, axes = figures.new(2, 3, size=(9.0, 5.4), height_ratios=[1.5, 1])
    left, right, legend = axes[0]
    for index, (name, (means, variances, _)) in enumerate(results.items()):
        line = "-" if name == "SELU, 1/n" else "--"
        color = PALETTE[index % len(PALETTE)]
        layers = np.arange(len(means))
        left.plot(layers, means, line, color=color)
        right.plot(layers, variances, line, color=color)
        legend.plot([], [], line, color=color, label=name)
    left.set(xlabel="layer", ylabel="mean")
    left.set_yscale("symlog", linthresh=1.0)
    left.set_yticks([0, 0.5, 1, 3, 10], ["0", "0.5", "1", "3", "10"])
    left.minorticks_off()
    right.set(xlabel="layer", ylabel="variance", yscale="log")
    legend.set_axis_off()
    legend.legend(loc="center", title="activation, variance of weights")
    bins = np.linspace(-2, 3, 61)
    shown = {"SELU, 1/n": "stepfilled", "tanh, 1/n": "step"}
    for axis, layer in zip(axes[1], keep, strict=True):
        for index, (name, (_, _, kept)) in enumerate(results.items()):
            if name in shown:
                style = {"color": PALETTE[index], "histtype": shown[name]}
                axis.hist(kept[layer].ravel(), bins, density=True, **style)
        axis.set(title=f"layer {layer}", xlabel="activation", ylim=(0, 2.5))
    axes[1, 0].set_ylabel("density")
    return Figure(
        figure,
        "Top: mean and, on a logarithmic scale, variance of activations against the "
        "layer, 0 to 32. Only SELU with weights of variance 1/n keeps mean 0 and "
        "variance 1. Bottom: histograms in three layers; those of SELU keep their "
        "shape, those of tanh narrow to a spike.",
        "SELU with weights of variance 1/n is the one flat pair of lines.",
    )


def gradients_back(sent, gain):
    """Mean square of gradients against the layer, and histograms at the input.

    Args:
        sent: dictionary from a pair's name to what `propagation.propagate_back` gives,
            with the gradients of layer 0 kept.
        gain: predicted growth of the mean square per layer of SELU.
    """
    figure, (left, right) = figures.new(1, 2, size=(8.4, 3.4))
    bins = np.linspace(-8, 3, 89)
    for index, (name, (squares, kept)) in enumerate(sent.items()):
        line = "-" if name == "SELU, 1/n" else "--"
        color = PALETTE[index % len(PALETTE)]
        layers = np.arange(len(squares))
        left.plot(layers, squares, line, color=color, label=name)
        sizes = np.log10(np.abs(kept[0]).ravel())
        right.hist(sizes, bins, density=True, histtype="step", color=color)
    predicted = gain ** (len(squares) - 1.0 - layers)
    left.plot(layers, predicted, ":", color=BLACK, label="SELU, predicted")
    left.set(xlabel="layer", ylabel="mean square of the gradients", yscale="log")
    left.legend(fontsize=7)
    right.set(xlabel="log10 of |gradient| at the input", ylabel="density")
    return Figure(
        figure,
        "Left: mean square of gradients against the layer on a logarithmic scale, for "
        "six pairs of activation and initialisation, all 1 at layer 32. SELU grows "
        "tenfold towards the input, ReLU with 2/n stays level, tanh and ELU shrink to "
        "about a hundredth, ReLU with 1/n vanishes, SELU with 2/n explodes. Right: "
        "histograms of the logarithm of gradients at the input, which these factors "
        "shift.",
        "The solid line follows the dotted prediction, a factor of 1.07 per layer.",
    )
