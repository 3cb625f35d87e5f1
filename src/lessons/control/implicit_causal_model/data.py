"""People with their SNPs and a trait, simulated or from a file; and two toys."""

import typing

import numpy as np

from lessons.control.implicit_causal_model import genotypes as reader
from lessons.control.implicit_causal_model import simulators
from lessons.control.implicit_causal_model.config import COHORT
from lessons.toolkit.errors import UserError

RARE = 0.1  # mean genotype of a SNP that is left out, and 2 minus it
NUM_GROUPS = 3


class Study(typing.NamedTuple):
    """One association study; what nobody knows of a file is None."""

    setting: str
    genotypes: np.ndarray  # (people, SNPs), int8
    trait: np.ndarray  # (people,), mean 0 and variance 1
    causal: np.ndarray  # (SNPs,), truth values
    structure: np.ndarray | None  # (people, parts)
    groups: np.ndarray | None  # (people,)
    frequencies: np.ndarray | None  # (people, SNPs)
    confounder: np.ndarray | None  # (people,)


def load(config, setting):
    """The study of one setting.

    Args:
        config: a `Config`.
        setting: one of its `settings`.

    Raises:
        UserError: a file is needed and is not what it should be.
    """
    if setting == COHORT:
        return _cohort(config)
    kind, _ = simulators.KINDS[setting]
    real = None
    if kind == "components" and config.data_path:
        real = reader.read(config.data_path).genotypes
    place = list(simulators.KINDS).index(setting)
    rng = np.random.default_rng((config.seed, 31, place))
    drawn = 2 * config.num_snps + 50
    people = simulators.population(setting, config.num_people, drawn, rng, real)
    genotypes = simulators.draw_genotypes(people.frequencies, rng)
    kept = common(genotypes)[: config.num_snps]
    if len(kept) <= config.num_causal:
        raise UserError(
            f"only {len(kept)} SNPs are frequent enough, but num_causal="
            f"{config.num_causal} of them move the trait."
        )
    genotypes = genotypes[:, kept]
    groups = simulators.clusters(people.structure, NUM_GROUPS, config.seed)
    trait, confounder = simulators.draw_trait(
        genotypes[:, : config.num_causal],
        people.structure,
        groups,
        config.shares,
        config.confounding,
        rng,
    )
    return Study(
        setting,
        genotypes,
        standard(trait),
        np.arange(len(kept)) < config.num_causal,
        people.structure,
        groups,
        people.frequencies[:, kept],
        confounder,
    )


def common(genotypes):
    """SNPs whose mean genotype is between `RARE` and 2 - `RARE`, as indices."""
    mean = genotypes.mean(axis=0)
    return np.flatnonzero((mean > RARE) & (mean < 2 - RARE))


def standard(values):
    """Values with mean 0 and variance 1."""
    return (values - values.mean()) / max(values.std(), 1e-12)


def latent_dim(config, setting):
    """Coordinates of z of a setting, and number of its components."""
    own = 10 if setting in ("tgp", "hgdp", COHORT) else 2
    return config.latent_dim or min(own, config.num_people - 1)


def _cohort(config):
    found = reader.read(config.data_path)
    if found.trait is None:
        raise UserError(
            f"{config.data_path!r} holds no trait, which the setting {COHORT} needs. "
            f"{reader.HOW_TO}"
        )
    known = np.isfinite(found.trait)
    if known.sum() < 3 or np.ptp(found.trait[known]) == 0:
        raise UserError(
            f"{config.data_path!r} has a trait of {known.sum()} people, which must be "
            "3 or more and differ."
        )
    genotypes = found.genotypes[known]
    genotypes = genotypes[:, common(genotypes)]
    return Study(
        COHORT,
        genotypes,
        standard(found.trait[known]),
        np.zeros(genotypes.shape[1], bool),
        *(None,) * 4,
    )


def toy(name, size, rng):
    """Pairs of a number x in [0, 1) and y: a law that no additive noise has.

    Args:
        name: "scale", $y = (0.2 + x) e$; or "bimodal", $y = s (0.5 + x) + 0.1 e$ with
            a random sign s.
        size: how many.
        rng: a NumPy generator.

    Returns:
        (x, y), float32, shapes (size, 1) and (size,).
    """
    x = rng.random(size)
    return x[:, None].astype(np.float32), toy_given(name, x, rng).astype(np.float32)


def toy_given(name, x, rng):
    """Y of a toy at given x, shape as x."""
    noise = rng.standard_normal(np.shape(x))
    if name == "scale":
        return (0.2 + x) * noise
    sign = np.where(rng.random(np.shape(x)) < 0.5, -1.0, 1.0)
    return sign * (0.5 + x) + 0.1 * noise


def toy_variance(name, x):
    """Variance of y given x."""
    return (0.2 + x) ** 2 if name == "scale" else (0.5 + x) ** 2 + 0.01
