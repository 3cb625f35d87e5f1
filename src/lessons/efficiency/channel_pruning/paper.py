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
}
# Penalties of the base by the convolution's own output, before its pool.
PENALTIES = (5.7607, 4.28125, 7.75, 3.0107)
# Of the laptop's network: numbers stored and penalties.
LAPTOP_STORED, LAPTOP_PENALTIES = 85_576, (9.703125, 20.75, 16.171875)
RESNET_STORED = 273_594  # of ResNet-20 as built here

HEADLINES = (
    *group(
        "Accuracy on digits after fine-tuning",
        Headline("ISTA, zeros cut", "ista/accuracy", digits=3),
        Headline("all channels", "dense/accuracy", digits=3),
    ),
)

EFFECT = Effect(
    paper="CIFAR-10: 89.5 % with a sixth of the numbers, 89.0 % with all",
    here="digits: {ista/accuracy} right with {ista/channels} of 160 channels; all "
    "{dense/accuracy}; as small from scratch {scratch/accuracy}",
    reproduces="partly",
    reason="most channels go at no loss; a small network from scratch does as well",
)
