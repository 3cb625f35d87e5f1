"""Configurations of the `spectral_normalization` lesson."""

import dataclasses

from lessons.adversarial.spectral_normalization.variants import VARIANTS
from lessons.toolkit.config import ImageConfig, setting

# The seven of the paper's figure 1, and none of them.
COMPARED = (
    "none",
    "clipping",
    "wgan_gp",
    "batch_norm",
    "layer_norm",
    "weight_norm",
    "orthonormal",
    "spectral",
)
LOSSES = ("standard", "hinge", "wasserstein")


@dataclasses.dataclass(frozen=True)
class Setting:
    """A column of the paper's table 1: Adam's rate and memories, critic updates."""

    rate: float
    beta_1: float
    beta_2: float
    critic_updates: int


SETTINGS = {
    "A": Setting(1e-4, 0.5, 0.9, 5),
    "B": Setting(1e-4, 0.5, 0.999, 1),
    "C": Setting(2e-4, 0.5, 0.999, 1),
    "D": Setting(1e-3, 0.5, 0.9, 5),
    "E": Setting(1e-3, 0.5, 0.999, 5),
    "F": Setting(1e-3, 0.9, 0.999, 5),
    "resnet": Setting(2e-4, 0.0, 0.9, 5),
}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Config(ImageConfig):
    """Settings of one run.

    A run trains critics alone in the plane, one per entry of `plane_variants`, and
    then a pair of networks for each entry of `settings` and of `variants`. `epochs`
    counts passes over the data with one critic update for each generator update; with
    more critic updates there are more passes, so that generators get as many updates.
    """

    # Data
    source: str = setting("digits", "data set", choices=("digits", "glyphs", "images"))
    conditional: bool = setting(False, "networks that take the class")
    # Model
    architecture: str = setting(
        "dense", "kind of networks", choices=("dense", "cnn", "resnet")
    )
    latent_dim: int = setting(16, "size of the code z", minimum=1)
    generator_units: tuple[int, ...] = setting(
        (128, 128), "widths of the generator, or its channels (cnn, resnet)", minimum=1
    )
    critic_units: tuple[int, ...] = setting(
        (128, 128, 128),
        "widths of the critic, or its channels (cnn, resnet)",
        minimum=1,
    )
    head: str = setting(
        "projection",
        "how a conditional critic takes the class",
        choices=("projection", "concat"),
    )
    # Training
    variants: tuple[str, ...] = setting(
        COMPARED, "regularisers to train and compare", choices=tuple(VARIANTS)
    )
    settings: tuple[str, ...] = setting(
        ("C",), "columns of table 1: rates and updates", choices=tuple(SETTINGS)
    )
    loss: str = setting(
        "standard", "loss of the variants that have none of their own", choices=LOSSES
    )
    clip: float = setting(0.05, "bound of clipped weights", above=0)
    penalty: float = setting(10.0, "weight of the gradient penalty", above=0)
    orthonormal: float = setting(0.01, "weight of the orthonormal penalty", above=0)
    generator_batches: int = setting(
        1, "batches of codes in one generator update", minimum=1
    )
    decay: bool = setting(False, "whether rates decrease linearly to 0")
    # Critics in the plane
    plane_variants: tuple[str, ...] = setting(
        ("none", "spectral", "wgan_gp", "clipping"),
        "regularisers of the critics in the plane",
        choices=tuple(VARIANTS),
    )
    plane_units: tuple[int, ...] = setting(
        (64, 64, 64), "widths of the critics in the plane", minimum=1
    )
    plane_epochs: int = setting(
        10, "passes of the critics in the plane over 3840 points", minimum=1
    )
    plane_clip: float = setting(0.01, "bound of clipped weights in the plane", above=0)


_PAPER = Config(
    preset="paper",
    source="images",
    architecture="cnn",
    latent_dim=128,
    generator_units=(512, 256, 128, 64),
    critic_units=(64, 128, 256, 512),
    variants=("spectral",),
    plane_variants=(),
    clip=0.01,
    batch_size=64,
    epochs=284,  # 100,000 updates of each network on 45,000 images
)
_LAPTOP = Config(preset="laptop", batch_size=64, epochs=84)

PRESETS = {
    "smoke": Config(
        preset="smoke",
        num_train=64,
        generator_units=(16,),
        critic_units=(16, 16),
        variants=("spectral", "clipping", "batch_norm", "orthonormal", "spectral_gain"),
        plane_variants=("spectral",),
        plane_units=(8, 8),
        plane_epochs=1,
        batch_size=32,
        epochs=2,
    ),
    "laptop": _LAPTOP,
    "laptop_settings": dataclasses.replace(
        _LAPTOP,
        preset="laptop_settings",
        settings=("A", "B", "C", "D", "E", "F"),
        plane_variants=(),
        epochs=42,
    ),
    "laptop_conditional": dataclasses.replace(
        _LAPTOP,
        preset="laptop_conditional",
        conditional=True,
        loss="hinge",
        variants=("spectral",),
        plane_variants=(),
        epochs=120,
    ),
    "paper": _PAPER,
    # All baselines and settings, without a file: for a GPU.
    "glyphs_settings": dataclasses.replace(
        _PAPER,
        preset="glyphs_settings",
        source="glyphs",
        variants=COMPARED,
        settings=("A", "B", "C", "D", "E", "F"),
        epochs=255,  # 20,000 generator updates each
    ),
    "paper_resnet": dataclasses.replace(
        _PAPER,
        preset="paper_resnet",
        architecture="resnet",
        generator_units=(256, 256, 256),
        critic_units=(128, 128, 128, 128),
        settings=("resnet",),
        loss="hinge",
        generator_batches=2,
        decay=True,
        epochs=142,  # 50,000 generator updates
    ),
}
