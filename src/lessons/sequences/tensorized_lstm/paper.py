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
        Headline("tLSTM, four locations, 7,569 numbers", "tlstm/loss", digits=3),
        Headline(
            "one location, 7,569 numbers",
            "lstm/loss",
            note="only 5,046 of them can move",
            digits=3,
        ),
        Headline(
            "one location, 7,256 that move",
            "live/loss",
            preset="laptop_rivals",
            digits=3,
        ),
        Headline(
            "one location, output three steps late",
            "delayed/loss",
            preset="laptop_rivals",
            digits=3,
        ),
        Headline(
            "one location, as many cells, 75,462 numbers",
            "same_cells/loss",
            preset="laptop_rivals",
            note="a larger memory does nearly as much",
            digits=3,
        ),
        Headline("four LSTM layers, one kernel, 5,046", "slstm/loss", digits=3),
        Headline(
            "four LSTM layers, one kernel, 7,256",
            "slstm_equal/loss",
            preset="laptop_parts",
            digits=3,
        ),
        Headline(
            "tLSTM without memory convolution",
            "no_memory/loss",
            preset="laptop_parts",
            note="its cells alone do not help",
            digits=3,
        ),
        Headline(
            "tLSTM without feedback, 7,374 numbers",
            "no_feedback_wide/loss",
            preset="laptop_more",
            note="feedback does not help here",
            digits=3,
        ),
        Headline(
            "tLSTM with channel normalisation, 8,553 numbers",
            "channel/loss",
            preset="laptop_more",
            note="better on six seeds, far worse on one",
            digits=3,
        ),
    ),
    *group(
        "Seconds of one thread, eight sequences of 48 steps, depth 8",
        Headline(
            "tLSTM, K = 2",
            "time/no_feedback/seconds_8",
            preset="laptop_time",
            digits=4,
        ),
        Headline("stack", "time/slstm/seconds_8", preset="laptop_time", digits=4),
    ),
)

EFFECT = Effect(
    paper="at a fixed number of parameters deeper tensors are better on all tasks",
    here="memorisation, nats per symbol: four locations {tlstm/loss}, one {lstm/loss}; "
    "one with as many cells {same_cells/loss@laptop_rivals}, a stack of as many "
    "numbers {slstm_equal/loss@laptop_parts}",
    reproduces="partly",
    reason="more state at equal parameters; that depth does it is not shown",
)
