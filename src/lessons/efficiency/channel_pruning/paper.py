"""What the paper states, and the rows of the results table."""

from lessons.toolkit.headlines import Effect, Headline, group

# Numbers that a network stores, moving statistics included, by the channels of its
# gates. The totals and the widths of A, B and C are recalled, not read off the paper's
# table: that they fit each other is all that is checked.
STORED = {
    (96, 192, 192, 384): 1_986_760,
    (53, 86, 67, 128): 309_655,
    (41, 64, 52, 128): 207_583,
    (31, 52, 40, 127): 144_935,
    (32, 64, 64, 128): 224_008,  # trained from scratch, for comparison
}
# Penalties of the base by the convolution's own output, before its pool.
PENALTIES = (5.7607, 4.28125, 7.75, 3.0107)
# Of the laptop's network: numbers stored and penalties.
LAPTOP_STORED, LAPTOP_PENALTIES = 85_576, (9.703125, 20.75, 16.171875)
RESNET_STORED = 273_594  # of ResNet-20 as built here

HEADLINES = (
    *group(
        "Accuracy on digits after fine-tuning",
        Headline(
            "ISTA, closed channels folded",
            "ista/accuracy",
            note="a small network from scratch needs more epochs to come near",
            digits=3,
        ),
        Headline("all channels", "dense/accuracy", digits=3),
        Headline("penalty in the loss, threshold", "subgradient/accuracy", digits=3),
        Headline("as small, from scratch", "scratch/accuracy", digits=3),
        Headline(
            "as small, from scratch, 101 epochs",
            "scratch_long/accuracy",
            preset="laptop_long",
            digits=3,
        ),
        Headline("as small, cut by gate", "gamma/accuracy", digits=3),
        Headline("as small, cut by norm", "norm/accuracy", digits=3),
        Headline("as small, cut at random", "random/accuracy", digits=3),
        Headline("linear model", "linear/accuracy", digits=3),
    ),
    *group(
        "Channels left of 160",
        Headline("ISTA", "ista/channels"),
        Headline("penalty in the loss, threshold", "subgradient/channels"),
        Headline("C, from B, from A", "c/channels", preset="laptop_successive"),
    ),
    *group(
        "Multiplications for an image",
        Headline("all channels", "dense/products"),
        Headline("ISTA", "ista/products"),
    ),
    *group(
        "Seconds for 297 images",
        Headline("all channels", "dense/seconds_per_batch", digits=4),
        Headline(
            "ISTA",
            "ista/seconds_per_batch",
            note="the clock gains less than the count",
            digits=4,
        ),
    ),
)

EFFECT = Effect(
    paper="CIFAR-10: with a sixth of its numbers the network is better than with all",
    here="digits: {ista/accuracy} right with {ista/channels} of 160 channels; all "
    "{dense/accuracy}; as small from scratch {scratch/accuracy}, "
    "with more epochs {scratch_long/accuracy@laptop_long}",
    reproduces="partly",
    reason="most channels go at no loss on the mean; no gain over all channels",
)
