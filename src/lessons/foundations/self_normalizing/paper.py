"""What the paper states, and the rows of the results table."""

from lessons.toolkit.results import Headline

# Parameters of the published networks of figure 1, by (features, hidden layers).
PAPER_PARAMETERS = {
    (784, 8): 4_931_370,
    (784, 16): 9_854_890,
    (784, 32): 19_701_930,
    (3072, 8): 75_552_778,
    (3072, 16): 151_074_826,
    (3072, 32): 302_118_922,
}

HEADLINES = (
    Headline("SNN, 32 layers: test accuracy", "snn_32/test_accuracy", "—"),
    Headline("ReLU, 32 layers: test accuracy", "relu_32/test_accuracy", "—"),
    Headline(
        "batch norm, 32 layers: test accuracy",
        "batch_norm_32/test_accuracy",
        "—",
        note="one small rate for all, as in figure 1; a larger rate suits it better",
    ),
    Headline(
        "scaled tanh, 16 layers: test accuracy",
        "scaled_tanh_16/test_accuracy",
        "—",
        note="a rival that the paper does not test does as well as SELU",
    ),
    Headline(
        "SNN: mean rank of 7 networks on 4 tables",
        "tables/snn/rank",
        "first of 7 on 121 tables",
        note="four small tables cannot show a significant difference",
    ),
    Headline(
        "largest norm of H on theorem 1's grid",
        "theorem_1/norm_h/highest",
        "0.9912524 (of J, on a wider box)",
        digits=6,
    ),
)
