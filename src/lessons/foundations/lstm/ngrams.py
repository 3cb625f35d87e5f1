"""Baselines that count: the next character given the last few."""

import numpy as np


def bits_per_character(train, test, order, size, alpha=0.1):
    r"""Mean $-\log_2 p(s_t | s_{t-n+1}, ..., s_{t-1})$ with add-$\alpha$ smoothing.

    $$p(s | u) = \frac{N(us) + \alpha}{N(u) + \alpha V}$$

    Args:
        train: the text to count in, ints of shape (length,).
        test: the text to judge, ints of shape (length,); its first n - 1 characters
            are given.
        order: n, 1 for single characters, 2 for pairs.
        size: V.
        alpha: added to each count.
    """
    counts = np.bincount(_codes(train, order, size), minlength=size**order)
    counts = counts.reshape(-1, size)
    codes = _codes(test, order, size)
    context, last = codes // size, codes % size
    p = (counts[context, last] + alpha) / (counts.sum(1)[context] + alpha * size)
    return float(-np.log2(p).mean())


def baselines(train, test, size):
    """Bits per character of counting, by name, from knowing nothing to trigrams.

    Args:
        train, test: characters as integers, shape (N,).
        size: characters in the vocabulary.
    """
    table = {"uniform": float(np.log2(size))}
    for order, name in enumerate(("unigram", "bigram", "trigram"), start=1):
        table[name] = bits_per_character(train, test, order, size)
    return table


def _codes(ids, order, size):
    """The number of each n-gram of a text, in base V."""
    codes = np.zeros(len(ids) - order + 1, np.int64)
    for offset in range(order):
        codes = codes * size + ids[offset : len(ids) - order + 1 + offset]
    return codes


def unique_fraction(ids, order=3):
    """Fraction of different n-grams among those of each text: 1 if none comes twice.

    Args:
        ids: texts, shape (num_texts, length).
        order: n.

    Returns:
        Shape (num_texts,).
    """
    views = np.lib.stride_tricks.sliding_window_view(ids, order, axis=1)
    return np.array([len(np.unique(v, axis=0)) / len(v) for v in views])
