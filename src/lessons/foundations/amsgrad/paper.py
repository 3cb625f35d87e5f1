"""What the paper states, and the rows of the results table."""

from lessons.toolkit.results import Headline

# Parameters of the published networks; CIFARNET with "same" padding on 32x32 images
# (the paper states neither count nor padding).
PAPER_PARAMETERS = {
    "paper": 7_850,
    "paper_network": 79_510,
    "paper_cifarnet": 1_803_594,
}

HEADLINES = (
    Headline(
        "synthetic game (101 steps), average regret of Adam",
        "periodic/adam/average_regret",
        "stays away from 0 (figure)",
        digits=4,
    ),
    Headline(
        "same, of AMSGrad",
        "periodic/amsgrad/average_regret",
        "goes to 0 (figure)",
        digits=4,
    ),
    Headline(
        "stochastic game, mean final point of Adam (best: −1)",
        "stochastic/adam/mean",
        "+1 (figure)",
        digits=3,
        note="a game with a stronger signal than the paper's, which needs more than "
        "a million steps",
    ),
    Headline("same, of AMSGrad", "stochastic/amsgrad/mean", "−1 (figure)", digits=3),
    Headline(
        "digits, training loss of Adam (laptop: logistic regression), nats",
        "adam/train_loss",
        "above AMSGrad (figure, MNIST)",
        digits=4,
        note="the paper's order does not reproduce: Adam is lower",
    ),
    Headline(
        "same, of AMSGrad",
        "amsgrad/train_loss",
        "lower (figure, MNIST)",
        digits=4,
    ),
    Headline("same, test loss of Adam", "adam/test_loss", "—", digits=3),
    Headline("same, test loss of AMSGrad", "amsgrad/test_loss", "—", digits=3),
)
