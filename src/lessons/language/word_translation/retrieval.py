r"""From scores of pairs of words to translations: CSLS, inverted softmax, dictionaries.

Scores are cosines of mapped source words (rows) and target words (columns). Section 2.3
of Conneau et al. 2018 (arXiv:1710.04087). Everything here holds the whole matrix; for
large vocabularies see `neighbours`. Of equal scores the first column wins.
"""

import numpy as np
from scipy import stats

from lessons.toolkit.errors import UserError

NEIGHBOURS = 10  # K of CSLS
INVERSE_TEMPERATURE = 30.0  # of the inverted softmax


def unit(vectors):
    """Vectors divided by their lengths; a vector of zeros stays one.

    Args:
        vectors: shape (..., d).
    """
    vectors = np.asarray(vectors, float)
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return vectors / np.where(length > 0, length, 1.0)


def cosines(mapped, target):
    """Cosine of every pair, 0 with a vector of zeros.

    Args:
        mapped: source words after the mapping, shape (n, d).
        target: shape (m, d).

    Returns:
        Shape (n, m).
    """
    return unit(mapped) @ unit(target).T


def mean_of_largest(scores, k):
    """Mean of the k largest entries of each row, of all where there are fewer.

    Args:
        scores: shape (n, m).
        k: at least 1.

    Returns:
        Shape (n,).
    """
    scores = np.asarray(scores)
    if k < 1:
        raise UserError(f"k must be at least 1, got {k}.")
    k = min(k, scores.shape[1])
    return np.partition(scores, -k, axis=1)[:, -k:].mean(axis=1)


def csls(scores, k=NEIGHBOURS):
    r"""Cross-domain similarity local scaling: $2 \cos(Wx, y) - r_T(Wx) - r_S(y)$.

    $r_T(Wx)$ is the mean cosine of a source word with its K nearest target words,
    $r_S(y)$ that of a target word with its K nearest source words.

    Args:
        scores: cosines, shape (n, m).
        k: K, at least 1; all neighbours where there are fewer.

    Returns:
        Shape (n, m).
    """
    scores = np.asarray(scores, float)
    rows, columns = mean_of_largest(scores, k), mean_of_largest(scores.T, k)
    return 2 * scores - rows[:, None] - columns[None, :]


def inverted_softmax(scores, inverse_temperature=INVERSE_TEMPERATURE):
    r"""Probability that a target word came from each source word (Smith et al. 2017).

    $$P(x|y) = e^{b \cos(Wx, y)} / \sum_{x'} e^{b \cos(Wx', y)}$$

    Args:
        scores: cosines, shape (n, m).
        inverse_temperature: b.

    Returns:
        Shape (n, m); each column adds up to 1.
    """
    scaled = inverse_temperature * np.asarray(scores, float)
    weights = np.exp(scaled - scaled.max(axis=0, keepdims=True))
    return weights / weights.sum(axis=0, keepdims=True)


METHODS = {"nn": np.asarray, "isf": inverted_softmax, "csls": csls}


def mutual_dictionary(scores):
    """Pairs of words that choose each other.

    Args:
        scores: shape (n, m), such as CSLS of the most frequent words.

    Returns:
        int64 of shape (pairs, 2): row and column, by rising row.
    """
    forward, backward = np.argmax(scores, axis=1), np.argmax(scores, axis=0)
    rows = np.flatnonzero(backward[forward] == np.arange(len(forward)))
    return np.stack([rows, forward[rows]], axis=1)


def ranked(scores, k):
    """Columns of the k best scores of each row, best first.

    Args:
        scores: shape (n, m).
        k: how many; all where there are fewer.
    """
    return np.argsort(-np.asarray(scores), axis=1, kind="stable")[:, :k]


def precision_at_k(scores, gold, k=1):
    """Percent of source words that have a right translation among their k best.

    A source word counts once, however many right translations it has; one without any
    is no query.

    Args:
        scores: shape (n, m).
        gold: sets of columns by row, as a dictionary.
        k: at least 1.

    Returns:
        From 0 to 100.

    Raises:
        UserError: no word has a translation, or one is not in the matrix.
    """
    queries = _queries(gold, np.shape(scores))
    return hits(ranked(np.asarray(scores)[queries], k), [gold[q] for q in queries])


def hits(places, gold):
    """Percent of queries that have a right translation among their places.

    Args:
        places: target ranks, shape (queries, k).
        gold: a set of target ranks for each query.
    """
    pairs = zip(gold, np.asarray(places).tolist(), strict=True)
    return 100.0 * float(np.mean([not right.isdisjoint(row) for right, row in pairs]))


def _queries(gold, shape):
    found = [row for row, columns in gold.items() if columns]
    n, m = shape
    if not found or max(found) >= n or max(max(gold[q]) for q in found) >= m:
        raise UserError(
            f"gold needs a row with a translation, below {n} and {m}, got {gold!r:.80}."
        )
    return found


def occurrences(scores, k=NEIGHBOURS):
    r"""How many rows have each column among their k best: $N_k(y)$.

    Args:
        scores: shape (n, m).
        k: at least 1.

    Returns:
        int64 of shape (m,); the mean is n k / m.
    """
    return np.bincount(ranked(scores, k).ravel(), minlength=np.shape(scores)[1])


def hubness(scores, k=NEIGHBOURS):
    """Skewness of `occurrences`: large where few words are neighbours of many."""
    return float(stats.skew(occurrences(scores, k)))
