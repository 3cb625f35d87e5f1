"""What is known of the paper, and the rows of the results table."""

from lessons.toolkit.headlines import Effect, Headline, group

# With 440 inputs and 2,000 classes: seven layers of 2,048 units, of which the last
# 1,024 feed classifier and gate; and the same with the last classifier only.
PARAMETERS, PLAIN_PARAMETERS = 42_485_430, 30_179_280

HEADLINES = (
    *group(
        "Accuracy on digits",
        Headline("last layer only", "plain/hard", digits=3),
        Headline("a loss at every layer, no gates", "deep/hard", digits=3),
        Headline("gates, α = 0.01, all layers mixed", "little/hard", digits=3),
    ),
)
EFFECT = Effect(
    paper="word error rates not at hand; silence is to stop early",
    here="digits {little/depth_1} layers, silence {little/depth_0}",
    reproduces="partly",
    reason="to be written",
)
