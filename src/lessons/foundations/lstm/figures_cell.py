"""The cell: a drawing of its wires, a memory at work, the forget bias as a knob."""

import numpy as np

from lessons.foundations.lstm import programs, tasks, theory, theory_error_flow
from lessons.toolkit import figures, turning
from lessons.toolkit.drawing import Drawing
from lessons.toolkit.figures import BLUE, GREEN, GREY, ORANGE, PINK, Figure

BIASES = (0, 1, 2, 3, 4, 5, 7, 10)
_RAIL, _GATES, _FLOOR = 2.3, 0.95, 0.15  # heights in the drawing, inches


def wiring():
    """The wires of the modern cell; the upper one is the constant error carousel."""
    drawing = Drawing()
    drawing.text(0, _RAIL, "$c_{t-1}$", color="blue")
    drawing.node("before", 0.3, _RAIL, "", kind="text", width=0.05)
    drawing.node("look", 1.0, _RAIL, "", kind="fixed")
    drawing.node("keep", 1.7, _RAIL, r"$\times$", kind="operation", color="blue")
    drawing.node("sum", 3.05, _RAIL, "$+$", kind="operation", color="blue")
    drawing.node("new", 4.5, _RAIL, "", kind="fixed")
    drawing.node("branch", 5.3, _RAIL, "", kind="fixed")
    drawing.node("after", 6.0, _RAIL, "$c_t$", kind="text", width=0.3)
    drawing.node("write", 3.05, 1.62, r"$\times$", kind="operation")
    drawing.node("squash", 5.3, 1.72, "tanh", kind="layer")
    drawing.node("out", 5.3, _GATES, r"$\times$", kind="operation")
    drawing.node("h", 6.0, _GATES, "$h_t$", kind="text", width=0.3)
    gates = (("f", 1.7, r"$\sigma$"), ("i", 2.55, r"$\sigma$"), ("g", 3.55, "tanh"))
    drawing.node("z", 0.35, _FLOOR, "$x_t,\\ h_{t-1}$", kind="array")
    last = "z"
    for name, x, label in (*gates, ("o", 4.5, r"$\sigma$")):
        drawing.node(name, x, _GATES, label, kind="layer", color="orange")
        drawing.node(f"{name}_in", x, _FLOOR, "", kind="fixed")
        drawing.arrow(last, f"{name}_in", head=False)
        drawing.arrow(f"{name}_in", name)
        last = f"{name}_in"
    for start, end in (("before", "look"), ("look", "keep"), ("keep", "sum")):
        drawing.arrow(start, end, color="blue", head=end != "look")
    for start, end in (("sum", "new"), ("new", "branch"), ("branch", "after")):
        drawing.arrow(start, end, color="blue", head=end == "after")
    drawing.arrow("f", "keep", "$f$", at=0.78)
    drawing.arrow("i", "write", "$i$")
    drawing.arrow("g", "write", "$g$")
    drawing.arrow("write", "sum")
    drawing.arrow("branch", "squash")
    drawing.arrow("squash", "out")
    drawing.arrow("o", "out", "$o$")
    drawing.arrow("out", "h")
    for start, end in (("look", "f"), ("look", "i"), ("new", "o")):
        drawing.arrow(start, end, dashed=True, color="grey")
    return drawing.figure(
        "The wires of an LSTM cell. A straight line above carries the content from "
        "c of the step before to c of this step through one multiplication by the "
        "forget gate and one addition. Below, the input and the last output feed four "
        "boxes: forget gate, input gate, candidate and output gate. Input gate times "
        "candidate is added to the line; the output is the output gate times tanh of "
        "the content. Dashed lines lead from the content to the gates.",
        "Blue: the carousel. Nothing but a product with f and a sum stands in its way. "
        "Dashed: peepholes, where a cell has them.",
    )


def two_memories(memories):
    """Gates and contents of cells, side by side.

    Args:
        memories: dictionary from a title to (contents, gates, symbols): contents of one
            cell, shape (T, sequences); means over the sequences of its input, forget
            and output gate, shape (T, 3); the symbol that each sequence began with,
            shape (sequences,).
    """
    figure, axes = figures.new(2, len(memories), size=(9.6, 4.8), sharex=True)
    names = ("input gate", "forget gate", "output gate")
    for (top, bottom), (title, memory) in zip(axes.T, memories.items(), strict=True):
        contents, gates, symbols = memory
        for values, color, name in zip(
            gates.T, (ORANGE, BLUE, GREEN), names, strict=True
        ):
            top.plot(values, color=color, label=name)
        top.set(title=title, ylim=(-0.05, 1.08))
        for symbol, color in enumerate((ORANGE, BLUE, GREEN, PINK)):
            lines = contents[:, symbols == symbol]
            bottom.plot(lines, color=color, linewidth=0.4, alpha=0.4)
            bottom.plot(lines.mean(axis=1), color=color, label=f"symbol {symbol}")
        bottom.set(xlabel="step t (the symbol to remember comes at 0)")
    axes[0, 0].set_ylabel("gates")
    axes[1, 0].set_ylabel("content of one cell")
    axes[0, 0].legend(fontsize=8, loc="center right")
    axes[1, 0].legend(fontsize=8, loc="center right")
    return Figure(
        figure,
        "Two columns over the steps of a sequence: gates of one cell above, its "
        "content below, coloured by the symbol at step 0. Left, written by hand: the "
        "input gate is open at step 0 and shut afterwards, and the content keeps its "
        "value. Right, trained: the gates move little, the contents start close "
        "together and move apart as the steps go by.",
        "Left a latch as one draws it; right what training found, which is none.",
    )


def forget_bias(lag=60):
    """A figure that turns: a memory and its gradient for several forget biases.

    Args:
        lag: T, steps to remember a symbol for.
    """
    plain = theory_error_flow.input_gradient_norms("rnn", 32, 0)
    frames, alts = [], []
    for bias in BIASES:
        accuracy, contents, _ = programs.run_latch(lag, bias)
        frames.append(_frame(bias, accuracy, contents, plain))
        left = float(theory.sigmoid(bias)) ** lag
        alts.append(
            f"Forget bias {bias:g}: after {lag} steps {left:.2g} of the content is "
            f"left, and the symbol is named in {accuracy:.0%} of the sequences."
        )
    return turning.turn(
        frames,
        [f"{bias:g}" for bias in BIASES],
        "bias of the forget gate",
        "Two panels on logarithmic axes: the contents of four hand-made cells over "
        "the steps after a symbol was stored, and the gradient of an untrained LSTM "
        "against the lag, with that of a plain network for comparison.",
        "The bias sets both slopes: how fast the content fades, and the error.",
        alts=alts,
        start=BIASES.index(2),
    )


def _frame(bias, accuracy, contents, plain):
    """One position of the knob."""
    figure, (left, right) = figures.new(1, 2, size=(8.6, 3.4))
    _, symbols = tasks.latch(contents.shape[1], len(contents) - 1, 9)
    for cell in range(contents.shape[2]):
        own = cell == symbols[0]
        color, order = (BLUE, 3) if own else (GREY, 2)
        label = "cell of the symbol" if own else "" if cell == symbols[0] - 1 else "_"
        values = np.maximum(contents[:, 0, cell], 1e-9)
        left.semilogy(values, color=color, zorder=order, label=label or "other cells")
    steps = np.arange(len(contents))
    fading = theory.sigmoid(bias) ** steps
    left.semilogy(steps, fading, ":", color=ORANGE, zorder=4, label=r"$\sigma(b)^t$")
    left.set(xlabel="steps since the symbol", ylabel="content", ylim=(1e-6, 30))
    left.set_title(f"b = {bias:g}: {accuracy:.0%} of the symbols named")
    left.legend(fontsize=8, loc="upper right")
    norms = theory_error_flow.input_gradient_norms("lstm", 32, bias)
    lags = np.arange(len(norms))
    right.semilogy(lags, norms, color=BLUE, label=f"LSTM, b = {bias:g}")
    right.semilogy(lags, plain, color=ORANGE, linewidth=1, label="plain RNN")
    right.set(xlabel="lag k (steps)", ylabel=r"$\|\partial L/\partial x_{T-k}\|$")
    right.set(ylim=(1e-18, 1e4), title="gradient before training")
    right.legend(fontsize=8, loc="lower left")
    return figure
