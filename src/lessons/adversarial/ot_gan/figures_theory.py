"""Figures of the theory: each takes computed numbers and only draws."""

import numpy as np
from matplotlib import ticker

from lessons.toolkit import figures
from lessons.toolkit.figures import BLACK, BLUE, GREEN, ORANGE, PINK, Figure


def plans(x, y, exact, regularised):
    """Transport plans for decreasing regularisation: as lines and as matrices.

    Args:
        x, y: points, shapes (n, 2) and (m, 2).
        exact: the exact plan, (n, m).
        regularised: list of (epsilon, plan), epsilon in decreasing order.
    """
    columns = [(f"ε = {epsilon:g}", plan) for epsilon, plan in regularised]
    columns.append(("exact (linear program)", exact))
    figure, axes = figures.new(2, len(columns), size=(2.15 * len(columns), 4.4))
    order = np.argsort(np.argmax(exact, axis=1))
    for (upper, lower), (title, plan) in zip(axes.T, columns, strict=True):
        strength = plan / plan.max()
        for i, j in zip(*np.nonzero(strength > 0.05), strict=True):
            ends = np.stack([x[i], y[j]])
            upper.plot(*ends.T, color="0.4", alpha=strength[i, j], linewidth=0.9)
        upper.scatter(*x.T, s=16, color=BLUE, zorder=3)
        upper.scatter(*y.T, s=16, color=ORANGE, marker="s", zorder=3)
        upper.set_title(title, fontsize=10)
        upper.set_aspect("equal")
        lower.imshow(plan[order], cmap="gray_r", vmin=0, vmax=exact.max())
        for axis in (upper, lower):
            axis.set_xticks([])
            axis.set_yticks([])
            axis.grid(visible=False)
    axes[0, 0].set_ylabel("plan between points")
    axes[1, 0].set_ylabel("plan as a matrix")
    return Figure(
        figure,
        "Four columns for decreasing regularisation. Above, lines between blue and "
        "orange points: a dense web that thins out to a one-to-one matching. Below, "
        "the same plans as matrices: a grey blur that sharpens to a permutation.",
        "A large epsilon spreads every point over all partners; as it falls the plan "
        "approaches the exact matching.",
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
