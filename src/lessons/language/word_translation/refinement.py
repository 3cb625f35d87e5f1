"""From a mapping to a better one, and how good it seems without any pair of words."""

import numpy as np

from lessons.language.word_translation import neighbours, retrieval, theory

LEAST_PAIRS = 2  # fewer say nothing: the mapping stays
DIVERGED = -1.0  # criterion of a mapping that is not finite, the least cosine there is


def criterion(mapping, source, target, most=10_000, k=retrieval.NEIGHBOURS):
    """Mean cosine of frequent words with their CSLS translations (section 3.5).

    No pair of words is needed. Judge differences: in few dimensions it is high for
    wrong mappings too. Neighbours of target words are looked for among the words that
    are translated. A mapping that is not finite gets `DIVERGED`.

    Args:
        mapping: W, shape (d, d).
        source, target: words by frequency, shapes (n, d) and (m, d).
        most: how many of the most frequent source words are translated.
        k: neighbours of CSLS.
    """
    mapped = source[:most] @ np.transpose(mapping)
    if not np.all(np.isfinite(mapped)):
        return DIVERGED
    found = neighbours.translations(mapped, target, k)[:, 0]
    return float(
        np.mean(np.sum(retrieval.unit(mapped) * retrieval.unit(target[found]), 1))
    )


def distinct_answers(mapping, source, target, k=retrieval.NEIGHBOURS):
    """Share of target words that are some word's CSLS translation.

    A mapping of everything to one direction has a high criterion and few answers.
    """
    found = neighbours.translations(source @ np.transpose(mapping), target, k)
    return len(np.unique(found)) / len(target)


def dictionary(mapping, source, target, most=15_000, k=retrieval.NEIGHBOURS):
    """Mutual CSLS neighbours among the most frequent words, shape (pairs, 2)."""
    mapped, target = source[:most] @ np.transpose(mapping), target[:most]
    forward = neighbours.translations(mapped, target, k)[:, 0]
    backward = neighbours.translations(target, mapped, k)[:, 0]
    rows = np.flatnonzero(backward[forward] == np.arange(len(forward)))
    return np.stack([rows, forward[rows]], axis=1)


def refine(mapping, source, target, rounds, most=15_000, k=retrieval.NEIGHBOURS):
    """Dictionary, Procrustes on it, and again (section 2.2).

    Ends where the dictionary no longer changes: every further round would give the
    same mapping. With fewer than two pairs the mapping is returned as it is.

    Args:
        mapping: W, shape (d, d).
        source, target: words by frequency, shapes (n, d) and (m, d).
        rounds: at most so many.
        most: the dictionary holds words of a rank up to this.
        k: neighbours of CSLS.

    Returns:
        W, shape (d, d).
    """
    before = None
    for _ in range(rounds):
        pairs = dictionary(mapping, source, target, most, k)
        if len(pairs) < LEAST_PAIRS or np.array_equal(pairs, before):
            break
        mapping = theory.procrustes(source[pairs[:, 0]], target[pairs[:, 1]])
        before = pairs
    return mapping


def moment_maps(source, target):
    """Mappings that need neither pairs nor training: axes of the two clouds matched.

    The eigenvectors of both second moments are matched in order of their eigenvalues,
    which leaves a sign for each axis. Three rules give it: the mean of the words along
    the axis, the skewness there, and the larger of the two in standard units.

    Args:
        source, target: shapes (n, d) and (m, d).

    Returns:
        Three mappings, shape (3, d, d).
    """
    axes, means, skews = [], [], []
    for words in (source, target):
        words = np.asarray(words, float)
        vectors = np.linalg.eigh(words.T @ words)[1][:, ::-1]
        along = words @ vectors
        spread = along.std(axis=0)
        axes.append(vectors)
        means.append(along.mean(axis=0) / spread)
        centred = (along - along.mean(axis=0)) / spread
        skews.append(np.mean(centred**3, axis=0))
    by_mean, by_skew = (np.sign(a * b) for a, b in (means, skews))
    sure = np.abs(means[0] * means[1]) > np.abs(skews[0] * skews[1])
    rules = by_mean, by_skew, np.where(sure, by_mean, by_skew)
    return np.stack([(axes[1] * np.where(s == 0, 1, s)) @ axes[0].T for s in rules])
