"""What the paper states, and the rows of the results table."""

from lessons.toolkit.headlines import Effect, Headline, group

# Parameters the sources state, or that follow from their code: (preset, vocabulary).
PAPER_PARAMETERS = {("paper", 65): 240_321, ("paper_singlish", 97): 240_697}
ADDING_PARAMETERS = 93  # Hochreiter & Schmidhuber 1997, section 5.4
FIZZBUZZ_PARAMETERS = 59

HEADLINES = (
    *group(
        "Accuracy of remembering one symbol for 60 steps (chance: 0.25)",
        Headline(
            "plain RNN",
            "lag/rnn/score",
            "fails (RTRL, BPTT)",
            "lags of 1000 steps are out of reach of 250 updates",
        ),
        Headline("LSTM, forget bias 1", "lag/bias_1/score"),
        Headline("LSTM, forget bias 5", "lag/bias_5/score", "solved (1997)"),
        Headline("LSTM, chrono bias", "lag/chrono/score"),
    ),
    *group(
        "Bits per character of CPython's documentation, held out",
        Headline(
            "LSTM",
            "text/bpc",
            "2.0–2.2 (tiny Shakespeare, unverified)",
            "another text, a smaller network, a minute of training",
        ),
        Headline("trigrams", "text/trigram"),
    ),
    *group(
        "Accuracy of FizzBuzz on the numbers 30 to 999",
        Headline(
            "plain RNN without input",
            "fizzbuzz/beyond",
            note="15 hidden units; with the post's 5 training rarely succeeds",
            digits=3,
        ),
    ),
)

EFFECT = Effect(
    paper="a plain RNN does not bridge long lags, an LSTM does (1000 steps)",
    here=(
        "accuracy after 60 steps: plain RNN {lag/rnn/score}, LSTM with forget bias 1 "
        "{lag/bias_1/score}, with 5 {lag/bias_5/score}, chance 0.25"
    ),
    reproduces="partly",
    reason="at 60 steps, and only with a large bias of the forget gate",
)
