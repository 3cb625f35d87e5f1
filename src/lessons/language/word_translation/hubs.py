"""Retrieval where the answer is known: a rotation, noise, and a mean all words share.

The target words are the source words, turned and with noise; the best mapping is the
turn itself. What is compared is retrieval alone.
"""

import numpy as np
from scipy import optimize

from lessons.language.word_translation import retrieval, theory_routes

CASES = {  # length of the common mean, noise, share of source words with a synonym
    "mean": {"mean": 1.0},
    "no_mean": {"mean": 0.0},
    "centred": {"mean": 1.0, "centred": True},
    "wide": {"mean": 1.0, "dim": 300},
    "synonyms": {"mean": 1.0, "synonyms": 0.25},
}


def clouds(num_words, dim, mean, rng, *, noise=0.9, spread=0.3, synonyms=0.0):
    """Source words, target words turned back, and the gold dictionary.

    Source words are a common vector plus a standard normal of length about 1, times a
    random length; each target word is one of them plus noise of that length.

    Args:
        num_words: n source words.
        dim: d.
        mean: length of the common vector.
        rng: NumPy generator.
        noise: length of the noise.
        spread: standard deviation of the log length.
        synonyms: share of source words that mean what another one means.

    Returns:
        (mapped, target, gold): shapes (n, d) and (m, d), and sets of columns by row.
    """
    distinct = num_words - int(round(synonyms * num_words))
    common = mean * np.eye(dim)[0]
    meaning = common + rng.normal(size=(distinct, dim)) / dim**0.5
    columns = np.concatenate([np.arange(distinct), np.arange(num_words - distinct)])
    heard = [
        words + noise * rng.normal(size=words.shape) / dim**0.5
        for words in (meaning[columns], meaning)
    ]
    lengths = [np.exp(spread * rng.normal(size=(len(words), 1))) for words in heard]
    turn = theory_routes.random_rotations(1, dim, rng)[0]
    source, target = heard[0] * lengths[0], heard[1] * lengths[1] @ turn.T
    gold = {row: {int(column)} for row, column in enumerate(columns)}
    return source @ turn.T, target, gold


def assignment(scores):
    """The one-to-one dictionary of the largest sum, as scores of 1 and 0.

    Args:
        scores: shape (n, m).
    """
    rows, columns = optimize.linear_sum_assignment(scores, maximize=True)
    chosen = np.zeros_like(scores)
    chosen[rows, columns] = 1.0
    return chosen


def judged(num_words, rng, *, dim=50, mean=1.0, noise=0.9, centred=False, synonyms=0.0):
    """Precision at 1 and hubness of each method of retrieval.

    Args:
        num_words, rng, dim, mean, noise, synonyms: as for `clouds`.
        centred: whether the mean of each language is taken away first.

    Returns:
        Dictionary of floats: `p1_nn`, `p1_isf`, `p1_csls`, `p1_assignment` in percent
        and `skew_nn`, `skew_csls`.
    """
    mapped, target, gold = clouds(
        num_words, dim, mean, rng, noise=noise, synonyms=synonyms
    )
    if centred:
        # Lengths first: else what is left of the mean differs with a word's length.
        units = (retrieval.unit(words) for words in (mapped, target))
        mapped, target = (words - words.mean(axis=0) for words in units)
    cosines = retrieval.cosines(mapped, target)
    found = {}
    for name, method in retrieval.METHODS.items():
        found[f"p1_{name}"] = retrieval.precision_at_k(method(cosines), gold)
        if name != "isf":
            found[f"skew_{name}"] = retrieval.hubness(method(cosines))
    found["p1_assignment"] = retrieval.precision_at_k(assignment(cosines), gold)
    return found


def baselines(config):
    """Every case of `CASES`, keys `hubs/CASE/METRIC`; see `judged`.

    Args:
        config: a `Config`; gives the seed and `hub_words`.
    """
    found = {}
    for number, (name, options) in enumerate(CASES.items()):
        rng = np.random.default_rng((config.seed, 2018, number))
        scores = judged(config.hub_words, rng, **options)
        found |= {f"hubs/{name}/{key}": value for key, value in scores.items()}
    return found
