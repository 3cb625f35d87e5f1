"""A spelling checker that knows a list of words, by edit distance."""

import numpy as np


class Checker:
    """A spelling checker: the nearest word of a lexicon by edit distance.

    A word of the lexicon stays. Of words equally near the first one is taken.

    Args:
        lexicon: words.
    """

    def __init__(self, lexicon):
        self.lexicon = list(lexicon)
        self._numbers = _as_numbers(self.lexicon)
        self._known = {word: word for word in self.lexicon}

    def __call__(self, sentences):
        """Sentences with each word replaced by the nearest of the lexicon."""
        unknown = {w for s in sentences for w in s} - self._known.keys()
        if unknown:
            words = sorted(unknown)
            distances = edit_distances(words, self.lexicon)
            nearest = distances.argmin(axis=1)
            self._known |= {
                word: self.lexicon[i] for word, i in zip(words, nearest, strict=True)
            }
        return [tuple(self._known[word] for word in words) for words in sentences]


def _as_numbers(words):
    longest = max(map(len, words))
    table = np.zeros((len(words), longest), np.int32)
    for row, word in zip(table, words, strict=True):
        row[: len(word)] = [ord(letter) for letter in word]
    return table


def edit_distances(words, others):
    """Insertions, deletions and replacements between all pairs of two lists of words.

    Args:
        words, others: lists of n and m texts.

    Returns:
        Whole numbers, shape (n, m).
    """
    left, right = (_as_numbers(w) for w in (words, others))
    shape = len(words), len(others), right.shape[1] + 1
    row = np.broadcast_to(np.arange(shape[2], dtype=np.int16), shape).copy()
    ends = np.array([len(word) for word in others])
    found = np.zeros(shape[:2], np.int16)
    lengths = np.array([len(word) for word in words])
    for i in range(left.shape[1] + 1):
        over = lengths == i
        found[over] = row[over][:, np.arange(shape[1]), ends]
        if i == left.shape[1]:
            break
        new = np.empty_like(row)
        new[..., 0] = i + 1
        differs = left[:, i, None, None] != right[None]
        for j in range(1, shape[2]):
            new[..., j] = np.minimum(
                np.minimum(row[..., j], new[..., j - 1]) + 1,
                row[..., j - 1] + differs[..., j - 1],
            )
        row = new
    return found
