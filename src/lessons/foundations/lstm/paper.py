"""What the paper states, and the rows of the results table."""

from lessons.toolkit.results import Headline

# Parameters the sources state, or that follow from their code: (preset, vocabulary).
PAPER_PARAMETERS = {("paper", 65): 240_321, ("paper_singlish", 97): 240_697}
ADDING_PARAMETERS = 93  # Hochreiter & Schmidhuber 1997, section 5.4
FIZZBUZZ_PARAMETERS = 59

HEADLINES = (
    Headline(
        "remember one symbol for 60 steps (chance: 0.25), accuracy of the plain RNN",
        "lag/rnn/score",
        "fails (RTRL, BPTT)",
        digits=3,
        note="lags of 1000 steps are out of reach of 250 updates",
    ),
    Headline("same, LSTM with forget bias 1", "lag/bias_1/score", "—", digits=3),
    Headline(
        "same, LSTM with forget bias 5", "lag/bias_5/score", "solved (1997)", digits=3
    ),
    Headline("same, LSTM with chrono bias", "lag/chrono/score", "—", digits=3),
    Headline(
        "characters of CPython's documentation, bits per character",
        "text/bpc",
        "2.0–2.2 (tiny Shakespeare, unverified)",
        digits=2,
        note="another text, a smaller network, a minute of training",
    ),
    Headline("same, trigram baseline", "text/trigram", "—", digits=2),
    Headline(
        "FizzBuzz, accuracy on the numbers 30 to 999",
        "fizzbuzz/beyond",
        "—",
        digits=3,
        note="15 hidden units; with the post's 5 training rarely succeeds",
    ),
)
