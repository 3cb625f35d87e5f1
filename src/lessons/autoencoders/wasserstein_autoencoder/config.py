"""Configurations of the `wasserstein_autoencoder` lesson."""

import dataclasses

from lessons.autoencoders.wasserstein_autoencoder.theory import COSTS
from lessons.autoencoders.wasserstein_autoencoder.variants import VARIANTS
from lessons.toolkit.config import ImageConfig, setting


@dataclasses.dataclass(frozen=True, kw_only=True)
class Config(ImageConfig):
    """Settings of one run.

    A run trains one model per entry of `variants`, with the same networks, data,
    optimizer and number of steps; only the penalty on the codes differs.
    """

    # Data
    source: str = setting(
        "digits",
        "data set of images to encode",
        choices=("digits", "glyphs", "mnist", "fashion_mnist", "images"),
    )
    num_train: int | None = setting(
        1297, "training images; none means the data set's own size", minimum=2
    )
    num_test: int | None = setting(
        500, "test images; none means the data set's own size", minimum=2
    )
    # Model
    family: str = setting(
        "dense", "kind of layers of all networks", choices=("dense", "conv")
    )
    units: tuple[int, ...] = setting(
        (128, 128), "widths of the encoder, mirrored in the decoder (dense)", minimum=1
    )
    filters: tuple[int, ...] = setting(
        (16, 32), "channels of the encoder's convolutions (conv)", minimum=1
    )
    decoder_filters: tuple[int, ...] = setting(
        (32, 16),
        "channels of the decoder, each further map twice as large (conv)",
        minimum=1,
    )
    kernel_size: int = setting(4, "side of every convolution's kernel", minimum=1)
    latent_dim: int = setting(8, "size of the code z", minimum=1)
    prior_scale: float = setting(1.0, "standard deviation of the prior", above=0)
    norm_momentum: float = setting(
        0.9, "decay rate of the running batch statistics", minimum=0, maximum=1
    )
    norm_epsilon: float = setting(1e-5, "number added to batch variances", above=0)
    weight_deviation: float = setting(
        0.0, "standard deviation of first weights; 0 for Glorot's", minimum=0
    )
    discriminator_units: tuple[int, ...] = setting(
        (64, 64), "widths of the discriminator of codes", minimum=1
    )
    # Objective
    cost: str = setting(
        "squared", "cost c(x, y) of an image and its reconstruction", choices=COSTS
    )
    cost_weight: float = setting(1.0, "factor of the cost, summed over pixels", above=0)
    mmd_weight: float = setting(
        10.0, "weight lambda of the penalty of WAE-MMD", minimum=0
    )
    gan_weight: float = setting(
        0.3, "weight lambda of the penalty of WAE-GAN", minimum=0
    )
    gan_strong_weight: float = setting(
        1.0, "weight lambda of the penalty of wae_gan_strong", minimum=0
    )
    prior_aware: bool = setting(
        False, "whether log p(z) is added to the discriminator's logit"
    )
    variance: float = setting(0.05, "variance v of the tuned VAE's likelihood", above=0)
    wide_variance: float = setting(
        0.5, "variance v of the VAE with squared error + KL", above=0
    )
    # Training
    variants: tuple[str, ...] = setting(
        tuple(VARIANTS), "models to train and compare", choices=tuple(VARIANTS)
    )
    learning_rate: float = setting(2e-3, "learning rate of Adam", above=0)
    discriminator_rate: float = setting(
        1e-3, "learning rate of the discriminator", above=0
    )
    beta_1: float = setting(
        0.5, "decay rate of Adam's mean gradient", minimum=0, maximum=0.999
    )
    drop_epochs: tuple[int, ...] = setting(
        (), "epochs after which both rates are divided", minimum=1
    )
    drop_factors: tuple[float, ...] = setting(
        (), "divisors of both rates, one number per epoch of drop_epochs", above=0
    )
    input_noise: float = setting(
        0.0, "standard deviation of noise on training images", minimum=0
    )
    pretrain_steps: int = setting(
        0, "most steps of pre-training the encoder on moments", minimum=0
    )


_PAPER = Config(
    preset="paper",
    source="mnist",
    num_train=None,
    num_test=None,
    family="conv",
    filters=(128, 256, 512, 1024),
    decoder_filters=(1024, 512, 256),
    weight_deviation=0.01,
    discriminator_units=(512, 512, 512, 512),
    cost_weight=0.05,
    gan_weight=10.0,
    variants=("wae_mmd", "wae_gan"),
    learning_rate=1e-3,
    discriminator_rate=5e-4,
    drop_epochs=(30, 50),
    drop_factors=(2.0, 5.0),
    input_noise=0.01,
    pretrain_steps=200,
    epochs=100,
)

PRESETS = {
    "smoke": Config(
        preset="smoke",
        variants=("ae", "wae_mmd", "wae_gan", "vae", "vae_wide"),
        num_train=200,
        num_test=60,
        units=(16,),
        filters=(4, 8),
        decoder_filters=(8, 4),
        latent_dim=4,
        discriminator_units=(8,),
        epochs=2,
    ),
    "laptop": Config(preset="laptop", epochs=50),
    "paper": _PAPER,
    # CelebA, cropped to 64 x 64, from a file. The authors also divide the rates by 1.4
    # whenever the loss stalls.
    "paper_celeba": dataclasses.replace(
        _PAPER,
        preset="paper_celeba",
        source="images",
        decoder_filters=(1024, 512, 256, 128),
        kernel_size=5,
        latent_dim=64,
        discriminator_units=(1024, 1024, 1024, 1024),
        batch_size=64,
        learning_rate=1e-4,
        discriminator_rate=5e-5,
        drop_epochs=(),
        drop_factors=(),
        epochs=300,
    ),
}
