"""What the paper states, and the rows of the results table."""

from lessons.toolkit.results import Headline

# Parameters of the published CIFAR-10 networks: weights, biases, gains.
PAPER_PARAMETERS = {"generator": 37_761_926, "critic": 34_419_840}

# Inception scores of the paper, CIFAR-10 (table 1) and ImageNet dogs (table 2).
PAPER_SCORES = {
    "ot_gan": 8.47,
    "wgan_gp": 7.86,
    "gan": 6.16,
    "random_matching": 4.64,
    "fixed_cost": 4.93,
}

_NOT_SCORES = "the paper's are Inception scores on CIFAR-10, ours distances in 2-D"
HEADLINES = (
    Headline(
        "8 Gaussians, frozen critic: energy distance², OT-GAN",
        "ot_gan/energy_distance",
        "8.47 ± 0.12 (IS)",
        3,
        _NOT_SCORES,
    ),
    Headline("… modes of 8, OT-GAN", "ot_gan/modes", "8", 1),
    Headline(
        "… energy distance², GAN",
        "gan/energy_distance",
        "6.16 ± 0.07 (IS, DCGAN)",
        3,
    ),
    Headline("… modes of 8, GAN", "gan/modes", "3 (DAN-S)", 1),
    Headline(
        "… energy distance², WGAN-GP",
        "wgan_gp/energy_distance",
        "7.86 ± 0.07 (IS)",
        3,
    ),
    Headline(
        "… energy distance², random matching",
        "random_matching/energy_distance",
        "4.64 (IS)",
        3,
    ),
    Headline(
        "… energy distance², fixed cost",
        "fixed_cost/energy_distance",
        "4.93 (IS, pixels)",
        3,
        "a fixed cost does not fail in two dimensions",
    ),
    Headline(
        "digits: conditional samples of the class asked for", "ot_gan/accuracy", "—"
    ),
)
