"""What the paper states, and the rows of the results table."""

from lessons.toolkit.headlines import Effect, Headline, group

# Parameters of the published CIFAR-10 networks; u is not trained, nor are averages.
PAPER_PARAMETERS = {"generator": 3_812_355, "critic": 2_935_873}
PAPER_LEFT_VECTORS = 1_409

# Table 2: Inception score and FID on CIFAR-10, standard CNN.
PAPER_SCORES = {
    "clipping": (6.41, 42.6),
    "gan_gp": (6.93, 37.7),
    "wgan_gp": (6.68, 40.2),
    "batch_norm": (6.27, 56.3),
    "layer_norm": (7.19, 33.9),
    "weight_norm": (6.84, 34.7),
    "orthonormal": (7.40, 29.0),
    "spectral": (7.42, 29.3),
}
# ResNet with the hinge loss, unsupervised.
PAPER_RESNET_SCORES = {"orthonormal": (7.92, 23.8), "spectral": (8.22, 21.7)}

_FIGURE_3 = "concentrated (figure 3)"

HEADLINES = (
    *group(
        "Gradient that the generator gets in the plane",
        Headline("spectral", "plane/spectral/gradient_at_fakes"),
        Headline("no normalisation", "plane/none/gradient_at_fakes"),
    ),
    *group(
        "Lipschitz constant of the critic in the plane",
        Headline("spectral", "plane/spectral/slope", "≤ 1"),
        Headline(
            "WGAN-GP",
            "plane/wgan_gp/slope",
            note="its penalty is soft: between the clusters the best slope is 1.2",
        ),
    ),
    *group(
        "Stable rank of the critic's layer 3, digits",
        Headline("spectral", "C/spectral/stable_rank_3", "spread (figure 3)"),
        Headline("weight norm.", "C/weight_norm/stable_rank_3", _FIGURE_3),
        Headline("weight clipping", "C/clipping/stable_rank_3", _FIGURE_3),
    ),
    *group(
        "Fréchet distance² of samples, digits",
        Headline(
            "spectral",
            "C/spectral/frechet",
            "29.3 (FID, CIFAR-10)",
            "the paper's order of methods does not appear on 8x8 digits",
        ),
        Headline("weight norm.", "C/weight_norm/frechet", "34.7 (FID)"),
        Headline("WGAN-GP", "C/wgan_gp/frechet", "40.2 (FID)"),
    ),
    *group(
        "Fréchet distance² of samples, digits, aggressive setting D",
        Headline(
            "spectral",
            "D/spectral/frechet",
            "robust (figure 1)",
            "fourth of eight methods; WGAN-GP does not fail here",
            preset="laptop_settings",
        ),
        Headline("none", "D/none/frechet", preset="laptop_settings"),
        Headline(
            "weight norm.",
            "D/weight_norm/frechet",
            "fails (figure 1)",
            preset="laptop_settings",
        ),
        Headline(
            "WGAN-GP", "D/wgan_gp/frechet", "fails (figure 1)", preset="laptop_settings"
        ),
    ),
    *group(
        "Fraction of conditional digits that show the class asked for",
        Headline("spectral", "C/spectral/accuracy", preset="laptop_conditional"),
    ),
)

EFFECT = Effect(
    paper="FID on CIFAR-10: spectral 29.3, weight norm. 34.7, WGAN-GP 40.2",
    here=(
        "Fréchet distance² on digits: spectral {C/spectral/frechet}, weight norm. "
        "{C/weight_norm/frechet}, WGAN-GP {C/wgan_gp/frechet}"
    ),
    reproduces="partly",
    reason="bounded slopes and spread spectra do; the order of methods does not",
)
