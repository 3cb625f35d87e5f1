"""What the paper states, and the rows of the results table."""

from lessons.toolkit.results import Headline

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

HEADLINES = (
    Headline(
        "plane: gradient the generator gets, spectral",
        "plane/spectral/gradient_at_fakes",
        "—",
        3,
    ),
    Headline("… no normalisation", "plane/none/gradient_at_fakes", "—", 5),
    Headline("… Lipschitz constant, spectral", "plane/spectral/slope", "≤ 1", 3),
    Headline(
        "… Lipschitz constant, WGAN-GP",
        "plane/wgan_gp/slope",
        "not controlled off the data",
        2,
    ),
    Headline(
        "digits: stable rank of the critic's layer 3, spectral",
        "C/spectral/stable_rank_3",
        "spread (figure 3)",
        1,
    ),
    Headline(
        "… weight norm.", "C/weight_norm/stable_rank_3", "concentrated (figure 3)", 1
    ),
    Headline(
        "… weight clipping", "C/clipping/stable_rank_3", "concentrated (figure 3)", 1
    ),
    Headline(
        "digits: Fréchet distance², spectral",
        "C/spectral/frechet",
        "29.3 (FID, CIFAR-10)",
        2,
        "the paper's order of methods does not appear on 8x8 digits",
    ),
    Headline("… weight norm.", "C/weight_norm/frechet", "34.7 (FID)", 2),
    Headline("… WGAN-GP", "C/wgan_gp/frechet", "40.2 (FID)", 2),
    Headline(
        "digits, aggressive setting D: Fréchet distance², spectral",
        "D/spectral/frechet",
        "robust (figure 1)",
        2,
        "beats none, weight, layer and batch norm.; WGAN-GP does not fail here",
    ),
    Headline("… none", "D/none/frechet", "—", 2),
    Headline("… weight norm.", "D/weight_norm/frechet", "fails (figure 1)", 2),
    Headline("… WGAN-GP", "D/wgan_gp/frechet", "fails (figure 1)", 2),
    Headline(
        "conditional digits of the class asked for", "C/spectral/accuracy", "—", 2
    ),
)
