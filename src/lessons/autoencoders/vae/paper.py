"""What the paper states, and the rows of the results table."""

from lessons.toolkit.headlines import Effect, Headline, group

# Trainable parameters of the published architectures.
PAPER_PARAMETERS = {"paper": 1_896_496, "paper_conv": 7_119_619}

HEADLINES = (
    *group(
        "Test cost on digits (nats)",
        Headline("BN, rescaling RMSprop", "bn_rmsprop/test_cost"),
        Headline("BN, SGD + Nesterov", "bn_sgd/test_cost"),
        Headline(
            "no BN, SGD + Nesterov",
            "plain_sgd/test_cost",
            "“does not train”",
            "from first weights ±0.1; from ±0.2 it trains (sweep in the notebook)",
        ),
        Headline(
            "no BN, rescaling RMSprop",
            "plain_rmsprop/test_cost",
            "“does not train”",
            "two of eight seeds escape the collapse; from ±0.2 all three do",
        ),
        Headline("exact probabilistic PCA", "ppca/test_cost"),
        Headline("mean image", "mean_image/test_cost"),
    ),
    *group(
        "Test cost on digits, convolutional model (nats)",
        Headline("BN, rescaling RMSprop", "bn_rmsprop/test_cost", preset="laptop_conv"),
    ),
    *group(
        "Test cost on glyphs of 28x28 pixels (nats)",
        Headline(
            "BN, rescaling RMSprop", "bn_rmsprop/test_cost", preset="laptop_glyphs"
        ),
        Headline("exact probabilistic PCA", "ppca/test_cost", preset="laptop_glyphs"),
        Headline("mean image", "mean_image/test_cost", preset="laptop_glyphs"),
    ),
)

EFFECT = Effect(
    paper="(a course project) without batch normalisation it “does not train”",
    here=(
        "RMSprop: test cost {bn_rmsprop/test_cost} nats with, "
        "{plain_rmsprop/test_cost} without; mean image {mean_image/test_cost}"
    ),
    reproduces="partly",
    reason="without it the first weights and the rate must fit; if so, it trains",
)
