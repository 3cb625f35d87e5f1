"""Sentences of the two languages: words about one thing, and their retrieval."""

import typing

import numpy as np

from lessons.language.word_translation import retrieval

LENGTH = (4, 9)  # words of a sentence, both included
DROPPED = 0.3  # part of words that the translation leaves out
FEWEST = 2  # words that a translation keeps


class Sentences(typing.NamedTuple):
    """Sentences and their translations, as ranks of words.

    Attributes:
        source, target: lists of int64 arrays; entry i of one translates that of the
            other. Translators leave words out and order them anew.
    """

    source: list[np.ndarray]
    target: list[np.ndarray]


def draw(languages, count, rng):
    """Sentences: each is about a word, and likes words of a similar meaning.

    Args:
        languages: `data.Languages` with meanings.
        count: how many.
        rng: NumPy generator.

    Returns:
        `Sentences`.
    """
    source, target = [], []
    for topic in rng.integers(len(languages.source), size=count):
        liking = np.exp(0.3 * languages.meaning @ languages.meaning[topic])
        liking = languages.frequency * liking
        size = rng.integers(LENGTH[0], LENGTH[1] + 1)
        words = rng.choice(len(liking), size, replace=False, p=liking / liking.sum())
        kept = rng.permutation(words)[: max(FEWEST, round(size * (1 - DROPPED)))]
        source.append(words)
        target.append(np.array([min(languages.gold[int(w)]) for w in kept]))
    return Sentences(source, target)


def inverse_document_frequency(sentences, num_words):
    r"""$\log(N / N_w)$: how rare a word is; one that never came counts as come once.

    Args:
        sentences: lists of ranks.
        num_words: size of the vocabulary.
    """
    counts = np.zeros(num_words)
    for words in sentences:
        counts[np.unique(words)] += 1
    return np.log(len(sentences) / np.maximum(counts, 1.0))


def embedded(sentences, words, weights):
    """Weighted mean of the vectors of each sentence's words.

    Args:
        sentences: lists of ranks.
        words: vectors, shape (n, d).
        weights: such as `inverse_document_frequency`, shape (n,).

    Returns:
        Shape (sentences, d).
    """
    words = np.asarray(words, float)
    rows = [
        weights[s] @ words[s] / max(weights[s].sum(), np.finfo(float).tiny)
        for s in sentences
    ]
    return np.stack(rows)


def judged(mapping, languages, count, rng):
    """Percent of sentences whose translation is found, and of words in word-for-word.

    Inverse document frequencies come from other sentences than those judged.

    Args:
        mapping: W, shape (d, d).
        languages: `data.Languages` with meanings.
        count: sentences judged.
        rng: NumPy generator.

    Returns:
        Dictionary of floats: `sentences_nn`, `sentences_csls`, `sentences_plain` (CSLS
        without idf), `tokens_nn` and `tokens_csls` (of running words translated).
    """
    train, test = (draw(languages, size, rng) for size in (4 * count, count))
    mapped = languages.source @ mapping.T
    gold = {row: {row} for row in range(count)}
    found = {}
    sides = ((train.source, mapped), (train.target, languages.target))
    rare = [inverse_document_frequency(s, len(words)) for s, words in sides]
    for name, weights in (("idf", rare), ("plain", [np.ones_like(r) for r in rare])):
        vectors = [
            embedded(s, words, w)
            for s, words, w in zip(
                test, (mapped, languages.target), weights, strict=True
            )
        ]
        cosines = retrieval.cosines(*vectors)
        found[name] = [
            retrieval.precision_at_k(scores, gold)
            for scores in (cosines, retrieval.csls(cosines))
        ]
    scores = retrieval.cosines(mapped, languages.target)
    running = np.concatenate(test.source)
    right = {
        name: np.array(
            [choice in languages.gold.get(i, ()) for i, choice in enumerate(c)]
        )
        for name, c in (
            ("nn", np.argmax(scores, axis=1)),
            ("csls", np.argmax(retrieval.csls(scores), axis=1)),
        )
    }
    return {
        "sentences_nn": found["idf"][0],
        "sentences_csls": found["idf"][1],
        "sentences_plain": found["plain"][1],
        **{f"tokens_{n}": 100.0 * float(np.mean(r[running])) for n, r in right.items()},
    }


def word_for_word(words, mapping, languages):
    """A sentence translated word for word with CSLS, as a text.

    Args:
        words: ranks of source words.
        mapping: W.
        languages: `data.Languages`.
    """
    cosines = retrieval.cosines(languages.source @ mapping.T, languages.target)
    best = np.argmax(retrieval.csls(cosines), axis=1)
    return " ".join(languages.target_words[best[w]] for w in words)
