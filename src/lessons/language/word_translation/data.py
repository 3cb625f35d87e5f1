"""Two languages of one latent model, each embedded from counts of its own."""

import typing

import numpy as np
from scipy import stats

from lessons.language.word_translation import vectors
from lessons.toolkit.errors import UserError

CLUSTERS = 6
MOST_LATENT = 2.0  # a coordinate is clipped here: else few words take all counts
SYLLABLES = (
    ("ka", "lo", "mi", "ren", "sa", "tu", "vel", "o", "ni", "du"),
    ("bri", "gha", "yul", "zek", "pho", "an", "qui", "wo", "je", "xi"),
)


class Languages(typing.NamedTuple):
    """Two vocabularies with vectors, by falling frequency, and who translates whom.

    Attributes:
        source_words, target_words: spellings, tuples of n and m texts.
        source, target: float32 of shapes (n, d) and (m, d).
        gold: sets of target ranks by source rank; the training never sees it.
        meaning: latent coordinates of each source word, shape (n, latent), or None.
        frequency: of each source word, shape (n,), adds up to 1, or None.
    """

    source_words: tuple[str, ...]
    target_words: tuple[str, ...]
    source: np.ndarray
    target: np.ndarray
    gold: dict[int, set[int]]
    meaning: np.ndarray | None = None
    frequency: np.ndarray | None = None


def load(config):
    """The two languages of a configuration.

    Args:
        config: a `Config`; `source="vec"` reads the files that it names.

    Returns:
        `Languages`.

    Raises:
        UserError: a file is not named, is missing or is not what it should be.
    """
    if config.source == "vec":
        return _from_files(config)
    rng = np.random.default_rng((config.seed, 1710))
    latent = latent_coordinates(config.num_concepts, config.latent_dim, rng)
    other = latent
    if config.perturbation:
        moved = latent_coordinates(config.num_concepts, config.latent_dim, rng)
        p = config.perturbation
        other = np.sqrt(1 - p) * latent + np.sqrt(p) * moved
    frequencies = [zipf(config.num_concepts, rng)]
    frequencies.append(
        frequencies[0] if config.shared_frequency else zipf(config.num_concepts, rng)
    )
    embedded = []
    for coordinates, frequency in zip((latent, other), frequencies, strict=True):
        counts = corpus(coordinates, frequency, config.num_pairs, rng)
        embedded.append((embed(counts, config.embedding_dim), counts.sum(axis=1)))
    (source, rows), (target, columns) = embedded
    if (
        config.unrelated
    ):  # each coordinate shuffled over the words: no structure is left
        target = np.stack([rng.permutation(c) for c in target.T], axis=1)
    # A rotation of its own: else both decompositions have nearly the same axes.
    turn = stats.ortho_group.rvs(config.embedding_dim, random_state=rng)
    target = target @ turn.T
    order, other_order = np.argsort(-rows), np.argsort(-columns)
    place = np.argsort(other_order)  # rank of each concept's target word
    return Languages(
        source_words=spellings(config.num_concepts, SYLLABLES[0]),
        target_words=spellings(config.num_concepts, SYLLABLES[1]),
        source=source[order].astype("float32"),
        target=target[other_order].astype("float32"),
        gold={rank: {int(place[concept])} for rank, concept in enumerate(order)},
        meaning=latent[order],
        frequency=rows[order] / rows.sum(),
    )


def latent_coordinates(num_concepts, dim, rng):
    """What concepts mean: skewed coordinates around a few cluster centres.

    Skewness and clusters make the cloud asymmetric, so that one rotation fits best.

    Args:
        num_concepts: how many.
        dim: coordinates of each.
        rng: NumPy generator.

    Returns:
        Shape (num_concepts, dim), within ±2.
    """
    skewed = (rng.gamma(0.5, size=(num_concepts, dim)) - 0.5) * np.linspace(
        1.3, 0.6, dim
    )
    centres = 0.5 * rng.normal(size=(CLUSTERS, dim))
    coordinates = skewed + centres[rng.integers(CLUSTERS, size=num_concepts)] + 0.3
    return np.clip(coordinates, -MOST_LATENT, MOST_LATENT)


def zipf(num_concepts, rng):
    """Frequencies of concepts, $1 / rank^{0.6}$ in random order; they add up to 1."""
    weights = (1 + rng.permutation(num_concepts)) ** -0.6
    return weights / weights.sum()


def cooccurrence(latent, frequency):
    r"""Probability of each word with each context, $\propto z_i z_j e^{0.3 u_i u_j}$.

    Args:
        latent: u, shape (n, dim).
        frequency: z, shape (n,).

    Returns:
        Shape (n, n), adds up to 1.
    """
    joint = np.outer(frequency, frequency) * np.exp(0.3 * latent @ latent.T)
    return joint / joint.sum()


def corpus(latent, frequency, num_pairs, rng):
    """Counts of pairs of neighbouring words in one language's corpus.

    Args:
        latent, frequency: as for `cooccurrence`.
        num_pairs: expected number of pairs, the size of the corpus.
        rng: NumPy generator.

    Returns:
        Whole numbers, shape (n, n).
    """
    return rng.poisson(num_pairs * cooccurrence(latent, frequency))


def embed(counts, dim):
    r"""Vectors of words: the best rank-d factor of log ratios of counts.

    $$\log\frac{(C_{ij} + 1) \sum C}{C_{i\cdot} C_{\cdot j}},\ \mathrm{clipped\ to}\
    [-3, 8],\ \approx U S V^\top, \quad \mathrm{vectors}\ U \sqrt S$$

    Args:
        counts: C, shape (n, n).
        dim: d.

    Returns:
        float64 of shape (n, d), scaled so that coordinates have mean square 1.
    """
    counts = np.asarray(counts, float)
    rows, columns = counts.sum(axis=1), counts.sum(axis=0)
    expected = np.outer(np.maximum(rows, 1), np.maximum(columns, 1)) / counts.sum()
    ratios = np.clip(np.log((counts + 1) / expected), -3.0, 8.0)
    left, values, _ = np.linalg.svd(ratios)
    found = left[:, :dim] * np.sqrt(values[:dim])
    return found / np.sqrt(np.mean(found**2))


def spellings(count, syllables):
    """Invented words, short ones first, as many as asked for."""
    words, pool = [], list(syllables)
    while len(words) < count:
        words += pool
        pool = [word + s for word in pool for s in syllables]
    return tuple(words[:count])


def _from_files(config):
    for field in ("source_path", "target_path", "dictionary_path"):
        if getattr(config, field) is None:
            raise UserError(
                f"source='vec' needs {field}: files of fastText's vectors, such as "
                "wiki.en.vec, and a dictionary with two words a line."
            )
    source = vectors.read(config.source_path, config.num_words)
    target = vectors.read(config.target_path, config.num_words)
    if source.vectors.shape[1] != target.vectors.shape[1]:
        raise UserError(
            "both files must have vectors of the same length, got "
            f"{source.vectors.shape[1]} and {target.vectors.shape[1]}."
        )
    gold = vectors.read_dictionary(config.dictionary_path, source.words, target.words)
    return Languages(source.words, target.words, source.vectors, target.vectors, gold)
