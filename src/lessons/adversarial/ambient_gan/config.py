"""Configurations of the `ambient_gan` lesson."""

import dataclasses

from lessons.adversarial.ambient_gan.variants import VARIANTS
from lessons.toolkit.config import ImageConfig, setting

MEASUREMENTS = (
    "block_pixels",
    "convolve_noise",
    "block_patch",
    "keep_patch",
    "extract_patch",
    "pad_rotate_project",
    "pad_rotate_project_theta",
    "gaussian_projection",
)
# How an image can be estimated from one measurement, the first way by default. There
# is none for extracted patches and for projections.
ESTIMATES = {
    "block_pixels": ("blur", "tv"),
    "convolve_noise": ("wiener",),
    "block_patch": ("harmonic", "tv"),
}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Config(ImageConfig):
    """Settings of one run.

    A run trains one pair of networks per entry of `variants`, all with the same
    networks, rates and number of updates.
    """

    # Data
    source: str = setting(
        "digits",
        "data set",
        choices=("digits", "glyphs", "mnist", "fashion_mnist", "images"),
    )
    # Measurement
    measurement: str = setting(
        "block_pixels", "measurement model", choices=MEASUREMENTS
    )
    p: float = setting(
        0.8, "block_pixels: probability to block", minimum=0, maximum=0.999
    )
    noise: float = setting(0.1, "convolve_noise: standard deviation s", minimum=0)
    patch: int = setting(4, "patches: side in pixels", minimum=1)
    num_angles: int = setting(2, "projections in one measurement", minimum=1)
    remeasure: bool = setting(
        False, "measure the clean image anew in every step, as the official code does"
    )
    assumed_p: float | None = setting(
        None,
        "block_pixels: the p the ambient model believes in; none means the true one",
        minimum=0,
        maximum=0.999,
    )
    # Strategies
    variants: tuple[str, ...] = setting(
        tuple(VARIANTS), "strategies to train and compare", choices=tuple(VARIANTS)
    )
    estimate: str = setting(
        "auto",
        "unmeasure: how an image is estimated",
        choices=("auto", "blur", "tv", "wiener", "harmonic"),
    )
    blur: float = setting(0.7, "unmeasure by blurring: sigma in pixels", above=0)
    # Model
    networks: str = setting(
        "dense", "family of the networks", choices=("dense", "mnist", "dcgan")
    )
    latent_dim: int = setting(16, "size of the code z", minimum=1)
    generator_units: tuple[int, ...] = setting(
        (128, 128), "widths of the generator (networks=dense)", minimum=1
    )
    critic_units: tuple[int, ...] = setting(
        (128, 128), "widths of the critic (networks=dense, vectors)", minimum=1
    )
    loss: str = setting(
        "wgan_gp", "objective of both networks", choices=("wgan_gp", "gan")
    )
    # Training
    critic_updates: int = setting(3, "critic updates in a cycle", minimum=1)
    generator_updates: int = setting(1, "generator updates in a cycle", minimum=1)
    penalty: float = setting(10.0, "weight of the gradient penalty", above=0)
    learning_rate: float = setting(1e-3, "Adam's rate, both networks", above=0)
    beta_1: float = setting(
        0.5, "Adam's memory of the gradient", minimum=0, maximum=0.999
    )
    beta_2: float = setting(
        0.9, "Adam's memory of its square", minimum=0, maximum=0.99999
    )
    num_samples: int = setting(2000, "number of samples that are judged", minimum=2)


_DIGITS = Config(preset="laptop", batch_size=64, epochs=133)

PRESETS = {
    "smoke": dataclasses.replace(
        _DIGITS,
        preset="smoke",
        num_train=64,
        batch_size=32,
        epochs=2,
        generator_units=(16,),
        critic_units=(16,),
        num_samples=100,
    ),
    "laptop": _DIGITS,
    # MNIST: 27,000 generator updates of 64 images, five critic updates before each.
    "paper": Config(
        preset="paper",
        source="mnist",
        networks="mnist",
        remeasure=True,
        p=0.8,
        patch=14,
        blur=1.0,
        latent_dim=128,
        critic_updates=5,
        learning_rate=2e-4,
        beta_2=0.9999,
        batch_size=64,
        epochs=173,
        num_samples=10_000,
    ),
    # celebA, 64x64x3, from a file the user names: 70,000 generator updates.
    "paper_faces": Config(
        preset="paper_faces",
        source="images",
        networks="dcgan",
        loss="gan",
        remeasure=True,
        p=0.95,
        patch=32,
        num_angles=1,
        blur=1.0,
        latent_dim=100,
        critic_units=(100, 100),
        critic_updates=1,
        generator_updates=2,
        learning_rate=2e-4,
        beta_2=0.999,
        batch_size=64,
        epochs=33,
        num_samples=10_000,
    ),
}
