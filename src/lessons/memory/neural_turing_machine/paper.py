"""What the paper states, and the rows of the results table."""

from lessons.toolkit.results import Headline

# What table 1-3 of the paper say of the LSTM (I and O are inferred from the match:
# nine outputs for copy, where eight bits are answered), and of its own machine, whose
# wiring it does not specify.
PAPER_LSTM = {
    "paper": (1_352_969, {"channels": 10, "num_bits": 9, "units": 256}),
    "paper_repeat_copy": (5_312_007, {"channels": 8, "num_bits": 7, "units": 512}),
    "paper_recall": (1_344_518, {"channels": 8, "num_bits": 6, "units": 256}),
    "paper_ngrams": (331_905, {"channels": 1, "num_bits": 1, "units": 128}),
}
PAPER_NTM = {"paper": (17_162, 13_636), "paper_lstm": (67_561, 62_936)}

HEADLINES = (
    Headline(
        "copy, share of wrong bits at length 5 (longest trained), NTM",
        "ntm/bit_error/5",
        "0 (figure, 8 bits, length 20)",
        digits=3,
    ),
    Headline(
        "copy, share of wrong bits at length 10 (twice as long), NTM",
        "ntm/bit_error/10",
        "near 0 up to 6 times the length (figure)",
        digits=3,
        note="a memory of 16 slots and 1,000 updates instead of 128 and a million",
    ),
    Headline(
        "same, LSTM of 100 units", "lstm/bit_error/10", "fails (figure)", digits=2
    ),
    Headline(
        "same, LSTM of the machine's size", "lstm_equal/bit_error/10", "—", digits=2
    ),
    Headline(
        "updates until the mean loss is below 0.004 nats, NTM",
        "ntm/updates",
        "—",
        digits=0,
    ),
)
