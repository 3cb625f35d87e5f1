"""What the paper states, and the rows of the results table."""

from lessons.toolkit.headlines import Effect, Headline, group

# Parameters of the published networks; CIFARNET with "same" padding on 32x32 images
# (the paper states neither count nor padding).
PAPER_PARAMETERS = {
    "paper": 7_850,
    "paper_network": 79_510,
    "paper_cifarnet": 1_803_594,
}

HEADLINES = (
    *group(
        "Average regret in the synthetic game after 101 steps",
        Headline(
            "Adam",
            "periodic/adam/average_regret",
            "stays away from 0 (figure)",
            digits=4,
        ),
        Headline(
            "AMSGrad", "periodic/amsgrad/average_regret", "goes to 0 (figure)", digits=4
        ),
    ),
    *group(
        "Mean final point of the stochastic game (best: −1)",
        Headline(
            "Adam",
            "stochastic/adam/mean",
            "+1 (figure)",
            "a game with a stronger signal than the paper's, which needs more than a "
            "million steps",
        ),
        Headline("AMSGrad", "stochastic/amsgrad/mean", "−1 (figure)"),
    ),
    *group(
        "Training loss of logistic regression on digits (nats)",
        Headline(
            "Adam",
            "adam/train_loss",
            "above AMSGrad (figure, MNIST)",
            "the paper's order does not reproduce: Adam is lower",
        ),
        Headline("AMSGrad", "amsgrad/train_loss", "below Adam (figure, MNIST)"),
    ),
    *group(
        "Test loss of logistic regression on digits (nats)",
        Headline(
            "Adam",
            "adam/test_loss",
            "above AMSGrad (figure, MNIST)",
            "no difference here: seed by seed the two differ by less than the standard "
            "error",
        ),
        Headline("AMSGrad", "amsgrad/test_loss", "below Adam (figure, MNIST)"),
    ),
    *group(
        "Training loss of a network on digits (nats)",
        Headline(
            "Adam",
            "adam/train_loss",
            "above AMSGrad (figure, MNIST)",
            "level here",
            preset="laptop_network",
        ),
        Headline(
            "AMSGrad",
            "amsgrad/train_loss",
            "below Adam (figure, MNIST)",
            preset="laptop_network",
        ),
    ),
    *group(
        "Test loss of a network on digits (nats)",
        Headline("Adam", "adam/test_loss", preset="laptop_network"),
        Headline("AMSGrad", "amsgrad/test_loss", preset="laptop_network"),
    ),
)

EFFECT = Effect(
    paper="in a convex game Adam goes to the worst point, +1, AMSGrad to the best, −1",
    here="Adam ends at {stochastic/adam/mean}, AMSGrad at {stochastic/amsgrad/mean}",
    reproduces="partly",
    reason="the games do; on digits Adam's training loss is the lower one, test losses "
    "do not differ",
)
