"""What the paper and its released code state, and the rows of the results table."""

from lessons.toolkit.headlines import Effect, Headline, group

# Trained numbers of the released CIFAR networks, by exits, for 10 and 100 classes. The
# paper states none; they follow from the released code's settings.
PARAMETERS = {
    "anytime": (5_470_050, 5_597_760),
    5: (2_020_874, 2_078_924),
    7: (3_885_394, 3_966_664),
    8: (5_217_684, 5_310_564),
}
# Millions of operations until each exit, for 10 classes: lazy, and computing all.
ANYTIME_COSTS = (13.38, 23.44, 35.42, 50.91, 60.87, 72.60)
ANYTIME_COSTS += (86.10, 99.95, 110.02, 121.56, 134.58)
BATCH_COSTS = (5.95, 12.73, 24.69, 40.45, 58.42)
BATCH_FULL_COSTS = (6.85, 14.33, 27.50, 41.67, 58.42)
# Without reduction: trained numbers, and millions of operations of the last exit.
UNREDUCED = (7_521_726, 204.9, 200.2)
# Of the laptop's grid: trained numbers, those stored, multiplications until each exit.
LAPTOP_PARAMETERS, LAPTOP_STORED = 113_288, 114_572
LAPTOP_COSTS = (203_584, 627_328, 1_549_760)

_ONE, _RIVALS, _PARTS = "laptop_one_scale", "laptop_rivals", "laptop_parts"

HEADLINES = (
    *group(
        "Accuracy on letters, exits of MSDNet",
        Headline("exit 1, 0.20 million multiplications", "msdnet/exit_1", digits=3),
        Headline("exit 2, 0.63 million", "msdnet/exit_2", digits=3),
        Headline("exit 3, 1.55 million", "msdnet/exit_3", digits=3),
        Headline(
            "leaving early, p = 0.6",
            "p_0.6/msdnet/accuracy",
            note="at the cost of the next row",
            digits=3,
        ),
    ),
    *group(
        "Multiplications for an image, on average",
        Headline("MSDNet, leaving early, p = 0.6", "p_0.6/msdnet/cost"),
        Headline("MSDNet, always the last exit", "msdnet/cost_3", digits=0),
    ),
    *group(
        "Gain in accuracy over a mix of two exits of the same cost, p = 0.6",
        Headline("confidence", "p_0.6/msdnet/gain", digits=3),
        Headline(
            "the same exits, other images", "p_0.6/msdnet/shuffled_gain", digits=3
        ),
        Headline(
            "ensemble of three small networks",
            "p_0.6/ensemble/gain",
            preset=_RIVALS,
            note="the gain is the confidence's, not the grid's",
            digits=3,
        ),
        Headline("one scale, maps added", "p_0.6/chain/gain", preset=_ONE, digits=3),
    ),
    *group(
        "Accuracy of the first exit",
        Headline("MSDNet, 0.20 million multiplications", "msdnet/exit_1", digits=3),
        Headline(
            "one scale, maps added, 0.29 million",
            "chain/exit_1",
            preset=_ONE,
            digits=3,
        ),
    ),
    *group(
        "Accuracy of the last exit, none dearer than MSDNet's",
        Headline("MSDNet, three classifiers", "msdnet/exit_3", digits=3),
        Headline(
            "MSDNet, last classifier only",
            "final_only/exit_1",
            preset=_PARTS,
            digits=3,
        ),
        Headline("grid, maps added", "not_dense/exit_3", preset=_PARTS, digits=3),
        Headline("one scale, dense", "one_scale/exit_3", preset=_ONE, digits=3),
        Headline("one scale, maps added", "chain/exit_3", preset=_ONE, digits=3),
        Headline("ensemble of three", "ensemble/exit_3", preset=_RIVALS, digits=3),
    ),
)

EFFECT = Effect(
    paper="CIFAR and ImageNet: images that leave early give the accuracy of deep "
    "networks at a part of their cost",
    here="letters: {p_0.6/msdnet/accuracy} right at {p_0.6/msdnet/cost} "
    "multiplications on average; the last exit alone {msdnet/exit_3} at "
    "{msdnet/cost_3}, a mix of exits at the same cost {p_0.6/msdnet/static}",
    reproduces="partly",
    reason="leaving early gains, with every network that has exits; the grid has the "
    "best cheap first exit, but from 0.5 million on a chain of one scale is ahead",
)
