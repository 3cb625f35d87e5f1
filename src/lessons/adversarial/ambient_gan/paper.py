"""What the paper states, and the rows of the results table."""

from lessons.toolkit.results import Headline

# Parameters of the published MNIST networks: weights and biases.
PAPER_PARAMETERS = {"generator": 1_554_177, "critic": 1_030_145}

_SIZE = "the paper's scores are of 28x28 MNIST; ours are of 8x8 digits"
HEADLINES = (
    Headline(
        "digits, block-pixels p = 0.8: Fréchet distance², ambient",
        "ambient/frechet",
        "—",
        note=_SIZE,
    ),
    Headline("… unmeasure (blur)", "unmeasure/frechet", "—"),
    Headline("… ignore", "ignore/frechet", "—"),
    Headline("… full data", "full/frechet", "—"),
    Headline(
        "… inception score by a digit classifier, ambient",
        "ambient/inception",
        "2 to 4 times the baselines'",
        note="twice that of ignore, but no more than that of unmeasure",
    ),
    Headline("… unmeasure (blur)", "unmeasure/inception", "—"),
    Headline("… ignore", "ignore/inception", "—"),
    Headline("… full data", "full/inception", "8.99 (of 10)"),
)
