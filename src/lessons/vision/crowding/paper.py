"""What the paper states, and the rows of the results table."""

from lessons.toolkit.headlines import Effect, Headline, group

# Trained numbers with 32 channels, computed; the paper states none. By variant and
# number of convolutions.
PAPER_PARAMETERS = {
    ("none", 3): 334_341,
    ("progressive", 3): 52_261,
    ("end", 3): 52_261,
    ("late", 3): 52_261,
    ("late", 4): 77_893,
    ("early", 4): 77_893,
}

HEADLINES = group(
    "Accuracy on even digits",
    Headline("DCNN, target alone", "end/a", digits=3),
)

EFFECT = Effect(
    paper="what the paper reports, with its numbers",
    here="DCNN {end/a} alone, {end/two} with two flankers",
    reproduces="partly",
    reason="what does and what does not",
)
