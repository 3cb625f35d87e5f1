"""What the paper states, and the rows of the results table."""

from lessons.toolkit.headlines import Effect, Headline, group

# The published architecture: 64x64 RGB, 3,072 hidden pixel values.
PAPER_IMAGE_SHAPE = (64, 64, 3)
PAPER_PARAMETERS = 2_507_248
PAPER_LATENTS = 17_152

HEADLINES = (
    *group(
        "Importance-weighted bound of 16 hidden pixels of a digit (nats)",
        Headline(
            "deterministic regressor",
            "deterministic/iw",
            note="8x8 digits instead of MS-COCO",
        ),
        Headline("one layer", "single/iw"),
        Headline(
            "three layers",
            "plain/iw",
            note="one layer is better in seven of eight seeds",
        ),
        Headline("three layers, KL warm-up", "warm_up/iw"),
        Headline("three layers, free bits", "free_bits/iw"),
    ),
    *group(
        "KL of the upper two of three layers (nats)",
        Headline(
            "three layers",
            "plain/kl_upper",
            "“certain layers overfit”",
            "they collapse: likelihood alone gives no reason to use them",
        ),
    ),
    *group(
        "Variance of the hidden pixels when the top layer alone draws, their sum",
        Headline(
            "three layers, free bits",
            "free_bits/frozen_3",
            "“a different kind of noise per layer”",
            "no layer has a semantic level here",
        ),
    ),
)

EFFECT = Effect(
    paper="several layers of noise complete images, each with its own kind of noise",
    here=(
        "bound: deterministic {deterministic/iw}, one layer {single/iw}, three "
        "{plain/iw}, three with warm-up {warm_up/iw} nats"
    ),
    reproduces="partly",
    reason="one layer of noise helps; upper layers collapse, and none has a meaning",
)
