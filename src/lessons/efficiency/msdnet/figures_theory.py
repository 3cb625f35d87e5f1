"""Drawings and figures that need no trained network."""

import numpy as np

from lessons.efficiency.msdnet import theory
from lessons.toolkit import figures, turning
from lessons.toolkit.drawing import Drawing
from lessons.toolkit.figures import BLACK, BLUE, Figure

STAGE_COLORS = ("blue", "green", "orange")
_STEP = 1.15  # inches from layer to layer
_DROP = 0.95  # from scale to scale


def first_needed(plan):
    """The exit, counted from 0, that first needs each cell, by (layer, scale)."""
    found = {}
    for number, layer in enumerate(plan.exits):
        for place in sorted(plan.needed(layer)):
            found.setdefault(place, number)
    return found


def grid(plan, until=None):
    """The grid of a plan: what each exit is the first to need.

    Args:
        plan: a `Plan` with at most three exits.
        until: draw what exits up to this one need, the rest in grey; None for all.
    """
    until = len(plan.exits) - 1 if until is None else until
    first = first_needed(plan)
    drawing = Drawing()
    for layer in range(plan.num_layers + 1):
        drawing.text(layer * _STEP, _DROP * 0.55, f"layer {layer}")
    for (layer, scale), number in first.items():
        channels, side = _size(plan, layer, scale)
        drawing.node(
            f"{layer},{scale}",
            layer * _STEP,
            -scale * _DROP + _DROP,
            f"{channels}",
            kind="layer",
            color=STAGE_COLORS[number] if number <= until else "grey",
            width=0.56,
        )
        if layer == 0:
            drawing.text(-0.55, -scale * _DROP + _DROP, f"{side} px", align="right")
    for place, number in first.items():
        layer, scale = place
        color = STAGE_COLORS[number] if number <= until else "grey"
        if layer == 0 and scale > 1:
            drawing.arrow(f"0,{scale - 1}", f"0,{scale}", color=color)
        if layer:
            for source, _ in plan.cells[place].paths:
                name = f"{layer - 1},{source}"
                drawing.arrow(name, f"{layer},{scale}", color=color)
    bottom = -plan.num_scales * _DROP
    for number, layer in enumerate(plan.exits):
        color = STAGE_COLORS[number] if number <= until else "grey"
        name = f"exit{number}"
        drawing.node(
            name,
            layer * _STEP,
            bottom + 0.1,
            f"exit {number + 1}",
            kind="array",
            color=color,
        )
        drawing.arrow(f"{layer},{plan.num_scales}", name, color=color)
    counts = [sum(n == k for n in first.values()) for k in range(len(plan.exits))]
    added = ", ".join(f"exit {k} needs {n} more" for k, n in enumerate(counts, 1))
    return drawing.figure(
        f"Grid of layers 0 to {plan.num_layers}, from left to right, and "
        f"{plan.num_scales} scales, the finest above, each cell with its number of "
        "channels. Horizontal arrows keep the scale, diagonal ones halve it. Exits "
        f"hang below the coarsest scale. In colour, cell by cell: {added}. The finer a "
        "scale is, the earlier its cells end.",
        "Colours tell which exit needs a cell first.",
    )


def _size(plan, layer, scale):
    """Channels and side of a cell."""
    if layer:
        cell = plan.cells[layer, scale]
        return cell.channels, cell.side
    return plan.width(scale, plan.channels), plan.first[0][scale].side


def growing_grid(plan):
    """The grid, turned from exit to exit: what lazy evaluation computes until then.

    Args:
        plan: a `Plan` with at most three exits.
    """
    frames = [grid(plan, until) for until in range(len(plan.exits))]
    costs = plan.costs("products")
    labels = [f"until exit {k}" for k in range(1, len(frames) + 1)]
    first = first_needed(plan)
    alts = [
        f"Until exit {k + 1}, {sum(n <= k for n in first.values())} of {len(first)} "
        f"cells are computed, {costs[k]:,} multiplications; the others are grey."
        for k in range(len(frames))
    ]
    return turning.turn(
        frames,
        labels,
        "how far lazy evaluation has gone",
        frames[-1].alt,
        "What an exit adds is a diagonal band, not a column.",
        alts=alts,
        start=len(frames) - 1,
    )


def shares_and_cost(costs, budget, ratios=(0.3, 0.6, 1.0, 1.5)):
    """Shares of the exits for several p, and the expected cost with a budget.

    Args:
        costs: $C_k$, in millions.
        budget: in millions, for the line.
        ratios: p of the bars.
    """
    figure, (left, right) = figures.new(1, 2, size=(8.0, 3.3))
    exits = np.arange(1, len(costs) + 1)
    width = 0.8 / len(ratios)
    for place, p in enumerate(ratios):
        shares = theory.geometric_shares(p, len(costs))
        shift = (place - (len(ratios) - 1) / 2) * width
        left.bar(exits + shift, shares, width, label=f"p = {p:g}")
    left.set(xlabel="exit k", ylabel="share of the images, $q_k$")
    left.legend(fontsize=8)
    grid = np.geomspace(0.02, 10, 300)
    spent = [
        theory.expected_cost(theory.geometric_shares(p, len(costs)), costs)
        for p in grid
    ]
    right.plot(grid, spent, color=BLUE)
    right.axhline(budget, color=BLACK, linestyle="--", linewidth=1.2)
    root = theory.solve_p(costs, budget)
    right.plot(root, budget, "o", color=BLACK)
    right.axvspan(1, 10, color="0.9", zorder=0)
    right.text(3.2, costs[0] * 1.6, "no q in (0, 1)", ha="center", fontsize=9)
    right.set_xscale("log")
    right.set(xlabel="p = 1 - q", ylabel="expected cost, millions", xlim=(0.02, 10))
    return Figure(
        figure,
        f"Left, bars of the shares of {len(costs)} exits for p = "
        f"{', '.join(f'{p:g}' for p in ratios)}: small p favours early exits, 1 gives "
        f"equal shares. Right, the expected cost rises with p from {costs[0]:.1f} to "
        f"{costs[-1]:.1f} million; the budget of {budget:g} is met at p = {root:.3f}.",
        "The larger p is, the later the exits and the higher the cost.",
    )
