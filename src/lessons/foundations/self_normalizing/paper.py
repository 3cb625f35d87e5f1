"""What the paper states, and the rows of the results table."""

from lessons.toolkit.headlines import Effect, Headline, group

# Parameters of the published networks of figure 1, by (features, hidden layers).
PAPER_PARAMETERS = {
    (784, 8): 4_931_370,
    (784, 16): 9_854_890,
    (784, 32): 19_701_930,
    (3072, 8): 75_552_778,
    (3072, 16): 151_074_826,
    (3072, 32): 302_118_922,
}

_RATE = "one small rate for all, as in figure 1; a larger rate suits it better"

HEADLINES = (
    *group(
        "Test accuracy on digits of networks with 32 hidden layers",
        Headline("SNN", "depth_32/snn/test_accuracy"),
        Headline("ReLU", "depth_32/relu/test_accuracy"),
        Headline("batch norm", "depth_32/batch_norm/test_accuracy", note=_RATE),
    ),
    *group(
        "Test accuracy on digits of networks with 16 hidden layers",
        Headline("SNN", "depth_16/snn/test_accuracy"),
        Headline(
            "scaled tanh",
            "depth_16/scaled_tanh/test_accuracy",
            note="a baseline that the paper does not test does as well as SELU",
        ),
    ),
    *group(
        "Mean rank of 7 networks on 4 small tables (1 is best)",
        Headline(
            "SNN",
            "tables/snn/rank",
            "first of 7 on 121 tables",
            "four small tables cannot show a significant difference",
            preset="tables",
        ),
    ),
    *group(
        "Largest singular value on a grid over a theorem's domain",
        Headline(
            "of H, theorem 1",
            "theorem_1/norm_h/highest",
            "0.9912524 (of J, on a wider box)",
            preset="theorems",
            digits=6,
        ),
    ),
)

EFFECT = Effect(
    paper="networks of SELUs train at 32 layers, others get worse with depth",
    here=(
        "accuracy with 32 layers: SNN {depth_32/snn/test_accuracy}, ReLU "
        "{depth_32/relu/test_accuracy}, batch norm {depth_32/batch_norm/test_accuracy}"
    ),
    reproduces="yes",
    reason="but a scaled tanh, which the paper does not test, does as well",
)
