"""What the paper states, and the rows of the results table."""

from lessons.toolkit.results import Headline

# Trainable parameters of the published architectures.
PAPER_PARAMETERS = {"paper": 1_896_496, "paper_conv": 7_119_619}

HEADLINES = (
    Headline("test cost, BN and rescaling RMSprop", "bn_rmsprop/test_cost", "—"),
    Headline("test cost, BN and SGD + Nesterov", "bn_sgd/test_cost", "—"),
    Headline(
        "test cost, no BN, SGD + Nesterov",
        "plain_sgd/test_cost",
        "“does not train”",
        note="the collapse depends on the rate: see the sweep in the notebook",
    ),
    Headline(
        "test cost, no BN, rescaling RMSprop",
        "plain_rmsprop/test_cost",
        "“does not train”",
        note="some seeds escape the collapse",
    ),
    Headline("test cost, exact probabilistic PCA", "ppca/test_cost", "—"),
    Headline("test cost, mean image", "mean_image/test_cost", "—"),
)
