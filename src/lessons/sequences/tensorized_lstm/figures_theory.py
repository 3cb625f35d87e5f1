"""Figures of the theory: each takes computed numbers and only draws."""

import numpy as np

from lessons.sequences.tensorized_lstm import theory
from lessons.sequences.tensorized_lstm import theory_routes as routes
from lessons.toolkit import figures, turning
from lessons.toolkit.drawing import Drawing
from lessons.toolkit.figures import BLACK, ORANGE, Figure

_WIDE, _HIGH = 1.4, 1.05  # inches between two steps and two locations


def tensor_drawing(size=3, steps=6):
    """Inputs on their way through a row of locations, and their outputs.

    Args:
        size: P, with a kernel of 3.
        steps: columns that are drawn.
    """
    drawing = Drawing()
    for step in range(1, steps + 1):
        x = step * _WIDE
        known = step <= steps - size + 1
        label = f"$x_{step}W^x{{+}}b^x$" if known else "0"
        row = f"row_{step}"
        drawing.node(row, x, 0, label, kind="array", width=1.1)
        for place in range(1, size + 1):
            name, y = f"{place}_{step}", -place * _HIGH
            color = "blue" if step == place + 1 else None
            label = f"$H,C$\nat {place}"
            drawing.node(name, x, y, label, kind="layer", color=color, width=0.8)
    for step in range(2, steps + 1):
        before = step - 1
        for place in range(1, size + 1):
            name = f"{place}_{step}"
            on_path = step == place + 1
            below = f"{place - 1}_{before}" if place > 1 else f"row_{before}"
            drawing.arrow(below, name, color="blue" if on_path else "grey")
            drawing.arrow(f"{place}_{before}", name, color="grey")
            if place < size:
                drawing.arrow(f"{place + 1}_{before}", name, color="pink", dashed=True)
    for step in range(size + 1, steps + 1):
        y = -(size + 1) * _HIGH + 0.15
        drawing.node(f"y_{step}", step * _WIDE, y, f"$y_{step - size}$", kind="text")
        color = "blue" if step == size + 1 else None
        drawing.arrow(f"{size}_{step}", f"y_{step}", color=color)
    for place in range(size + 1):
        text = "input row" if place == 0 else f"location {place}"
        drawing.text(0.75, -place * _HIGH, text, align="right")
    for step in range(1, steps + 1):
        text = "before" if step == 1 else f"step {step - 1}"
        drawing.text(step * _WIDE, 0.5, text)
    return drawing.figure(
        "Diagram of a tensor of three locations over time. Columns are steps, rows are "
        "the input and the three locations. Grey arrows lead from each location and "
        "from the one before it to the next step, dashed pink arrows from the location "
        "after it back. A blue path leads from the first input one location down at "
        "each step to the first output, which leaves the last location two steps after "
        "the input was read.",
        "Each step computes a whole column at once; an input needs three steps to come "
        "down to its output. Dashed: feedback, which K = 2 has not.",
    )


def seen_grid(size, kernel_size, num_inputs):
    """Which is the newest input that each location has seen, step by step.

    Args:
        size, kernel_size: P and K.
        num_inputs: T.
    """
    depth = theory.depth(size, kernel_size)
    steps = num_inputs + depth - 1
    newest = routes.newest_input(size, kernel_size, steps).T.astype(float)
    shown = np.where((newest > 0) & (newest <= num_inputs), newest, np.nan)
    figure, axis = figures.new(size=(7.2, 3.3))
    axis.imshow(shown, cmap="viridis", vmin=1, vmax=num_inputs, aspect="auto")
    for place in range(size):
        for step in range(steps):
            if np.isfinite(shown[place, step]):
                text = f"$x_{{{int(shown[place, step])}}}$"
                axis.text(
                    step,
                    place,
                    text,
                    ha="center",
                    va="center",
                    fontsize=8,
                    color="white" if shown[place, step] < 0.7 * num_inputs else BLACK,
                )
    for step in range(depth - 1, steps):
        axis.add_patch(
            figures.patches.Rectangle(
                (step - 0.47, size - 1.47), 0.94, 0.94, fill=False, ec=ORANGE, lw=2
            )
        )
    axis.set_xticks(range(steps), range(1, steps + 1), fontsize=8)
    axis.set_yticks(range(size), range(1, size + 1), fontsize=8)
    axis.set(
        xlabel="step",
        ylabel="location",
        title=f"K = {kernel_size}: L = {depth}; the outputs, framed, are read "
        f"{_many(depth - 1, 'step')} late",
    )
    axis.grid(visible=False)
    return figure


def _many(number, noun):
    return f"{number} {noun}{'' if number == 1 else 's'}"


def seen_turning(size=6, kernels=(2, 3, 4, 5, 6, 7), num_inputs=6):
    """`seen_grid` for several kernels, turned by K."""
    alts = []
    for k in kernels:
        moved = _many(k // 2, "location")
        steps = _many(theory.depth(size, k), "step")
        alts.append(
            f"With K = {k} the front of what has been seen moves {moved} a step and "
            f"the last of {size} locations has seen an input after {steps}."
        )
    return turning.turn(
        [seen_grid(size, k, num_inputs) for k in kernels],
        [f"K = {k}" for k in kernels],
        "locations that the kernel covers, K",
        f"Grid of {size} locations against steps; each cell names the newest input "
        "that it can have seen. Coloured diagonals run down to the last location, "
        "whose framed cells are the outputs: each names the input that it answers.",
        "The newest input that each location has seen; frames are read-outs.",
        alts=alts,
        start=1,
    )


def gradient_maps(maps, titles):
    """|∂y_t/∂x_t'| of outputs read at several times, a panel for each.

    Args:
        maps: norms, each of shape (T, T), outputs first.
        titles: of the panels.
    """
    figure, axes = figures.new(1, len(maps), size=(7.8, 3.0), sharey=True)
    texts = []
    for axis, values, title in zip(axes, maps, titles, strict=True):
        shown = np.where(values > 0, np.log10(np.maximum(values, 1e-12)), np.nan)
        picture = axis.imshow(shown, cmap="viridis", vmin=-4, vmax=-2)
        ticks = np.arange(0, len(values), 2)
        axis.set_xticks(ticks, ticks + 1)
        axis.set_yticks(ticks, ticks + 1)
        axis.plot([-0.5, len(values) - 0.5], [-0.5, len(values) - 0.5], color=ORANGE)
        axis.set(title=title, xlabel="input t'")
        axis.grid(visible=False)
        on = int(np.sum(np.diag(values) > 0))
        above = int(np.sum(np.triu(values, 1) > 0))
        texts.append(
            f"{title}: {on} of {len(values)} on the diagonal, {above} above it"
        )
    axes[0].set_ylabel("output t")
    bar = figure.colorbar(picture, ax=list(axes), shrink=0.8)
    bar.set_label("log10 of the gradient's norm")
    return Figure(
        figure,
        "Heat maps of the gradient of each output with respect to each input; blank "
        f"where it is exactly 0. Gradients that are not 0: {'; '.join(texts)}.",
        "White is exactly 0. Only L - 1 steps late has each output seen its own input "
        "and none after it.",
    )


def time_against_depth(depths, seconds, steps):
    """Seconds of a forward pass against depth, beside the steps in a row.

    Args:
        depths: L.
        seconds: by label, (color, array of shape (len(depths), seeds)).
        steps: by label, (color, steps in a row for each depth).
    """
    figure, (left, right) = figures.new(1, 2, size=(7.8, 3.2))
    for label, (color, counts) in steps.items():
        left.plot(depths, counts, color=color, marker="o", label=label)
    left.set(ylabel="steps that wait for each other", title="counted")
    texts = []
    for label, (color, values) in seconds.items():
        means, spans = figures.mean_and_range(1e3 * values)
        right.errorbar(depths, means, spans, color=color, marker="o", label=label)
        texts.append(f"{label} {means[0]:.1f} and {means[-1]:.1f}")
    right.set(ylabel="milliseconds of the processor", title="measured")
    right.set_ylim(0, None)
    for axis in (left, right):
        axis.set_xlabel("depth L")
        axis.set_xticks(depths)
        axis.legend(fontsize=8)
    return Figure(
        figure,
        "Left, steps in a row against depth: nearly flat for a tensor, a steep "
        "straight line for a stack. Right, milliseconds of one thread for a forward "
        f"pass, at the least and the greatest depth: {'; '.join(texts)}.",
        "A tensor's steps hardly grow in number, but each of them grows.",
    )
