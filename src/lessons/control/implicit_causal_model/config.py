"""Configurations of the `implicit_causal_model` lesson."""

import dataclasses

from lessons.control.implicit_causal_model import variants
from lessons.control.implicit_causal_model.simulators import SETTINGS
from lessons.control.implicit_causal_model.variants import VARIANTS
from lessons.toolkit.config import RunConfig, setting
from lessons.toolkit.errors import UserError

COHORT = "cohort"  # genotypes and a trait of a file


@dataclasses.dataclass(frozen=True, kw_only=True)
class Config(RunConfig):
    """Settings of one run.

    A run draws people, SNPs and a trait for each of `settings`, and lets each of
    `variants` look for the SNPs that move the trait.
    """

    settings: tuple[str, ...] = setting(
        ("hapmap", "psd_0.1", "spatial_0.25"),
        "structures of the people, or cohort for a file",
        choices=(*SETTINGS, COHORT),
    )
    data_path: str | None = setting(
        None, "file of genotypes: .bed, .npz or text; for cohort, tgp and hgdp"
    )
    variants: tuple[str, ...] = setting(
        variants.TESTS, "tests and models to compare", choices=tuple(VARIANTS)
    )
    num_people: int = setting(600, "people N", minimum=2)
    num_snps: int = setting(1500, "SNPs M", minimum=2)
    num_causal: int = setting(10, "SNPs that move the trait, the first ones", minimum=1)
    shares: tuple[float, ...] = setting(
        (0.1, 0.2, 0.7),
        "parts of the trait's variance: SNPs, confounder, noise",
        minimum=0,
        maximum=1,
    )
    confounding: str = setting(
        "cluster",
        "whether the confounder is a step or linear in the structure",
        choices=("cluster", "linear"),
    )
    threshold: float = setting(
        0.0025, "p-value below which a SNP is selected", above=0, maximum=1
    )
    latent_dim: int = setting(
        0, "coordinates of z and number of components; 0 for the setting's own"
    )
    snp_units: tuple[int, ...] = setting(
        (16, 16), "hidden layers of the network of SNPs", minimum=1
    )
    skip: bool = setting(True, "whether z w and an intercept join the network of SNPs")
    snps_per_step: int = setting(512, "SNPs of a step; 0 for all", minimum=0)
    learning_rate: float = setting(0.03, "first rate of Adam, falls to 0", above=0)
    batch_norm: bool = setting(False, "whether hidden layers are normalised")
    folds: int = setting(5, "parts that the trait given z is fitted on", minimum=2)
    trait_units: tuple[int, ...] = setting(
        (32, 16), "hidden layers of the network of the trait", minimum=1
    )
    trait_epochs: int = setting(60, "passes for the network of the trait", minimum=1)
    trait_rate: float = setting(2e-3, "rate for the network of the trait", above=0)
    lasso: float = setting(60.0, "weight of the group lasso", minimum=0)
    lasso_implicit: float = setting(
        3.0, "weight of the group lasso of the implicit network", minimum=0
    )
    toys: tuple[str, ...] = setting(
        ("scale", "bimodal"), "laws of y given x", choices=("scale", "bimodal")
    )
    toy_size: int = setting(8000, "examples of a toy", minimum=8)
    toy_epochs: int = setting(250, "passes over a toy", minimum=1)
    toy_rate: float = setting(1e-3, "rate for networks of a toy", above=0)
    toy_units: tuple[int, ...] = setting(
        (32, 32), "hidden layers of networks of a toy", minimum=1
    )
    noise_dim: int = setting(2, "coordinates of the noise inside networks", minimum=1)
    ratio_steps: int = setting(1, "updates of the ratio network per step", minimum=1)

    def __post_init__(self):
        super().__post_init__()
        if len(self.shares) != 3 or abs(sum(self.shares) - 1) > 1e-6:
            raise UserError(
                "shares must be three numbers that sum to 1 (SNPs, confounder, noise), "
                f"got {self.shares}."
            )
        if self.num_causal >= self.num_snps:
            raise UserError(
                f"num_causal must be below num_snps={self.num_snps}, got "
                f"{self.num_causal}."
            )
        if self.latent_dim < 0 or self.latent_dim >= self.num_people:
            raise UserError(
                f"latent_dim must be 0 to num_people - 1 = {self.num_people - 1}, got "
                f"{self.latent_dim}."
            )


_LAPTOP = Config(preset="laptop", epochs=20, batch_size=100)
_CLASSICAL = ("uncorrected", "pca", "lmm", "gcat", "oracle", "random")
_SAID = ("hapmap", "psd_0.1", "spatial_0.25")

PRESETS = {
    "smoke": Config(
        preset="smoke",
        settings=("psd_0.5",),
        variants=(
            "neural",
            "uncorrected",
            "pca",
            "lmm",
            "gcat",
            "oracle",
            "random",
            "lasso",
            "implicit",
            "toy_implicit",
        ),
        num_people=40,
        num_snps=60,
        num_causal=3,
        snp_units=(6,),
        snps_per_step=32,
        epochs=2,
        batch_size=20,
        trait_units=(5, 4),
        trait_epochs=2,
        toys=("scale",),
        toy_size=40,
        toy_epochs=2,
        toy_units=(5,),
        threshold=0.05,
    ),
    "laptop": _LAPTOP,
    # The other eight settings of the paper.
    "laptop_others": dataclasses.replace(
        _LAPTOP,
        preset="laptop_others",
        settings=tuple(name for name in SETTINGS if name not in _SAID),
        variants=_CLASSICAL,
    ),
    # What the model of SNPs owes to where it starts.
    "laptop_starts": dataclasses.replace(
        _LAPTOP,
        preset="laptop_starts",
        settings=("psd_0.1",),
        variants=variants.STARTS,
    ),
    # The random starts with six times the passes.
    "laptop_starts_long": dataclasses.replace(
        _LAPTOP,
        preset="laptop_starts_long",
        settings=("psd_0.1",),
        variants=("neural_random", "lfa_random"),
        epochs=120,
    ),
    # Nothing but noise, and SNPs that move the trait without any confounder.
    "laptop_null": dataclasses.replace(
        _LAPTOP,
        preset="laptop_null",
        variants=_CLASSICAL,
        shares=(0.0, 0.0, 1.0),
    ),
    "laptop_unconfounded": dataclasses.replace(
        _LAPTOP,
        preset="laptop_unconfounded",
        variants=_CLASSICAL,
        shares=(0.1, 0.0, 0.9),
    ),
    # A confounder that follows the place, not the group.
    "laptop_linear": dataclasses.replace(
        _LAPTOP,
        preset="laptop_linear",
        settings=("spatial_0.25",),
        variants=_CLASSICAL,
        confounding="linear",
    ),
    # Networks from SNPs and z to the trait.
    "laptop_trait": dataclasses.replace(
        _LAPTOP,
        preset="laptop_trait",
        settings=("psd_0.1",),
        variants=variants.TRAITS,
    ),
    "laptop_toy": dataclasses.replace(
        _LAPTOP, preset="laptop_toy", variants=variants.TOYS
    ),
    # The cohort's sizes: 324,160 SNPs of 5,027 people.
    "paper": Config(
        preset="paper",
        settings=(COHORT,),
        variants=("neural", "implicit"),
        num_people=5027,
        num_snps=324_160,
        latent_dim=6,
        snp_units=(512, 512),
        skip=False,
        batch_norm=True,
        snps_per_step=512,
        learning_rate=1e-3,
        epochs=1000,
        batch_size=100,
        trait_units=(32, 256),
        noise_dim=1,
        trait_epochs=200,
        threshold=5e-8,
    ),
    "paper_simulations": Config(
        preset="paper_simulations",
        settings=SETTINGS,
        variants=("neural", "pca", "lmm", "gcat"),
        num_people=5000,
        num_snps=100_000,
        snp_units=(512, 512),
        skip=False,
        batch_norm=True,
        learning_rate=1e-3,
        epochs=1000,
        batch_size=100,
        threshold=5e-7,
    ),
}
