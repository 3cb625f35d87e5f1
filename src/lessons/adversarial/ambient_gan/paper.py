"""What the paper states, and the rows of the results table."""

from lessons.toolkit.headlines import Effect, Headline, group

# Parameters of the published MNIST networks: weights and biases.
PAPER_PARAMETERS = {"generator": 1_554_177, "critic": 1_030_145}

_SIZE = "the paper's scores are of 28x28 MNIST; ours are of 8x8 digits"

HEADLINES = (
    *group(
        "Inception score by a digit classifier, block-pixels p = 0.8",
        Headline(
            "ambient",
            "ambient/inception",
            "2 to 4 times the baselines'",
            "twice that of ignore, no more than that of unmeasure or of a Gaussian",
        ),
        Headline("unmeasure (blur)", "unmeasure/inception"),
        Headline("ignore", "ignore/inception"),
        Headline("full data", "full/inception", "8.99 (of 10)"),
    ),
    *group(
        "Fréchet distance² of digits, block-pixels p = 0.8",
        Headline("ambient", "ambient/frechet", note=_SIZE),
        Headline("unmeasure (blur)", "unmeasure/frechet"),
        Headline("ignore", "ignore/frechet"),
        Headline("full data", "full/frechet"),
    ),
)

EFFECT = Effect(
    paper="from lossy pixels, an inception score of 2 to 4 times the baselines'",
    here=(
        "ambient {ambient/inception}, unmeasure {unmeasure/inception}, ignore "
        "{ignore/inception}, full data {full/inception}"
    ),
    reproduces="partly",
    reason="twice that of ignore, but no more than that of unmeasure",
)
