"""What the paper states, and the rows of the results table."""

from lessons.toolkit.results import Headline

# The published architecture: 64x64 RGB, 3,072 hidden pixel values.
PAPER_IMAGE_SHAPE = (64, 64, 3)
PAPER_PARAMETERS = 2_507_248
PAPER_LATENTS = 17_152

_SMALL = "digits of 8x8 instead of MS-COCO; nats per image of 16 hidden pixels"

HEADLINES = (
    Headline("IW bound, deterministic regressor", "deterministic/iw", "—", note=_SMALL),
    Headline("IW bound, one layer", "single/iw", "—"),
    Headline("IW bound, three layers", "plain/iw", "—"),
    Headline("IW bound, three layers, KL warm-up", "warm_up/iw", "—"),
    Headline("IW bound, three layers, free bits", "free_bits/iw", "—"),
    Headline(
        "KL of the upper two layers, three layers (nats)",
        "plain/kl_upper",
        "“certain layers overfit”",
        digits=3,
        note="they collapse: likelihood alone gives no reason to use them",
    ),
    Headline(
        "noise of the top layer alone, of all frozen samples, free bits (variance)",
        "free_bits/frozen_3",
        "“a different kind of noise per layer”",
        digits=3,
        note="no layer has a semantic level here",
    ),
)
