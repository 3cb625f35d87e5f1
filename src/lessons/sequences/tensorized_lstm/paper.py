"""What the paper states, and the rows of the results table."""

from lessons.toolkit.headlines import Effect, Headline, group

# Trained numbers by preset and variant, from the sizes of the networks alone; the
# paper says "10M" for text. M of the text networks is recalled, not read off a table.
PARAMETERS = {
    ("paper", "square"): 5_803_220,
    ("paper_text", "slstm"): 10_500_205,
    ("paper_text", "no_feedback"): 10_504_687,
    ("paper_text_2d", "tlstm"): 10_123_844,
    ("paper_text_2d", "no_memory"): 10_115_732,
    ("paper_text_3d", "square"): 10_068_550,
    ("paper_pixels", "slstm"): 81_610,
    ("paper_pixels", "no_feedback"): 82_012,
    ("paper_pixels", "tlstm"): 122_513,
    ("paper_pixels", "square"): 369_719,
}
# Of the laptop's tensor, whatever its depth; with one location 5,046 of them can move.
LAPTOP_PARAMETERS, LAPTOP_LIVE = 7569, 5046

HEADLINES = (
    *group(
        "Loss on held-out sequences after 500 updates, nats per symbol",
        Headline("tLSTM, four locations", "tlstm/loss", digits=3),
        Headline("one location, as many numbers", "lstm/loss", digits=3),
        Headline(
            "stack of four LSTM layers that share a kernel", "slstm/loss", digits=3
        ),
        Headline("one location, twice the channels", "wide/loss", digits=3),
    ),
)

EFFECT = Effect(
    paper="depth at a fixed number of parameters helps on all tasks",
    here="memorisation: {tlstm/loss} nats per symbol with four locations, {lstm/loss} "
    "with one; a stack that shares its kernel {slstm/loss}",
    reproduces="partly",
    reason="to be written",
)
