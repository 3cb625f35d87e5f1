"""Figure of the theory: bounds of the toy, valid and not."""

import numpy as np

from lessons.toolkit import figures
from lessons.toolkit.figures import AMBER, BLACK, BLUE, ORANGE, Figure


def toy_bounds(model, x):
    """Bounds of families of q as bars below log p(x), and the parts of one of them.

    Args:
        model: a `theory_linear.TwoLayers`.
        x: one observation.
    """
    figure, (left, right) = figures.new(1, 2, size=(8.6, 3.6), width_ratios=(1.25, 1.0))
    log_p = model.log_marginal(x)
    terms = model.terms(x, *model.best_factored(x))
    values = {
        "top-down": log_p - model.gap("top_down"),
        "ladder": log_p - model.gap("ladder"),
        "factored": log_p - model.gap("factored"),
        "diagonal": log_p - model.gap("diagonal"),
        "KL$_1$ at the\nmean of $z_2$": terms.invalid,
    }
    low = log_p - 0.35
    colors = [BLUE] * 4 + [ORANGE]
    for place, (value, color) in enumerate(zip(values.values(), colors, strict=True)):
        hatch = "//" if color == ORANGE else None
        left.bar(place, value - low, 0.65, low, color=color, hatch=hatch, alpha=0.85)
        left.annotate(f"{value:.3f}", (place, value + 0.01), ha="center", fontsize=9)
    left.axhline(log_p, color=BLACK, linestyle="--", linewidth=1.2)
    left.annotate("log p(x)", (3.0, log_p + 0.012), fontsize=9, ha="center")
    left.set_xticks(range(5), list(values), fontsize=8)
    left.set(ylabel="nats", ylim=(low, terms.invalid + 0.1))
    left.set_title("Four bounds and a mistake")

    budget = model.variance_budget()
    names = ["pixels", "only $z_1$", "only $z_2$", "all"]
    heights = [*budget.values(), sum(budget.values())]
    right.bar(range(4), heights, 0.65, color=[AMBER, BLUE, BLUE, BLACK], alpha=0.85)
    for place, height in enumerate(heights):
        right.annotate(f"{height:.5g}", (place, height), ha="center", va="bottom")
    right.set_xticks(range(4), names)
    right.set(ylabel="variance of x, sum over pixels")
    right.set_ylim(0, 1.15 * np.max(heights))
    right.set_title("Where the noise enters")
    return Figure(
        figure,
        "Left: five bars in nats. The top-down one ends at the dashed line log p(x), "
        "the ladder, the factored and the diagonal one below it in this order; the "
        "fifth, with the first divergence taken at the mean of the layer above, ends "
        "far over it. Right: bars of the variance from pixels, layer 1, layer 2, and "
        "their sum.",
        "A factored q cannot touch log p(x), and a diagonal ladder cannot either; a "
        "divergence at the mean of the layer above gives no bound at all.",
    )
