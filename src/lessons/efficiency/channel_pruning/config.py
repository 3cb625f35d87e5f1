"""Configurations of the `channel_pruning` lesson."""

import dataclasses

from lessons.efficiency.channel_pruning.variants import VARIANTS
from lessons.toolkit.config import ImageConfig, setting
from lessons.toolkit.errors import UserError

COMPARED = (
    *("ista", "dense", "subgradient"),
    *("random", "norm", "gamma", "scratch", "short"),
)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Config(ImageConfig):
    """Settings of one run.

    A run makes one network per entry of `variants`: trained, cut and fine-tuned.
    """

    source: str = setting(
        "digits", "data set", choices=("digits", "glyphs", "mnist", "images")
    )
    network: str = setting(
        "digits",
        "architecture of the network",
        choices=("digits", "convnet", "resnet20"),
    )
    widths: tuple[int, ...] = setting(
        (), "channels of each gate; none means the published ones", minimum=1
    )
    standardise: bool = setting(False, "each image standardised by its own statistics")
    augment: bool = setting(False, "training images moved, mirrored, lit at random")
    variants: tuple[str, ...] = setting(
        COMPARED, "ways to a network", choices=tuple(VARIANTS)
    )
    rho: float = setting(0.01, "weight ρ of the penalty", minimum=0)
    warm_rho: float = setting(
        0.0, "weight of the penalty in the first steps", minimum=0
    )
    warm_epochs: int = setting(0, "epochs with warm_rho before rho", minimum=0)
    rate: float = setting(0.05, "rate μ while the gates are penalised", above=0)
    fine_rate: float = setting(0.01, "rate while fine-tuning", above=0)
    fine_epochs: int = setting(5, "epochs of fine-tuning after the cut", minimum=1)
    weight_decay: float = setting(
        0.0, "decay of all weights but gates per step and rate", minimum=0
    )
    average: float = setting(
        0.0, "momentum of the averaged weights of fine-tuning, 0 for none", minimum=0
    )
    bn_momentum: float = setting(
        0.9, "momentum of the moving statistics", minimum=0, maximum=0.9999
    )

    def __post_init__(self):
        super().__post_init__()
        from lessons.efficiency.channel_pruning import data, networks

        networks.check(self.network, self.widths, data.shape_and_classes(self)[0])
        if self.average >= 1:
            raise UserError(f"average must be below 1, got {self.average}.")
        if self.warm_epochs > self.epochs:
            raise UserError(
                f"warm_epochs must be at most epochs={self.epochs}, "
                f"got {self.warm_epochs}."
            )


_LAPTOP = Config(preset="laptop", batch_size=64, epochs=24)
_PAPER = Config(
    preset="paper",
    source="images",
    network="convnet",
    standardise=True,
    augment=True,
    variants=("a", "b", "c", "dense"),
    batch_size=125,
    epochs=150,
    rate=0.01,
    rho=0.002,
    warm_rho=0.0002,
    warm_epochs=75,
    fine_epochs=50,
    average=0.999,
    bn_momentum=0.99,
)

PRESETS = {
    "smoke": Config(
        preset="smoke",
        num_train=128,
        batch_size=32,
        widths=(5, 6, 4),
        variants=("ista", "subgradient", "scratch"),
        rho=1.2,
        epochs=2,
        fine_epochs=1,
    ),
    "smoke_resnet": Config(
        preset="smoke_resnet",
        network="resnet20",
        num_train=64,
        batch_size=32,
        widths=(2,) * 9,
        standardise=True,
        variants=("ista",),
        rho=2.0,
        epochs=1,
        fine_epochs=1,
    ),
    "laptop": _LAPTOP,
    # Beside "scratch", whose runs are those of the preset "laptop".
    "laptop_long": dataclasses.replace(
        _LAPTOP, preset="laptop_long", variants=("scratch_long",)
    ),
    # Beside "ista" and "scratch" of the preset "laptop" and "a" of the next one.
    "laptop_rho": dataclasses.replace(
        _LAPTOP,
        preset="laptop_rho",
        variants=("rho_02", "rho_2", "rho_4", "scratch_2", "scratch_4"),
    ),
    # The paper's models A, B and C, each from the one before.
    "laptop_successive": dataclasses.replace(
        _LAPTOP,
        preset="laptop_successive",
        variants=("a", "b", "c", "scratch_a", "scratch_c"),
    ),
    # A trained network is pruned at a small rate, its gates scaled by alpha.
    "laptop_alpha": dataclasses.replace(
        _LAPTOP,
        preset="laptop_alpha",
        variants=("dense", "alpha_1", "alpha_01"),
        rate=0.01,
        epochs=10,
    ),
    # CIFAR-10 as an .npz file: models A (rho 0.0002, then 0.001), B (0.002), C (0.008).
    "paper": _PAPER,
    "paper_resnet": dataclasses.replace(
        _PAPER,
        preset="paper_resnet",
        network="resnet20",
        variants=("ista",),
        rho=0.005,
        warm_rho=0.001,
        fine_epochs=125,
        weight_decay=5e-4,
    ),
}
