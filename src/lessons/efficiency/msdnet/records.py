"""Means of recorded runs, and recorded networks at equal cost."""

import numpy as np

from lessons.efficiency.msdnet.variants import VARIANTS


def curve(runs, name, ratios, seeds):
    """Means over the first recorded seeds: exits, and points of leaving early.

    Args:
        runs: `results.Runs`.
        name: of the variant.
        ratios: p of the points.
        seeds: how many.

    Returns:
        Two arrays (n, 2) of cost and accuracy; the second is empty for one exit.
    """
    alone = VARIANTS[name].final_only
    exits = [(name, f"{{}}_{k}") for k in ((1,) if alone else (1, 2, 3))]
    early = [] if alone else [(f"p_{p:g}", name, "{}") for p in ratios]
    return tuple(
        np.array(
            [
                [runs["/".join(key).format(what)][:seeds].mean() for what in names]
                for key in keys
            ]
        )
        for keys, names in ((exits, ("cost", "exit")), (early, ("cost", "accuracy")))
    )


def at_cost(runs, name, ratios, cost):
    """Accuracy of leaving early at a mean cost, interpolated between ratios.

    Args:
        runs: `results.Runs`.
        name: of the variant.
        ratios: recorded p, rising.
        cost: multiplications for an image, on average.

    Returns:
        One number for each seed, NaN where no ratio costs as little or as much.
    """
    costs, reached = (
        np.array([runs[f"p_{p:g}", name, what] for p in ratios]).T
        for what in ("cost", "accuracy")
    )
    pairs = zip(costs, reached, strict=True)
    return np.array([np.interp(cost, *pair, np.nan, np.nan) for pair in pairs])
