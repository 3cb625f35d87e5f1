"""What the paper states, and the rows of the results table."""

from lessons.toolkit.headlines import Effect, Headline, group

# Trained parameters of the published network: 784 * 512 + 512 + 512 * 10 + 10.
PAPER_PARAMETERS = {"hidden": 407_050}

HEADLINES = group(
    "Test accuracy on digits",
    Headline("one hidden layer", "hidden/accuracy", "—", "the paper's number for —"),
    Headline("linear", "linear/accuracy"),
    Headline("nearest mean image", "nearest_mean/accuracy"),
)

EFFECT = Effect(
    paper="what the paper reports, with its numbers",
    here="one hidden layer {hidden/accuracy}, linear {linear/accuracy}",
    reproduces="partly",
    reason="what does and what does not",
)
