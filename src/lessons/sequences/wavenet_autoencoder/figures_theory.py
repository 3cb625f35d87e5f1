"""Figures of the theory: the networks drawn, mu-law, and what a logit can see."""

import numpy as np

from lessons.sequences.wavenet_autoencoder import theory
from lessons.toolkit import figures, turning
from lessons.toolkit.drawing import Drawing
from lessons.toolkit.figures import BLUE, GREEN, GREY, ORANGE, Figure

MOST_LAYERS = 10


def network_drawing():
    """Encoder above, decoder below, the code between them."""
    drawing = Drawing()
    boxes = [
        ("x", 0.0, 2.0, "samples\n$x_1 \\dots x_T$", "array", "black", 1.25),
        ("q", 1.75, 2.0, "mu-law\n$q / 128$", "layer", "black", 1.1),
        (
            "e",
            3.75,
            2.0,
            "30 two-sided layers\n128 (here 5, 16)",
            "layer",
            "green",
            1.9,
        ),
        ("p", 5.95, 2.0, "1×1 to 16 (4)\nmean of 512 (32)", "layer", "green", 1.65),
        ("z", 7.75, 2.0, "code $Z$\n(T/512, 16)", "array", "green", 1.25),
        ("s", 1.75, 0.0, "shift\nby one", "layer", "orange", 0.9),
        ("d", 3.75, 0.0, "causal, dilated\n512 (24)", "layer", "blue", 1.6),
        ("g", 5.6, 0.0, "$\\sigma \\cdot \\tanh$", "layer", "blue", 0.9),
        ("k", 7.05, 0.0, "skip sum\n256 (32)", "layer", "blue", 1.1),
        ("o", 8.6, 0.0, "softmax\n256 classes", "layer", "blue", 1.25),
    ]
    for name, x, y, label, kind, color, width in boxes:
        drawing.node(name, x, y, label, kind=kind, color=color, width=width, height=0.6)
    for start, end in ("xq", "qe", "ep", "pz", "qs", "sd", "dg", "gk", "ko"):
        drawing.arrow(start, end, "$z^{-1}$" if (start, end) == ("q", "s") else "")
    drawing.arrow("g", "d", "$+Rg$, next layer", bend=-0.55)
    drawing.arrow("z", "g", "each frame repeated", color="green")
    drawing.arrow("z", "o", "", color="green", bend=-0.15)
    drawing.text(
        5.05, -1.05, "left out in the last layer: nothing reads it", color="grey"
    )
    return drawing.figure(
        "Diagram of the WaveNet autoencoder. Above, samples go through mu-law, 30 "
        "two-sided dilated layers, a projection to 16 channels and an average over 512 "
        "samples to the code Z. Below, the same samples are shifted by one and go "
        "through 30 causal dilated layers, each with a gate, a residual path to the "
        "next layer and a skip path to a softmax of 256 classes. Z, every frame "
        "repeated, enters each gate and the end.",
        "Two views of one note: the encoder sees all of it, the decoder only what was "
        "before; the code is the only way round. Sizes of this lesson in brackets.",
    )


def companding(levels, companded, linear):
    """The mu-law curve with codes, and signal to noise against level.

    Args:
        levels: decibels, shape (n,).
        companded, linear: signal to noise ratios in decibels, shape (n,).
    """
    figure, (left, right) = figures.new(1, 2, size=(7.6, 3.1))
    x = np.linspace(-1, 1, 801)
    left.plot(x, theory.compress(x), color=BLUE, label="μ = 255")
    left.plot(x, x, color=GREY, linestyle=":", label="linear")
    edges = np.arange(-8, 9) / 8
    places = np.sign(edges) * (256 ** np.abs(edges) - 1) / 255
    left.vlines(places, -1, edges, color=ORANGE, linewidth=0.7)
    left.set(xlabel="sample", ylabel="c(x)", ylim=(-1, 1.05))
    left.legend(fontsize=8, loc="upper left")
    right.plot(levels, companded, color=BLUE, label="mu-law, 8 bits")
    right.plot(levels, linear, color=ORANGE, linestyle="--", label="linear, 8 bits")
    right.set(xlabel="level of the sine (dB)", ylabel="signal to noise (dB)")
    right.legend(fontsize=8)
    cross = levels[np.argmin(np.abs(companded - linear))]
    return Figure(
        figure,
        "Two charts. Left, the mu-law curve rises steeply at zero; every sixteenth "
        "code boundary is drawn, and they crowd at zero. Right, the ratio of signal to "
        "noise of mu-law stays between 33 and 40 decibels down to -40 and then falls; "
        "that of linear steps falls nearly throughout; the lines cross near "
        f"{cross:.0f} decibels.",
        "Mu-law spends its codes where sounds are: near zero.",
    )


def fields(decoder, encoder, place, frame):
    """Gradients of a logit and of a code with respect to the input.

    Args:
        decoder: magnitudes over time for the logits at `place`, shape (time,).
        encoder: the same for the code of a frame.
        place: of the logit.
        frame: first and last sample of the frame.
    """
    figure, (top, bottom) = figures.new(2, 1, size=(7.4, 3.6), sharex=True)
    for axis, values, color, label in (
        (top, decoder, BLUE, "logits of one sample"),
        (bottom, encoder, GREEN, "code of one frame"),
    ):
        seen = values > 0
        axis.semilogy(
            np.flatnonzero(seen), values[seen] / values.max(), ".", color=color
        )
        axis.set(ylabel="gradient", title=label, ylim=(1e-9, 3))
    top.axvline(place, color=GREY, linestyle=":")
    bottom.axvspan(*frame, color="0.9")
    bottom.set(xlabel="input sample", xlim=(0, len(decoder)))
    count = int(np.sum(decoder > 0)), int(np.sum(encoder > 0))
    return Figure(
        figure,
        "Two charts of gradient sizes against the input sample. Above, the logits of "
        f"sample {place} depend on the {count[0]} samples before it and on nothing "
        f"else. Below, a frame's code depends on {count[1]} samples on both sides of "
        "it and in it.",
        "Dots stand where the gradient is not zero: one-sided above, two-sided below.",
    )


def reach_knob(sample_rate=16_000, pitch=220.0):
    """A figure that turns: inputs that one logit reaches, by the number of layers.

    Args:
        sample_rate: in hertz.
        pitch: of the tone drawn beneath, hertz.

    Returns:
        A `Turning`.
    """
    frames, alts, reaches = [], [], []
    for count in range(1, MOST_LAYERS + 1):
        rates = theory.dilations(count, 10)
        reach = theory.receptive_field(3, rates)
        reaches.append(reach)
        frames.append(_reach_frame(count, rates, reach, sample_rate, pitch))
        periods = reach / sample_rate * pitch
        alts.append(
            f"With {count} layers a logit reads the {reach} samples before its own: "
            f"{1000 * reach / sample_rate:.1f} milliseconds, {periods:.2f} periods."
        )
    return turning.turn(
        frames,
        [f"{n}" for n in range(1, MOST_LAYERS + 1)],
        "number of layers, dilations 1, 2, 4, ...",
        f"A tone of {pitch:g} hertz over 130 milliseconds at {sample_rate:,} samples a "
        "second; the part that one logit reads is shaded, above it the taps of each "
        "layer. With every layer the shaded part doubles.",
        f"At {sample_rate:,} samples a second: each layer doubles the reach; the own "
        "sample of the logit is never lit.",
        alts=alts,
        start=6,
    )


def _reach_frame(count, rates, reach, sample_rate, pitch):
    figure, (top, bottom) = figures.new(
        2, 1, size=(7.4, 3.4), sharex=True, height_ratios=(1.5, 1)
    )
    figure.set_layout_engine("none")
    top.set_position((0.1, 0.47, 0.86, 0.44))
    bottom.set_position((0.1, 0.15, 0.86, 0.26))
    n = np.arange(-2080, 40)
    milliseconds = 1000 * n / sample_rate
    bottom.plot(milliseconds, np.sin(2 * np.pi * pitch * n / sample_rate), color=GREY)
    left = -1000 * reach / sample_rate
    bottom.axvspan(left, 0, color=BLUE, alpha=0.2)
    bottom.axvline(0, color=ORANGE)
    seen = np.array([-1])
    for layer, rate in enumerate(reversed(rates), 1):
        seen = np.unique(np.concatenate([seen - j * rate for j in range(3)]))
        top.plot(1000 * seen / sample_rate, np.full(len(seen), count - layer), "|",
            color=BLUE, markersize=7)  # fmt: skip
    top.plot([0], [count], "o", color=ORANGE)
    top.set(
        yticks=range(0, 11, 2),
        ylabel="layer below",
        ylim=(-0.7, MOST_LAYERS + 0.7),
        xlim=(-130, 2.5),
    )
    top.set_title(f"{count} layers: {reach} samples, {-left:.1f} ms", fontsize=10)
    bottom.set(xlabel="time before the predicted sample (ms)", ylabel="220 Hz")
    return figure
