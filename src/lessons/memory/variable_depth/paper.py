"""What is known of the paper, and the rows of the results table."""

from lessons.toolkit.headlines import Effect, Headline, group

# With 440 inputs and 2,000 classes: seven layers of 2,048 units, of which the last
# 1,024 feed classifier and gate; and the same with the last classifier only.
PARAMETERS, PLAIN_PARAMETERS = 42_485_430, 30_179_280

_LONG, _FOLDS, _WIDE = "laptop_long", "laptop_folds", "laptop_wide"

HEADLINES = (
    *group(
        "Expected depth of five layers, silence and digits",
        Headline(
            "silence, α = 0.01",
            "little/depth_0",
            note="easy inputs become uniform, (L + 1) / 2, not shallow",
        ),
        Headline("digits, 600 updates", "little/depth_1"),
        Headline(
            "digits, 2,400 updates",
            "at_120/little/depth_1",
            preset=_LONG,
            note="the gap to silence is a transient",
        ),
        Headline(
            "digits with permuted labels, 2,400 updates",
            "at_120/shuffled/depth_1",
            preset=_LONG,
        ),
    ),
    *group(
        "Accuracy on digits",
        Headline("last layer only", "plain/hard", digits=3),
        Headline(
            "a loss at every layer, no gates: layer 1", "deep/layer_1_1", digits=3
        ),
        Headline(
            "gates, α = 0.01, leaving at τ = 0.5", "tau_0.5/little/hard", digits=3
        ),
        Headline(
            "the same exits, given to other digits",
            "tau_0.5/little/shuffled",
            note="layers have divided the work",
            digits=3,
        ),
    ),
    *group(
        "Layers for folds whose label changes 1 and 8 times",
        Headline(
            "gates, price and a loss at every layer: 1", "both/depth_0", preset=_FOLDS
        ),
        Headline(
            "gates, price and a loss at every layer: 8", "both/depth_3", preset=_FOLDS
        ),
        Headline("no gates, where sure: 1", "sure_0.95/deep/depth_0", preset=_FOLDS),
        Headline("no gates, where sure: 8", "sure_0.95/deep/depth_3", preset=_FOLDS),
    ),
    *group(
        "Early exit over all layers, five layers of 1,024",
        Headline("multiplications", "cost/work_early", preset=_WIDE),
    ),
)

EFFECT = Effect(
    paper="speech: frames of silence leave a deep network early (its error rates were "
    "not at hand)",
    here="silence {little/depth_0} layers of five with the prior alone, digits "
    "{little/depth_1}, but {at_120/little/depth_1@laptop_long} after more training; "
    "with a price and a loss at every layer, kinds that low layers do not know get "
    "more: {both/depth_0@laptop_folds} to {both/depth_3@laptop_folds}",
    reproduces="partly",
    reason="the prior makes easy inputs uniform, not shallow, and depth follows how "
    "much better some layers are than others; a price is what saves, and thresholds "
    "without gates do as well",
)
