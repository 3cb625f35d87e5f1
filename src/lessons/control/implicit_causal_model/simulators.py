"""Genotypes of structured populations, and traits that depend on them.

Allele frequencies are $F = G S^T$ (people by SNPs): what a person is made of, times the
frequency of every SNP in each part. A genotype is a draw of Binomial(2, F). Every
function takes a NumPy generator and gives plain arrays.
"""

import typing

import numpy as np

from lessons.toolkit.errors import unknown

SHARES = (60, 60, 90)  # people of the three populations, of 210
NUM_COMPONENTS = 10  # of the settings that imitate real genotypes
KINDS = {
    "hapmap": ("balding_nichols", None),
    "tgp": ("components", (5, 5)),
    "hgdp": ("components", (7, 7)),
    **{f"psd_{a:g}": ("dirichlet", a) for a in (0.01, 0.1, 0.5, 1.0)},
    **{f"spatial_{a:g}": ("spatial", a) for a in (0.1, 0.25, 0.5, 1.0)},
}
SETTINGS = tuple(KINDS)


class Population(typing.NamedTuple):
    """Who the people are, and how frequent each allele is for each of them."""

    structure: np.ndarray  # (people, parts), G
    frequencies: np.ndarray  # (people, SNPs), F


def balding_nichols(p, fst, num_populations, rng):
    """Allele frequencies of populations that drifted apart, shape (SNPs, populations).

    Each is a draw of Beta(p (1 - F) / F, (1 - p) (1 - F) / F): mean p, variance
    F p (1 - p).

    Args:
        p: frequencies of the ancestors, shape (SNPs,).
        fst: how far the populations drifted, F of each SNP, shape (SNPs,), above 0.
        num_populations: how many.
        rng: a NumPy generator.
    """
    size = ((1 - fst) / fst)[:, None]
    shape = (len(p), num_populations)
    return rng.beta(p[:, None] * size, (1 - p[:, None]) * size, shape)


def population(setting, num_people, num_snps, rng, real=None):
    """The people of a setting and their allele frequencies.

    Args:
        setting: one of `SETTINGS`.
        num_people, num_snps: sizes.
        rng: a NumPy generator.
        real: genotypes that "tgp" and "hgdp" imitate, shape (people, SNPs); by default
            those of `regions`. Their sizes win over the other two.

    Returns:
        A `Population`.
    """
    if setting not in KINDS:
        raise unknown("setting", setting, SETTINGS)
    kind, detail = KINDS[setting]
    if kind == "components":
        if real is None:
            real = regions(num_people, num_snps, *detail, rng)
        return imitation(real, NUM_COMPONENTS)
    if kind == "spatial":
        places = rng.beta(detail, detail, (num_people, 2))
        structure = np.column_stack([places, np.ones(num_people)])
        loadings = 0.9 * rng.uniform(0, 0.5, (num_snps, 2))
        loadings = np.column_stack([loadings, np.full(num_snps, 0.05)])
    else:
        p, fst = rng.uniform(0.05, 0.95, num_snps), rng.uniform(0.01, 0.25, num_snps)
        loadings = balding_nichols(p, fst, 3, rng)
        if kind == "dirichlet":
            structure = rng.dirichlet(np.full(3, detail), num_people)
        else:
            bounds = np.cumsum(SHARES) / sum(SHARES) * num_people
            member = np.searchsorted(bounds, np.arange(num_people) + 0.5)
            structure = np.eye(3)[rng.permutation(member)]
    return Population(structure, structure @ loadings.T)


def regions(num_people, num_snps, num_regions, groups, rng):
    """Genotypes of a tree: regions that drifted apart, and groups within each.

    It stands in for the 1000 Genomes Project and for the Human Genome Diversity
    Project, whose data a lesson without a network does not have.

    Args:
        num_people, num_snps: sizes.
        num_regions, groups: regions, and groups in each of them.
        rng: a NumPy generator.
    """
    p = rng.uniform(0.05, 0.95, num_snps)
    far = balding_nichols(p, np.full(num_snps, 0.1), num_regions, rng)
    far = np.clip(far, 0.01, 0.99)
    near = [balding_nichols(one, np.full(num_snps, 0.01), groups, rng) for one in far.T]
    every = np.concatenate(near, axis=1)
    member = rng.integers(every.shape[1], size=num_people)
    return rng.binomial(2, every[:, member].T)


def imitation(genotypes, num_components):
    """A population with the leading principal components of real genotypes.

    Frequencies are half of the fit of that rank, clipped to 1 / (2 people) and 1 minus
    that.

    Args:
        genotypes: shape (people, SNPs).
        num_components: how many components.
    """
    x = np.asarray(genotypes, np.float64)
    mean = x.mean(axis=0)
    left, sizes, right = np.linalg.svd(x - mean, full_matrices=False)
    scores = left[:, :num_components] * sizes[:num_components]
    least = 1 / (2 * len(x))
    fitted = (mean + scores @ right[:num_components]) / 2
    return Population(scores / scores.std(axis=0)[0], np.clip(fitted, least, 1 - least))


def draw_genotypes(frequencies, rng):
    """Two copies, each the minor allele with the given probability; int8."""
    first, second = rng.random((2, *np.shape(frequencies)), dtype=np.float32)
    return (first < frequencies).astype(np.int8) + (second < frequencies)


def clusters(structure, num_clusters, seed):
    """The people in groups, k-means of their structure, shape (people,)."""
    from sklearn.cluster import KMeans

    means = KMeans(n_clusters=num_clusters, n_init=4, random_state=seed % 2**32)
    return means.fit_predict(structure)


def draw_trait(genotypes, structure, groups, shares, confounding, rng):
    """A trait: a sum of effects, of who the person is, and of noise.

    Args:
        genotypes: of the causal SNPs, shape (people, causes).
        structure: shape (people, parts).
        groups: cluster of each person, shape (people,).
        shares: parts of the variance: effects, confounder, noise.
        confounding: "cluster", a step for each group (0, 1, 2); or "linear" in the
            structure.
        rng: a NumPy generator.

    Returns:
        (trait, confounder), each of shape (people,); the trait has variance about 1.
    """
    effects = genotypes @ rng.normal(size=genotypes.shape[1])
    if confounding == "cluster":
        confounder = groups.astype(np.float64)
    else:
        confounder = structure @ rng.normal(size=structure.shape[1])
    precision = rng.gamma(3.0, 1.0, groups.max() + 1)  # each group has its own noise
    noise = rng.normal(size=len(groups)) / np.sqrt(precision[groups])
    parts = [
        _scaled(p, s) for p, s in zip((effects, confounder, noise), shares, strict=True)
    ]
    return sum(parts), parts[1]


def _scaled(part, share):
    """A part of a trait with mean 0 and the given variance; 0 if it does not vary."""
    deviation = part.std()
    if deviation < 1e-12:
        return np.zeros(len(part))
    return (part - part.mean()) * np.sqrt(share) / deviation
