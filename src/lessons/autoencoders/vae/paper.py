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
            "the collapse depends on the rate: see the sweep in the notebook",
        ),
        Headline(
            "no BN, rescaling RMSprop",
            "plain_rmsprop/test_cost",
            "“does not train”",
            "some seeds escape the collapse",
        ),
        Headline("exact probabilistic PCA", "ppca/test_cost"),
        Headline("mean image", "mean_image/test_cost"),
    ),
    *group(
        "Test cost on digits, convolutional model (nats)",
        Headline("BN, rescaling RMSprop", "bn_rmsprop/test_cost", preset="laptop_conv"),
    ),
    *group(
        "Test cost on glyphs of 16x16 pixels (nats)",
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
        "test cost {bn_rmsprop/test_cost} nats with, {plain_sgd/test_cost} without "
        "(SGD), {mean_image/test_cost} for the mean image"
    ),
    reproduces="partly",
    reason="whether it collapses depends on the optimizer and its rate",
)
