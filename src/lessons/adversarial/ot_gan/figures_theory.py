"""Figures of the theory: each takes computed numbers and only draws."""

import numpy as np
from matplotlib import colors, ticker

from lessons.toolkit import figures, turning
from lessons.toolkit.drawing import Drawing
from lessons.toolkit.figures import BLACK, BLUE, GREEN, ORANGE, PINK, Figure


def plan_turning(x, y, exact, epsilons, plans):
    """The plan of two small samples, turned by the regularisation.

    Args:
        x, y: points, shapes (n, 2) and (n, 2).
        exact: the exact plan, a permutation divided by n, (n, n).
        epsilons: the positions of the knob.
        plans: the regularised plan at each, (n, n).

    Returns:
        A `Turning`; it starts in the middle and ends at the exact plan.
    """
    labels = [f"{epsilon:g}" for epsilon in epsilons] + ["0 (exact)"]
    every = [*plans, exact]
    return turning.turn(
        [_plan_frame(x, y, exact, plan) for plan in every],
        labels,
        "regularisation ε",
        "Left, blue and orange points joined by grey lines; right, the same plan as a "
        "matrix, rows sorted by the exact partner. A large epsilon gives a dense web "
        "and a grey blur; as it falls, lines thin out and a dark diagonal appears.",
        "The cost is nearly exact long before the plan is.",
        alts=[
            f"Plan at epsilon {label}: {np.sum(plan[exact > 0]):.0%} of the mass is on "
            "the pairs of the exact plan."
            for label, plan in zip(labels, every, strict=True)
        ],
        start=len(labels) // 2,
    )


def _plan_frame(x, y, exact, plan):
    figure, (left, right) = figures.new(1, 2, size=(6.6, 3.2))
    strength = np.minimum(plan / exact.max(), 1.0)
    for i, j in zip(*np.nonzero(strength > 0.02), strict=True):
        ends = np.stack([x[i], y[j]])
        left.plot(*ends.T, color="0.35", alpha=strength[i, j], linewidth=1.0)
    left.scatter(*x.T, s=18, color=BLUE, zorder=3)
    left.scatter(*y.T, s=18, color=ORANGE, marker="s", zorder=3)
    left.set_aspect("equal")
    left.set_title("mass exchanged", fontsize=10)
    order = np.argsort(np.argmax(exact, axis=1))
    shade = colors.PowerNorm(0.6, 0, exact.max())  # faint mass can be seen
    right.imshow(plan[order], cmap="gray_r", norm=shade)
    kept = np.sum(plan[exact > 0])
    right.set_title(f"plan: {kept:.0%} on the exact pairs", fontsize=10)
    for axis in (left, right):
        axis.set(xticks=[], yticks=[])
        axis.grid(visible=False)
        axis.spines[:].set_visible(False)
    right.spines[:].set_visible(True)
    right.set(xlabel="orange point", ylabel="blue point")
    return figure


def architecture():
    """One update of OT-GAN: four batches, one critic, six couplings, one loss."""
    drawing = Drawing()
    drawing.node("z", 0, 0, "$z, z'$")
    drawing.node("g", 1.25, 0, "generator\n$g_\\theta$", kind="layer", color="blue")
    drawing.node("y", 2.6, 0, "$Y, Y'$", kind="array")
    drawing.node("x", 2.6, 1.1, "$X, X'$", kind="array")
    drawing.text(2.1, 1.1, "data")
    drawing.node("v", 4.0, 0.55, "critic\n$v_\\eta$", kind="layer", color="orange")
    drawing.node("c", 5.5, 0.55, "6 costs $C$\n$1 - v \\cdot w$", kind="array")
    drawing.node("m", 7.3, 1.1, "6 couplings $M$\nconstant", kind="array")
    drawing.node("l", 7.3, 0, "$L = \\sum w \\langle M, C \\rangle$", kind="array")
    for start, end in ("zg", "gy", "yv", "xv", "vc", "cl", "ml"):
        drawing.arrow(start, end)
    drawing.arrow("c", "m", "Sinkhorn", bend=-0.15)
    drawing.arrow("l", "v", "$+\\nabla_\\eta$", bend=-0.3, dashed=True, color="orange")
    drawing.arrow("l", "g", "$-\\nabla_\\theta$", bend=-0.22, dashed=True, color="blue")
    return drawing.figure(
        "From left to right: codes z go through the generator to two batches Y; they "
        "and two batches X of data go through one critic; its features give six cost "
        "matrices, Sinkhorn makes six constant couplings of them, and both make the "
        "loss. Dashed arrows lead from the loss back to critic and generator.",
        "Only the costs are differentiated; the couplings are constants.",
    )


def duality_gaps(paths, epsilons, excess, num_points):
    """The gap closing over iterations, and what regularisation costs at the end.

    Args:
        paths: list of (epsilon, iterations, dual values, primal values).
        epsilons: where the excess was computed.
        excess: sharp cost of the regularised plan minus the exact cost.
        num_points: n of uniform weights, for the bound eps log n.
    """
    figure, (left, right) = figures.new(1, 2, size=(8.6, 3.5))
    for (epsilon, steps, dual, primal), color in zip(
        paths, (GREEN, BLUE, ORANGE), strict=True
    ):
        gap = np.asarray(primal) - np.asarray(dual)
        left.plot(steps, np.maximum(gap, 1e-13), color=color, label=f"ε = {epsilon:g}")
    left.set(xscale="log", yscale="log", ylim=(1e-11, 3))
    left.set(xlabel="Sinkhorn iterations", ylabel="primal − dual (cost)")
    left.set_title("The duality gap closes")
    left.legend(fontsize=9)
    right.plot(epsilons, excess, "o-", color=BLUE, label="⟨P, C⟩ − exact cost")
    bound = np.asarray(epsilons) * np.log(num_points)
    right.plot(epsilons, bound, "--", color=BLACK, label="bound ε log n")
    right.set(xscale="log", yscale="log", xlabel="regularisation ε")
    right.set_ylabel("excess cost")
    right.set_title("What the regularisation costs")
    right.legend(fontsize=9)
    return Figure(
        figure,
        "Left: on logarithmic axes the gap between primal and dual value falls with "
        "the iterations, quickly for a large epsilon and slowly for a small one. "
        "Right: the excess cost rises with epsilon, below the dashed line epsilon "
        "log n.",
        "The smaller epsilon, the better the limit and the longer the way to it.",
    )


def batch_sizes(sizes, within, error, loss, loss_error, distances):
    """Bias of the mini-batch distance, the loss without it, and what is left.

    Args:
        sizes: values of K.
        within, error: mean of W(X, X') for equal distributions, standard errors.
        loss, loss_error: mean of the four-batch loss for equal distributions.
        distances: squared mini-batch energy distance of N(0,1) and N(1,1).
    """
    figure, (left, right) = figures.new(1, 2, size=(8.6, 3.3))
    left.errorbar(
        sizes, within, 2 * error, color=ORANGE, marker="o", label="W(X, X′): biased"
    )
    left.errorbar(
        sizes, loss, 2 * loss_error, color=BLUE, marker="s", label="four-batch loss L"
    )
    left.axhline(0, color=BLACK, linewidth=1)
    left.set_ylabel("mean, equal distributions")
    left.set_title("Same distribution on both sides")
    left.legend(fontsize=9)
    right.plot(sizes, distances, "o-", color=GREEN)
    right.axhline(distances[0], color=BLACK, linestyle="--", linewidth=1)
    right.annotate(
        "energy distance (K = 1)",
        (sizes[-1], distances[0]),
        (0, 5),
        textcoords="offset points",
        ha="right",
        fontsize=9,
    )
    right.set_ylabel("D² of N(0, 1) and N(1, 1)")
    right.set_title("Means one apart")
    for axis in (left, right):
        axis.set(xscale="log", xlabel="examples per mini-batch K")
        axis.xaxis.set_major_formatter(ticker.FormatStrFormatter("%d"))
        axis.set_xticks(sizes)
        axis.minorticks_off()
    return Figure(
        figure,
        "Left: the mean Wasserstein distance of two batches of one distribution "
        "falls slowly from 1.13 towards zero with the batch size, while the "
        "four-batch loss stays at zero. Right: the mini-batch energy distance of two "
        "Gaussians rises with the batch size from the energy distance.",
        "Batches of the same distribution are never at distance 0; the within terms "
        "take out exactly this.",
    )


def critics(grid, curves, x, y):
    """One-dimensional critics of the dual route, over the data they compare.

    Args:
        grid: where the critics were evaluated, (n,).
        curves: list of (label, values on the grid, dual value).
        x, y: the two samples.
    """
    figure, axis = figures.new(size=(7.0, 3.6))
    for (label, values, dual), color in zip(curves, (BLACK, PINK, ORANGE), strict=True):
        line = "--" if color == BLACK else "-"
        text = f"{label}: {dual:.2f}"
        axis.plot(grid, values - values.mean(), line, color=color, label=text)
    low = axis.get_ylim()[0]
    for points, color, label in ((x, BLUE, "data"), (y, GREEN, "samples")):
        axis.plot(points, np.full(len(points), low), "|", color=color, ms=11)
        axis.annotate(
            label,
            (np.median(points), low),
            (0, 9),
            color=color,
            textcoords="offset points",
            ha="center",
            fontsize=9,
        )
    axis.set(xlabel="x", ylabel="critic f(x), centred")
    axis.legend(fontsize=9, title="E f(data) − E f(samples)", loc="upper right")
    return Figure(
        figure,
        "Three critics as functions of x over two rows of tick marks, data on the "
        "left and samples on the right: a dashed line of slope minus one, the "
        "penalised critic just steeper, and the clipped critic much flatter.",
        "All three fall from data to samples; only the scale differs.",
    )
